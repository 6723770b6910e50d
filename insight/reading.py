"""What pages, charts and exports show: closed months as they were kept, the rest as it is now."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from insight.figure import Figure, count_periods
from insight.period import Period
from insight.scope import Scope
from insight.splits import Split
from insight.values import Value

Values = dict[str, Value | None]  # {key of the figure: its value}


@dataclass(frozen=True)
class Month:
    """A figure of a month, or of those days of it that are asked for. `value` None: nobody can say."""

    period: Period
    value: Value | None
    is_kept: bool = False
    version: int = 0


def read(figure: Figure, scope: Scope) -> Value | None:
    return read_values([figure], scope)[figure.key]


def read_values(figures: Iterable[Figure], scope: Scope) -> Values:
    """Of a flow what its months come to, of a stock what it was at the end."""
    figures, months = list(figures), list(scope.period.by_month())
    found = _read(figures, scope, lambda figure: _parts(figure, months))
    return {figure.key: _sum(figure, found[figure.key], months) for figure in figures}


def read_months(figures: Iterable[Figure], scope: Scope) -> dict[str, list[Month]]:
    """{key of the figure: its months, oldest first}."""
    months = list(scope.period.by_month())
    found = _read(list(figures), scope, lambda figure: months)
    return {key: [some[month] for month in months] for key, some in found.items()}


def read_all(
    figures: Iterable[Figure], scope: Scope, charted: Period
) -> tuple[Values, Values, dict[str, list[Month]]]:
    """The values of a period and of the one before, and the months of a chart, read together."""
    figures = list(figures)
    now, before, months = (list(period.by_month()) for period in (scope.period, scope.period.before, charted))
    found = _read(figures, scope, lambda figure: [*_parts(figure, now), *_parts(figure, before), *months])
    of_now, of_before = ({f.key: _sum(f, found[f.key], some) for f in figures} for some in (now, before))
    return of_now, of_before, {key: [some[month] for month in months] for key, some in found.items()}


def read_split(figure: Figure, split: Split, scope: Scope) -> dict[str, Value]:
    """{category: value}; of a stock at the end of the period."""
    values = defaultdict(list)
    for categories in _read_split(figure, split, scope, _parts(figure, list(scope.period.by_month()))).values():
        for category, value in categories.items():
            values[category].append(value)
    return {category: figure.kind.sum(some) for category, some in values.items()}


def read_split_months(figure: Figure, split: Split, scope: Scope) -> dict[date, dict[str, Value]]:
    """{first day of a month: {category: value}} of the months of a scope with anything in them."""
    found = _read_split(figure, split, scope, list(scope.period.by_month()))
    return {period.first.replace(day=1): categories for period, categories in found.items()}


def _parts(figure: Figure, months: list[Period]) -> list[Period]:
    """What the figure of a period is made of: of a stock its end, which is the month's own where it ends with one."""
    if not figure.is_stock:
        return months
    month = Period.month(months[-1].first)
    return [month if month.last == months[-1].last else months[-1]]


def _sum(figure: Figure, found: Mapping[Period, Month], months: list[Period]) -> Value | None:
    known = [found[part].value for part in _parts(figure, months) if found[part].value is not None]
    return figure.kind.sum(known) if known else None


def _read(
    figures: list[Figure], scope: Scope, asked: Callable[[Figure], Iterable[Period]]
) -> dict[str, dict[Period, Month]]:
    """{key of the figure: {period: what it came to}} of periods within a month each.

    One query for what was kept, and one for each family of figures for all that was not, however much that is.
    """
    asked = {figure.key: dict.fromkeys(asked(figure)) for figure in figures}
    found = _kept(figures, scope, {period for periods in asked.values() for period in periods})
    to_count = defaultdict(list)
    for figure in figures:
        for period in asked[figure.key]:
            found[figure.key].setdefault(period, Month(period, None))
        periods = [period for period, month in found[figure.key].items() if not month.is_kept]
        to_count[figure.family, tuple(_told_now(figure, scope, periods))].append(figure)
    for (_, periods), family in to_count.items():
        counted = count_periods(family, scope, periods)
        for figure in family:
            for period in periods:
                value = counted[figure.key].get((period,), figure.kind())
                found[figure.key][period] = Month(period, value)
    return found


def _told_now(figure: Figure, scope: Scope, periods: list[Period]) -> list[Period]:
    """Those of which the records can tell."""
    if not (scope.is_everywhere or figure.has_practices):
        return []
    if figure.is_only_now:
        return [period for period in periods if period.last >= timezone.localdate()]
    return sorted(periods)


def _kept(figures: list[Figure], scope: Scope, periods: set[Period]) -> dict[str, dict[Period, Month]]:
    """The closed months among the periods. Those of practices are in their split of the whole service."""
    by_key = {figure.key: figure for figure in figures}
    of, whole = "value" if scope.is_everywhere else KeyTransform("practice", "splits"), _whole(periods)
    rows = scope.organisation.snapshots.of_service().filter(figure__in=by_key, month__in=whole)
    kept = {key: {} for key in by_key}
    for key, first, version, value in rows.values_list("figure", "month", "version", of):
        figure, month = by_key[key], whole[first]
        if scope.is_everywhere:
            value = figure.kind.from_json(value)
        elif value is not None:
            value = figure.kind.sum(
                figure.kind.from_json(value[at]) for at in map(str, scope.practices) if at in value
            )
        kept[key][month] = Month(month, value, is_kept=True, version=version)
    return kept


def _read_split(figure: Figure, split: Split, scope: Scope, periods: list[Period]) -> dict[Period, dict[str, Value]]:
    kept = _kept_split(figure, split, scope, periods)
    to_count = [period for period in periods if period not in kept]
    return split.count_periods(figure, scope, to_count) | kept


def _kept_split(figure: Figure, split: Split, scope: Scope, periods: list[Period]) -> dict[Period, dict[str, Value]]:
    """{closed month: {category: value}}. Where the split came later than the month was closed, it is counted now."""
    where = Q(practice=None) if scope.is_everywhere else Q(practice=None) | Q(practice__in=scope.practices)
    whole = _whole(periods)
    rows = scope.organisation.snapshots.filter(where, figure=figure.key, month__in=whole)
    by_month = defaultdict(list)
    for first, practice, categories in rows.values_list("month", "practice", KeyTransform(split.key, "splits")):
        by_month[first].append((practice, categories))
    found = {}
    for first, some in by_month.items():
        if all(categories is not None for _, categories in some):
            values = defaultdict(list)
            for practice, categories in some:
                if scope.is_everywhere or practice:
                    for category, value in categories.items():
                        values[category].append(figure.kind.from_json(value))
            found[whole[first]] = {category: figure.kind.sum(parts) for category, parts in values.items()}
    return found


def _whole(periods: Iterable[Period]) -> dict[date, Period]:
    """Those that are whole months, by their first days: only those are closed."""
    return {period.first: period for period in periods if period == Period.month(period.first)}
