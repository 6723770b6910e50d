"""Working days and hours, and each worker's diary."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.working_days import is_working_day

LONDON = ZoneInfo(settings.TIME_ZONE)
SLOTS = (time(9, 30), time(10, 30), time(11, 30), time(13, 15), time(14, 15), time(15, 15))
MEETINGS_A_DAY_SOON = 3
DAYS_SOON = 5  # today and the coming week
DAYS_AHEAD = 420  # no plan or wish reaches further
# Referrals by month and by weekday: January and after the holidays, and Mondays, bring most.
MONTHS = (1.25, 1.1, 1.1, 0.95, 1.0, 0.95, 0.75, 0.9, 1.15, 1.15, 1.1, 0.65)
WEEKDAYS = (1.3, 1.1, 1.0, 0.95, 0.75, 0.0, 0.0)


class Calendar:
    """Days a service works on. Today always is one, so that a demo shown on a Sunday has meetings to show."""

    def __init__(self, today: date, nation: str, days_back: int):
        self.today, self.first = today, today - timedelta(days=days_back)
        span = (self.first + timedelta(days=n) for n in range(days_back + DAYS_AHEAD))
        self.days = [day for day in span if day == today or is_working_day(day, nation)]
        self.past = [day for day in self.days if day < today]
        busy = [MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] for day in self.past]
        growing = [0.92 + 0.16 * n / len(self.past) for n in range(len(self.past))]
        self.referred_up_to = list(accumulate(a * b for a, b in zip(busy, growing, strict=True)))

    def from_day(self, day: date) -> date:
        """The first working day on or after this one."""
        return self.days[bisect_left(self.days, day)]

    def days_ago(self, count: int) -> date:
        """The working day so many days ago, or the last one before it."""
        return self.past[bisect_right(self.past, self.today - timedelta(days=count)) - 1]

    def before_today(self, count: int) -> date:
        """So many working days ago."""
        return self.past[-count]

    def referral_day(self, rng: Random) -> date:
        return rng.choices(self.past, cum_weights=self.referred_up_to)[0]


def moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON)


class Diary:
    """A worker's meetings, no two at a time. What is still to come fills today and the coming week first."""

    def __init__(self, calendar: Calendar, rng: Random):
        self.calendar, self.rng = calendar, rng
        self.taken = defaultdict(set)

    def book(self, wished: date) -> datetime:
        day = self.calendar.from_day(wished)
        if day >= self.calendar.today:
            day = self.soon() or day
        while not (free := [slot for slot in SLOTS if slot not in self.taken[day]]):
            day = self.calendar.from_day(day + timedelta(days=1))
        return self.take(day, self.rng.choice(free))

    def soon(self) -> date | None:
        start = bisect_left(self.calendar.days, self.calendar.today)
        coming = self.calendar.days[start : start + DAYS_SOON]
        return next((day for day in coming if len(self.taken[day]) < MEETINGS_A_DAY_SOON), None)

    def take(self, day: date, at: time) -> datetime:
        self.taken[day].add(at)
        return moment(day, at)
