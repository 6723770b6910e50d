import json
from collections import Counter
from datetime import date, datetime
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from accounts.models import Organisation
from caseload.enums import FlagRule
from caseload.rules import start_of
from caseload.sweep import rules, sweep

OUTCOMES = ["raised", "cleared", "open"]
YEARS = range(1950, 2100)  # Those whose bank holidays are known.


class Command(BaseCommand):
    help = (
        "Raise and clear flags, for every organisation or for one. The records are those of the present: "
        "--as-of moves the calendar only. Changes nothing but flags, and with --dry-run nothing at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("--as-of", metavar="DATE", help="Count days as on this date: 2026-11-22. Default: now.")
        parser.add_argument("--dry-run", action="store_true", help="Say what a sweep would do, and do nothing.")
        parser.add_argument("--organisation", metavar="NAME", help="Only this one: its name or id.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object last.")

    def handle(self, *, as_of: str | None, dry_run: bool, organisation: str | None, **options):
        now = start_of(self.day(as_of)) if as_of is not None else None
        totals = {name.value: Counter(dict.fromkeys(OUTCOMES, 0)) for name in rules()}
        for one in self.organisations(organisation):
            self.stderr.write(f"{one.name} …")
            for name, counts in sweep(one, now=now, dry_run=dry_run).items():
                totals[name].update(counts)
        self.report(totals, dry_run=dry_run, as_json=options["json"])

    def day(self, words: str) -> date:
        try:
            day = datetime.strptime(words, "%Y-%m-%d").date()
        except ValueError:
            raise CommandError(f"{words} is not a date. Write it like 2026-11-22.") from None
        if day.year not in YEARS:
            raise CommandError(f"{words}: the year must be between {YEARS[0]} and {YEARS[-1]}.")
        return day

    def organisations(self, which: str | None) -> QuerySet[Organisation]:
        organisations = Organisation.objects.order_by("name", "id")
        if which is None:
            return organisations
        try:
            found = organisations.filter(pk=UUID(which))
        except ValueError:
            found = organisations.filter(name__iexact=which)
        if not found:
            raise CommandError(f"There is no organisation {which}.")
        return found

    def report(self, totals: dict[str, Counter], *, dry_run: bool, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(totals))
            return
        columns = ["would raise", "would clear", "would be open"] if dry_run else OUTCOMES
        self.stdout.write(f"{'':35}" + "".join(f"{column:>15}" for column in columns))
        for name, counts in totals.items():
            numbers = "".join(f"{counts[outcome]:>15,}" for outcome in OUTCOMES)
            self.stdout.write(f"{FlagRule(name).label:35}{numbers}")
