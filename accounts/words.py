"""Dates, counts and lists as people say them, in local (London) days."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

DAYS_IN_A_MONTH = 365.25 / 12


def local_day(value: date | datetime) -> date:
    """The local calendar day of a moment; a plain date is itself."""
    if not isinstance(value, datetime):
        return value
    return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()


def full_day(value: date | datetime) -> str:
    """Thursday 12 November 2026."""
    return date_format(local_day(value), "l j F Y")


def named_day(value: date | datetime, today: date | None = None) -> str:
    """Thursday 12 November, also when that is today; with the year when it is another."""
    then, today = local_day(value), today or timezone.localdate()
    return date_format(then, "l j F" if then.year == today.year else "l j F Y")


def day(value: date | datetime, today: date | None = None) -> str:
    """today, tomorrow, yesterday, Thursday 12 November; with the year when it is another."""
    then, today = local_day(value), today or timezone.localdate()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((then - today).days)
    return near or named_day(then, today)


def clock(value: datetime) -> str:
    """09:30, by the clock on the wall."""
    return date_format(timezone.localtime(value), "H:i")


def day_and_time(value: datetime, today: date | None = None) -> str:
    """tomorrow 10:30."""
    return f"{day(value, today)} {clock(value)}"


def short_day(value: date | datetime, today: date | None = None) -> str:
    """3 October; with the year when it is another."""
    then, today = local_day(value), today or timezone.localdate()
    return date_format(then, "j F" if then.year == today.year else "j F Y")


def since(value: date | datetime, today: date | None = None) -> str:
    """since today, since yesterday, since 3 October."""
    then, today = local_day(value), today or timezone.localdate()
    near = {-1: "yesterday", 0: "today"}.get((then - today).days)
    return f"since {near or short_day(then, today)}"


def span(days: int) -> str:
    """5 days, 3 weeks, 4 months, 2 years: a length of time in its usual unit, rounded down."""
    if days < 14:
        return count_of(days, "day")
    if days < 61:
        return count_of(days // 7, "week")
    if days < 730:
        return count_of(int(days / DAYS_IN_A_MONTH), "month")
    return count_of(int(days / 365.25), "year")


def ago(value: date | datetime, today: date | None = None) -> str:
    """today, yesterday, 3 weeks ago; and for what is to come: tomorrow, in 3 weeks."""
    days = ((today or timezone.localdate()) - local_day(value)).days
    near = {-1: "tomorrow", 0: "today", 1: "yesterday"}.get(days)
    if near:
        return near
    return f"{span(days)} ago" if days > 0 else f"in {span(-days)}"


def count_of(number: int, one: str, many: str = "") -> str:
    """1 person, 3 people, 1,204 meetings; the plural is one + s unless it is given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def a_list(things: Iterable, last: str = "and") -> str:
    """a; a and b; a, b and c."""
    *most, final = [str(thing) for thing in things] or [""]
    return f"{', '.join(most)} {last} {final}" if most else final


def sentence(typed: str) -> str:
    """What somebody typed, ending as a sentence does: with one full stop, unless it ends in its own."""
    typed = typed.strip()
    return typed if typed.endswith((".", "!", "?", "…")) else f"{typed}."
