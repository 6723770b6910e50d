"""`make run`: prepare everything, then serve the app with worker and beat until told to stop.

Web server, worker and beat are child processes, each in a session of its own so that
Ctrl-C reaches them once, from here. When one ends by itself, all end: half a service
misleads. Two lock files tell the next run what became of this one: the kernel lets go
of the first when this process ends, of the second when the last of its children does.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from linkwork import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
CHILDREN = VAR / "children.lock"
HOST = os.environ.get("HOST", "127.0.0.1")
FIRST_PORT = 8000
SECONDS_TO_END = 15
SECONDS_TO_ANSWER = 60
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

PYTHON = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges"]
CELERY = [*PYTHON, "-m", "celery", "--app=linkwork", "--quiet"]
SERVICE = {
    "web server": [*PYTHON, "-m", "gunicorn"],
    "worker": [*CELERY, "worker", "--concurrency=2"],
    "beat": [*CELERY, "beat"],
}


class CannotRun(Exception):
    """The message says why and what to do."""


class Stopped(Exception):
    """Somebody asked for the end."""


def main(arguments: list[str]) -> int:
    VAR.mkdir(exist_ok=True)
    try:
        return stop() if arguments == ["stop"] else run()
    except Stopped:
        say("Linkwork has stopped.")
        return 0
    except subprocess.CalledProcessError as problem:
        return problem.returncode  # the command has said itself what is wrong
    except (CannotRun, embedded.NotAvailable) as problem:
        print(problem, file=sys.stderr)
        return 1


def run() -> int:
    for number in SIGNALS:
        signal.signal(number, ask_to_stop)
    with (VAR / "run.lock").open("a+") as own:
        refuse_a_second_run(own)
        end_what_a_killed_run_left()
        with embedded.in_use(), Children() as children:
            port = free_port()
            address = f"http://{HOST}:{port}"
            children.manage("migrate", "--verbosity=0")
            children.manage("demo", "--size=city", "--if-empty")
            os.environ.update(PORT=str(port), SITE_URL=os.environ.get("SITE_URL", address))
            serving = {name: children.launch(command) for name, command in SERVICE.items()}
            write(own, {"pid": os.getpid(), "address": address})
            wait_for_answer(port, serving)
            children.manage("demo", "--sign-ins")
            say(f"\nLinkwork is at {address}/ (Ctrl-C ends it)")
            wait_until_one_ends(serving)


def ask_to_stop(number, frame):
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


def say(text: str) -> None:
    print(text, flush=True)


def wait_for_answer(port: int, serving: dict[str, subprocess.Popen]) -> None:
    until = time.monotonic() + SECONDS_TO_ANSWER
    while all(child.poll() is None for child in serving.values()) and time.monotonic() < until:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)


def wait_until_one_ends(serving: dict[str, subprocess.Popen]) -> None:
    while True:
        for name, child in serving.items():
            if child.poll() is not None:
                raise CannotRun(f"The {name} has ended by itself (status {child.returncode}), so everything stops.")
        time.sleep(0.3)


class Children:
    """Processes that all end when this context does, with everything they started."""

    def __enter__(self):
        self.lock = CHILDREN.open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.processes = []
        return self

    def __exit__(self, *error):
        self.lock.close()
        end([process.pid for process in self.processes if process.poll() is None])
        for process in self.processes:
            process.wait()

    def launch(self, command: list) -> subprocess.Popen:
        process = subprocess.Popen(command, cwd=BASE_DIR, start_new_session=True, pass_fds=[self.lock.fileno()])
        self.processes.append(process)
        write(self.lock, [process.pid for process in self.processes if process.poll() is None])
        return process

    def manage(self, *arguments: str) -> None:
        status = self.launch([sys.executable, BASE_DIR / "manage.py", *arguments]).wait()
        if status:
            raise subprocess.CalledProcessError(status, arguments)


def end(sessions: list[int]) -> None:
    """Ask every process of these sessions to end, and insist after a while.

    They are gone when the lock is free. Their numbers would not tell: where nobody
    collects the dead, as in many containers, a dead process keeps its number."""
    with CHILDREN.open("a+") as lock:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for session in sessions:
                with suppress(ProcessLookupError):
                    os.killpg(session, number)
            until = time.monotonic() + SECONDS_TO_END
            while is_held_elsewhere(lock) and time.monotonic() < until:
                time.sleep(0.05)


# Ports


def free_port() -> int:
    """PORT if it is named; otherwise the first free one from 8000 on."""
    if named := os.environ.get("PORT"):
        if not named.isdigit():
            raise CannotRun(f"PORT is {named!r}, which is not a number.")
        if not is_free(int(named)):
            raise CannotRun(f"Port {named} is taken by another program. Try: make run PORT={int(named) + 1}")
        return int(named)
    port = next((port for port in range(FIRST_PORT, FIRST_PORT + 100) if is_free(port)), None)
    if port is None:
        raise CannotRun(f"No port is free between {FIRST_PORT} and {FIRST_PORT + 99}. Name one: make run PORT=9000")
    if port != FIRST_PORT:
        say(f"Port {FIRST_PORT} is taken by another program; using {port}.")
    return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


# Other runs


def refuse_a_second_run(own: TextIO) -> None:
    if is_held_elsewhere(own):
        address = (read(own) or {}).get("address", "being started")
        raise CannotRun(f"Linkwork is running from here already: {address}. `make stop` ends it.")
    write(own, {"pid": os.getpid()})


def end_what_a_killed_run_left() -> None:
    with CHILDREN.open("a+") as lock:
        if not is_held_elsewhere(lock):
            return
        sessions = read(lock) or []
    say("The last run was killed; ending what it left behind.")
    end(sessions)


def stop() -> int:
    """End the run in this checkout, if there is one, or what a killed one left."""
    with (VAR / "run.lock").open("a+") as own:
        if is_held_elsewhere(own):
            os.kill(read(own)["pid"], signal.SIGTERM)
            fcntl.flock(own, fcntl.LOCK_EX)
            say("The running app is stopped.")
    end_what_a_killed_run_left()
    return 0


def is_held_elsewhere(lock: TextIO) -> bool:
    """When not, it is ours from now on."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def write(file: TextIO, facts) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps(facts))
    file.flush()


def read(file: TextIO):
    file.seek(0)
    return json.loads(file.read() or "null")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
