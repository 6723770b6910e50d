"""Where the embedded servers live, and whose they are."""

import hashlib
import os
import pwd
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = BASE_DIR / "var" / "embedded"
FOR_ROOT = Path("/var/lib/linkwork")
AS_ROOT = os.geteuid() == 0
LONGEST_SOCKET_FOLDER = 80  # the kernel allows about 100 bytes for folder and name


class NotAvailable(Exception):
    """The embedded servers cannot run here; the message says why and what to do."""


def password() -> str:
    """This checkout's own password, made when first asked for."""
    path = VAR / "password"
    try:
        if not path.exists():
            VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd, made = tempfile.mkstemp(dir=VAR)
            os.write(fd, secrets.token_urlsafe(32).encode())
            os.close(fd)
            with suppress(FileExistsError):  # somebody else was quicker: use theirs
                os.link(made, path)
            os.unlink(made)
        return path.read_text()
    except PermissionError as error:
        raise NotAvailable(
            f"{VAR} belongs to somebody else. Run this as the user who set it up, or use a clone of your own."
        ) from error


def home() -> Path:
    """The folder of data and logs."""
    return FOR_ROOT / checkout_key() if AS_ROOT else VAR


def checkout_key() -> str:
    """Names this checkout; a new clone in the same place gets a new one, and so fresh data."""
    return hashlib.sha256(f"{BASE_DIR}:{password()}".encode()).hexdigest()[:12]


def socket_folder() -> Path:
    """Beside the data, unless that path is too long or too odd for a socket or a URL."""
    folder = home()
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(folder), re.ASCII):
        return folder
    return Path("/tmp") / f"linkwork-{os.getuid()}-{checkout_key()}"


def make_folders() -> None:
    """Make the two folders above, so that only the servers' user (and root) can enter."""
    if AS_ROOT:
        make_open(FOR_ROOT)
    for folder in {home(), socket_folder()}:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            give_to_server(folder)
        if folder.is_symlink() or folder.stat().st_uid != server_user().pw_uid:
            raise NotAvailable(f"{folder} belongs to somebody else. Delete it, then try again.")
        folder.chmod(0o700)


def make_open(folder: Path) -> None:
    """Make a folder that anyone may pass through, whatever root's umask."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def server_user() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody") if AS_ROOT else pwd.getpwuid(os.getuid())


def give_to_server(path: Path) -> None:
    if AS_ROOT:
        os.chown(path, server_user().pw_uid, server_user().pw_gid)


def write_for_server(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    give_to_server(path)
    path.write_text(text)
