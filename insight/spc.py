"""XmR charts: is this month out of the ordinary, or is it what months do? Pure: numbers in, limits and signals out.

Mean, and natural process limits 2.66 average moving ranges to either side of it (Wheeler, Understanding Variation).
Signals as in NHS England's Making Data Count, with its numbers where it offers a choice:

* beyond: a point outside the limits;
* shift: 7 or more points on end on one side of the mean (a point on the mean ends the run);
* trend: 6 or more points on end, each higher, or each lower, than the one before;
* near: 2 of 3 points on end in the outer third between mean and limit, on the same side.

A gap (None) ends every run and has no moving range to its neighbours. Where a chart is drawn anew from a month on
(`restarts`), the stretches before and after know nothing of each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

SCALE = 2.66
SHIFT, TREND = 7, 6
FEWEST = 6  # values: with fewer there are no limits
SETTLED = 12  # values: with fewer, limits are provisional


class Signal(StrEnum):
    """In the order in which they are said where several end together."""

    BEYOND = "beyond"
    SHIFT = "shift"
    TREND = "trend"
    NEAR = "near"


@dataclass(frozen=True)
class Limits:
    mean: float
    lower: float
    upper: float
    values: int

    @property
    def is_provisional(self) -> bool:
        return self.values < SETTLED


@dataclass(frozen=True)
class Run:
    """A signal, from the first to the last of its points; `side` is 1 for above or rising, -1 for below or falling."""

    signal: Signal
    first: int
    last: int
    side: int
    points: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """`limits` has an item for each value: those of its stretch, None where it has too few values."""

    values: tuple[float | None, ...]
    limits: tuple[Limits | None, ...]
    runs: tuple[Run, ...]

    def signals_at(self, index: int) -> list[Signal]:
        return sorted({run.signal for run in self.runs if index in run.points}, key=list(Signal).index)

    @property
    def latest(self) -> Run | None:
        """What was out of the ordinary last."""
        order = list(Signal)
        return max(self.runs, key=lambda run: (run.last, -order.index(run.signal)), default=None)


def xmr(values: Sequence[float | None], restarts: Iterable[int] = ()) -> Chart:
    """`restarts`: the indexes of values from which limits are worked out anew."""
    edges = sorted({0, len(values), *(at for at in restarts if 0 < at < len(values))})
    limits, runs = [], []
    for first, end in pairwise(edges):
        of_stretch = limits_of(values[first:end])
        limits += [of_stretch] * (end - first)
        if of_stretch:
            runs += _runs(values, first, end, of_stretch)
    return Chart(tuple(values), tuple(limits), tuple(runs))


def limits_of(values: Sequence[float | None]) -> Limits | None:
    known = [value for value in values if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    if len(known) < FEWEST or not ranges:
        return None
    mean = sum(known) / len(known)
    reach = SCALE * sum(ranges) / len(ranges)
    return Limits(mean, mean - reach, mean + reach, len(known))


def _runs(values: Sequence[float | None], first: int, end: int, limits: Limits) -> list[Run]:
    indexes = range(first, end)
    sides = {i: _side(values[i], limits.mean, limits.mean) for i in indexes}
    outside = {i: _side(values[i], limits.lower, limits.upper) for i in indexes}
    third = (limits.upper - limits.mean) * 2 / 3
    near = {i: _side(values[i], limits.mean - third, limits.mean + third) for i in indexes}
    steps = {i: _step(values[i - 1], values[i]) for i in indexes[1:]}
    beyond = [Run(Signal.BEYOND, i, i, outside[i], (i,)) for i in indexes if outside[i]]
    shifts = [_run(Signal.SHIFT, a, b, sides[a]) for a, b in _same(sides) if b - a + 1 >= SHIFT]
    trends = [_run(Signal.TREND, a - 1, b, steps[a]) for a, b in _same(steps) if b - a + 2 >= TREND]
    return beyond + shifts + trends + _two_of_three(near)


def _side(value: float | None, low: float, high: float) -> int:
    return 0 if value is None else (value > high) - (value < low)


def _step(before: float | None, value: float | None) -> int:
    return 0 if before is None or value is None else (value > before) - (value < before)


def _run(signal: Signal, first: int, last: int, side: int) -> Run:
    return Run(signal, first, last, side, tuple(range(first, last + 1)))


def _same(signs: dict[int, int]) -> list[tuple[int, int]]:
    """(first, last) of every longest stretch of one sign that is not 0."""
    found = []
    for i, sign in signs.items():
        if sign and found and found[-1][1] == i - 1 and signs[i - 1] == sign:
            found[-1] = (found[-1][0], i)
        elif sign:
            found.append((i, i))
    return found


def _two_of_three(near: dict[int, int]) -> list[Run]:
    """Every pair of points near one limit with at most one point between them."""
    found = []
    for i, sign in near.items():
        earlier = next((j for j in (i - 1, i - 2) if sign and near.get(j) == sign), None)
        if earlier is not None:
            found.append(Run(Signal.NEAR, earlier, i, sign, (earlier, i)))
    return found
