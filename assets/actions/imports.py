"""Lists brought up to date from a file, and published figures loaded."""

from collections import Counter
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assets.actions.intake import LICENCE_FIELDS, put_licence
from assets.bulk import upsert
from assets.importing import AssetList, AssetRow
from assets.intake.compare import renamed
from assets.intake.write import Writing
from assets.models import AreaDeprivation, ImportRun, Postcode, Source
from assets.published import DEPRIVATION_COLUMNS, POSTCODE_COLUMNS, Published


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
    writing = _compared(source, found.rows)
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


def _compared(source: Source, rows: list[AssetRow]) -> Writing:
    known = {asset.source_ref: asset for asset in source.assets.select_for_update()}
    moved = renamed(known, rows)
    writing = Writing(source)
    for row in rows:
        values = {name: value for name, value in row.values.items() if name != "source_ref"}
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
