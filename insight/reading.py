"""What pages, charts and exports show: closed months as they were kept, the rest as it is now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from insight.figure import Figure
from insight.period import Period
from insight.scope import Scope
from insight.snapshots import runs
from insight.splits import Split
from insight.values import Value


@dataclass(frozen=True)
class Month:
    """A figure of a month, or of those days of it that are asked for. `value` None: nobody can say."""

    period: Period
    value: Value | None
    is_kept: bool = False
    version: int = 0


class Kept(NamedTuple):
    """What a page needs of a snapshot."""

    figure: str
    month: date
    practice: UUID | None
    version: int
    value: int | list | dict
    splits: dict = {}


def read(figure: Figure, scope: Scope) -> Value | None:
    return read_values([figure], scope)[figure.key]


def read_values(figures: Iterable[Figure], scope: Scope) -> dict[str, Value | None]:
    """{key of the figure: its value}: of a flow what its months come to, of a stock what it was at the end."""
    flows = [figure for figure in figures if not figure.is_stock]
    stocks = [figure for figure in figures if figure.is_stock]
    *_, end = scope.period.by_month()
    months = read_months(flows, scope) | read_months(stocks, scope.over(end))
    return {figure.key: _sum(figure, months[figure.key]) for figure in figures}


def read_both(figures: Iterable[Figure], scope: Scope) -> tuple[dict[str, Value | None], dict[str, Value | None]]:
    """The values of a period and of the one before. Where no month is in both, they are counted together."""
    figures, before = list(figures), scope.before
    if scope.period.first.day != 1:
        return read_values(figures, scope), read_values(figures, before)
    flows = [figure for figure in figures if not figure.is_stock]
    stocks = [figure for figure in figures if figure.is_stock]
    months = read_months(flows, scope.over(Period(before.period.first, scope.period.last)))

    def of(part: Scope) -> dict[str, Value | None]:
        first, last = part.period.first, part.period.last
        sums = {f.key: _sum(f, [m for m in months[f.key] if first <= m.period.first <= last]) for f in flows}
        return read_values(stocks, part) | sums

    return of(scope), of(before)


def read_months(figures: Iterable[Figure], scope: Scope) -> dict[str, list[Month]]:
    """{key of the figure: its months, oldest first}. One query for the snapshots, one a figure for open months."""
    figures = list(figures)
    kept = _kept(figures, scope)
    return {figure.key: _months(figure, scope, kept[figure.key]) for figure in figures}


def read_split(figure: Figure, split: Split, scope: Scope) -> dict[str, Value]:
    """{category: value}; of a stock at the end of the period."""
    if figure.is_stock:
        *_, end = scope.period.by_month()
        scope = scope.over(end)
    kept = _kept([figure], scope, split)[figure.key]
    parts = [categories for snapshots in kept.values() for categories in _categories(figure, split, snapshots)]
    for period in _open_runs(scope, kept):
        parts.append(split.count(figure, scope.over(period)))
    values = defaultdict(list)
    for categories in parts:
        for category, value in categories.items():
            values[category].append(value)
    return {category: figure.kind.sum(some) for category, some in values.items()}


def read_split_months(figure: Figure, split: Split, scope: Scope) -> dict[date, dict[str, Value]]:
    """{first day of a month: {category: value}} of all months of a scope."""
    kept, found = _kept([figure], scope, split)[figure.key], {}
    for run in _open_runs(scope, kept):
        found |= split.by_month(figure, scope.over(run))
    for month, snapshots in kept.items():
        values = defaultdict(list)
        for categories in _categories(figure, split, snapshots):
            for category, value in categories.items():
                values[category].append(value)
        found[month] = {category: figure.kind.sum(some) for category, some in values.items()}
    return found


def _kept(figures: list[Figure], scope: Scope, split: Split | None = None) -> dict[str, dict[date, list[Kept]]]:
    """{figure: {month: its snapshots}} of the closed whole months of the scope; none where the month is not closed."""
    whole = [period.first for period in scope.period.by_month() if period == Period.month(period.first)]
    where = Q(practice=None) if scope.is_everywhere else Q(practice=None) | Q(practice__in=scope.practices)
    found = scope.organisation.snapshots.filter(where, figure__in=[f.key for f in figures], month__in=whole)
    columns = Kept._fields if split else Kept._fields[:-1]
    kept = {figure.key: {} for figure in figures}
    for snapshot in starmap(Kept, found.values_list(*columns)):
        kept[snapshot.figure].setdefault(snapshot.month, [])
        if scope.is_everywhere or snapshot.practice:
            kept[snapshot.figure][snapshot.month].append(snapshot)
    if split:  # a split that came later than the month was closed is counted now
        return {
            key: {month: rows for month, rows in months.items() if all(split.key in row.splits for row in rows)}
            for key, months in kept.items()
        }
    return kept


def _months(figure: Figure, scope: Scope, kept: dict[date, list[Kept]]) -> list[Month]:
    live = {}
    if not figure.is_only_now and (scope.is_everywhere or figure.has_practices):
        for run in _open_runs(scope, kept):
            counted = figure.months(scope.over(run))
            live |= {month: counted.get((month, ()), figure.kind()) for month in run.months}
    elif figure.is_only_now and scope.is_everywhere and scope.period.last >= timezone.localdate():
        live[scope.period.months[-1]] = figure.count(scope)
    return [_month(figure, period, kept.get(period.first), live) for period in scope.period.by_month()]


def _month(figure: Figure, period: Period, snapshots: list[Kept] | None, live: dict[date, Value]) -> Month:
    if snapshots is None:
        return Month(period, live.get(period.first.replace(day=1)))
    value = figure.kind.sum(figure.kind.from_json(snapshot.value) for snapshot in snapshots)
    return Month(period, value, is_kept=True, version=max((s.version for s in snapshots), default=figure.version))


def _open_runs(scope: Scope, kept: dict) -> list[Period]:
    """The days of the scope that are in no closed month, on end."""
    not_kept = {period.first.replace(day=1) for period in scope.period.by_month() if period.first not in kept}
    return [Period(max(run.first, scope.period.first), min(run.last, scope.period.last)) for run in runs(not_kept)]


def _categories(figure: Figure, split: Split, snapshots: list[Kept]) -> list[dict[str, Value]]:
    return [
        {category: figure.kind.from_json(value) for category, value in snapshot.splits[split.key].items()}
        for snapshot in snapshots
    ]


def _sum(figure: Figure, months: list[Month]) -> Value | None:
    known = [month.value for month in months if month.value is not None]
    return figure.kind.sum(known) if known else None
