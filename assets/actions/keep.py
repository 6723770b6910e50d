"""What people do to keep an entry right. Each leaves an event, and lets flags about the entry be looked at again."""

from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import pghistory
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Organisation, User
from accounts.moves import ChangedMeanwhile, MoveNotAllowed, make_once
from assets.enums import AssetVerb, ProblemKind
from assets.models import Asset, LocalNote, Postcode, Problem, slots_of

ROOM = ["capacity", "wait_weeks"]


@transaction.atomic
def confirm_asset(*, asset: Asset, by: User | None) -> Asset:
    """Everything in the entry is right. `by` is None for the service itself, through its link."""
    with history_in_name_of(by):
        asset = locked(asset)
        _confirmed(asset, by)
        asset.save()
    asset.events.create(verb=AssetVerb.CONFIRMED, by=by)
    look_again(asset)
    return asset


@transaction.atomic
def correct_asset(*, asset: Asset, by: User, seen: datetime, confirm: bool = False, **fields) -> Asset:
    """Put fields right; `confirm` says that the rest is right too. What was corrected here no feed overwrites.

    `seen` is the entry's `updated_at` when its writer began. Raises ChangedMeanwhile.
    """
    with history_in_name_of(by):
        asset = locked(asset)
        if asset.updated_at != seen:
            raise ChangedMeanwhile(f"asset changed at {asset.updated_at}, not {seen}")
        changed = [name for name in fields if getattr(asset, name) != fields[name]]
        for name in changed:
            setattr(asset, name, fields[name])
        keep_local(asset, changed)
        _follow(asset, changed)
        if confirm:
            _confirmed(asset, by)
        asset.save()
    if changed:
        words = ", ".join(str(Asset._meta.get_field(name).verbose_name) for name in changed)
        asset.events.create(verb=AssetVerb.CORRECTED, by=by, words=words)
    if confirm:
        asset.events.create(verb=AssetVerb.CONFIRMED, by=by)
    look_again(asset)
    return asset


@transaction.atomic
def report_problem(
    *,
    asset: Asset,
    by: User | None,
    kind: ProblemKind,
    organisation: Organisation | None = None,
    words: str = "",
    once: UUID | None = None,
) -> Problem:
    """Say that an entry is wrong. It changes nothing by itself: a person settles it.

    With no `by` and no organisation it is the service that says so.
    """
    problem, is_new = make_once(asset.problems, once, by=by, organisation=organisation, kind=kind, words=words)
    if is_new:
        asset.events.create(verb=AssetVerb.REPORTED, by=by, words=problem.get_kind_display())
    return problem


@transaction.atomic
def settle_problem(*, problem: Problem, by: User, outcome: str, close: bool = False) -> Problem:
    """Say what became of a problem; `close` marks the service as closed. Raises MoveNotAllowed when it is settled."""
    problem = Problem.objects.select_for_update(of=("self",)).get(pk=problem.pk)
    if problem.settled_at:
        raise MoveNotAllowed("the problem is settled")
    problem.settled_at, problem.settled_by, problem.outcome = timezone.now(), by, outcome
    problem.save(update_fields=["settled_at", "settled_by", "outcome"])
    problem.asset.events.create(verb=AssetVerb.SETTLED, by=by, words=outcome)
    if close and not problem.asset.is_closed:
        close_asset(asset=problem.asset, by=by)
    return problem


@transaction.atomic
def close_asset(*, asset: Asset, by: User, words: str = "") -> Asset:
    """A person says that it no longer runs. It stays, for the work that refers to it."""
    return _set_closed(asset, by, AssetVerb.CLOSED, timezone.localdate().year, words)


@transaction.atomic
def reopen_asset(*, asset: Asset, by: User, words: str = "") -> Asset:
    return _set_closed(asset, by, AssetVerb.REOPENED, None, words)


@transaction.atomic
def record_link_opened(*, asset: Asset, by: None = None) -> None:
    """Every use of a service's link is on the record, also when nothing is answered."""
    asset.events.create(verb=AssetVerb.LINK_OPENED, by=by)


@transaction.atomic
def add_note(*, asset: Asset, organisation: Organisation, by: User, text: str, once: UUID | None = None) -> LocalNote:
    """A note for one's own organisation. No event: the history of an entry is everybody's, a note is not."""
    note, _ = make_once(organisation.local_notes, once, asset=asset, by=by, text=text)
    return note


@transaction.atomic
def edit_note(*, note: LocalNote, by: User, text: str) -> LocalNote:
    note.text, note.at = text, timezone.now()
    note.save(update_fields=["text", "at"])
    return note


@transaction.atomic
def remove_note(*, note: LocalNote, by: User) -> None:
    note.delete()


def locked(asset: Asset) -> Asset:
    """The entry as it is now, held to the end of the transaction."""
    return Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk)


def keep_local(asset: Asset, names: list[str]) -> None:
    """These fields were decided here: a feed that says otherwise has to ask."""
    if names:
        asset.local_fields = sorted({*asset.local_fields, *names})
        asset.updated_at = timezone.now()


def look_again(asset: Asset) -> None:
    """Apps further right may hold advice about the entry (settings.ASSET_WATCHERS): its facts have changed."""
    for watcher in settings.ASSET_WATCHERS:
        import_string(watcher)(asset.pk)


@contextmanager
def history_in_name_of(by: User | None):
    """What changes in here is known in the row history as theirs, also outside a request. None: the service."""
    with pghistory.context(user=str(by.pk) if by else None, is_service=by is None):
        yield


def _confirmed(asset: Asset, by: User | None) -> None:
    asset.confirmed_at, asset.confirmed_by = timezone.now(), by
    asset.reminders_sent, asset.reminded_at = 0, None


def _follow(asset: Asset, changed: list[str]) -> None:
    """Bring what is worked out from other fields in line with them."""
    if "opening_hours" in changed:
        asset.open_slots = slots_of(asset.opening_hours)
    if "postcode" in changed:
        place = Postcode.objects.filter(pk=asset.postcode, latitude__isnull=False).first()
        asset.latitude, asset.longitude = (place.latitude, place.longitude) if place else (None, None)
        keep_local(asset, ["latitude", "longitude"])
    if set(changed) & set(ROOM):
        asset.capacity_said_on = timezone.localdate()


def _set_closed(asset: Asset, by: User, verb: AssetVerb, closed_year: int | None, words: str) -> Asset:
    is_closed = verb == AssetVerb.CLOSED
    with history_in_name_of(by):
        asset = locked(asset)
        if asset.is_closed == is_closed:
            raise MoveNotAllowed(f"{verb}: is_closed is {asset.is_closed}")
        asset.is_closed, asset.closed_year = is_closed, closed_year
        keep_local(asset, ["is_closed", "closed_year"])
        asset.save()
    asset.events.create(verb=verb, by=by, words=words)
    look_again(asset)
    return asset
