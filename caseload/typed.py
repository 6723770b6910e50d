"""What people type to find somebody: a birthday, a phone number, an NHS or CHI number, in any of the usual ways."""

import re
from contextlib import suppress
from datetime import date, datetime

from django.utils import timezone

FEWEST_DIGITS = 3
DATES = ["%d %m %Y", "%d %m %y", "%d %B %Y", "%d %b %Y", "%d %B %y", "%d %b %y", "%Y %m %d", "%d%m%Y", "%d%m%y"]
ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)
ONLY_DIGITS = re.compile(r"[\d\s()+./-]+")


def birthday(typed: str) -> date | None:
    """27/3/71, 27.3.1971, 27 March 1971, 27th Mar 71, 270371. A year of two figures is one that has passed."""
    parts = " ".join(re.split(r"[\s,./-]+", ORDINAL.sub("", typed).strip()))
    for written in DATES:
        with suppress(ValueError):
            born = datetime.strptime(parts, written).replace(tzinfo=timezone.get_default_timezone()).date()
            return born if born <= timezone.localdate() else _a_century_ago(born)
    return None


def digits(typed: str) -> str:
    """The digits of a number typed with spaces, dashes or brackets; empty for anything else, or too few to tell."""
    found = re.sub(r"\D", "", typed) if ONLY_DIGITS.fullmatch(typed) else ""
    return found if len(found) >= FEWEST_DIGITS else ""


def within_the_country(typed: str) -> str:
    """The digits of a phone number less what is dialled first: 0141, +44 141 and 0044 141 are one."""
    return re.sub(r"^(0044|\+44)?0*", "", re.sub(r"[^\d+]", "", typed))


def _a_century_ago(born: date) -> date | None:
    with suppress(ValueError):
        return born.replace(year=born.year - 100)
    return None
