"""Rows of a feed into the directory, a batch at a time. Run inside a transaction that holds the source's row."""

from collections.abc import Iterable

from django.utils import timezone

from assets.enums import AssetVerb, RowState
from assets.intake.compare import Difference, difference, put
from assets.models import Asset, AssetEvent, Conflict, Source

BATCH = 1000


class Writing:
    """Collects what a batch does, then writes it in a handful of queries."""

    def __init__(self, source: Source):
        self.source = source
        self.created: list[Asset] = []
        self.updated: dict[Asset, dict] = {}
        self.contested: dict[Asset, Difference] = {}
        self.unchanged = 0

    def take(self, asset: Asset | None, ref: str, values: dict) -> tuple[RowState, Asset]:
        """What a row does, and to which entry."""
        if asset is None:
            made = put(Asset(source=self.source, source_ref=ref, last_seen_on=timezone.localdate()), values)
            made.updated_at = made.created_at
            self.created.append(made)
            return RowState.NEW, made
        found = difference(asset, values)
        self.contested[asset] = found
        changes = found.changes | ({"source_ref": ref} if asset.source_ref != ref else {})
        if not changes:
            self.unchanged += 1
            return RowState.UNCHANGED, asset
        self.updated[put(asset, changes)] = changes
        return RowState.CHANGED, asset

    def write(self) -> None:
        Asset.objects.bulk_create(self.created, batch_size=BATCH)
        if self.updated:
            names = {name for changes in self.updated.values() for name in changes}
            Asset.objects.bulk_update(self.updated, [*names, "open_slots", "updated_at"], batch_size=BATCH)
        self._note_events()
        self._note_conflicts()

    def _note_events(self) -> None:
        events = [AssetEvent(asset=asset, verb=AssetVerb.IMPORTED, words="") for asset in self.created]
        events += [
            AssetEvent(asset=asset, verb=AssetVerb.IMPORTED, words=_in_words(changes))
            for asset, changes in self.updated.items()
        ]
        AssetEvent.objects.bulk_create(events, batch_size=BATCH)

    def _note_conflicts(self) -> None:
        looked_at = [asset for asset in self.contested if asset.local_fields]
        known = _conflicts_of(looked_at)
        for asset in looked_at:
            contested = self.contested[asset].contested
            for name, theirs in contested.items():
                _note_conflict(asset, name, theirs, known.pop((asset.pk, name), []))
            for (asset_id, _), past in known.items():
                if asset_id == asset.pk:  # the feed no longer says otherwise
                    _settle([conflict for conflict in past if conflict.settled_at is None])


def _in_words(changes: dict) -> str:
    hidden = {"source_ref", "open_slots"}
    return ", ".join(str(Asset._meta.get_field(name).verbose_name) for name in changes if name not in hidden)


def _conflicts_of(assets: Iterable[Asset]) -> dict[tuple, list[Conflict]]:
    found = {}
    for conflict in Conflict.objects.filter(asset__in=list(assets)).order_by("seen_at", "id"):
        found.setdefault((conflict.asset_id, conflict.field), []).append(conflict)
    return found


def _note_conflict(asset: Asset, name: str, theirs: dict, past: list[Conflict]) -> None:
    """One open conflict a field. A choice made once is not asked again until the feed says something new."""
    last = past[-1] if past else None
    if last is None or (last.settled_at and last.theirs != theirs):
        Conflict.objects.create(asset=asset, field=name, theirs=theirs)
    elif last.settled_at is None and last.theirs != theirs:
        last.theirs, last.seen_at = theirs, timezone.now()
        last.save(update_fields=["theirs", "seen_at"])


def _settle(conflicts: list[Conflict]) -> None:
    for conflict in conflicts:
        conflict.settled_at = timezone.now()
        conflict.save(update_fields=["settled_at"])
