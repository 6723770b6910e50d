import json
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assets import actions
from assets.enums import FeedKind, RowState
from assets.importing import AssetList, NotAnAssetList, read_assets
from assets.intake import run
from assets.intake.fetch import JSON_TYPES, LIST_TYPES, NotFetched
from assets.intake.hsds_csv import is_of_tables, packed
from assets.intake.kinds import kind_of
from assets.models import ImportRun, Intake

COUNTS = ("created", "updated", "unchanged", "closed")


class Command(BaseCommand):
    help = (
        "Bring the directory up to date with lists of community assets: CSV or a spreadsheet, Open Referral UK, "
        "ALISS, Open Referral (HSDS) CSV files, or a publisher's list of words. Rows that cannot be taken are kept "
        "out and named by the line of the file they start on. All the others of a list are written, or none. Safe to "
        "run twice, and while the app runs."
    )

    def add_arguments(self, parser):
        parser.add_argument("what", nargs="+", metavar="FILE", help="A file, a folder, or an https:// address.")
        parser.add_argument("--source", metavar="NAME", help="Who publishes it. Default: the file's name.")
        parser.add_argument("--licence", metavar="TEXT", default="", help="On what terms it may be passed on.")
        parser.add_argument("--kind", choices=FeedKind.values, help="Default: told from the file.")
        parser.add_argument(
            "--json",
            action="store_true",
            help="Print one JSON object last. Its `closed` counts the places, among those taken, that have closed.",
        )

    def handle(self, *, what: list[str], source: str | None, licence: str, kind: str | None, **options):
        self.is_json = options["json"]
        lists = [one for each in what for one in self.lists_in(each)]
        done = []
        for one in lists:
            name = (source or (one if isinstance(one, str) else one.stem)).strip()
            done.append((one, self.bring_in(one, name[:200], licence.strip(), kind)))
        if self.is_json:
            self.print_json(done)

    def lists_in(self, what: str) -> Iterator[Path | str]:
        """An address as it is; of a folder, every file that is not hidden, by name, or its tables as one list."""
        path = Path(what)
        if what.startswith("https://"):
            yield what
        elif path.is_dir():
            files = sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
            if not files:
                raise CommandError(f"{path} holds no file. Nothing was written.")
            yield from [path] if is_of_tables(file.name for file in files) else files
        else:
            yield path

    def progress(self, words: str) -> None:
        self.stderr.write(words)

    def bring_in(self, one: Path | str, source: str, licence: str, kind: str | None) -> ImportRun:
        said = {"source_name": source, "licence": licence, "by": None}
        self.progress(f"Reading {one if isinstance(one, str) else one.name} …")
        content, file_name = self.content_of(one), one if isinstance(one, str) else one.name
        kind = kind or kind_of(content)
        if isinstance(one, str) and kind in run.PAGED:  # this was its first page
            return self.run_of(one, url=one, kind=kind, **said)
        if kind != FeedKind.CSV:
            return self.run_of(one, content=content, file_name=file_name, kind=kind, **said)
        found = self.read_csv(one, content)
        self.progress(f"Writing {len(found.rows):,} places …")
        done = actions.import_assets(found=found, file_name=file_name[:300], **said)
        self.report_csv(found)
        return self.report(done)

    def content_of(self, one: Path | str) -> bytes:
        try:
            if isinstance(one, str):
                return run.FETCHER.fetch(one, LIST_TYPES + JSON_TYPES)
            return packed(one) if one.is_dir() else one.read_bytes()
        except OSError as error:
            raise CommandError(f"{one} cannot be read: {error.strerror}. Nothing was written.") from error
        except NotFetched as error:
            raise CommandError(f"{one}: {error} Nothing was written.") from error

    def run_of(self, one: Path | str, **asked) -> ImportRun:
        """Any kind but a list with columns to be known: read, compared and written as a manager would by the pages."""
        try:
            intake = actions.bring_in(**asked)
        except actions.NotBroughtIn as why:
            raise CommandError(f"{one}: {why} Nothing was written.") from why
        self.remark_on(intake)
        return self.report(intake.source.import_runs.latest("id"))

    def remark_on(self, intake: Intake) -> None:
        remarks = intake.rows.exclude(reason="").exclude(state=RowState.REJECTED).order_by("number")
        for number, reason in remarks.values_list("number", "reason"):
            self.progress(f"Row {number}: {reason}")

    def read_csv(self, one: Path | str, content: bytes) -> AssetList:
        try:
            found = read_assets(content, today=timezone.localdate())
        except NotAnAssetList as error:
            raise CommandError(f"{one}: {error} Nothing was written.") from error
        if not found.rows:
            for remark in found.rejected:
                self.progress(f"Line {remark.row}: {remark.reason}")
            raise CommandError(f"{one}: no row can be taken. Nothing was written.")
        return found

    def report_csv(self, found: AssetList) -> None:
        if found.unknown_columns:
            self.progress(f"Columns not used: {', '.join(found.unknown_columns)}")
        for remark in found.left_out:
            self.progress(f"Line {remark.row}: {remark.reason}")

    def report(self, done: ImportRun) -> ImportRun:
        for row in done.rejected:
            self.progress(f"Line {row['row']} kept out: {row['reason']}")
        if not done.source.may_be_published:
            self.progress(f"No licence is known for “{done.source}”: not to be published. Name it with --licence.")
        said = self.progress if self.is_json else self.stdout.write
        said(
            f"{done.source}: {done.created:,} added, {done.updated:,} changed, {done.unchanged:,} as before, "
            f"{len(done.rejected):,} kept out. Of those in the directory now, {done.closed:,} have closed."
        )
        return done

    def print_json(self, done: list[tuple[Path | str, ImportRun]]) -> None:
        """Of one list {"created": …, "rejected": [{"row", "reason"}]}; of several their sums, and each row's file."""
        counts = {name: sum(getattr(each, name) for _, each in done) for name in COUNTS}
        several = len(done) > 1
        rejected = [row | ({"file": str(one)} if several else {}) for one, each in done for row in each.rejected]
        self.stdout.write(json.dumps({**counts, "rejected": rejected}))
