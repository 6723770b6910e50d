"""What a feed would change in an entry, and what it may not: fields somebody here put right are theirs to keep."""

from dataclasses import dataclass, field

from django.utils import timezone

from assets.models import Asset, slots_of

# These only make sense together: if one was put right here, so was the other.
PAIRS = [("latitude", "longitude"), ("is_closed", "closed_year")]
EMPTY = ("", None, [], {})


@dataclass(frozen=True)
class Difference:
    """`changes`: what to write. `contested`: by field, what the feed says where somebody here said otherwise."""

    changes: dict = field(default_factory=dict)
    contested: dict[str, dict] = field(default_factory=dict)


def difference(asset: Asset, values: dict) -> Difference:
    changes, contested = {}, {}
    for names in _together(values):
        theirs = {name: values[name] for name in names}
        if all(getattr(asset, name) == value for name, value in theirs.items()):
            continue
        if not set(names) & set(asset.local_fields):
            changes |= {name: value for name, value in theirs.items() if getattr(asset, name) != value}
        elif any(value not in EMPTY for value in theirs.values()):  # to say nothing is not to contradict
            contested[names[0]] = theirs
    return Difference(changes, contested)


def _together(values: dict) -> list[tuple[str, ...]]:
    paired = {name for pair in PAIRS for name in pair}
    return [pair for pair in PAIRS if values.keys() >= set(pair)] + [(n,) for n in values if n not in paired]


def put(asset: Asset, changes: dict) -> Asset:
    """The changes in the entry, with what follows from them; not saved."""
    for name, value in changes.items():
        setattr(asset, name, value)
    if "opening_hours" in changes:
        asset.open_slots = slots_of(asset.opening_hours)
    asset.updated_at = timezone.now()
    return asset


def renamed(known: dict[str, Asset], rows: list) -> dict[str, Asset]:
    """Assets gone from the list under their old reference, by the new one.

    The same building, with either the name or the postcode as it was, and no other claim to
    it: the list has corrected the other. Cases that refer to the asset keep doing so.
    Each row has source_ref, name, postcode and uprn.
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
