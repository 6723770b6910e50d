#!/usr/bin/env python
import os
import sys

import django
from django.core.management import call_command, execute_from_command_line
from django.db import connection

from linkwork import embedded

WITHOUT_DATABASE = {"check", "collectstatic", "frontend", "help", "makemigrations", "--help", "--version"}


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


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkwork.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if embedded.needed() and command not in WITHOUT_DATABASE and "--help" not in sys.argv:
        try:
            start_embedded_servers()
        except embedded.NotAvailable as problem:
            sys.exit(str(problem))
        if command != "migrate":
            migrate_when_empty()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
