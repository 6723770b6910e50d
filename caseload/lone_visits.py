"""Lone visits: what to propose when somebody sets out alone, and the alarm when they are not back.

The alarm is looked for by a job every half minute (caseload/tasks.py), and it stands on the pages of those who are
to answer it whether that job runs or not. docs/adr/0016-lone-visits.md says why it works this way.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.words import a_list
from caseload import notify
from caseload.enums import Channel, MessageStatus, Place, Verb
from caseload.enums.safety import VisitVerb
from caseload.messages import NotSent
from caseload.models import AlarmCheck, AlarmMessage, Appointment, Case, LoneVisit

logger = structlog.get_logger(__name__)

USUAL_STAY = timedelta(minutes=60)
SET_OUT_BEFORE = timedelta(minutes=60)
ROUNDS_IN_A_ROW = 6  # After these an alarm nobody answers is sent once an hour.
AN_HOUR = timedelta(hours=1)


# What to propose


def proposal(organisation: Organisation, worker: User, case: Case | None, meeting: Appointment | None) -> dict:
    """Where to, until when and who watches, of a visit about to be made: as for the meeting, watched as last time."""
    now = timezone.now().replace(second=0, microsecond=0)
    there = max(now, meeting.starts_at) if meeting else now
    stay = timedelta(minutes=meeting.minutes_planned) if meeting else USUAL_STAY
    return {
        "where": _where(case, meeting),
        "starts_at": now if there - now <= SET_OUT_BEFORE else there,
        "expected_back_at": there + stay + timedelta(minutes=organisation.policy.lone_visit_margin_minutes),
        "watcher": _usual_watcher(organisation, worker),
        "phone": _usual_phone(organisation, worker),
        "case": case,
        "appointment": meeting,
    }


def _where(case: Case | None, meeting: Appointment | None) -> str:
    place = meeting.where if meeting else ""
    is_at_home = meeting.place == Place.HOME if meeting else case is not None
    address = ", ".join(filter(None, [case.patient.address, case.patient.postcode])) if case and is_at_home else ""
    words = ": ".join(filter(None, [place, ", ".join(address.splitlines())]))
    return words[:1].upper() + words[1:]


def _usual_watcher(organisation: Organisation, worker: User) -> User | None:
    """Whoever watched last, while they are still here."""
    last = worker.lone_visits.filter(organisation=organisation, watcher__in=organisation.members)
    visit = last.select_related("watcher").order_by("-made_at", "-id").first()
    return visit.watcher if visit else None


def _usual_phone(organisation: Organisation, worker: User) -> str:
    last = worker.lone_visits.filter(organisation=organisation).order_by("-made_at", "-id")
    return last.values_list("phone", flat=True).first() or worker.phone


# What stands across every page


@dataclass(frozen=True)
class OnPage:
    visits: list[LoneVisit]

    @property
    def mark(self) -> str:
        """Changes with anything that is shown."""
        shown = [
            (v.pk, v.status, v.expected_back_at, v.is_overdue, v.answered_at, v.is_unsent, v.is_unchecked)
            for v in self.visits
        ]
        return blake2s(repr(shown).encode(), digest_size=8).hexdigest()


def on_page(membership: Membership | None) -> OnPage:
    """The visits to show across a page of this member, the most overdue first. One query."""
    if membership is None or membership.organisation is None:
        return OnPage([])
    visits = membership.organisation.lone_visits.on_page_of(membership, timezone.now()).with_watch()
    return OnPage(list(visits.order_by("expected_back_at", "id")))


# The alarm


def look_for_alarms(now: datetime) -> list[UUID]:
    """Raise what is due, and say that alarms were looked for. Returns the messages that wait to be sent.

    Safe to run twice, at the same time, or half: a visit is locked while its alarm is raised, and a message that
    was not sent is found again by the next look.
    """
    for visit_id in LoneVisit.objects.to_alarm(now).order_by("expected_back_at").values_list("pk", flat=True):
        _raise_alarm(visit_id, now)
    AlarmCheck.objects.update_or_create(pk=1, defaults={"checked_at": now})
    waiting = AlarmMessage.objects.filter(status=MessageStatus.QUEUED).order_by("-round", "queued_at", "id")
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def _raise_alarm(visit_id: UUID, now: datetime) -> None:
    due = LoneVisit.objects.to_alarm(now).select_related("organisation", "case", "worker")
    visit = due.select_for_update(of=("self",), skip_locked=True).filter(pk=visit_id).first()
    if visit is None:
        return
    is_first = visit.alarm_at is None
    visit.alarm_at = visit.alarm_at or now
    visit.alarm_again_at = now + _pause(visit)
    told = write_to(visit, those_to_tell(visit))
    visit.save(update_fields=["alarm_at", "alarm_again_at", "rounds"])
    visit.events.create(
        verb=VisitVerb.ALARM, by=None, words=f"To {a_list(told)}" if told else "There is nobody to tell"
    )
    if is_first and visit.case:
        visit.case.events.create(verb=Verb.VISIT_ALARM, by=None)
    logger.info("alarm_raised", visit_id=str(visit.pk), round=visit.rounds)


def _pause(visit: LoneVisit) -> timedelta:
    if visit.rounds >= ROUNDS_IN_A_ROW:
        return AN_HOUR
    return timedelta(minutes=visit.organisation.policy.alarm_again_minutes)


def those_to_tell(visit: LoneVisit) -> list[User]:
    """The watcher and the organisation's managers, of those who still work here; never the worker themselves."""
    here = visit.organisation.members.exclude(pk=visit.worker_id)
    return list(here.filter(pk=visit.watcher_id) | here.filter(pk__in=visit.organisation.managers.values("pk")))


def write_to(visit: LoneVisit, people: Iterable[User]) -> list[User]:
    """A new round of messages: an e-mail to each, and a text to whoever has a phone. The caller saves the visit."""
    people = list(people)
    visit.rounds += 1
    AlarmMessage.objects.bulk_create(
        AlarmMessage(visit=visit, round=visit.rounds, to=person, channel=channel)
        for person in people
        for channel in ([Channel.EMAIL, Channel.TEXT] if person.phone else [Channel.EMAIL])
    )
    return people


@transaction.atomic
def send(message_id: UUID | str) -> None:
    """Hand one message over. What became of it is kept and shown; an alarm that goes on is sent again anyway."""
    messages = AlarmMessage.objects.filter(pk=message_id, status=MessageStatus.QUEUED)
    messages = messages.select_related("visit__worker", "visit__organisation", "to")
    message = messages.select_for_update(of=("self",), skip_locked=True).first()
    if message is None:
        logger.info("alarm_message_gone_or_sent", message_id=str(message_id))
        return
    message.failure = _failure_of(message)
    message.status = MessageStatus.FAILED if message.failure else MessageStatus.SENT
    message.ended_at = timezone.now()
    message.save(update_fields=["status", "failure", "ended_at"])


def _failure_of(message: AlarmMessage) -> str:
    if message.round < message.visit.rounds:
        return "a later message took its place"
    try:
        notify.of_lone_visit(message)
    except NotSent as error:
        return str(error)[:300]
    except Exception:
        logger.exception("alarm_not_sent", message_id=str(message.pk))
        return "the sender could not be reached"
    return ""
