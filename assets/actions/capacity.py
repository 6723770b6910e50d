"""What was learnt by asking a service about a place: whether there is room, and who they take."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assets.actions.keep import history_in_name_of, keep_local, locked, look_again
from assets.enums import AssetVerb, Capacity
from assets.models import Asset


@transaction.atomic
def note_capacity(*, asset: Asset, by: User | None, capacity: Capacity, wait_weeks: int | None, words: str) -> Asset:
    """Whether there is room. `words` are public and say how it was heard; no `by`: the service said so."""
    with history_in_name_of(by):
        asset = locked(asset)
        asset.capacity, asset.capacity_said_on = capacity, timezone.localdate()
        asset.wait_weeks = wait_weeks if capacity == Capacity.WAITING_LIST else None
        asset.updated_at = timezone.now()
        asset.save()
    asset.events.create(verb=AssetVerb.CAPACITY, by=by, words=words)
    look_again(asset)
    return asset


@transaction.atomic
def note_threshold(*, asset: Asset, by: User, threshold: str) -> Asset:
    """Who they take, as somebody found out. No feed overwrites it in silence."""
    with history_in_name_of(by):
        asset = locked(asset)
        asset.threshold = threshold
        keep_local(asset, ["threshold"])
        asset.save()
    asset.events.create(verb=AssetVerb.CORRECTED, by=by, words=Asset._meta.get_field("threshold").verbose_name)
    look_again(asset)
    return asset
