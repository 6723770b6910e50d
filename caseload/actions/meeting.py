from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import MoveNotAllowed, check_version, make_once
from accounts.words import named_day
from caseload.actions.case import locked, locked_open, met, settled
from caseload.actions.follow_up import set_follow_up
from caseload.actions.lone_visit import follow_meeting
from caseload.enums import Channel, MissedBarrier, Mode, Outcome, Place, Verb, WithWhom
from caseload.models import Appointment, Case, Contact


@transaction.atomic
def book_appointment(
    *,
    case: Case,
    by: User,
    worker: User,
    starts_at: datetime,
    minutes_planned: int,
    mode: Mode,
    place: Place | str = "",
    place_detail: str = "",
    accompanied: bool = False,
    once: UUID | None = None,
) -> Appointment:
    """Book a meeting. Raises MoveNotAllowed when the case is closed."""
    case = locked_open(case, "book")
    appointment, is_new = make_once(
        case.appointments,
        once,
        worker=worker,
        starts_at=starts_at,
        minutes_planned=minutes_planned,
        mode=mode,
        place=place,
        place_detail=place_detail,
        accompanied=accompanied,
    )
    if is_new:
        case.events.create(verb=Verb.BOOKED, by=by, about=worker)
        settled(case)
    return appointment


@transaction.atomic
def move_appointment(*, appointment: Appointment, by: User, version: int, starts_at: datetime) -> Appointment:
    """Another time for the same meeting.

    Raises MoveNotAllowed once it has an outcome, ChangedMeanwhile when it is no longer when the writer thinks.
    """
    appointment, case = _locked_unlogged(appointment)
    if appointment.starts_at == starts_at:
        return appointment
    check_version(appointment, version)
    follow_meeting(appointment=appointment, by=by, moved_by=starts_at - appointment.starts_at)
    appointment.starts_at = starts_at
    appointment.save(update_fields=["starts_at"])
    case.events.create(verb=Verb.MOVED, by=by)
    settled(case)
    return appointment


@transaction.atomic
def log_outcome(
    *,
    appointment: Appointment,
    by: User,
    outcome: Outcome,
    mode: Mode,
    place: Place | str = "",
    accompanied: bool = False,
    minutes: int | None = None,
    barrier: MissedBarrier | str = "",
    note: str = "",
    follow_up_on: date | None = None,
    follow_up_about: str = "",
) -> Appointment:
    """Say how a meeting went. Only being met moves a case on; a missed meeting never changes its status.

    A missed meeting needs follow_up_on: the door stays open, with a date. Raises MoveNotAllowed
    when somebody has logged it already.
    """
    if outcome == Outcome.MISSED and follow_up_on is None:
        raise ValueError("a missed meeting needs a follow-up date")
    appointment, case = _locked_unlogged(appointment)
    open_since = _door_open_since(case)
    appointment.outcome, appointment.outcome_at, appointment.outcome_by = outcome, timezone.now(), by
    appointment.mode, appointment.place, appointment.accompanied = mode, place, accompanied
    appointment.minutes, appointment.barrier, appointment.note = minutes, barrier, note
    appointment.save()
    case.events.create(verb=Verb.MEETING_LOGGED, by=by)
    if outcome == Outcome.ATTENDED:
        met(case, by)
        _came_back(case, by, open_since)
    elif outcome != Outcome.MISSED:
        follow_meeting(appointment=appointment, by=by)
    if follow_up_on:
        set_follow_up(case=case, by=by, due_on=follow_up_on, about=follow_up_about)
    settled(case)
    return appointment


@transaction.atomic
def log_contact(
    *,
    case: Case,
    by: User,
    channel: Channel,
    with_whom: WithWhom,
    reached: bool,
    at: datetime | None = None,
    minutes: int | None = None,
    note: str = "",
    follow_up_on: date | None = None,
    follow_up_about: str = "",
    once: UUID | None = None,
) -> Contact:
    """Log anything unbooked. A closed case takes contacts too: people do ring back."""
    case = locked(case)
    open_since = _door_open_since(case)
    contact, is_new = make_once(
        case.contacts,
        once,
        by=by,
        at=at or timezone.now(),
        channel=channel,
        with_whom=with_whom,
        reached=reached,
        minutes=minutes,
        note=note,
    )
    if is_new:
        case.events.create(verb=Verb.CONTACT_LOGGED, by=by)
        _came_back(case, by, open_since)
        if follow_up_on:
            set_follow_up(case=case, by=by, due_on=follow_up_on, about=follow_up_about)
        settled(case)
    return contact


def _locked_unlogged(appointment: Appointment) -> tuple[Appointment, Case]:
    case = locked(appointment.case)
    appointment = Appointment.objects.get(pk=appointment.pk)
    if appointment.outcome:
        raise MoveNotAllowed(f"the meeting was logged as {appointment.outcome}")
    return appointment, case


def _door_open_since(case: Case) -> datetime | None:
    return Case.objects.filter(pk=case.pk).with_contact_facts().values_list("door_open_since", flat=True).get()


def _came_back(case: Case, by: User, open_since: datetime | None) -> None:
    """Write down, once a held-open door, that somebody who had missed a meeting was met or reached again."""
    if open_since and _door_open_since(case) is None:
        words = f"The door was held open since {named_day(open_since)}"
        case.events.create(verb=Verb.CAME_BACK, by=by, words=words)
