"""Making what strangers send fit the directory: plain text, real numbers, places in this country."""

import math
import re
import unicodedata
from html.parser import HTMLParser

from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri

from assets.importing import ways_to_write
from assets.models import Asset
from assets.postcodes import is_postcode, normalise_postcode

LONGEST_TEXT = 20_000
OLDEST = 120
LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+\d*);")
# Great Britain, Northern Ireland and the islands, with a little sea.
SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -9.0, 2.5
BREAKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
SILENT = {"script", "style", "template", "noscript"}


class _Words(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        self.words.append("\n" if tag in BREAKS else "")

    def handle_endtag(self, tag):
        self.silent = max(0, self.silent - (tag in SILENT))
        self.words.append("\n" if tag in BREAKS else "")

    def handle_data(self, data):
        if not self.silent:
            self.words.append(data)


def plain(value) -> str:
    """Text as a person would read it: no markup, no invisible characters, lines and paragraphs kept."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:LONGEST_TEXT]
    for _ in range(3):  # "&lt;b&gt;" is markup as well, once read
        if not LOOKS_LIKE_HTML.search(text):
            break
        text = _without_markup(text)
    if text.isprintable():
        return text.strip()
    text = re.sub(r"\r\n?|\u2028|\u2029", "\n", text).replace("\t", " ")
    return "".join(c for c in text if c == "\n" or not _is_unseen(c)).strip()


def _without_markup(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.words).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_unseen(character: str) -> bool:
    return character not in "\u200c\u200d" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")


def one_line(value) -> str:
    return " ".join(plain(value).split())


def fitting(values: dict, remarks: list[str]) -> dict:
    """The values less those too long for their field. A name is looked at by its reader."""
    kept = {}
    for name, value in values.items():
        longest = Asset._meta.get_field(name).max_length
        if isinstance(value, str) and longest and len(value) > longest and name != "name":
            remarks.append(f"The {_called(name)} is longer than {longest} characters and was left out")
            value = ""
        kept[name] = value
    return kept


def _called(name: str) -> str:
    return str(Asset._meta.get_field(name).verbose_name)


def postcode(value, remarks: list[str]) -> str:
    text = one_line(value)
    if not text or is_postcode(text):
        return normalise_postcode(text) if text else ""
    remarks.append(f"“{text[:20]}” is not a postcode and was left out")
    return ""


def ways_to_reach(email, url, remarks: list[str]) -> dict[str, str]:
    found = ways_to_write({"email": one_line(email), "url": one_line(url)}, remarks)
    found["url"] = iri_to_uri(found["url"])
    for name, value in found.items():
        try:
            Asset._meta.get_field(name).run_validators(value)
        except ValidationError:
            remarks.append(f"The {_called(name)} is not one and was left out")
            found[name] = ""
    return found


def position(latitude, longitude, remarks: list[str]) -> dict[str, float | None]:
    """Both or neither. 0, 0 and whatever else is not in this country is no position."""
    nowhere = {"latitude": None, "longitude": None}
    if latitude in (None, "") and longitude in (None, ""):
        return nowhere
    north, east = _number(latitude), _number(longitude)
    if north is None or east is None or not (SOUTH <= north <= NORTH and WEST <= east <= EAST):
        remarks.append("The position on the map is not in this country and was left out")
        return nowhere
    return {"latitude": north, "longitude": east}


def ages(minimum, maximum, remarks: list[str]) -> dict[str, int | None]:
    asked = {"minimum_age": _age(minimum), "maximum_age": _age(maximum)}
    given = sum(value not in (None, "") for value in (minimum, maximum))
    low, high = asked.values()
    if sum(age is not None for age in asked.values()) < given or (low is not None and high is not None and low > high):
        remarks.append("The ages cannot be right and were left out")
        return dict.fromkeys(asked)
    return asked


def _age(value) -> int | None:
    age = _number(value)
    return int(age) if age is not None and 0 <= age <= OLDEST else None


def _number(value) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def a_list_of(value) -> list[dict]:
    """The objects in a list, whatever else is there; an object alone counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def an_object(value) -> dict:
    return value if isinstance(value, dict) else {}
