"""PostgreSQL and Valkey for a machine that has neither.

Used while DATABASE_URL or REDIS_URL is unset; never in production. The programs come
from two wheels in requirements-dev.txt (PostgreSQL otherwise from the distribution).
Nothing listens on the network: both answer on unix sockets, with a password, in
folders nobody else can enter.

PostgreSQL refuses to run as root. Started by root, both servers therefore run as
`nobody`, from /var/lib/linkwork, because a checkout is often in a folder that only
root can enter. Started by anyone else, everything is in var/embedded.

Standard library only: settings import this before there is a Django.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, urlsplit

from linkwork.embedded.places import VAR, NotAvailable, home, make_folders, password, socket_folder
from linkwork.embedded.servers import POSTGRES_SETTINGS, Postgres, Server, Valkey

KEPT = VAR / "kept"


def database() -> dict:
    """The entry for Django's DATABASES."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "linkwork",
        "USER": "linkwork",
        "PASSWORD": password(),
        "HOST": str(socket_folder()),
        "PORT": POSTGRES_SETTINGS["port"],
    }


def redis_url(db: int = 0) -> str:
    return f"unix://:{password()}@{Valkey().socket_path}?db={db}"


def celery_url(url: str) -> str:
    """The same server as Celery spells it, which has its own way with unix sockets."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    db = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={db}"


def needed() -> list[Server]:
    """The servers that the environment does not name."""
    if os.environ.get("LINKWORK_PRODUCTION"):
        return []
    named = {"DATABASE_URL": Postgres(), "REDIS_URL": Valkey()}
    return [server for variable, server in named.items() if not os.environ.get(variable)]


def start() -> bool:
    """Start those that are needed and not up; True if any was started."""
    if not needed():
        return False
    password()
    with (VAR / "starting.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            make_folders()
            return any([server.start() for server in needed()])
        except PermissionError as error:
            raise NotAvailable(f"This user may not use {error.filename}: {error.strerror}.") from error


def stop() -> bool:
    """True if anything was stopped."""
    KEPT.unlink(missing_ok=True)
    return any([server.stop() for server in [Valkey(), Postgres()]])


def keep() -> None:
    """Leave them up, until `stop`, when whoever uses them now is done."""
    KEPT.touch()


@contextmanager
def in_use() -> Iterator[None]:
    """Have them up for as long as this lasts. The last one out stops them, unless they are kept.

    A lock and not a count: the kernel lets go of it however a process ends."""
    password()
    with (VAR / "in-use.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            start()
            yield
        finally:
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if needed() and not KEPT.exists():
                    stop()


__all__ = ["NotAvailable", "celery_url", "database", "home", "in_use", "keep", "needed", "redis_url", "start", "stop"]
