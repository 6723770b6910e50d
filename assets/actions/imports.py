"""Lists brought up to date from a file, and published figures loaded."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assets.bulk import upsert
from assets.importing import IMPORTED, AssetList, AssetRow
from assets.models import AreaDeprivation, Asset, ImportRun, Postcode, Source
from assets.published import DEPRIVATION_COLUMNS, POSTCODE_COLUMNS, Published

BATCH = 1000


@transaction.atomic
def import_assets(
    *, source_name: str, found: AssetList, file_name: str, by: User | None, licence: str = ""
) -> ImportRun:
    """Bring the assets of one source up to date with its list: all of the rows, or none.

    What staff decide here (is it listed) is left alone, and so is an asset that the list
    no longer has. Two imports of one source wait for each other at the source's row.
    `by` is None for the command line.
    """
    source, _ = Source.objects.get_or_create(name=source_name)
    source = Source.objects.select_for_update().get(pk=source.pk)
    if licence and licence != source.licence:
        source.licence = licence
        source.save(update_fields=["licence"])
    changes = _compared(source, found.rows)
    _write(changes)
    _note_seen(source, found.rows, timezone.localdate())
    return ImportRun.objects.create(
        source=source,
        by=by,
        file_name=file_name,
        created=len(changes.created),
        updated=len(changes.updated),
        unchanged=changes.unchanged,
        closed=sum(row.is_closed for row in found.rows),
        rejected=[{"row": remark.row, "reason": remark.reason} for remark in found.rejected],
    )


@dataclass
class _Changes:
    created: list[Asset] = field(default_factory=list)
    updated: list[Asset] = field(default_factory=list)
    unchanged: int = 0


def _compared(source: Source, rows: list[AssetRow]) -> _Changes:
    known = {asset.source_ref: asset for asset in source.assets.select_for_update()}
    renamed = _renamed(known, rows)
    changes = _Changes()
    for row in rows:
        asset = known.get(row.source_ref) or renamed.get(row.source_ref)
        if asset is None:
            changes.created.append(Asset(source=source, **row.values))
        elif any(getattr(asset, name) != value for name, value in row.values.items()):
            for name, value in row.values.items():
                setattr(asset, name, value)
            asset.updated_at = timezone.now()
            changes.updated.append(asset)
        else:
            changes.unchanged += 1
    return changes


def _renamed(known: dict[str, Asset], rows: list[AssetRow]) -> dict[str, Asset]:
    """Assets gone from the list under their old reference, by the new one.

    The same building, with either the name or the postcode as it was, and no other claim to
    it: the list has corrected the other. Cases that refer to the asset keep doing so.
    """
    listed = {row.source_ref for row in rows}
    gone = _alone_in_building(asset for ref, asset in known.items() if ref not in listed)
    new = _alone_in_building(row for row in rows if row.source_ref not in known)
    return {
        row.source_ref: gone[uprn]
        for uprn, row in new.items()
        if uprn in gone and (gone[uprn].name == row.name or gone[uprn].postcode == row.postcode)
    }


def _alone_in_building(entries) -> dict:
    by_uprn = {}
    for entry in entries:
        by_uprn.setdefault(entry.uprn, []).append(entry)
    return {uprn: some[0] for uprn, some in by_uprn.items() if uprn and len(some) == 1}


def _write(changes: _Changes) -> None:
    Asset.objects.bulk_create(changes.created, batch_size=BATCH)
    Asset.objects.bulk_update(changes.updated, [*IMPORTED, "updated_at"], batch_size=BATCH)


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
