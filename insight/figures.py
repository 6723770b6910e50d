"""The figures of a service as they stand now. Each is the length of a list a page can open.

Numbers describe the service. A worker's are those for sharing work out, and no others: ground rule 4.
They count rows the manager may open one by one, so none is suppressed: docs/adr/0008-numbers-of-the-service.md.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, Min, Q
from django.utils import timezone

from accounts.models import Organisation, Practice, User
from accounts.words import local_day, span
from assets.enums import NeedKind
from caseload.enums import OPEN_STATUSES, CaseStatus, Complexity, FlagRule, HoldBarrier
from caseload.models import Flag, Hold
from caseload.models.case import CaseQuerySet

RECENT_DAYS = 30
OPEN = Q(status__in=OPEN_STATUSES)
WAITING = Q(status=CaseStatus.WAITING)
HOLDING = Q(status=CaseStatus.HOLDING)


@dataclass(frozen=True)
class Totals:
    open: int
    waiting: int
    longest_wait: int | None  # days
    unassigned: int
    left_behind: int  # of those unassigned: their worker has left
    holding: int
    review_due: int
    door_open: int


@dataclass(frozen=True)
class Held:
    """People held for one kind of help by one barrier, and for how long: half of them longer than `typical`."""

    need: NeedKind
    barrier: HoldBarrier
    people: int
    typical: str
    longest: str


@dataclass(frozen=True)
class PracticeRow:
    practice: Practice
    open: int = 0
    waiting: int = 0
    holding: int = 0
    recent_referrals: int = 0


@dataclass(frozen=True)
class Workload:
    """What one worker has on, for sharing work out. No worker: cases nobody has yet."""

    worker: User | None
    open: int = 0
    waiting: int = 0
    holding: int = 0
    light: int = 0
    usual: int = 0
    high: int = 0
    next_review: date | None = None


def totals(cases: CaseQuerySet, today: date) -> Totals:
    counts = cases.order_by().aggregate(
        open=Count("pk", filter=OPEN),
        waiting=Count("pk", filter=WAITING),
        holding=Count("pk", filter=HOLDING),
        waiting_since=Min("opened_at", filter=WAITING),
    )
    since = counts.pop("waiting_since")
    return Totals(
        **counts,
        longest_wait=(today - local_day(since)).days if since else None,
        unassigned=cases.unassigned().count(),
        left_behind=cases.left_behind().count(),
        review_due=cases.open().review_due(today).count(),
        door_open=cases.door_open().count(),
    )


def held(cases: CaseQuerySet, today: date) -> list[Held]:
    """By awaited need and barrier, most people first."""
    days = defaultdict(list)
    holds = Hold.objects.open().filter(case__in=cases.open())
    for need, barrier, started_at in holds.values_list("awaited_need", "barrier", "started_at"):
        days[need, barrier].append((today - local_day(started_at)).days)
    rows = [
        Held(NeedKind(need), HoldBarrier(barrier), len(ages), span(int(median(ages))), span(max(ages)))
        for (need, barrier), ages in days.items()
    ]
    return sorted(rows, key=lambda row: (-row.people, row.need.label, row.barrier.label))


def held_by_need(rows: list[Held]) -> list[tuple[NeedKind, int]]:
    """People held for each kind of help, most first."""
    people = defaultdict(int)
    for row in rows:
        people[row.need] += row.people
    return sorted(people.items(), key=lambda pair: (-pair[1], pair[0].label))


def flags(cases: CaseQuerySet) -> list[tuple[FlagRule, int]]:
    """Cases flagged by each rule, set-aside flags left out, in the order of the rules."""
    showing = Flag.objects.showing().filter(case__in=cases.open())
    counts = dict(showing.order_by().values("rule").annotate(n=Count("pk")).values_list("rule", "n"))
    return [(rule, counts[rule]) for rule in FlagRule if rule in counts]


def recent_referrals(organisation: Organisation):
    return organisation.referrals.filter(submitted_at__gte=timezone.now() - timedelta(days=RECENT_DAYS))


def by_practice(organisation: Organisation, cases: CaseQuerySet) -> list[PracticeRow]:
    """Practices the organisation serves, and those it no longer does but still supports people from; by name."""
    counts = {row.pop("practice"): row for row in _counted(cases, "practice")}
    sent = recent_referrals(organisation).order_by().values("practice").annotate(n=Count("pk"))
    sent = dict(sent.values_list("practice", "n"))
    served = Practice.objects.filter(Q(organisations=organisation) | Q(pk__in=[*counts, *sent])).distinct()
    return [
        PracticeRow(practice, **counts.get(practice.pk, {}), recent_referrals=sent.get(practice.pk, 0))
        for practice in served.order_by("name", "id")
    ]


def workload(organisation: Organisation, cases: CaseQuerySet) -> list[Workload]:
    """Link workers, and anybody else who has open cases, by name; last, what nobody has yet."""
    mix = {value: Count("pk", filter=OPEN & Q(complexity=value)) for value in Complexity.values}
    counts = {row.pop("worker"): row for row in _counted(cases, "worker", **mix)}
    holds = Hold.objects.open().filter(case__in=cases.open()).order_by().values("case__worker")
    reviews = dict(holds.annotate(next=Min("review_on")).values_list("case__worker", "next"))
    workers = User.objects.filter(Q(pk__in=organisation.link_workers.order_by().values("pk")) | Q(pk__in=counts))
    rows = [
        Workload(worker, **counts.get(worker.pk, {}), next_review=reviews.get(worker.pk))
        for worker in workers.order_by("name", "id")
    ]
    return rows + [Workload(None, **counts[None], next_review=reviews.get(None))] if None in counts else rows


def _counted(cases: CaseQuerySet, column: str, **more):
    """Open, waiting and holding cases by one column."""
    counts = {"waiting": Count("pk", filter=WAITING), "holding": Count("pk", filter=HOLDING)}
    return cases.open().order_by().values(column).annotate(open=Count("pk"), **counts, **more)
