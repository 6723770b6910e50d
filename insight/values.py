"""What a figure comes to. Values of one kind add up: a year is the sum of its months, a cluster of its practices.

`n` is how many rows are behind it, `number` what a chart draws (None: nothing to say), `str()` what a page says.
`of_tally` makes one of how many rows have what in the column that is tallied (insight/figure.py).
"""

import operator
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from accounts.words import count_of


@dataclass(frozen=True)
class Count:
    n: int = 0
    unit: ClassVar[str] = "Number"

    @classmethod
    def of_tally(cls, rows: Mapping[None, int]) -> "Count":
        return cls(sum(rows.values()))

    @property
    def number(self) -> int:
        return self.n

    @classmethod
    def sum(cls, values: Iterable["Count"]) -> "Count":
        return cls(sum(value.n for value in values))

    def __str__(self):
        return f"{self.n:,}"

    def to_json(self) -> int:
        return self.n

    @classmethod
    def from_json(cls, kept: int) -> "Count":
        return cls(kept)


@dataclass(frozen=True)
class Share:
    """`hits` of `n`."""

    hits: int = 0
    n: int = 0
    unit: ClassVar[str] = "Per cent"

    @classmethod
    def of_tally(cls, rows: Mapping[bool | None, int]) -> "Share":
        return cls(rows.get(True, 0), sum(rows.values()))

    @property
    def number(self) -> float | None:
        return round(100 * self.hits / self.n, 1) if self.n else None

    @classmethod
    def sum(cls, values: Iterable["Share"]) -> "Share":
        hits = n = 0
        for value in values:
            hits, n = hits + value.hits, n + value.n
        return cls(hits, n)

    def __str__(self):
        return f"{self.number:.0f}% ({self.hits:,} of {self.n:,})" if self.n else "–"

    def to_json(self) -> list[int]:
        return [self.hits, self.n]

    @classmethod
    def from_json(cls, kept: list[int]) -> "Share":
        return cls(*kept)


def centile(tally: Mapping[int, int], per_cent: int) -> int | None:
    """The fewest days that at least so many per cent waited no longer than (nearest rank). None of nobody.

    Always somebody's own number of days: no value between two people is made up.
    """
    reached, people = 0, sum(tally.values())
    for days in sorted(tally):
        reached += tally[days]
        if 100 * reached >= per_cent * people:
            return days
    return None


@dataclass(frozen=True)
class Days:
    """How many rows took how many days: {days: rows}."""

    tally: Mapping[int, int] = field(default_factory=dict)
    unit: ClassVar[str] = "Days, half within"
    noun: ClassVar[str] = "day"

    @classmethod
    def of_tally(cls, rows: Mapping[int, int]) -> "Days":
        return cls(rows)

    @property
    def n(self) -> int:
        return sum(self.tally.values())

    @property
    def median(self) -> int | None:
        return centile(self.tally, 50)

    @property
    def centile_90(self) -> int | None:
        return centile(self.tally, 90)

    @property
    def number(self) -> int | None:
        return self.median

    @classmethod
    def sum(cls, values: Iterable["Days"]) -> "Days":
        tally = Counter()
        for value in values:
            tally.update(value.tally)
        return cls(tally)

    def __str__(self):
        if not self.n:
            return "–"
        half = count_of(self.median, self.noun)
        return f"half within {half}, nine in ten within {self.centile_90:,} (of {self.n:,})"

    def to_json(self) -> dict[str, int]:
        return {str(days): rows for days, rows in sorted(self.tally.items())}

    @classmethod
    def from_json(cls, kept: dict[str, int]) -> "Days":
        return cls({int(days): rows for days, rows in kept.items()})


class _Averaged(Days):
    """Of few or round numbers the median hardly ever moves: a chart of it would show steps that mean nothing."""

    @property
    def number(self) -> float | None:
        return round(sum(many * rows for many, rows in self.tally.items()) / self.n, 1) if self.n else None


@dataclass(frozen=True)
class Lengths(_Averaged):
    """How many rows took how many minutes: {minutes: rows}."""

    unit: ClassVar[str] = "Minutes, average"
    noun: ClassVar[str] = "minute"


@dataclass(frozen=True)
class Times(_Averaged):
    """How many rows came to how many meetings: {meetings: rows}."""

    unit: ClassVar[str] = "Meetings, average"
    noun: ClassVar[str] = "meeting"


@dataclass(frozen=True)
class Minutes:
    minutes: int = 0
    n: int = 0
    unit: ClassVar[str] = "Hours"

    @classmethod
    def of_tally(cls, rows: Mapping[int | None, int]) -> "Minutes":
        """Of rows without minutes too: None."""
        return cls(sum((minutes or 0) * n for minutes, n in rows.items()), sum(rows.values()))

    @property
    def number(self) -> float:
        return round(self.minutes / 60, 1)

    @classmethod
    def sum(cls, values: Iterable["Minutes"]) -> "Minutes":
        minutes = n = 0
        for value in values:
            minutes, n = minutes + value.minutes, n + value.n
        return cls(minutes, n)

    def __str__(self):
        return count_of(round(self.minutes / 60), "hour")

    def to_json(self) -> list[int]:
        return [self.minutes, self.n]

    @classmethod
    def from_json(cls, kept: list[int]) -> "Minutes":
        return cls(*kept)


@dataclass(frozen=True)
class Paired:
    """Change between two scores of the same case. `n` are eligible; those with one score are in no pair."""

    better: int = 0
    same: int = 0
    worse: int = 0
    n: int = 0
    unit: ClassVar[str] = "Better, per cent"

    @classmethod
    def of_tally(cls, rows: Mapping[Decimal | None, int]) -> "Paired":
        """By how much better it was; None where there is one score alone."""
        gains = [(gain, n) for gain, n in rows.items() if gain is not None]
        better, same, worse = (
            sum(n for gain, n in gains if is_it(gain, 0)) for is_it in (operator.gt, operator.eq, operator.lt)
        )
        return cls(better, same, worse, sum(rows.values()))

    @property
    def pairs(self) -> int:
        return self.better + self.same + self.worse

    @property
    def number(self) -> float | None:
        return round(100 * self.better / self.pairs, 1) if self.pairs else None

    @classmethod
    def sum(cls, values: Iterable["Paired"]) -> "Paired":
        values = list(values)
        return cls(*(sum(getattr(value, name) for value in values) for name in ("better", "same", "worse", "n")))

    def __str__(self):
        if not self.n:
            return "–"
        paired = f"{self.pairs:,} paired of {self.n:,}"
        if not self.pairs:
            return paired
        return f"{self.better:,} better, {self.same:,} the same, {self.worse:,} worse ({paired})"

    def to_json(self) -> list[int]:
        return [self.better, self.same, self.worse, self.n]

    @classmethod
    def from_json(cls, kept: list[int]) -> "Paired":
        return cls(*kept)


Value = Count | Share | Days | Minutes | Paired
