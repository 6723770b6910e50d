"""A figure over time: its months with natural process limits, and what they say in one sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Organisation
from accounts.words import short_day
from insight.figure import Figure
from insight.models import Rebaseline
from insight.period import ONE_DAY, Period, month_before
from insight.reading import Month, Values, read_all, read_months
from insight.scope import Scope
from insight.snapshots import first_month
from insight.spc import SHIFT, TREND, Chart, Limits, Signal, xmr
from insight.values import Count, Days, Lengths, Minutes, Paired, Share, Times, Value

MONTHS = 24
RECENT = 6  # months: what was out of the ordinary earlier than that is no news
SIGNAL_WORDS = {
    (Signal.BEYOND, 1): "above the usual",
    (Signal.BEYOND, -1): "below the usual",
    (Signal.SHIFT, 1): "in a run above the average",
    (Signal.SHIFT, -1): "in a run below the average",
    (Signal.TREND, 1): "rising",
    (Signal.TREND, -1): "falling",
    (Signal.NEAR, 1): "near the upper limit",
    (Signal.NEAR, -1): "near the lower limit",
}
UNITS = {
    Count: "",
    Share: "%",
    Paired: "% better",
    Days: " days",
    Minutes: " hours",
    Lengths: " minutes",
    Times: " meetings",
}


@dataclass(frozen=True)
class Point:
    """A month as a chart draws it."""

    label: str
    value: float | None
    shown: str
    mean: float | None
    lower: float | None
    upper: float | None
    mean_shown: str
    lower_shown: str
    upper_shown: str
    signal: str
    is_anew: bool
    changed: str  # by which number the page calls what was changed in the settings then


def last_whole_month(today: date) -> date:
    return month_before(today)


def last_month_of(period: Period, today: date) -> Period:
    """The last whole month of a period: where its charts end."""
    return Period.month(min(month_before(period.last + ONE_DAY), last_whole_month(today)))


def months_of_chart(period: Period, today: date, began: date | None) -> Period:
    """Two years of whole months to the end of the period, or all of the period where that is longer.

    None before the service began. The month we are in is left out: half a month would always look like a fall.
    """
    last = last_month_of(period, today).first
    first = max(min(period.first.replace(day=1), month_before(last, MONTHS - 1)), began or date.min)
    return Period(min(first, last), Period.month(last).last)


@dataclass(frozen=True)
class OverTime:
    """`changes` of settings are marked: {first day of a month: the numbers a page calls them by}."""

    figure: Figure
    months: list[Month]
    chart: Chart
    rebaselines: list[Rebaseline]
    changes: Mapping[date, str] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        return [f"{month.period.first:%b %Y}" for month in self.months]

    @property
    def unit(self) -> str:
        return self.figure.kind.unit

    @property
    def last_value(self) -> Value | None:
        return self.months[-1].value

    @property
    def has_values(self) -> bool:
        """Whether anything was counted in any month."""
        return any(month.value is not None and month.value.n for month in self.months)

    @property
    def sentence(self) -> str:
        """What the chart says, in one sentence and without a verdict."""
        name = self.figure.name
        if not self.has_values:
            return f"{name}: nothing to show for these months."
        if not self.has_limits:
            return f"{name}: too few months yet to say what is usual."
        return f"{name}{self._last_in_words}: {self.found}; {self.usual}."

    @property
    def found(self) -> str:
        """What was out of the ordinary last, in words."""
        return self._signal_words(self.chart.latest) if self.chart.latest else "nothing out of the ordinary"

    @property
    def has_limits(self) -> bool:
        """Whether it can say what is usual."""
        return self.has_values and self.chart.limits[-1] is not None

    @property
    def usual(self) -> str:
        """Between what most months lie, in words."""
        limits = self.chart.limits[-1]
        low, high, mean = map(self.in_unit, (self._bottom(limits), self._top(limits), limits.mean))
        provisional = f", from {limits.values} months only" if limits.is_provisional else ""
        if low == high:
            return f"{mean} in every month{provisional}"
        return f"most months between {alone(low)} and {high}, on average {alone(mean)}{provisional}"

    @property
    def is_notable(self) -> bool:
        """Whether what was out of the ordinary last reached into the last months of the chart."""
        latest = self.chart.latest
        return bool(latest) and latest.last >= len(self.months) - RECENT

    @property
    def _last_in_words(self) -> str:
        value = self.chart.values[-1]
        return "" if value is None else f", {self.in_unit(value)} in {self._month_in_words(-1)}"

    def _month_in_words(self, index: int) -> str:
        return date_format(self.months[index].period.first, "F Y")

    @property
    def points(self) -> list[Point]:
        anew = {rebaseline.month for rebaseline in self.rebaselines}
        return [self._point(index, label, anew) for index, label in enumerate(self.labels)]

    @property
    def notes(self) -> list[str]:
        """Why the chart is drawn anew, where it is."""
        shown = {month.period.first for month in self.months}
        return [
            f"from {date_format(r.month, 'F Y')}, {r.why} ({r.made_by}, {short_day(r.made_at)})"
            for r in self.rebaselines
            if r.month in shown
        ]

    def _point(self, index: int, label: str, anew: set[date]) -> Point:
        limits, value = self.chart.limits[index], self.chart.values[index]
        mean, lower, upper = (limits.mean, self._bottom(limits), self._top(limits)) if limits else (None,) * 3
        return Point(
            label,
            value,
            self.in_unit(value),
            mean,
            lower,
            upper,
            *(self.in_unit(number) for number in (mean, lower, upper)),
            signal=self.signals_at(index),
            is_anew=self.months[index].period.first in anew,
            changed=self.changes.get(self.months[index].period.first, ""),
        )

    def _bottom(self, limits: Limits) -> float:
        return max(limits.lower, 0)

    def _top(self, limits: Limits) -> float:
        return min(limits.upper, 100) if self.figure.kind in (Share, Paired) else limits.upper

    def _signal_words(self, run) -> str:
        last, since = self._month_in_words(run.last), self._month_in_words(run.first)
        above, rising = ("above", "rising") if run.side > 0 else ("below", "falling")
        return {
            Signal.BEYOND: f"{last} was {above} what is usual",
            Signal.SHIFT: f"{len(run.points)} months on end {above} the average, {since} to {last}",
            Signal.TREND: f"{rising} {len(run.points)} months on end, {since} to {last}",
            Signal.NEAR: f"two of three months to {last} near the {'upper' if run.side > 0 else 'lower'} limit",
        }[run.signal]

    def in_unit(self, number: float | None) -> str:
        if number is None:
            return "–"
        is_fine = self.figure.kind in (Lengths, Times) or (self.figure.kind is Minutes and number < 10)
        return f"{number:,.1f}{UNITS[self.figure.kind]}" if is_fine else f"{number:,.0f}{UNITS[self.figure.kind]}"

    def signals_at(self, index: int) -> str:
        """What is out of the ordinary about a month, in words."""
        runs = [run for run in self.chart.runs if index in run.points]
        return ", ".join(dict.fromkeys(SIGNAL_WORDS[run.signal, run.side] for run in runs))


def alone(shown: str) -> str:
    """A number without the word of its unit, where that is said beside it."""
    return shown.split(" ")[0]


def months_of(scope: Scope) -> Period:
    return months_of_chart(scope.period, timezone.localdate(), first_month(scope.organisation))


def over_time(figures: Iterable[Figure], scope: Scope) -> dict[str, OverTime]:
    """{key of the figure: its months and limits}, of two years or more to the end of the scope's period."""
    figures, began = list(figures), first_month(scope.organisation)
    charted = months_of_chart(scope.period, timezone.localdate(), began)
    return _drawn(figures, scope.organisation, read_months(figures, scope.over(charted)), began)


def beside_before(figures: Iterable[Figure], scope: Scope) -> tuple[Values, Values, dict[str, OverTime]]:
    """The values of the scope's period, those of the one before, and what over_time gives: read together."""
    figures, began = list(figures), first_month(scope.organisation)
    now, before, months = read_all(figures, scope, months_of_chart(scope.period, timezone.localdate(), began))
    return now, before, _drawn(figures, scope.organisation, months, began)


def _drawn(figures: list[Figure], organisation: Organisation, months: dict[str, list[Month]], began: date | None):
    anew = list(organisation.rebaselines.filter(ended_at=None).select_related("made_by").order_by("month", "id"))
    found = {}
    for figure in figures:
        own = [rebaseline for rebaseline in anew if rebaseline.figure == figure.key]
        some = months[figure.key]
        found[figure.key] = drawn(
            figure, without_empty_beginning(some) if some[0].period.first == began else some, own
        )
    return found


def without_empty_beginning(months: list[Month]) -> list[Month]:
    """From the first month with anything in it: what a young service had not begun yet is not drawn as nothing."""
    begun = (index for index, month in enumerate(months) if month.value is not None and month.value.n)
    return months[next(begun, 0) :]


def drawn(figure: Figure, months: list[Month], own: Iterable[Rebaseline] = ()) -> OverTime:
    """The chart of some months; `own` are the figure's rebaselines."""
    own = list(own)
    indexes = {month.period.first: index for index, month in enumerate(months)}
    values = [None if month.value is None else month.value.number for month in months]
    chart = xmr(values, [indexes[r.month] for r in own if r.month in indexes])
    return OverTime(figure, months, chart, own)


RULES_IN_WORDS = (
    "The line in the middle is the average of the months, the broken lines are the limits of the usual: the average, "
    "and 2.66 times the average change from one month to the next to either side of it. Most months lie between them, "
    "and going up and down between them means nothing. The number at the foot is where the chart begins, which is not "
    "always nought. A square marks what is out of the ordinary: a month outside "
    f"the limits; {SHIFT} or more months on end on one side of the average; {TREND} or more on end, each higher or "
    "each lower than the one before; two of three near the same limit, in the outer third. It asks for a look, "
    "and says nothing of why."
)
