"""Days a service answers on: not weekends, not the nation's bank holidays."""

from datetime import date, timedelta

import holidays

from accounts.enums import Nation

SUBDIVISIONS = {Nation.SCOTLAND: "SCT", Nation.ENGLAND: "ENG", Nation.WALES: "WLS", Nation.NORTHERN_IRELAND: "NIR"}
# Each adds a year to itself the first time that year is asked for.
BANK_HOLIDAYS = {nation: holidays.country_holidays("GB", subdiv=code) for nation, code in SUBDIVISIONS.items()}
SATURDAY = 5


def is_working_day(day: date, nation: str) -> bool:
    return day.weekday() < SATURDAY and day not in BANK_HOLIDAYS[nation]


def add_working_days(day: date, count: int, nation: str) -> date:
    """The date `count` working days after `day`; before it where `count` is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, nation):
            day += step
    return day


def working_days_between(start: date, end: date, nation: str) -> int:
    """Working days after `start`, up to and including `end`; 0 when `end` is not later."""
    return sum(is_working_day(start + timedelta(days=n), nation) for n in range(1, (end - start).days + 1))
