"""Timetables as hours of the week."""

import re
from datetime import date

from assets.enums import Weekday
from assets.intake.clean import one_line, plain

TIME = re.compile(r"(\d{1,2}):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
DAYS = {day.value[:2].upper(): day.value for day in Weekday}


def opening_times(schedules: list[dict], remarks: list[str], today: date) -> dict:
    """Weekly hours by day, and in words what is no plain week (every second Tuesday, the 3rd of the month)."""
    hours: dict[str, list[str]] = {}
    notes = []
    for schedule in schedules:
        if is_over(schedule, today):
            remarks.append("A timetable that has ended was left out")
            continue
        span, days = _span(schedule), _days(schedule)
        notes += [plain(schedule.get("description")), plain(schedule.get("notes"))]
        if span and days and _is_weekly(schedule):
            for day in days:
                hours.setdefault(day, []).append(span)
        elif schedule.get("opens_at") and not any(notes):
            remarks.append("A timetable that is not by the week was left out")
    return {
        "opening_hours": {day: ", ".join(dict.fromkeys(hours[day])) for day in Weekday.values if day in hours},
        "hours_note": "\n".join(dict.fromkeys(filter(None, notes))),
    }


def is_over(schedule: dict, today: date) -> bool:
    try:
        return date.fromisoformat(one_line(schedule.get("valid_to"))[:10]) < today
    except ValueError:
        return False


def _is_weekly(schedule: dict) -> bool:
    every_week = schedule.get("interval") in (None, "", 1, "1")
    return one_line(schedule.get("freq")).upper() in ("WEEKLY", "") and every_week


def _days(schedule: dict) -> list[str]:
    codes = [code.strip()[:2] for code in one_line(schedule.get("byday")).upper().split(",")]
    return [DAYS[code] for code in codes if code in DAYS]


def _span(schedule: dict) -> str:
    start, end = _clock(schedule.get("opens_at")), _clock(schedule.get("closes_at"))
    if end == "00:00":
        end = "24:00"
    return f"{start}-{end}" if start and start < end else ""


def _clock(value) -> str:
    match = TIME.fullmatch(one_line(value))
    text = f"{match[1]:0>2}:{match[2]}" if match else ""
    return text if text <= "24:00" and text[3:] < "60" else ""
