"""The history of an entry in words: every change of a field, and everything people and the service said of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from accounts.models import Organisation, User
from accounts.words import a_list, short_day
from assets.enums import AssetVerb, Weekday
from assets.models import CORRECTABLE, Asset, AssetEvent

# Changes of fields are told by the row history, field by field.
TOLD_FIELD_BY_FIELD = [AssetVerb.CORRECTED]
NOT_OF_THE_SERVICE = [AssetVerb.REMINDED, AssetVerb.IMPORTED, AssetVerb.CREATED]
LONGEST = 200
DAYS = {day.value: day.label for day in Weekday}


@dataclass(frozen=True)
class Entry:
    at: datetime
    sentence: str


def history(asset: Asset, organisation: Organisation) -> list[Entry]:
    """Newest first, for somebody of this organisation: of others only the organisation is named."""
    events = list(asset.events.exclude(verb__in=TOLD_FIELD_BY_FIELD).order_by("-at", "-id"))
    rows = list(asset.history.select_related("pgh_context").order_by("pgh_id"))
    named = _names([event.by_id for event in events] + [user_of(row) for row in rows], organisation)
    entries = [Entry(event.at, _what(event, named)) for event in events]
    for before, after in pairwise(rows):
        entries += [Entry(after.pgh_created_at, said) for said in _changes(before, after, named)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def who_said(user_id: UUID | None, organisation: Organisation) -> str:
    return _names([user_id], organisation).get(user_id, "The service")


def _names(user_ids: Iterable[UUID | None], organisation: Organisation) -> dict[UUID, str]:
    """Colleagues by name; anybody else as somebody of theirs."""
    people = User.objects.filter(pk__in={user_id for user_id in user_ids if user_id})
    named = {}
    for person in people.prefetch_related("memberships__organisation"):
        employers = [membership.organisation for membership in person.memberships.all() if membership.organisation]
        is_ours = organisation in employers
        others = a_list(employer.name for employer in employers) or "another organisation"
        named[person.pk] = person.name if is_ours else f"Somebody at {others}"
    return named


def _what(event: AssetEvent, named: dict[UUID, str]) -> str:
    nobody = "Linkwork" if event.verb in NOT_OF_THE_SERVICE else "The service"
    who = named[event.by_id] if event.by_id else nobody
    return f"{who} {event.get_verb_display()}{f': {event.words}' if event.words else ''}"


def user_of(row) -> UUID | None:
    user_id = row.pgh_context.metadata.get("user") if row.pgh_context else None
    return UUID(user_id) if user_id else None


def _who(row, named: dict[UUID, str]) -> str:
    if row.pgh_context and row.pgh_context.metadata.get("is_service"):
        return "The service"
    return named.get(user_of(row), "The list it comes from")


def _changes(before, after, named: dict[UUID, str]) -> Iterator[str]:
    for name in CORRECTABLE:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            field = Asset._meta.get_field(name)
            said = f"from {in_words(field, old)} to {in_words(field, new)}"
            yield f"{_who(after, named)} changed “{field.verbose_name}” {said}"


def in_words(field, value) -> str:
    """A value as people say it, shortened."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, dict):
        said = a_list(f"{DAYS[day]} {hours}" for day, hours in value.items())
    elif isinstance(value, list):
        labels = dict(field.base_field.flatchoices)
        said = a_list(labels.get(one, one) for one in value)
    elif isinstance(value, date):
        said = short_day(value)
    else:
        said = str(dict(field.flatchoices).get(value, value))
    return f"{said[:LONGEST]}…" if len(said) > LONGEST else said
