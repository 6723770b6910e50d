"""What a reader gives: pages of records, whatever the feed was."""

import json
import math
import re
from dataclasses import dataclass, field

from assets.importing import WORD

DEEPEST_WORDS = "This is not JSON that can be read: it is nested too deeply."


class NotAFeed(Exception):
    """The page or file cannot be read at all. The message is for whoever chose it."""


@dataclass
class Record:
    """One place of a feed. `values` are fields of an Asset that JSON can hold, cleaned.

    `reason` says why it is kept out; `remarks`, what was left out of one that is taken.
    `number` is the line of a file; the place in the feed is given to the others as they are staged.
    """

    ref: str = ""
    values: dict = field(default_factory=dict)
    reason: str = ""
    remarks: list[str] = field(default_factory=list)
    number: int | None = None


@dataclass
class Page:
    """`next_page` is an address, empty on the last page. `rows_said` is what the feed claims to hold.

    `licence` is what the feed itself states.
    """

    records: list[Record] = field(default_factory=list)
    next_page: str = ""
    rows_said: int | None = None
    licence: str = ""


def read_json(content: bytes):
    """Whatever the JSON holds. Raises NotAFeed, also for what would exhaust the machine."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite)
    except UnicodeDecodeError:
        raise NotAFeed("This is not JSON that can be read: it is not in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise NotAFeed(
            f"This is not JSON that can be read: it breaks off or goes wrong at line {error.lineno}."
        ) from None
    except RecursionError:
        raise NotAFeed(DEEPEST_WORDS) from None
    except ValueError:
        raise NotAFeed("This is not JSON that can be read: it holds a number that is none.") from None


def _no_number(text: str):
    raise ValueError(text)


def _finite(text: str) -> float:
    """1e999 is infinite once read."""
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def listed(content, *names: str) -> list | None:
    """The list of a page object under the first of the names that holds one."""
    if not isinstance(content, dict):
        return None
    return next((content[name] for name in names if isinstance(content.get(name), list)), None)


def reference(given) -> str:
    """What the feed itself calls the record, where that can be a name."""
    text = str(given).strip() if isinstance(given, str | int) and not isinstance(given, bool) else ""
    return f"id:{text}" if re.fullmatch(r"[\x21-\x7e]{1,200}", text) else ""


def count_said(value) -> int | None:
    """A total as the feed gives it: shown beside what was found, never believed."""
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return value if is_count and 0 <= value <= 2_000_000_000 else None


def made_reference(values: dict) -> str:
    """A reference for a record that has none of its own: the same again as long as name and place are."""
    words = WORD.findall(" ".join([values.get("name", ""), values.get("provider", "")]).casefold())
    return " ".join([*words, values.get("postcode", "")]).strip()[:320]
