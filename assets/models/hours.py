"""Opening hours of the week, {"tue": "10:00-12:30, 14:00-16:00"}, in words and as hours to search by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.words import day as day_in_words
from assets.enums import Weekday


@dataclass(frozen=True)
class OpeningDay:
    name: str
    hours: str


def spans_of(opening_hours: dict[str, str], day: Weekday | str) -> list[tuple[str, str]]:
    """[("10:00", "12:30"), …] of one day, in order."""
    return sorted(tuple(span.split("-")) for span in filter(None, opening_hours.get(day, "").split(", ")))


def slots_of(opening_hours: dict[str, str]) -> list[int]:
    """{"tue": "10:00-12:30"} is open in hours 34, 35 and 36 of the week."""
    slots = set()
    for number, day in enumerate(Weekday.values):
        for start, end in spans_of(opening_hours, day):
            last = int(end[:2]) - (end[3:] == "00")
            slots.update(number * 24 + hour for hour in range(int(start[:2]), last + 1))
    return sorted(slots)


def next_session(opening_hours: dict[str, str], now: datetime | None = None) -> str:
    """now, until 16:00; today 14:00–16:00; Thursday 10:00–12:00. Empty where no hours are known."""
    now = timezone.localtime(now)
    clock = now.strftime("%H:%M")
    for ahead in range(8):
        then = now.date() + timedelta(days=ahead)
        for start, end in spans_of(opening_hours, Weekday.values[then.weekday()]):
            if ahead == 0 and end <= clock:
                continue
            if ahead == 0 and start <= clock:
                return f"now, until {end}"
            near = day_in_words(then, now.date()) if ahead < 2 else Weekday.labels[then.weekday()]
            return f"{near} {start}–{end}"
    return ""
