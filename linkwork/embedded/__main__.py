"""`python -m linkwork.embedded start | stop | with COMMAND…`; the last runs a command with both up."""

import signal
import subprocess
import sys

from linkwork import embedded


def main(arguments: list[str]) -> int:
    match arguments:
        case ["start"]:
            return start()
        case ["stop"]:
            print("PostgreSQL and Valkey are stopped." if embedded.stop() else "PostgreSQL and Valkey were not up.")
            return 0
        case ["with", *command] if command:
            with embedded.in_use():
                return run(command)
    print(__doc__, file=sys.stderr)
    return 2


def start() -> int:
    if not embedded.needed():
        print("DATABASE_URL and REDIS_URL name the servers: there is nothing to start.")
        return 0
    embedded.start()
    embedded.keep()
    names = " and ".join(server.name for server in embedded.needed())
    print(f"{names} up, data and logs in {embedded.home()}. `make stop` stops.")
    return 0


def run(command: list[str]) -> int:
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda number, frame: process.send_signal(number))
    signal.signal(signal.SIGINT, lambda number, frame: None)  # the terminal tells the command too
    return process.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except embedded.NotAvailable as problem:
        sys.exit(str(problem))
