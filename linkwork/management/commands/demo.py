"""Fills an empty database with a made-up service of realistic shape: docs/adr/0006-demo-data.md."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from accounts.models import Organisation
from linkwork.demo.sign_ins import PASSWORD, SIGN_INS
from linkwork.demo.sizes import SIZES

BUILD = "linkwork.demo.build.build"  # by name: Faker, which it needs, is not installed in production


class Command(BaseCommand):
    help = "Fill an empty database with a made-up service: its people, its history and those who sign in."

    def add_arguments(self, parser):
        parser.add_argument("--size", choices=SIZES, default="city")
        parser.add_argument("--seed", type=int, default=1, help="Another number makes other people.")
        parser.add_argument("--if-empty", action="store_true", help="Leave a database with data in it as it is.")
        parser.add_argument("--sign-ins", action="store_true", help="Only print who signs in with what.")
        parser.add_argument("--json", action="store_true", help="Print {model: rows} as the last line.")

    def handle(self, *, size, seed, if_empty, sign_ins, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo's passwords are known to everyone: it is never loaded in production.")
        if sign_ins:
            return self.print_sign_ins()
        if Organisation.objects.exists():
            if not if_empty:
                raise CommandError("There is data here already. The demo is only ever put into an empty database.")
            return self.report("There is data here already: nothing was added.", {}, options["json"])
        rows = import_string(BUILD)(size=size, seed=seed, say=self.say)
        self.report(
            f"{sum(rows.values()):,} rows. `manage.py demo --sign-ins` says who signs in.", rows, options["json"]
        )

    def say(self, text: str) -> None:
        self.stderr.write(text)

    def report(self, text: str, rows: dict[str, int], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(rows))
            return
        for model, count in sorted(rows.items()):
            self.stdout.write(f"{count:>10,}  {model}")
        self.stdout.write(text)

    def print_sign_ins(self) -> None:
        self.stdout.write(f"\nSign in with any of these. The password is: {PASSWORD}\n")
        for sign_in in SIGN_INS:
            self.stdout.write(f"  {sign_in.email:<28}{sign_in.name:<15}{sign_in.what}")
