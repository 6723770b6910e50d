from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.moves import MoveNotAllowed, make_once, move
from accounts.words import day_and_time
from caseload.enums import Verb
from caseload.enums.safety import VISIT_MOVES, VisitStatus, VisitVerb
from caseload.lone_visits import those_to_tell, write_to
from caseload.models import Appointment, Case, LoneVisit

# Whoever is on it has this many times the usual pause before the alarm is sent again.
TIME_TO_ACT = 2
DOUBLE_CLICK = timedelta(minutes=1)


class OutAlready(MoveNotAllowed):
    """They are out on another visit, and have to be back from it first."""


class ColleagueIsThere(MoveNotAllowed):
    """A colleague is out alone to this very meeting."""


@transaction.atomic
def start_lone_visit(
    *,
    organisation: Organisation,
    by: User,
    where: str,
    phone: str,
    watcher: User,
    starts_at: datetime,
    expected_back_at: datetime,
    case: Case | None = None,
    appointment: Appointment | None = None,
    note: str = "",
    once: UUID | None = None,
) -> LoneVisit:
    """Set out alone, or plan to. A meeting has one open visit: asked for again, it is that one.

    What a colleague had planned to the same meeting is called off: they are not the one who goes. Raises OutAlready
    when they are out on another, ColleagueIsThere when the colleague is out to it.
    """
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)  # One thing at a time for one worker.
    known = appointment and appointment.lone_visits.open().exclude(pk=once).first()
    if known and known.worker_id == by.pk:
        return known
    if known and known.is_out:
        raise ColleagueIsThere
    if known:
        call_off_visit(visit=known, by=by)
    said = {"where": where, "phone": phone, "watcher": watcher, "note": note, "case": case, "appointment": appointment}
    times = {"starts_at": starts_at, "expected_back_at": expected_back_at}
    visit, is_new = make_once(organisation.lone_visits, once, worker=by, **said, **times)
    if not is_new:
        return visit
    if not by.phone:
        by.phone = phone
        by.save(update_fields=["phone"])
    visit.events.create(verb=VisitVerb.PLANNED, by=by, words=f"Until {day_and_time(expected_back_at)}")
    write_to(visit, [watcher])
    if starts_at <= timezone.now():
        _set_out(visit, by)
    visit.save()
    return visit


@transaction.atomic
def set_out(*, visit: LoneVisit, by: User) -> LoneVisit:
    """Begin a planned visit. Raises OutAlready, or MoveNotAllowed when it is no longer planned."""
    User.objects.select_for_update(no_key=True).get(pk=visit.worker_id)
    visit = _locked(visit)
    if not visit.is_out:
        _set_out(visit, by)
        visit.save(update_fields=["status"])
    return visit


def _set_out(visit: LoneVisit, by: User) -> None:
    if LoneVisit.objects.filter(worker=visit.worker_id, status=VisitStatus.OUT).exists():
        raise OutAlready
    move(visit, VISIT_MOVES, "set_out")
    visit.events.create(verb=VisitVerb.SET_OUT, by=by)
    if visit.case:
        visit.case.events.create(verb=Verb.LONE_VISIT, by=by)


@transaction.atomic
def back_safe(*, visit: LoneVisit, by: User, words: str = "") -> LoneVisit:
    """They are back: said by themselves, or by whoever answered the alarm. Those who had the alarm are told."""
    visit = _locked(visit)
    if visit.is_back:
        return visit
    move(visit, VISIT_MOVES, "back")
    _end(visit, by, VisitVerb.BACK, words)
    if visit.case:
        visit.case.events.create(verb=Verb.VISIT_BACK, by=by)
    return visit


@transaction.atomic
def call_off_visit(*, visit: LoneVisit, by: User) -> LoneVisit:
    """The visit does not take place, or no longer alone."""
    visit = _locked(visit)
    if visit.status != VisitStatus.CALLED_OFF:
        move(visit, VISIT_MOVES, "call_off")
        _end(visit, by, VisitVerb.CALLED_OFF)
    return visit


def _end(visit: LoneVisit, by: User, verb: VisitVerb, words: str = "") -> None:
    visit.ended_at, visit.alarm_again_at = timezone.now(), None
    visit.events.create(verb=verb, by=by, words=words)
    _all_clear(visit)
    visit.save(update_fields=["status", "ended_at", "alarm_again_at", "rounds"])


def _all_clear(visit: LoneVisit) -> None:
    if visit.alarm_at:
        write_to(visit, those_to_tell(visit))


@transaction.atomic
def need_longer(*, visit: LoneVisit, by: User, minutes: int, expected: datetime) -> LoneVisit:
    """Move the time they are expected back; an alarm that was raised ends with it.

    `expected` is the time they saw: a second tap on the same page adds nothing. Raises MoveNotAllowed when the visit
    has ended.
    """
    visit = _locked(visit)
    if not visit.is_open:
        raise MoveNotAllowed("the visit has ended")
    if visit.expected_back_at != expected:
        return visit
    visit.expected_back_at = max(expected, timezone.now()) + timedelta(minutes=minutes)
    _all_clear(visit)
    visit.alarm_at = visit.alarm_again_at = None
    visit.save(update_fields=["expected_back_at", "alarm_at", "alarm_again_at", "rounds"])
    visit.events.create(verb=VisitVerb.LONGER, by=by, words=f"Until {day_and_time(visit.expected_back_at)}")
    return visit


@transaction.atomic
def answer_alarm(*, visit: LoneVisit, by: User, words: str, is_safe: bool) -> LoneVisit:
    """Say what one did about an alarm. Safe: the visit is over. Not yet: the alarm waits a while for whoever is on it.

    Raises MoveNotAllowed when the visit has ended, or is not overdue.
    """
    visit = _locked(visit)
    now = timezone.now()
    if visit.events.filter(verb=VisitVerb.ANSWERED, by=by, words=words, at__gte=now - DOUBLE_CLICK).exists():
        return visit
    if not visit.is_overdue:
        raise MoveNotAllowed("the visit is not overdue")
    visit.alarm_at = visit.alarm_at or now
    visit.alarm_again_at = now + TIME_TO_ACT * timedelta(minutes=visit.organisation.policy.alarm_again_minutes)
    visit.save(update_fields=["alarm_at", "alarm_again_at"])
    visit.events.create(verb=VisitVerb.ANSWERED, by=by, words=words)
    return back_safe(visit=visit, by=by) if is_safe else visit


def follow_meeting(*, appointment: Appointment, by: User, moved_by: timedelta | None = None) -> None:
    """A planned visit goes with its meeting: to its new time, or called off with it. One under way stays as it is."""
    for visit in appointment.lone_visits.filter(status=VisitStatus.PLANNED).select_for_update():
        if moved_by is None:
            call_off_visit(visit=visit, by=by)
        else:
            visit.starts_at += moved_by
            visit.expected_back_at += moved_by
            visit.save(update_fields=["starts_at", "expected_back_at"])
            visit.events.create(verb=VisitVerb.PLANNED, by=by, words=f"Until {day_and_time(visit.expected_back_at)}")


@transaction.atomic
def change_phone(*, by: User, phone: str) -> User:
    """Where alarms reach one by text; empty for e-mail alone."""
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    by.phone = phone
    by.save(update_fields=["phone"])
    return by


def _locked(visit: LoneVisit) -> LoneVisit:
    visits = LoneVisit.objects.select_related("organisation", "case", "worker")
    return visits.select_for_update(of=("self",)).get(pk=visit.pk)
