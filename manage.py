#!/usr/bin/env python
import os
import sys

import django
from django.core.management import call_command, execute_from_command_line
from django.db import OperationalError, connection

from linkwork import embedded

WITHOUT_DATABASE = {"check", "collectstatic", "frontend", "help", "makemigrations", "--help", "--version"}
WITH_ANY_DATABASE = {"bench", "dbshell", "migrate", "showmigrations", "sqlmigrate"}


def start_embedded_servers() -> None:
    """So that a command works by itself on a machine without servers; `make stop` stops them."""
    if embedded.start():
        embedded.keep()
        print("Started the embedded servers. `make stop` stops them.", file=sys.stderr)


def migrate_when_empty() -> None:
    django.setup()
    if not connection.introspection.table_names():
        print("Preparing an empty database.", file=sys.stderr)
        call_command("migrate", verbosity=0)


def get_ready(command: str) -> None:
    """In production nothing happens by itself."""
    if command in WITHOUT_DATABASE or "--help" in sys.argv or os.environ.get("LINKWORK_PRODUCTION"):
        return
    try:
        start_embedded_servers()
        if command not in WITH_ANY_DATABASE:
            migrate_when_empty()
    except embedded.NotAvailable as problem:
        sys.exit(str(problem))
    except OperationalError as problem:
        sys.exit(f"The database does not answer. {problem}".strip())


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkwork.settings")
    get_ready(sys.argv[1] if len(sys.argv) > 1 else "help")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
