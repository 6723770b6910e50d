"""A figure: one number of the service, declared once."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import ClassVar

from django.db.models import Count as CountRows
from django.db.models import DateField, Expression, F, IntegerField, Q, QuerySet, Sum
from django.db.models import Value as RowValue
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Organisation
from accounts.words import local_day
from insight.period import ONE_DAY, Period, stretches
from insight.scope import Scope
from insight.sql import DayPlus, LocalDay, Stretch
from insight.values import Count, Days, Lengths, Minutes, Paired, Share, Times, Value

Key = tuple[Hashable, ...]
Columns = Callable[[Period], dict[str, Expression | F]]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`definition` says in plain words what is counted, from what, and when.

    Of its rows it counts those for which `only` holds. What kind of value it is says `kind`: a Share counts those for
    which `hit` holds, Days (so Lengths and Times) takes the column `days`, Minutes the column `minutes`, Paired the
    column `gain`. `practice` and `person` are
    the ways from a row to its practice ("" where it has none) and to who it is about (None where it is about nobody).
    `splits` are its own; a practice and a person bring theirs. A new `version` is a new definition: months closed
    under another keep theirs.
    """

    key: str
    name: str
    noun: str  # what one row is: "referral", "person", "meeting"
    nouns: str = ""
    definition: str
    only: Q = Q()
    kind: type[Value] = Count
    hit: Q | None = None
    days: str = ""
    minutes: str = ""
    practice: str = "practice"
    person: str | None = "patient__"
    splits: Mapping[str, Expression | F] = field(default_factory=dict)
    version: int = 1
    is_left_out_when_empty: bool = False  # of pages of many figures
    is_only_now: bool = False  # of no past day can it be told any more: what was kept when a month closed is all
    is_stock: ClassVar[bool] = False

    @property
    def plural(self) -> str:
        return self.nouns or f"{self.noun}s"

    @property
    def forms(self) -> str:
        """One and many, as the count_of filter takes them."""
        return f"{self.noun},{self.plural}"

    @property
    def counts_as(self) -> str:
        """The heading over what each row adds to the number; nothing where each is one."""
        plain = {Days: "Days", Minutes: "Minutes", Lengths: "Minutes", Times: "Meetings", Paired: "Change"}
        return ({Share: self.name} | plain).get(self.kind, "")

    @property
    def has_practices(self) -> bool:
        return bool(self.practice)

    def count(self, scope: Scope) -> Value:
        """As the rows are now."""
        return self.count_by(scope).get((), self.kind())

    def count_by(self, scope: Scope, **keys: Expression | F) -> dict[Key, Value]:
        """{(value of each key): the value of its rows}, as the rows are now."""
        found = count_periods([self], scope, [scope.period], lambda period: keys)[self.key]
        return {key[1:]: value for key, value in found.items()}

    @property
    def family(self) -> Hashable:
        """Figures of one family count the same rows, on the same days: one query counts them all."""
        return self.key

    def day(self, period: Period) -> Expression | F:
        """The local day a row is of: somebody's age is their age then."""
        raise NotImplementedError

    def listed(self, scope: Scope) -> QuerySet:
        """The list behind the number: as many rows as it counts."""
        raise NotImplementedError

    @property
    def tallied(self) -> str:
        """The column of which is kept how many rows have which value."""
        return "gain" if self.kind is Paired else self.days

    @property
    def aggregates(self) -> list[Expression]:
        """How many rows there are and, where that is not all, what else its value is made of."""
        only, rows = self.only or None, CountRows("pk", filter=self.only or None)
        if self.kind is Share:
            return [rows, CountRows("pk", filter=self.only & self.hit)]
        return [rows, Coalesce(Sum(self.minutes, filter=only), 0)] if self.kind is Minutes else [rows]

    def value_of(self, tallied: Hashable, n: int, *more: int) -> Value:
        """Of rows that have this in the column that is tallied, from what `aggregates` came to."""
        return self.kind.of_tally(tallied, n) if self.tallied else self.kind(*more, n)


@dataclass(frozen=True, kw_only=True)
class Flow(Figure):
    """What happened in a period: the rows whose `on` falls into it. `on` is a moment, or a day where `on_is_day`.

    Where everybody gets the same time first, a row is of so many `days_after`.
    """

    rows: Callable[[Organisation], QuerySet]
    on: str
    on_is_day: bool = False
    days_after: int = 0

    @property
    def _on_day(self) -> Expression | F:
        on = F(self.on) if self.on_is_day else LocalDay(self.on)
        return DayPlus(on, RowValue(self.days_after)) if self.days_after else on

    def day(self, period: Period) -> Expression | F:
        return self._on_day

    def listed(self, scope: Scope) -> QuerySet:
        return self.rows_within(scope, [scope.period]).filter(self.only)

    def rows_within(self, scope: Scope, periods: Iterable[Period]) -> QuerySet:
        """Those it counts, and those that other figures of its family do."""
        of_days = Q()
        for period in periods:
            period = period.earlier(self.days_after)
            of_days |= (period.within_days if self.on_is_day else period.within)(self.on)
        return scope.narrow(self.rows(scope.organisation).filter(of_days), self.practice)

    @property
    def family(self):
        return self.rows, self.on, self.days_after, self.practice


@dataclass(frozen=True, kw_only=True)
class Stock(Figure):
    """How things stood at the end of the period, or stand now where it is not over.

    `rows` is given the moment as well.
    """

    rows: Callable[[Organisation, datetime], QuerySet]
    is_stock: ClassVar[bool] = True

    def moment(self, period: Period) -> datetime:
        return min(period.ends_at, timezone.now())

    def day(self, period):
        return RowValue(last_day(self.moment(period)), DateField())

    def listed(self, scope):
        rows = self.rows(scope.organisation, self.moment(scope.period))
        return scope.narrow(rows, self.practice)


def last_day(before: datetime) -> date:
    """The last local day before a moment, which is that of the moment but at midnight."""
    return local_day(before - timedelta(microseconds=1))


def no_columns(period: Period) -> dict:
    return {}


def count_periods(
    figures: Sequence[Figure], scope: Scope, periods: Iterable[Period], columns: Columns = no_columns
) -> dict[str, dict[Key, Value]]:
    """{key of the figure: {(period, value of each column): value}} of figures of one family, in one query.

    Periods may lie anywhere and over each other.
    """
    periods, count = list(periods), _count_stocks if figures[0].is_stock else _count_flows
    return count(figures, scope, periods, columns) if periods else {figure.key: {} for figure in figures}


def _count_flows(flows: Sequence[Flow], scope: Scope, periods: list[Period], columns: Columns):
    """By the stretches of days that lie between the beginnings and the ends of all the periods."""
    family, found = flows[0], {}
    days = sorted({day for period in periods for day in (period.first, period.last + ONE_DAY)})
    periods_of = [[period for period in periods if period.first <= day <= period.last] for day in days]
    more = columns(scope.period)
    rows = family.rows_within(scope, stretches(periods)).filter(_any([flow.only for flow in flows]))
    rows = rows.annotate(by_stretch=Stretch(family.day(scope.period), days), **more)
    for key, values in _counted(flows, [rows], ["by_stretch", *more]).items():
        parts = defaultdict(list)
        for (stretch, *rest), value in values.items():
            for period in periods_of[stretch - 1]:
                parts[period, *rest].append(value)
        found[key] = {of: type(some[0]).sum(some) for of, some in parts.items()}
    return found


def _count_stocks(stocks: Sequence[Stock], scope: Scope, periods: list[Period], columns: Columns):
    (stock,) = stocks
    more = {period: columns(period) for period in periods}
    each = [
        stock.listed(scope.over(period)).annotate(by_period=RowValue(at, IntegerField()), **more[period])
        for at, period in enumerate(periods)
    ]
    values = _counted(stocks, each, ["by_period", *more[periods[0]]])[stock.key]
    return {stock.key: {(periods[at], *rest): value for (at, *rest), value in values.items()}}


def _counted(figures: Sequence[Figure], each: list[QuerySet], keys: list[str]) -> dict[str, dict[Key, Value]]:
    """{key of the figure: {(value of each key): value}}, only where there is anything, of all of `each`."""
    columns = [*keys, *dict.fromkeys(figure.tallied for figure in figures if figure.tallied)]
    asked = {
        figure.key: {f"_{figure.key}_{at}": sql for at, sql in enumerate(figure.aggregates)} for figure in figures
    }
    wanted = {name: sql for some in asked.values() for name, sql in some.items()}
    first, *others = (
        rows.order_by().values(*columns).annotate(**wanted).values_list(*columns, *wanted) for rows in each
    )
    values = {key: defaultdict(list) for key in asked}
    for row in first.union(*others, all=True) if others else first:
        found = dict(zip([*columns, *wanted], row, strict=True))
        for figure in figures:
            numbers = [found[name] for name in asked[figure.key]]
            if numbers[0]:
                values[figure.key][row[: len(keys)]].append(figure.value_of(found.get(figure.tallied), *numbers))
    return {key: {of: type(some[0]).sum(some) for of, some in found.items()} for key, found in values.items()}


def _any(conditions: list[Q]) -> Q:
    return reduce(or_, conditions) if all(conditions) else Q()
