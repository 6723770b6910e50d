"""A figure: one number of the service, declared once."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.db.models import Count as CountRows
from django.db.models import DateField, Expression, F, Q, QuerySet, Sum
from django.db.models import Value as RowValue
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from accounts.models import Organisation
from accounts.words import local_day
from insight.period import Period
from insight.scope import Scope
from insight.sql import DayPlus, LocalDay
from insight.values import Count, Days, Lengths, Minutes, Paired, Share, Times, Value

Key = tuple[Hashable, ...]
Columns = Callable[[Period], dict[str, Expression | F]]


def no_columns(period: Period) -> dict:
    return {}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`definition` says in plain words what is counted, from what, and when.

    What kind of value it is says `kind`: of the rows a Share counts those for which `hit` holds, Days (so Lengths and
    Times) takes the column `days`, Minutes the column `minutes`, Paired the column `gain`. `practice` and `person` are
    the ways from a row to its practice ("" where it has none) and to who it is about (None where it is about nobody).
    `splits` are its own; a practice and a person bring theirs. A new `version` is a new definition: months closed
    under another keep theirs.
    """

    key: str
    name: str
    noun: str  # what one row is: "referral", "person", "meeting"
    nouns: str = ""
    definition: str
    topic: str  # the heading it stands under
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
        rows = self.listed(scope).order_by().annotate(**keys)
        if issubclass(self.kind, Days):
            return self._tallied(rows, list(keys))
        wanted = self._aggregates
        if not keys:
            return {(): self.kind(*rows.aggregate(**wanted).values())}
        found = rows.values(*keys).annotate(**wanted).values_list(*keys, *wanted)
        return {row[: len(keys)]: self.kind(*row[len(keys) :]) for row in found}

    def day(self, period: Period) -> Expression | F:
        """The local day a row is of: somebody's age is their age then."""
        raise NotImplementedError

    def listed(self, scope: Scope) -> QuerySet:
        """The list behind the number: as many rows as it counts."""
        raise NotImplementedError

    def months(self, scope: Scope, columns: Columns = no_columns) -> dict[tuple[date, Key], Value]:
        """{(first day of a month, (value of each column)): value} over all months the scope touches."""
        raise NotImplementedError

    def _tallied(self, rows: QuerySet, keys: list[str]) -> dict[Key, Value]:
        tallies = defaultdict(Counter)
        for *key, days, n in (
            rows.values(*keys, self.days).annotate(_n=CountRows("pk")).values_list(*keys, self.days, "_n")
        ):
            tallies[tuple(key)][days] += n
        return {key: self.kind(tally) for key, tally in tallies.items()}

    @property
    def _aggregates(self) -> Mapping[str, Expression]:
        if self.kind is Share:
            return {"_hits": CountRows("pk", filter=self.hit), "_n": CountRows("pk")}
        if self.kind is Paired:
            signs = {"_better": Q(gain__gt=0), "_same": Q(gain=0), "_worse": Q(gain__lt=0)}
            return {name: CountRows("pk", filter=sign) for name, sign in signs.items()} | {"_n": CountRows("pk")}
        if self.kind is Minutes:
            return {"_minutes": Coalesce(Sum(self.minutes), 0), "_n": CountRows("pk")}
        return {"_n": CountRows("pk")}


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
        period = scope.period.earlier(self.days_after)
        within = period.within_days if self.on_is_day else period.within
        return scope.narrow(self.rows(scope.organisation).filter(within(self.on)), self.practice)

    def months(self, scope, columns=no_columns):
        found = self.count_by(scope, by_month=TruncMonth(self._on_day), **columns(scope.period))
        return {(key[0], key[1:]): value for key, value in found.items()}


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

    def months(self, scope, columns=no_columns):
        found = {}
        for month in scope.period.by_month():
            counted = self.count_by(scope.over(month), **columns(month))
            found |= {(month.first.replace(day=1), key): value for key, value in counted.items()}
        return found


def last_day(before: datetime) -> date:
    """The last local day before a moment, which is that of the moment but at midnight."""
    return local_day(before - timedelta(microseconds=1))
