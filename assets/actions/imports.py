"""Lists brought up to date from a file, and published figures loaded."""

from collections import Counter
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import move
from assets.actions.intake import LICENCE_FIELDS, put_licence, record_licence
from assets.bulk import upsert
from assets.enums import INTAKE_MOVES, FeedKind, IntakeState, RowState
from assets.importing import AssetList, AssetRow, Remark
from assets.intake import csv_list, run
from assets.intake.compare import renamed
from assets.intake.write import Writing
from assets.models import AreaDeprivation, ImportRun, Intake, Postcode, Source
from assets.published import DEPRIVATION_COLUMNS, POSTCODE_COLUMNS, Published
from assets.tasks import alone


class NotBroughtIn(Exception):
    """Nothing was written. The message is for whoever chose the list."""


def bring_in(
    *,
    by: User | None,
    kind: FeedKind,
    source_name: str,
    licence: str = "",
    content: bytes | None = None,
    url: str = "",
    file_name: str = "",
) -> Intake:
    """Read a list of any kind and write it, with nobody to look at it between: for the command line.

    All that can be taken, or nothing: then NotBroughtIn says why.
    """
    source, is_new = Source.objects.get_or_create(name=source_name)
    if kind != FeedKind.TERMS:  # a list of words comes beside the list of services
        Source.objects.filter(pk=source.pk).update(kind=kind)
    if licence:
        record_licence(source=source, by=by, licence=licence)
    asked = {"content": content, "file_name": file_name or url, "next_page": url}
    intake = Intake.objects.create(source=source, kind=kind, by=by, **asked)
    with alone(str(intake.pk)):
        while run.read_next(intake.pk):
            pass
        intake = Intake.objects.select_related("source").get(pk=intake.pk)
        if why_not := _why_not(intake):
            (source if is_new else intake).delete()
            raise NotBroughtIn(why_not)
        _write_whole(intake)
    return intake


def _why_not(intake: Intake) -> str:
    if intake.status == IntakeState.FAILED:
        return intake.failure
    if not intake.source.licence:
        return f"The licence of {intake.source} is not known. Name it with --licence."
    can_be_taken = intake.rows.exclude(state__in=[RowState.REJECTED, RowState.GONE]).exists()
    return "" if can_be_taken else "Nothing in it can be taken."


@transaction.atomic
def _write_whole(intake: Intake) -> None:
    move(intake, INTAKE_MOVES, "apply")
    intake.save(update_fields=["status"])
    while run.write_next(intake.pk):
        pass


@transaction.atomic
def import_assets(
    *, source_name: str, found: AssetList, file_name: str, by: User | None, licence: str = ""
) -> ImportRun:
    """Bring the assets of one source up to date with its list: all of the rows, or none.

    What staff decide here (is it listed; fields they put right) is left alone, and so is an asset that the list
    no longer has. Two imports of one source wait for each other at the source's row.
    `by` is None for the command line.
    """
    source, _ = Source.objects.get_or_create(name=source_name)
    source = Source.objects.select_for_update().get(pk=source.pk)
    put_licence(source, licence, by)
    source.save(update_fields=LICENCE_FIELDS)
    writing = _compared(source, found)
    writing.write()
    _note_seen(source, found.rows, timezone.localdate())
    return ImportRun.objects.create(
        source=source,
        by=by,
        file_name=file_name,
        created=len(writing.created),
        updated=len(writing.updated),
        unchanged=writing.unchanged,
        closed=sum(row.is_closed for row in found.rows),
        rejected=[{"row": remark.row, "reason": remark.reason} for remark in found.rejected],
    )


def _compared(source: Source, found: AssetList) -> Writing:
    known = {asset.source_ref: asset for asset in source.assets.select_for_update()}
    moved = renamed(known, found.rows)
    writing = Writing(source)
    for row in found.rows:
        remarks: list[str] = []
        values = csv_list.values_of(row, remarks)
        found.left_out += [Remark(row.row, remark) for remark in remarks]
        writing.take(known.get(row.source_ref) or moved.get(row.source_ref), row.source_ref, values)
    return writing


def _note_seen(source: Source, rows: list[AssetRow], today: date) -> None:
    refs = [row.source_ref for row in rows]
    source.assets.filter(source_ref__in=refs).exclude(last_seen_on=today).update(last_seen_on=today)


@transaction.atomic
def load_published(*, files: list[Published], by: User | None) -> dict[str, int]:
    """Load deprivation indices and postcode directories: all the files, or none. Rows by kind of file.

    These are public figures with no record of who loaded them, so `by` is only asked for.
    """
    loaded = Counter()
    for published in files:
        loaded[published.kind] += _load_postcodes(published) if published.is_directory else _load_deciles(published)
    return dict(loaded)


def _load_postcodes(published: Published) -> int:
    # A postcode may end and be given out again: the line without an end counts.
    return upsert(
        Postcode,
        keys=["postcode"],
        columns=POSTCODE_COLUMNS,
        rows=published.rows,
        best="ended_on DESC NULLS FIRST, introduced_on DESC NULLS LAST",
    )


def _load_deciles(published: Published) -> int:
    return upsert(
        AreaDeprivation,
        keys=["index", "edition", "area_code"],
        columns=DEPRIVATION_COLUMNS,
        rows=published.rows,
        best="rank",
    )
