"""The two servers: how each is prepared, started, asked whether it is ready, and stopped."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from linkwork.embedded.places import NotAvailable, home, password, socket_folder, write_for_server
from linkwork.embedded.programs import as_server, command_of, postgres_programs, run, valkey_program

SECONDS = 60  # to start, or to stop: more than a slow machine needs, less than a person waits
NO_PROCESS = 2**31 - 1

# A killed demo keeps its data (fsync stays on) but may lose its last half second.
# Statements and the details of errors stay out of the log: they hold people's data.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class Server:
    """Runs detached, answers on a unix socket and writes its process id down."""

    name: str
    stop_signal = signal.SIGTERM

    @property
    def socket_path(self) -> Path:
        raise NotImplementedError

    def command(self) -> list[str]:
        """Get everything ready and return what to run."""
        raise NotImplementedError

    def pid(self) -> int | None:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    @property
    def log(self) -> Path:
        return home() / f"{self.name.lower()}.log"

    def is_up(self) -> bool:
        """Somebody listens: a socket left behind by a killed server refuses."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            with suppress(OSError):
                client.connect(str(self.socket_path))
                return True
        return False

    def start(self) -> bool:
        """Start it and wait until it answers. False when it was up already."""
        if self.is_up():
            self.wait_until_ready()
            return False
        command = self.command()
        until = time.monotonic() + SECONDS
        while True:
            try:
                self.wait_until_ready(self.launch(command))
                return True
            except NotAvailable:
                # The last of a killed server's own processes may take a moment to go.
                if "still in use" not in self.log.read_text(errors="replace") or time.monotonic() > until:
                    raise
                time.sleep(1)

    def launch(self, command: list[str]) -> subprocess.Popen:
        with self.log.open("w") as log:
            output = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            return subprocess.Popen(command, **as_server(start_new_session=True, **output))

    def wait_until_ready(self, process: subprocess.Popen | None = None) -> None:
        until = time.monotonic() + SECONDS
        while not self.is_ready():
            if (process and process.poll() is not None) or time.monotonic() > until:
                last = "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
                raise NotAvailable(f"{self.name} did not start. The end of {self.log}:\n{last}")
            time.sleep(0.05)
        if process:
            process.returncode = 0  # it outlives us: nothing left to wait for

    def stop(self) -> bool:
        """Stop it and wait until it is gone. False when it was not up."""
        pid = self.pid() if self.is_up() else None
        if pid is None:
            return False
        os.kill(pid, self.stop_signal)
        until = time.monotonic() + SECONDS
        while self.is_up() or command_of(pid):
            if time.monotonic() > until:
                raise NotAvailable(f"{self.name} (process {pid}) does not stop.")
            time.sleep(0.05)
        return True


class Postgres(Server):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": does not wait for connections to close

    @property
    def socket_path(self) -> Path:
        return socket_folder() / f".s.PGSQL.{POSTGRES_SETTINGS['port']}"

    @property
    def socket_lock(self) -> Path:
        return self.socket_path.with_name(self.socket_path.name + ".lock")

    def lock_lines(self) -> list[str]:
        """What PostgreSQL writes beside its socket: process id, data folder, …"""
        with suppress(OSError):
            return self.socket_lock.read_text().splitlines()
        return []

    def pid(self) -> int | None:
        lines = self.lock_lines()
        return int(lines[0]) if lines else None

    def is_ready(self) -> bool:
        lines = self.lock_lines()
        if len(lines) < 2 or not self.is_up():
            return False
        with suppress(OSError):
            return (Path(lines[1]) / "postmaster.pid").read_text().rstrip().endswith("ready")
        return False

    def command(self) -> list[str]:
        programs = postgres_programs()
        major = int(re.search(r"\d+", run([programs / "postgres", "--version"])).group())
        data = home() / f"postgresql-{major}"
        if not data.exists():
            make_cluster(programs, data, major)
        for lock in [data / "postmaster.pid", self.socket_lock]:
            disown(lock)
        settings = {**POSTGRES_SETTINGS, "unix_socket_directories": socket_folder()}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(programs / "postgres"), "-D", str(data), *options]


def make_cluster(programs: Path, data: Path, major: int) -> None:
    """Make a cluster with an empty database; under another name until it is whole."""
    new = data.with_name(data.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    password_file = home() / "initial-password"
    write_for_server(password_file, password())
    # As on a Debian server: sort by code point, yet know that É is a capital é.
    locale = ["--locale=C.UTF-8"]
    if major >= 17:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    who = ["--username=linkwork", f"--pwfile={password_file}", "--auth=scram-sha-256"]
    try:
        run([programs / "initdb", "-D", new, "--encoding=UTF8", *who, *locale])
        run([programs / "postgres", "--single", "-D", new, "postgres"], input="CREATE DATABASE linkwork;\n")
    finally:
        password_file.unlink()
    new.rename(data)


def disown(lock: Path) -> None:
    """Make a killed server's lock file name nobody.

    PostgreSQL takes a process number for a server that runs, though after a restart it
    may be another program's, or a dead process's that nobody collects (in many containers).
    Only the number goes: the rest tells PostgreSQL to wait for the killed one's children."""
    with suppress(OSError, ValueError):
        number, rest = lock.read_text().split("\n", 1)
        if "postgres" not in command_of(int(number)):
            lock.write_text(f"{NO_PROCESS}\n{rest}")


class Valkey(Server):
    name = "Valkey"

    @property
    def socket_path(self) -> Path:
        return socket_folder() / "valkey.sock"

    @property
    def pid_path(self) -> Path:
        return home() / "valkey.pid"

    def pid(self) -> int | None:
        with suppress(OSError, ValueError):
            return int(self.pid_path.read_text())
        return None

    def is_ready(self) -> bool:
        answer = b""
        with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
            client.settimeout(5)
            client.connect(str(self.socket_path))
            client.sendall(f"AUTH {password()}\r\nPING\r\n".encode())
            while answer.count(b"\r\n") < 2 and (part := client.recv(1024)):
                answer += part
        return answer.endswith(b"+PONG\r\n")

    def command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": self.socket_path,
            "unixsocketperm": "700",
            "requirepass": password(),
            "dir": f'"{home()}"',
            "pidfile": f'"{self.pid_path}"',
            "appendonly": "yes",  # what is queued outlives a kill
            "save": '""',
        }
        config = home() / "valkey.conf"
        write_for_server(config, "".join(f"{name} {value}\n" for name, value in settings.items()))
        return [str(valkey_program()), str(config)]
