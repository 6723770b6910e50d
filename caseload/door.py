"""Whose door is held open after a missed meeting: since when, what got in the way, what was tried, what comes next."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils import timezone

from accounts import words
from caseload.enums import Channel, MessageStatus, Outcome, Verb, WithWhom
from caseload.models import Appointment, Case, CaseEvent, Contact, FollowUp, Message
from caseload.models.case import CaseQuerySet

LATELY = timedelta(weeks=6)
LATEST = 50
# (one, several) of each way of trying.
TRIES = {
    Channel.CALL: ("call", "calls"),
    Channel.TEXT: ("text", "texts"),
    Channel.EMAIL: ("email", "emails"),
    Channel.LETTER: ("letter", "letters"),
    Channel.DROP_IN: ("visit", "visits"),
    Channel.CHANCE: ("chance to meet", "chances to meet"),
}


@dataclass(frozen=True)
class Door:
    """One person's, with the case as `held_open` brings it."""

    case: Case
    since: datetime
    barriers: list[str]
    tried: list[tuple[str, int]]
    last_tried_at: datetime | None
    next_try: FollowUp | None

    @property
    def weeks(self) -> int:
        return (timezone.localdate() - words.local_day(self.since)).days // 7

    @property
    def tried_in_words(self) -> str:
        """2 calls and 1 text, the last yesterday; or that nothing was."""
        if not self.tried:
            return "Nothing yet"
        ways = words.a_list(words.count_of(count, *TRIES[channel]) for channel, count in self.tried)
        return f"{ways}, the last {words.day(self.last_tried_at)}"


def held_open(cases: CaseQuerySet) -> CaseQuerySet:
    """Those of these cases whose door is held open, the longest first, with all that `door_of` needs."""
    missed = Appointment.objects.filter(outcome=Outcome.MISSED).order_by("starts_at", "id")
    tried = Contact.objects.filter(with_whom=WithWhom.PERSON, reached=False).order_by("at", "id")
    sent = Message.objects.electronic().filter(status=MessageStatus.SENT).order_by("queued_at", "id")
    to_do = FollowUp.objects.to_do().order_by("due_on", "id")
    found = cases.door_open().select_related("patient", "worker").order_by("door_open_since", "id")
    return found.prefetch_related(
        Prefetch("appointments", missed, to_attr="missed_meetings"),
        Prefetch("contacts", tried, to_attr="tries"),
        Prefetch("messages", sent, to_attr="sent_messages"),
        Prefetch("follow_ups", to_do, to_attr="promises"),
    )


def door_of(case: Case) -> Door:
    since = case.door_open_since
    barriers = [
        each.get_barrier_display() for each in case.missed_meetings if each.starts_at >= since and each.barrier
    ]
    tries = [(each.at, each.channel) for each in case.tries] + [(m.queued_at, m.channel) for m in case.sent_messages]
    tries = sorted((at, channel) for at, channel in tries if at >= since)
    tried = Counter(Channel(channel) for _, channel in tries)
    return Door(
        case=case,
        since=since,
        barriers=list(dict.fromkeys(barriers)),
        tried=tried.most_common(),
        last_tried_at=tries[-1][0] if tries else None,
        next_try=next(iter(case.promises), None),
    )


def came_back(cases: CaseQuerySet, now: datetime) -> list[CaseEvent]:
    """Who came back lately, the latest of them first."""
    back = CaseEvent.objects.filter(verb=Verb.CAME_BACK, case__in=cases, at__gte=now - LATELY)
    return list(back.select_related("case__patient").order_by("-at", "-id")[:LATEST])
