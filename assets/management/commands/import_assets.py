import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assets import actions
from assets.importing import AssetList, NotAnAssetList, read_assets
from assets.models import ImportRun


class Command(BaseCommand):
    help = (
        "Bring the directory up to date with a list of community assets. Rows that cannot be taken are kept out "
        "and named by the line of the file they start on. All the others are written, or none. Safe to run twice, "
        "and while the app runs."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--source", metavar="NAME", help="Who publishes the list. Default: the file's name.")
        parser.add_argument("--licence", metavar="TEXT", default="", help="On what terms it may be passed on.")
        parser.add_argument(
            "--json",
            action="store_true",
            help="Print one JSON object last. Its `closed` counts the places, among those taken, that have closed.",
        )

    def handle(self, *, file: Path, source: str | None, licence: str, **options):
        self.progress(f"Reading {file.name} …")
        found = self.read(file)
        self.progress(f"Writing {len(found.rows):,} places …")
        run = actions.import_assets(
            source_name=(source or file.stem).strip(),
            licence=licence.strip(),
            found=found,
            file_name=file.name,
            by=None,
        )
        self.report(found, run, as_json=options["json"])

    def progress(self, words: str) -> None:
        self.stderr.write(words)

    def read(self, file: Path) -> AssetList:
        try:
            found = read_assets(file.read_bytes(), today=timezone.localdate())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}. Nothing was written.") from error
        except NotAnAssetList as error:
            raise CommandError(f"{file}: {error} Nothing was written.") from error
        if not found.rows:
            for remark in found.rejected:
                self.progress(f"Line {remark.row}: {remark.reason}")
            raise CommandError(f"{file}: no row can be taken. Nothing was written.")
        return found

    def report(self, found: AssetList, run: ImportRun, as_json: bool) -> None:
        if found.unknown_columns:
            self.progress(f"Columns not used: {', '.join(found.unknown_columns)}")
        for remark in found.left_out:
            self.progress(f"Line {remark.row}: {remark.reason}")
        for remark in found.rejected:
            self.progress(f"Line {remark.row} kept out: {remark.reason}")
        if not run.source.may_be_published:
            self.progress(f"No licence is known for “{run.source}”: not to be published. Name it with --licence.")
        counts = {name: getattr(run, name) for name in ("created", "updated", "unchanged", "closed")}
        if as_json:
            self.stdout.write(json.dumps({**counts, "rejected": run.rejected}))
        else:
            self.stdout.write(
                f"{run.source}: {run.created:,} added, {run.updated:,} changed, {run.unchanged:,} as before, "
                f"{len(run.rejected):,} kept out. Of those in the directory now, {run.closed:,} have closed."
            )
