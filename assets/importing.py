"""Reading a list of community assets from a CSV file somebody made by hand.

Pure: bytes in; rows, refusals and remarks out; nothing is written. A row is known by the line
of the file it starts on, as an editor numbers it. The only exception raised is NotAnAssetList.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import islice

from assets.columns import FIELDS, TOLD, USUAL_NAMES, plain_heading
from assets.enums import Weekday
from assets.postcodes import is_postcode, normalise_postcode
from assets.sheets import NotASheet, as_csv

LONGEST = {"name": 300, "town": 200, "local_authority": 200, "reference": 200, "phone": 100}
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
WEB_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
HOURS = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")
# Not "Temporarily closed".
CLOSED = re.compile(r"(?:permanently )?closed\b", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
YEAR = re.compile(r"(?:19|20)\d\d")
NOT_CLOSED = {"", "-", "0", "no", "n", "false", "open", "none", "na", "n/a"}
ZIP = b"PK\x03\x04"
# Lists that must put something in "Year closed" put this.
YEAR_NOT_KNOWN = 1900


class NotAnAssetList(Exception):
    """The file cannot be read as a list of assets at all. The message is for whoever chose the file."""


class _Refused(Exception):
    """One row cannot be taken."""


@dataclass(frozen=True)
class Remark:
    row: int
    reason: str
    name: str = ""


@dataclass(frozen=True)
class AssetRow:
    """Fields of an Asset as the file has them, cleaned. `row` is where it stands in the file."""

    row: int
    source_ref: str
    name: str
    address: str
    town: str
    postcode: str
    local_authority: str
    uprn: str
    phone: str
    email: str
    url: str
    opening_hours: dict[str, str]
    hours_note: str
    description: str
    is_closed: bool
    closed_year: int | None
    # Columns the file has, and what it says, as it says it, of what a column here may hold besides the above.
    columns: frozenset[str] = frozenset()
    told: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict:
        return {name: getattr(self, name) for name in IMPORTED}


IMPORTED = [each.name for each in fields(AssetRow) if each.name not in ("row", "columns", "told")]


@dataclass
class AssetList:
    rows: list[AssetRow] = field(default_factory=list)
    rejected: list[Remark] = field(default_factory=list)
    # Rows that were taken, less a value that could not be read.
    left_out: list[Remark] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)


def read_assets(content: bytes, today: date, mapping: dict[str, str] | None = None) -> AssetList:
    """`mapping` says which field each heading holds ("" for none); without it, the usual names do."""
    records = _records(decoded(content))
    headings = next((cells for _, cells in records if cells), None) or []
    columns = _columns(headings, FIELDS if mapping is None else mapping)
    found = AssetList(unknown_columns=[h.strip() for n, h in enumerate(headings) if n not in columns and h.strip()])
    for row, cells in records:
        try:
            if cells is None:
                raise _Refused("A quotation mark is out of place, or a value is far too long")
            values = _values(cells, headings, columns)
            found.rows.append(_asset_row(row, values, frozenset(columns.values()), found.left_out, today))
        except _Refused as why:
            found.rejected.append(Remark(row, str(why), _name_in(cells, columns)))
    _keep_one_of_each(found)
    return found


def decoded(content: bytes) -> str:
    if content.startswith(ZIP):
        try:
            return as_csv(content)
        except NotASheet as why:
            raise NotAnAssetList(str(why)) from None
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotAnAssetList("This is not a text file that can be read. Save the list as CSV in UTF-8.")


def _records(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Line number and cells of each record that is not blank. None for cells that cannot be told apart.

    A quotation mark that is never closed would swallow the rest of the file: only its own
    line is given up, and reading goes on from the next.
    """
    lines = list(io.StringIO(text, newline=""))
    delimiter = max(",;\t", key=lambda d: lines[0].count(d)) if lines else ","
    start = 0
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), delimiter=delimiter, strict=True)
        begun = start
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield begun + 1, cells
                begun = start + reader.line_num
            return
        except csv.Error:
            yield begun + 1, None
            start = begun + 1


def records_of(content: bytes) -> Iterator[tuple[int, list[str] | None]]:
    """Line and cells of each line that is not blank; None for cells that cannot be told apart. NotAnAssetList."""
    return _records(decoded(content))


def headings_of(content: bytes) -> list[str]:
    """The headings of a list, in order, less the empty ones. Raises NotAnAssetList."""
    first = next((cells for _, cells in _records(decoded(content)) if cells), None)
    if not first:
        raise NotAnAssetList("The file is empty.")
    return [heading.strip() for heading in first if heading.strip()]


def _columns(headings: list[str], known: dict[str, str]) -> dict[int, str]:
    """Which field each known column holds. Of two columns for one field, the first."""
    if not headings:
        raise NotAnAssetList("The file is empty.")
    columns = {}
    for number, heading in enumerate(headings):
        known_as = known.get(plain_heading(heading))
        if known_as and known_as not in columns.values():
            columns[number] = known_as
    if "name" not in columns.values():
        usual = ", ".join(USUAL_NAMES["name"][:4])
        raise NotAnAssetList(f"No column holds a name. The first line must name the columns, one of them {usual} …")
    return columns


def _name_in(cells: list[str] | None, columns: dict[int, str]) -> str:
    """What a row that is kept out calls itself, as far as that can be told."""
    named = [cells[number] for number, known_as in columns.items() if known_as == "name" and number < len(cells or [])]
    return _on_one_line(clean_text(named[0]))[: LONGEST["name"]] if named else ""


def _values(cells: list[str], headings: list[str], columns: dict[int, str]) -> dict[str, str]:
    if len(cells) == len(headings) and all(
        plain_heading(cell) == plain_heading(heading) for cell, heading in zip(cells, headings, strict=True)
    ):
        raise _Refused("The headings again, not a place")
    # Spreadsheets drop empty cells at the end of a line. Name and postcode are never among those.
    needed = max(number for number, known_as in columns.items() if known_as in ("name", "postcode"))
    if len(cells) <= needed or any(cell.strip() for cell in cells[len(headings) :]):
        raise _Refused(f"Has {len(cells)} values for {len(headings)} columns")
    values = dict.fromkeys(USUAL_NAMES, "")
    return values | {columns[n]: clean_text(cell) for n, cell in enumerate(cells) if n in columns}


def clean_text(cell: str) -> str:
    """One space between words, one line break between lines; no invisible characters."""
    if cell.isprintable():  # most are: nothing invisible in it, and one line
        return " ".join(cell.split())
    visible = "".join(c for c in cell if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    lines = (" ".join(line.split()) for line in visible.splitlines())
    return "\n".join(line for line in lines if line)


def _asset_row(
    row: int, values: dict[str, str], columns: frozenset[str], left_out: list[Remark], today: date
) -> AssetRow:
    name = _on_one_line(values["name"])
    if not any(c.isalnum() for c in name):
        raise _Refused("No name")
    for known_as, longest in LONGEST.items():
        if len(values[known_as]) > longest:
            raise _Refused(f"The {known_as.replace('_', ' ')} is longer than {longest} characters")
    postcode = _postcode(values["postcode"])
    remarks: list[str] = []
    is_closed, closed_year = _closed(values, today)
    asset = AssetRow(
        row=row,
        source_ref=_reference(values["reference"], name, postcode),
        name=name,
        address="\n".join(filter(None, (values[f"address_{n}"].rstrip(", ") for n in range(1, 5)))),
        town=_on_one_line(values["town"]),
        postcode=postcode,
        local_authority=_on_one_line(values["local_authority"]),
        uprn=_uprn(values["uprn"], remarks),
        phone=_on_one_line(values["phone"]),
        **ways_to_write(values, remarks),
        opening_hours=_opening_hours(values, remarks),
        description=values["description"],
        hours_note=values["hours"],
        is_closed=is_closed,
        closed_year=closed_year,
        columns=columns,
        told={name: values[name] for name in TOLD if name in columns},
    )
    left_out += [Remark(row, remark) for remark in remarks]
    return asset


def _on_one_line(value: str) -> str:
    return " ".join(value.split())


def _reference(reference: str, name: str, postcode: str) -> str:
    """The list's own reference, else name and postcode.

    Not the UPRN: it names the building, which several services may share, and in real
    lists it is sometimes copied to the wrong line.
    """
    if reference:
        return f"id:{reference}"
    words = WORD.findall(name.casefold())
    return " ".join([*words, postcode]).strip()


def _postcode(value: str) -> str:
    if not value:
        return ""
    if not is_postcode(value):
        raise _Refused(f"“{value[:20]}” is not a postcode")
    return normalise_postcode(value)


def _uprn(value: str, remarks: list[str]) -> str:
    if value and not re.fullmatch(r"[0-9]{1,12}", value):
        remarks.append("The unique property reference number is not one and was left out")
        return ""
    return value


def ways_to_write(values: dict[str, str], remarks: list[str]) -> dict[str, str]:
    """The e-mail and web address, each taken for what it is: in real lists they change places."""
    typed = {"email": values["email"], "url": values["url"]}
    emails = EMAIL.findall(typed["email"]) or (not WEB_ADDRESS.search(typed["url"]) and EMAIL.findall(typed["url"]))
    webs = WEB_ADDRESS.findall(typed["url"]) or WEB_ADDRESS.findall(typed["email"])
    email = emails[0] if emails and len(emails[0]) <= 254 else ""
    url = webs[0] if webs and len(webs[0]) <= 500 else ""
    if typed["email"] and not email and not WEB_ADDRESS.search(typed["email"]):
        remarks.append("The e-mail address is not one and was left out")
    if typed["url"] and not url and not EMAIL.search(typed["url"]):
        remarks.append("The web address is not one and was left out")
    return {"email": email, "url": f"https://{url}" if url.lower().startswith("www.") else url}


def _opening_hours(values: dict[str, str], remarks: list[str]) -> dict[str, str]:
    hours = {}
    for day in Weekday:
        if not values[day.value]:
            continue
        spans = [_span(part.strip()) for part in re.split(r"[,;&]", values[day.value])]
        if all(spans):
            hours[day.value] = ", ".join(spans)
        elif values[day.value].lower() != "closed":
            remarks.append(f"The hours on {day.label} cannot be read and were left out")
    return hours


def _span(text: str) -> str:
    """ "9:00-17:30" as "09:00-17:30"; empty when it is not two times of day in order."""
    match = HOURS.fullmatch(text)
    if match is None:
        return ""
    start, end = f"{match[1]:0>2}:{match[2]}", f"{match[3]:0>2}:{match[4]}"
    is_in_order = start < end <= "24:00" and max(match[2], match[4]) < "60"
    return f"{start}-{end}" if is_in_order else ""


def _closed(values: dict[str, str], today: date) -> tuple[bool, int | None]:
    """Whether it has closed, and the year where that is known. A year yet to come has not closed it."""
    if years := YEAR.findall(values["closed"]):
        year = int(years[-1])
        return year <= today.year, year if YEAR_NOT_KNOWN < year <= today.year else None
    return values["closed"].lower() not in NOT_CLOSED or CLOSED.match(values["status"]) is not None, None


def _keep_one_of_each(found: AssetList) -> None:
    """Of several rows for one place, the open one, or the last to close: the others are its past."""
    kept: dict[str, AssetRow] = {}
    for asset in sorted(found.rows, key=_latest_first):
        if first := kept.get(asset.source_ref):
            found.rejected.append(Remark(asset.row, f"The same place as line {first.row}, which is kept", asset.name))
        else:
            kept[asset.source_ref] = asset
    found.rows = _in_order(kept.values())
    found.rejected = _in_order(found.rejected)


def _latest_first(asset: AssetRow) -> tuple:
    return asset.is_closed, -(asset.closed_year or 0), asset.row


def _in_order(entries: Iterable) -> list:
    return sorted(entries, key=lambda entry: entry.row)
