"""A figure: one number of the service, declared once."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import compress, repeat
from operator import or_
from typing import ClassVar

from django.db.models import BooleanField, DateField, Expression, ExpressionWrapper, F, IntegerField, Q, QuerySet
from django.db.models import Count as CountRows
from django.db.models import Value as RowValue
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
    def tallied(self) -> Expression | F | None:
        """What its value is made of: how many rows have what in this. None where they only are so many."""
        if self.kind is Share:
            return ExpressionWrapper(self.hit, BooleanField())
        column = "gain" if self.kind is Paired else self.days or self.minutes
        return F(column) if column else None

    @property
    def columns(self) -> dict[str, Expression | F]:
        """What is asked of a row: whether the figure counts it, and what of it."""
        is_counted = {f"is_{self.key}": ExpressionWrapper(self.only, BooleanField())} if self.only else {}
        return is_counted | ({f"of_{self.key}": self.tallied} if self.tallied else {})


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
        return self.rows, self.on, self.days_after, self.practice, self.person


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
    periods = list(periods)
    if not periods:
        return {figure.key: {} for figure in figures}
    keys, found = columns(scope.period), {}
    rows = rows_of(figures, scope, periods, columns, alike_as_one=True)
    for figure in figures:
        parts = defaultdict(list)
        for (stretch, *rest), tally in rows.tally(figure, "by_stretch", *keys).items():
            for period in rows.periods_of[stretch]:
                parts[period, *rest].append(figure.kind.of_tally(tally))
        found[figure.key] = {of: figure.kind.sum(some) for of, some in parts.items()}
    return found


@dataclass(frozen=True)
class Rows:
    """Of the rows of figures of one family what their values are made of: {name: a column}, in one order.

    `by_stretch` is the number of the stretch of days a row is of, `periods_of` tells which periods that is part of,
    `times` is how many rows of the database each stands for.
    """

    columns: Mapping[str, Sequence]
    periods_of: Mapping[int, list[Period]]

    def tally(self, figure: Figure, *keys: str) -> dict[Key, dict[Hashable, int]]:
        """{(value of each key): {what is tallied: rows}}, only where the figure counts anything."""
        n, columns = len(self.columns["by_stretch"]), [self.columns[key] for key in keys]
        rows = zip(*columns, self.columns.get(f"of_{figure.key}", repeat(None, n)), strict=True)
        counted = self.columns.get(f"is_{figure.key}", repeat(True))
        if "times" in self.columns:
            tally = Counter()
            for row, how_many in compress(zip(rows, self.columns["times"], strict=True), counted):
                tally[row] += how_many
        else:
            tally = Counter(compress(rows, counted))
        found = defaultdict(dict)
        for (*key, tallied), how_many in tally.items():
            found[tuple(key)][tallied] = how_many
        return found


def rows_of(
    figures: Sequence[Figure], scope: Scope, periods: Sequence[Period], columns: Columns, *, alike_as_one: bool = False
) -> Rows:
    """Those with anything to count in these periods, with these columns. `alike_as_one`: as few as say the same."""
    each, periods_of = (_stocks if figures[0].is_stock else _flows)(figures, scope, periods, columns)
    asked = {name: column for figure in figures for name, column in figure.columns.items()}
    names = ["by_stretch", *columns(scope.period), *asked]
    each = [rows.order_by().annotate(**asked).values_list(*names) for rows in each]
    if alike_as_one:
        names.append("times")
        each = [rows.annotate(times=CountRows("*")) for rows in each]
    first, *others = each
    found = list(zip(*(first.union(*others, all=True) if others else first), strict=True))
    return Rows(dict(zip(names, found or [()] * len(names), strict=True)), periods_of)


def _flows(flows: Sequence[Flow], scope: Scope, periods: Sequence[Period], columns: Columns):
    """By the stretches of days that lie between the beginnings and the ends of all the periods."""
    family = flows[0]
    days = sorted({day for period in periods for day in (period.first, period.last + ONE_DAY)})
    rows = family.rows_within(scope, stretches(periods)).filter(_any([flow.only for flow in flows]))
    rows = rows.annotate(by_stretch=Stretch(family.day(scope.period), days), **columns(scope.period))
    return [rows], {
        at: [period for period in periods if period.first <= day <= period.last]
        for at, day in enumerate(days, start=1)
    }


def _stocks(stocks: Sequence[Stock], scope: Scope, periods: Sequence[Period], columns: Columns):
    (stock,) = stocks
    each = [
        stock.listed(scope.over(period)).annotate(by_stretch=RowValue(at, IntegerField()), **columns(period))
        for at, period in enumerate(periods)
    ]
    return each, {at: [period] for at, period in enumerate(periods)}


def _any(conditions: list[Q]) -> Q:
    return reduce(or_, conditions) if all(conditions) else Q()
