"""What colleagues have to do with somebody: who covers, what was asked, who takes over. In words where it can be."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.words import a_list, short_day
from accounts.working_days import is_working_day
from caseload.models import Away, Case
from caseload.models.case import CaseQuerySet
from caseload.timeline import hold_words, status_sentence


def around(case: Case, reader: User) -> dict:
    """For the case page: open questions the reader may see, a hand-over under way, and whether its worker is away."""
    consults = case.consults.visible_to(reader).with_row_data(reader)
    hand_overs = case.hand_overs.under_way().select_related("giver", "receiver")
    return {
        "questions": list(consults.open().filter(leads_to_case=True).order_by("-asked_at", "id")),
        "hand_over": hand_overs.first(),
        "away": away_now(case.organisation_id, case.worker_id),
        "has_left": case.worker if case.worker_id and case.is_nobodys else None,
    }


def waiting_for(organisation: Organisation, user: User) -> dict:
    """For Today: what colleagues ask of the user, what they answered, whom they would like to hand over."""
    consults = organisation.consults.with_row_data(user).order_by("asked_at", "id")
    items = organisation.supervision_items.to_take().filter(shared_with=user).select_related("owner")
    return {
        "asked": list(consults.asked_of(user)),
        "answered": list(consults.open().filter(asked_by=user, new_answers__gt=0)),
        "hand_overs": list(organisation.hand_overs.offered_to(user).with_row_data().order_by("offered_at", "id")),
        "shared": list(items.order_by("session_on", "shared_at", "id")),
    }


def away_now(organisation_id, worker_id) -> Away | None:
    away = Away.objects.on(timezone.localdate()).filter(organisation=organisation_id, worker=worker_id)
    return away.select_related("worker", "cover").first() if worker_id else None


def with_people(cases: CaseQuerySet) -> QuerySet[User]:
    """Everybody who has one of these cases, also somebody who has left; by name."""
    return User.objects.filter(pk__in=cases.order_by().values("worker")).order_by("name", "id")


def what_the_record_says(case: Case) -> dict:
    """What a hand-over need not tell again: read from the record each time, so that it is never out of date."""
    return {
        "status_sentence": status_sentence(case),
        "hold": case.hold,
        "hold_words": hold_words(case.hold) if case.hold else "",
        "goals": case.goals.open().in_their_order(),
        "needs": case.needs.order_by("added_at", "id"),
        "booked": case.appointments.booked().order_by("starts_at", "id"),
        "follow_ups": case.follow_ups.to_do().order_by("due_on", "id"),
        "risks": case.patient.risk_notes.current().order_by("review_on", "id"),
        "onward_referrals": case.onward_referrals.with_list_data().newest_first(),
    }


def gaps(away: Away, everyone_away: Iterable[Away], members: set, nation: str) -> list[str]:
    """In sentences, the working days of an absence nobody covers, and why."""
    days = [day for day in away.days if is_working_day(day, nation)]
    if away.cover is None:
        return ["Nobody covers yet."]
    if away.cover_id not in members:
        return [f"{away.cover.name} was to cover, and has left: nobody covers."]
    theirs = [each for each in everyone_away if each.worker_id == away.cover_id]
    missing = [day for day in days if any(each.first_on <= day <= each.last_on for each in theirs)]
    if not missing:
        return []
    stretches = a_list(_stretches(days, missing))
    return [f"{away.cover.name} is away too {stretches}: nobody covers then."]


def _stretches(days: list[date], missing: list[date]) -> Iterator[str]:
    """from 3 December to 5 December; on 9 December: the missing ones of these days, those in a row together."""
    runs = groupby(days, key=missing.__contains__)
    for is_missing, run in runs:
        if is_missing:
            first, *rest = run
            yield f"from {short_day(first)} to {short_day(rest[-1])}" if rest else f"on {short_day(first)}"
