"""What narrows the caseload list, and how many cases there would be for each value of it.

Counted is a kind of fact at a time, never a value at a time: all that is said of holds is one question, whatever the
number of barriers.
"""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone

from accounts.models import Organisation
from accounts.words import local_day
from caseload.enums import OPEN_STATUSES
from caseload.models import Appointment, Hold, Need
from caseload.models.case import CaseQuerySet

NOBODY = "none"
REVIEW_DUE = "review_due"
LEFT = "left"
A_WEEK = timedelta(days=6)

Counts = dict[str, Counter]  # {filter: {value: cases}}


def _of_status(cases, value):
    return cases.review_due(timezone.localdate()) if value == REVIEW_DUE else cases.filter(status=value)


def _of_worker(cases, value):
    if value == NOBODY:
        return cases.unassigned()
    return cases.left_behind() if value == LEFT else cases.filter(worker=value)


def _with_next(cases, value):
    today = timezone.localdate()
    if value == "none":
        return cases.nothing_booked()
    return cases.meeting_between(today, today if value == "today" else today + A_WEEK)


NARROW: dict[str, Callable[[CaseQuerySet, str], CaseQuerySet]] = {
    "status": _of_status,
    "flag": lambda cases, value: cases.flagged(value),
    "next": _with_next,
    "practice": lambda cases, value: cases.filter(practice=value),
    "need": lambda cases, value: cases.filter(needs__kind=value),
    "awaited": lambda cases, value: cases.held_for(awaited_need=value),
    "barrier": lambda cases, value: cases.held_for(barrier=value),
    "door": lambda cases, value: cases.door_open(),
    "complexity": lambda cases, value: cases.filter(complexity=value),
    "worker": _of_worker,
}


def count_values(cases: CaseQuerySet, names: Collection[str], organisation: Organisation) -> Counts:
    """Of these filters, how many of the cases each value would show."""
    found = {name: Counter() for name in names}
    for told, count in FACTS:
        if not found.keys().isdisjoint(told):
            for name, counted in count(cases.order_by(), organisation).items():
                if name in found:
                    found[name].update(counted)
    return found


def _count_columns(cases: CaseQuerySet, organisation: Organisation) -> Counts:
    found = {name: Counter() for name in ("status", "practice", "complexity", "worker")}
    here = set(organisation.members.values_list("pk", flat=True))
    for *values, n in _tally(cases, "status", "practice_id", "complexity", "worker_id"):
        status, *_, worker = values
        for counted, value in zip(found.values(), values, strict=True):
            counted[str(value)] += n
        if status in OPEN_STATUSES and worker not in here:
            found["worker"][NOBODY] += n
            found["worker"][LEFT] += n if worker else 0
    return found


def _count_holds(cases: CaseQuerySet, organisation: Organisation) -> Counts:
    """A case has one open hold at most."""
    found, today = {name: Counter() for name in ("awaited", "barrier", "status")}, timezone.localdate()
    for need, barrier, review_on, n in _tally(
        Hold.objects.open().filter(case__in=cases), "awaited_need", "barrier", "review_on"
    ):
        found["awaited"][need] += n
        found["barrier"][barrier] += n
        found["status"][REVIEW_DUE] += n if review_on <= today else 0
    return found


def _count_meetings(cases: CaseQuerySet, organisation: Organisation) -> Counts:
    booked = Appointment.objects.booked().filter(case__in=cases).order_by().values("case")
    days = [local_day(first) for _, first in booked.annotate(first=Min("starts_at")).values_list("case", "first")]
    today = timezone.localdate()
    return {
        "next": Counter(
            today=days.count(today),
            week=sum(day <= today + A_WEEK for day in days),
            none=cases.count() - len(days),
        )
    }


def _count_needs(cases: CaseQuerySet, organisation: Organisation) -> Counts:
    return {"need": Counter(dict(_tally(Need.objects.filter(case__in=cases), "kind")))}


def _count_flags(cases: CaseQuerySet, organisation: Organisation) -> Counts:
    return {"flag": Counter(dict(_tally(organisation.flags.showing().filter(case__in=cases), "rule")))}


def _count_doors(cases: CaseQuerySet, organisation: Organisation) -> Counts:
    return {"door": Counter(open=cases.door_open().count())}


FACTS = [
    ({"status", "practice", "complexity", "worker"}, _count_columns),
    ({"status", "awaited", "barrier"}, _count_holds),
    ({"next"}, _count_meetings),
    ({"need"}, _count_needs),
    ({"flag"}, _count_flags),
    ({"door"}, _count_doors),
]


def _tally(rows, *columns: str):
    return rows.order_by().values(*columns).annotate(n=Count("*")).values_list(*columns, "n")
