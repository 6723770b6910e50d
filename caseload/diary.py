"""A worker's week: meetings, things to do and back-stage work together, by day and hour."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.words import clock, count_of
from caseload.enums.safety import VisitStatus
from caseload.models import Appointment, things_to_do

DAYS = 7
# The hours of the grid, in quarters: what begins earlier or later stands at its edge.
FIRST_HOUR, LAST_HOUR, QUARTER = 7, 21, 15
QUARTERS = (LAST_HOUR - FIRST_HOUR) * 60 // QUARTER


@dataclass(frozen=True)
class Item:
    """One thing in a day. With an hour it stands in the grid, else above it."""

    day: date
    kind: str
    what: str
    detail: str = ""
    href: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_over: bool = False

    @property
    def hours(self) -> str:
        return f"{clock(self.starts_at)}–{clock(self.ends_at)}" if self.starts_at else ""

    @property
    def first_quarter(self) -> int:
        return min(max(_quarter(self.starts_at), 0), QUARTERS - 1)

    @property
    def quarters(self) -> int:
        """How many it takes, the last one counted whole; never past the end of the grid."""
        minutes = (self.ends_at - self.starts_at).total_seconds() / 60
        return max(1, min(-int(-minutes // QUARTER), QUARTERS - self.first_quarter))


@dataclass
class Day:
    date: date
    all_day: list[Item] = field(default_factory=list)
    timed: list[Item] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(organisation: Organisation, worker: User, monday: date, *, reader: User) -> list[Day]:
    """Seven days from a Monday. Back-stage work is shown to whoever did it, nobody else: it is not for comparing."""
    days = {monday + timedelta(days=n): Day(monday + timedelta(days=n)) for n in range(DAYS)}
    last = max(days)
    items = [*_away(organisation, worker, monday, last), *_meetings(organisation, worker, monday, last)]
    items += _lone_visits(organisation, worker, monday, last, reader)
    items += _to_do(organisation, worker, monday, last)
    if worker == reader:
        items += _backstage(organisation, worker, monday, last)
    for item in items:
        (days[item.day].timed if item.starts_at else days[item.day].all_day).append(item)
    for day in days.values():
        day.timed.sort(key=lambda item: (item.starts_at, item.what))
    return list(days.values())


def hours() -> list[tuple[int, str]]:
    """(quarter, words) of each full hour of the grid."""
    return [((hour - FIRST_HOUR) * 60 // QUARTER, f"{hour:02}:00") for hour in range(FIRST_HOUR, LAST_HOUR)]


def _quarter(moment: datetime) -> int:
    local = timezone.localtime(moment)
    return ((local.hour - FIRST_HOUR) * 60 + local.minute) // QUARTER


def _meetings(organisation: Organisation, worker: User, first: date, last: date) -> Iterable[Item]:
    meetings = worker.appointments.of_organisation(organisation).not_cancelled().on_days(first, last)
    for meeting in meetings.select_related("case__patient").order_by("starts_at", "id"):
        yield Item(
            timezone.localdate(meeting.starts_at),
            "meeting",
            meeting.case.patient.name,
            _about_meeting(meeting),
            reverse("caseload:case", args=[meeting.case_id]),
            meeting.starts_at,
            meeting.ends_at,
            is_over=bool(meeting.outcome),
        )


def _about_meeting(meeting: Appointment) -> str:
    together = ", going with them" if meeting.accompanied else ""
    how_it_went = f" · {meeting.get_outcome_display()}" if meeting.outcome else ""
    return f"{meeting.where}{together}{how_it_went}"


def _away(organisation: Organisation, worker: User, first: date, last: date) -> Iterable[Item]:
    """Their own days away, and those of colleagues they cover for."""
    rows = organisation.away.filter(Q(worker=worker) | Q(cover=worker), first_on__lte=last, last_on__gte=first)
    for each in rows.select_related("worker", "cover").order_by("first_on", "id"):
        if each.worker == worker:
            what, detail = "Away", f"{each.cover} covers" if each.cover else "nobody covers yet"
        else:
            what, detail = f"Covering for {each.worker}", ""
        for day in each.days:
            if first <= day <= last:
                yield Item(day, "away", what, detail, reverse("caseload:cover"))


def _lone_visits(organisation: Organisation, worker: User, first: date, last: date, reader: User) -> Iterable[Item]:
    """Those of no meeting, to whoever may know of them; where they go is the worker's own to know."""
    visits = organisation.lone_visits.visible_to(reader).filter(worker=worker, appointment=None)
    rows = visits.exclude(status=VisitStatus.CALLED_OFF)
    for each in rows.filter(starts_at__date__range=(first, last)).order_by("starts_at", "id"):
        yield Item(
            timezone.localdate(each.starts_at),
            "meeting",
            "Visit alone",
            each.where if worker == reader else "",
            reverse("caseload:lone_visit", args=[each.pk]),
            each.starts_at,
            each.expected_back_at,
            is_over=not each.is_open,
        )


def _to_do(organisation: Organisation, worker: User, first: date, last: date) -> Iterable[Item]:
    rows = things_to_do(organisation).for_worker(worker).to_do().on_days(first, last)
    for each in rows.select_related("case__patient").order_by("due_on", "id"):
        yield Item(
            each.due_on,
            "to-do",
            each.about,
            each.case.patient.name if each.case else "",
            reverse("caseload:case", args=[each.case_id]) if each.case else reverse("caseload:to_do"),
        )


def _backstage(organisation: Organisation, worker: User, first: date, last: date) -> Iterable[Item]:
    rows = organisation.backstage_work.filter(worker=worker, done_on__range=(first, last))
    for each in rows.select_related("asset").order_by("done_on", "logged_at", "id"):
        where = f" · {each.asset.name}" if each.asset else ""
        minutes = count_of(each.minutes, "minute")
        what = each.get_kind_display()
        yield Item(each.done_on, "backstage", what, f"{minutes}{where}", reverse("caseload:backstage"), is_over=True)
