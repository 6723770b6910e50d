import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assets import actions
from assets.published import NotRecognised, Published, read_published

EVERY = 100_000


class Command(BaseCommand):
    help = (
        "Load area deprivation (SIMD, IMD) and postcode directories (Scottish Postcode Directory, ONS Postcode "
        "Directory), in any order. Files are told apart by their columns. All are loaded, or none. Safe to run "
        "twice, and while the app runs."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE.csv")
        parser.add_argument("--json", action="store_true", help="Print one JSON object last: rows by kind of file.")

    def handle(self, *, files: list[Path], **options):
        loaded = actions.load_published(files=[self.recognised(file) for file in files], by=None)
        if options["json"]:
            self.stdout.write(json.dumps(loaded))
        else:
            for kind, rows in loaded.items():
                self.stdout.write(f"{kind}: {rows:,}")

    def recognised(self, file: Path) -> Published:
        try:
            published = read_published(file)
        except (NotRecognised, OSError) as error:
            raise refusal(file, error) from error
        self.stderr.write(f"{file.name}: {published.kind}")
        return replace(published, rows=self.with_progress(file, published.rows))

    def with_progress(self, file: Path, rows: Iterator[tuple]) -> Iterator[tuple]:
        number = 0
        try:
            for number, row in enumerate(rows, start=1):
                if number % EVERY == 0:
                    self.stderr.write(f"{file.name}: {number:,} …")
                yield row
            if not number:
                raise NotRecognised("no rows")
        except (NotRecognised, OSError) as error:
            raise refusal(file, error) from error


def refusal(file: Path, error: NotRecognised | OSError) -> CommandError:
    why = error.strerror if isinstance(error, OSError) else error
    return CommandError(f"{file}: {why}. Nothing was loaded.")
