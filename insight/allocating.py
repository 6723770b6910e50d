"""What if cases moved: the table for sharing work out, as it would be. Nothing is written."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from accounts.models import Organisation, User
from caseload.enums import CaseStatus, Complexity
from caseload.models import Away, Case, Hold
from caseload.models.case import CaseQuerySet
from insight.figures import Workload, workload

SOON = timedelta(days=28)  # of days away
THIS_WEEK = timedelta(days=6)
NUMBERS = ["open", "waiting", "holding", *Complexity.values]


@dataclass(frozen=True)
class Load:
    """What one worker has on, what of it comes up this week, and when they are away."""

    row: Workload
    reviews_due: int
    away: list[Away]

    @property
    def numbers(self) -> dict[str, int]:
        return {name: getattr(self.row, name) for name in NUMBERS} | {"reviews_due": self.reviews_due}


@dataclass(frozen=True)
class Cell:
    now: int
    then: int

    @property
    def is_changed(self) -> bool:
        return self.now != self.then


def loads(organisation: Organisation, cases: CaseQuerySet, today: date) -> list[Load]:
    """By name; last, what nobody has yet."""
    holds = Hold.objects.due_review(today + THIS_WEEK).filter(case__in=cases.open()).order_by()
    due = dict(holds.values("case__worker").annotate(n=Count("pk")).values_list("case__worker", "n"))
    away = {}
    for each in organisation.away.now_or_later(today).filter(first_on__lte=today + SOON).order_by("first_on", "id"):
        away.setdefault(each.worker_id, []).append(each)
    return [
        Load(row, due.get(row.worker and row.worker.pk, 0), away.get(row.worker and row.worker.pk, []))
        for row in workload(organisation, cases)
    ]


def of_cases(cases: Iterable[Case], today: date) -> Counter:
    """What these cases add to a worker's numbers. `open_holds` are read from with_list_data()."""
    found = Counter()
    for case in cases:
        found["open"] += 1
        found[case.complexity] += 1
        found[case.status] += case.status in (CaseStatus.WAITING, CaseStatus.HOLDING)
        found["reviews_due"] += bool(case.hold and case.hold.review_on <= today + THIS_WEEK)
    return found


def of_numbers(numbers: dict[str, int]) -> Counter:
    """What so many cases of each complexity would add, nobody having said which."""
    return Counter(numbers) + Counter(open=sum(numbers.values()))


def as_it_would_be(
    rows: list[Load], moved: Counter, giver: User | None, receiver: User | None
) -> list[tuple[Load, dict[str, Cell]]]:
    """Each row with its numbers now and then. No receiver: nothing moves."""
    if receiver and receiver.pk not in {row.row.worker.pk for row in rows if row.row.worker}:
        rows = [*rows, Load(Workload(receiver), 0, [])]
    found = []
    for load in rows:
        worker = load.row.worker
        sign = 0 if receiver is None or giver == receiver else (worker == receiver) - (worker == giver)
        cells = {name: Cell(now, now + sign * moved[name]) for name, now in load.numbers.items()}
        found.append((load, cells))
    return found
