"""Stretches of local calendar days. 25 hours long or 23, a day is a day."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

ONE_DAY = timedelta(days=1)


def starts_at(day: date) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def month_before(day: date, months: int = 1) -> date:
    """The first day of the month so many months before that of `day`; after it where negative."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """Two local days, both included."""

    first: date
    last: date

    @classmethod
    def month(cls, day: date) -> "Period":
        """The calendar month a day is in."""
        return cls(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))

    @classmethod
    def months_to(cls, day: date, count: int) -> "Period":
        """So many whole calendar months, the last of them that of `day`."""
        return cls(month_before(day, count - 1), cls.month(day).last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def starts_at(self) -> datetime:
        return starts_at(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return starts_at(self.last + ONE_DAY)

    @property
    def is_whole_months(self) -> bool:
        return self.first.day == 1 and (self.last + ONE_DAY).day == 1

    @property
    def months(self) -> list[date]:
        """The first day of every calendar month it touches."""
        found = [self.first.replace(day=1)]
        while (following := month_before(found[-1], -1)) <= self.last:
            found.append(following)
        return found

    @property
    def before(self) -> "Period":
        """The period before, of the same length: as many months where it is whole months, else as many days."""
        if self.is_whole_months:
            return Period.months_to(self.first - ONE_DAY, len(self.months))
        return Period(self.first - timedelta(days=self.days), self.first - ONE_DAY)

    def earlier(self, days: int) -> "Period":
        """As many days, so many days before."""
        return Period(self.first - timedelta(days=days), self.last - timedelta(days=days))

    def by_month(self) -> Iterator["Period"]:
        """Its parts, a calendar month each; the first and the last may be part of one."""
        for month in map(Period.month, self.months):
            yield Period(max(month.first, self.first), min(month.last, self.last))

    def within(self, path: str) -> Q:
        """Rows whose moment in this column falls into it."""
        return Q(**{f"{path}__gte": self.starts_at, f"{path}__lt": self.ends_at})

    def within_days(self, path: str) -> Q:
        """Rows whose day in this column falls into it."""
        return Q(**{f"{path}__gte": self.first, f"{path}__lte": self.last})

    def __str__(self):
        """October 2026; January to October 2026; 3 March to 9 April 2026."""
        form = "F" if self.is_whole_months else "j F"
        first, last = date_format(self.first, form), date_format(self.last, form)
        if self.first.year != self.last.year:
            first = f"{first} {self.first.year}"
        elif first == last:
            return f"{last} {self.last.year}"
        return f"{first} to {last} {self.last.year}"


def stretches(periods: Iterable[Period]) -> list[Period]:
    """The days of all of them: those on end, or over each other, as one period."""
    found = []
    for period in sorted(periods):
        if found and period.first <= found[-1].last + ONE_DAY:
            before = found.pop()
            period = Period(before.first, max(before.last, period.last))
        found.append(period)
    return found
