"""Two entries that are one, and back again: docs/adr/0010-merging-entries.md says why nothing moves."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import MoveNotAllowed
from assets.actions.keep import history_in_name_of, keep_local, look_again
from assets.enums import AssetVerb
from assets.models import CORRECTABLE, Asset, Merge, NotTheSame, slots_of

# Where it is goes together: a street of one entry with the postcode of another is nowhere.
PLACE = ["address", "town", "postcode", "local_authority", "uprn", "latitude", "longitude"]
FILLABLE = [name for name in CORRECTABLE if name not in PLACE]


@transaction.atomic
def merge_assets(*, kept: Asset, gone: Asset, by: User) -> Merge:
    """Make two entries one. What the kept one lacks it takes from the other, which stays as it is, out of sight.

    Raises MoveNotAllowed when either is part of another by now.
    """
    kept, gone = _locked_both(kept.pk, gone.pk)
    if kept == gone or kept.merged_into_id or gone.merged_into_id:
        raise MoveNotAllowed("merged already")
    filled = _missing_from(kept, gone)
    with history_in_name_of(by):
        _set(kept, filled, {name: getattr(gone, name) for name in filled})
        keep_local(kept, filled)
        kept.save()
        # Always one step to the entry that counts, however often entries were merged.
        Asset.objects.filter(merged_into=gone).update(merged_into=kept)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
    merge = Merge.objects.create(
        kept=kept, gone=gone, by=by, filled={name: _plain(getattr(kept, name)) for name in filled}
    )
    _record(AssetVerb.MERGED, by, kept, gone)
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, by: User) -> Merge:
    """Make one entry two again, each as it was. What was corrected since stays corrected.

    Raises MoveNotAllowed when that is done, or the kept entry is by now part of another.
    """
    kept, gone = _locked_both(merge.kept_id, merge.gone_id)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at or kept.merged_into_id:
        raise MoveNotAllowed("taken back already, or merged again since")
    still = [name for name, value in merge.filled.items() if _plain(getattr(kept, name)) == value]
    with history_in_name_of(by):
        _set(kept, still, {name: Asset._meta.get_field(name).get_default() for name in still})
        kept.local_fields = [name for name in kept.local_fields if name not in still]
        kept.save()
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
        earlier = Merge.objects.filter(kept=gone, undone_at=None).values("gone")
        Asset.objects.filter(pk__in=earlier).update(merged_into=gone)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    _record(AssetVerb.UNMERGED, by, kept, gone)
    return merge


@transaction.atomic
def say_not_the_same(*, one: Asset, other: Asset, by: User) -> NotTheSame:
    """They look alike and are two: they are not proposed again."""
    first, second = sorted([one, other], key=lambda asset: asset.pk)
    said, _ = NotTheSame.objects.get_or_create(first=first, second=second, defaults={"by": by})
    return said


def _locked_both(kept_id: UUID, gone_id: UUID) -> tuple[Asset, Asset]:
    """In one order whoever asks, so that two merges cannot wait for each other."""
    both = Asset.objects.select_for_update(of=("self",)).filter(pk__in=[kept_id, gone_id]).order_by("pk")
    found = {asset.pk: asset for asset in both}
    return found[kept_id], found[gone_id]


def _missing_from(kept: Asset, gone: Asset) -> list[str]:
    """What is empty in the one and known in the other; not what somebody here emptied on purpose."""
    is_same_place = kept.postcode == gone.postcode or not (kept.postcode or kept.address)
    names = FILLABLE + (PLACE if is_same_place else [])
    return [
        name
        for name in names
        if _is_empty(getattr(kept, name)) and not _is_empty(getattr(gone, name)) and name not in kept.local_fields
    ]


def _set(asset: Asset, names: list[str], values: dict) -> None:
    for name in names:
        setattr(asset, name, values[name])
    if "opening_hours" in names:
        asset.open_slots = slots_of(asset.opening_hours)
    if names:
        asset.updated_at = timezone.now()


def _is_empty(value) -> bool:
    return value is None or value in ("", [], {})


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def _record(verb: AssetVerb, by: User, kept: Asset, gone: Asset) -> None:
    kept.events.create(verb=verb, by=by, words=gone.name)
    gone.events.create(verb=verb, by=by, words=kept.name)
    look_again(kept)
    look_again(gone)
