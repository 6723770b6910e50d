"""A figure over time: its months with natural process limits, and what they say in one sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from accounts.words import short_day
from insight.figure import Figure
from insight.models import Rebaseline
from insight.period import ONE_DAY, Period, month_before
from insight.reading import Month, read_months
from insight.scope import Scope
from insight.snapshots import first_month
from insight.spc import SHIFT, TREND, Chart, Limits, Signal, xmr
from insight.values import Count, Days, Lengths, Minutes, Paired, Share, Times

MONTHS = 24
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
    Paired: "%",
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


def months_of_chart(period: Period, today: date, began: date | None) -> Period:
    """Two years of whole months to the end of the period, or all of the period where that is longer.

    None before the service began. The month we are in is left out: half a month would always look like a fall.
    """
    last = min(month_before(period.last + ONE_DAY), last_whole_month(today))
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
        return [date_format(month.period.first, "M Y") for month in self.months]

    @property
    def unit(self) -> str:
        return self.figure.kind.unit

    @property
    def has_values(self) -> bool:
        return any(value is not None for value in self.chart.values)

    @property
    def sentence(self) -> str:
        """What the chart says, in one sentence and without a verdict."""
        name, limits = self.figure.name, self.chart.limits[-1] if self.chart.limits else None
        if not self.has_values:
            return f"{name}: nothing to show for these months."
        if limits is None:
            return f"{name}: too few months yet to say what is usual."
        latest = self.chart.latest
        found = self._signal_words(latest) if latest else "nothing out of the ordinary"
        return f"{name}: {found}; {self._usual(limits)}."

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

    def _usual(self, limits: Limits) -> str:
        low, high, mean = map(self.in_unit, (self._bottom(limits), self._top(limits), limits.mean))
        provisional = f", from {limits.values} months only" if limits.is_provisional else ""
        return f"usually between {low} and {high} a month, on average {mean}{provisional}"

    def _bottom(self, limits: Limits) -> float:
        return max(limits.lower, 0)

    def _top(self, limits: Limits) -> float:
        return min(limits.upper, 100) if self.figure.kind in (Share, Paired) else limits.upper

    def _signal_words(self, run) -> str:
        last = date_format(self.months[run.last].period.first, "F Y")
        since = date_format(self.months[run.first].period.first, "F Y")
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
        whole = f"{number:,.1f}" if self.figure.kind in (Minutes, Times) and number < 10 else f"{number:,.0f}"
        return f"{whole}{UNITS[self.figure.kind]}"

    def signals_at(self, index: int) -> str:
        """What is out of the ordinary about a month, in words."""
        runs = [run for run in self.chart.runs if index in run.points]
        return ", ".join(dict.fromkeys(SIGNAL_WORDS[run.signal, run.side] for run in runs))


def months_of(scope: Scope) -> Period:
    return months_of_chart(scope.period, timezone.localdate(), first_month(scope.organisation))


def over_time(figures: Iterable[Figure], scope: Scope) -> dict[str, OverTime]:
    """{key of the figure: its months and limits}, of two years or more to the end of the scope's period."""
    figures = list(figures)
    scope = scope.over(months_of(scope))
    months = read_months(figures, scope)
    if scope.period.first == first_month(scope.organisation):
        months = {key: without_empty_beginning(some) for key, some in months.items()}
    anew = list(scope.organisation.rebaselines.filter(ended_at=None).select_related("made_by").order_by("month", "id"))
    return {figure.key: _of_figure(figure, months[figure.key], anew) for figure in figures}


def without_empty_beginning(months: list[Month]) -> list[Month]:
    """From the first month with anything in it: what a young service had not begun yet is not drawn as nothing."""
    begun = (index for index, month in enumerate(months) if month.value is not None and month.value.n)
    return months[next(begun, 0) :]


def _of_figure(figure: Figure, months: list[Month], anew: list[Rebaseline]) -> OverTime:
    return drawn(figure, months, [rebaseline for rebaseline in anew if rebaseline.figure == figure.key])


def drawn(figure: Figure, months: list[Month], own: Iterable[Rebaseline] = ()) -> OverTime:
    """The chart of some months; `own` are the figure's rebaselines."""
    own = list(own)
    indexes = {month.period.first: index for index, month in enumerate(months)}
    values = [None if month.value is None else month.value.number for month in months]
    chart = xmr(values, [indexes[r.month] for r in own if r.month in indexes])
    return OverTime(figure, months, chart, own)


RULES_IN_WORDS = (
    "The line in the middle is the average of the months. The broken lines are natural process limits: the average, "
    "and 2.66 times the average change from one month to the next to either side of it. Most months lie between them, "
    "and going up and down between them means nothing. A square marks what is out of the ordinary: a month outside "
    f"the limits; {SHIFT} or more months on end on one side of the average; {TREND} or more on end, each higher or "
    "each lower than the one before; two of three near the same limit, in the outer third. It asks for a look, "
    "and says nothing of why."
)
