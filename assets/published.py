"""Reading published statistics: deprivation indices and postcode directories, told apart by their columns.

The files are large and made by statisticians: they are read as a stream, and a figure that
makes no sense stops the load, since the file is then damaged or not what it seems.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assets.enums import AreaKind, DecileKind
from assets.postcodes import is_postcode, normalise_postcode

DEPRIVATION_COLUMNS = ["index", "edition", "decile_kind", "area_kind", "area_code", "rank", "decile"]
POSTCODE_COLUMNS = ["postcode", *AreaKind.values, "latitude", "longitude", "introduced_on", "ended_on"]

# Scotland's three sets of data zones are numbered one after the other, so a code tells its set.
DATA_ZONE = re.compile(r"S01[0-9]{6}")
LAST_DATA_ZONE_2001, LAST_DATA_ZONE_2011 = "S01006505", "S01013481"
# Scotland splits a postcode that crosses a boundary: "PA31 8UAA" is the first part of PA31 8UA and
# stands for the whole here. Other parts, and a few that never had the usual form (GIR 0AA), are passed over.
SPLIT = re.compile(r"^(.* [0-9][A-Z]{2})A$")
LSOA = re.compile(r"[EW]01[0-9]{6}")
# The English files name their edition only through the year of their district codes.
IMD_EDITIONS = {"2013": "2015", "2019": "2019", "2024": "2025"}


class NotRecognised(Exception):
    """The file is not one of the kinds known here, or is damaged. The message is for whoever chose it."""


@dataclass(frozen=True)
class Published:
    """What a file holds. `rows` yields tuples in the order of the columns of its kind; `kind` is for people."""

    kind: str
    is_directory: bool
    rows: Iterator[tuple]


def read_published(file: Path) -> Published:
    """Raises NotRecognised at once for a file of another kind, and while `rows` is read for a damaged one."""
    lines = _lines(file)
    first = next(lines, [])
    at = {re.sub(r"[^a-z0-9]", "", heading.lower()): n for n, heading in enumerate(first)}
    for recognise in (_simd, _imd, _postcodes_with_headings, _postcodes_without_headings):
        if published := recognise(first, at, lines):
            return published
    raise NotRecognised("not a SIMD or IMD file, nor a postcode directory")


def _lines(file: Path) -> Iterator[list[str]]:
    # Only codes and figures are used, so a place name in another encoding does no harm.
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        try:
            yield from csv.reader(opened)
        except csv.Error as error:
            raise NotRecognised("not a CSV file") from error


def _simd(first, at, lines) -> Published | None:
    area = _first_of(at, "dz", "datazone", "datazone2011")
    edition = next((m[1] for heading in at if (m := re.fullmatch(r"simd(20\d\d(?:v\d)?)rank", heading))), None)
    if area is None or edition is None:
        return None
    rank, decile = at[f"simd{edition}rank"], at.get(f"simd{edition}decile")
    if decile is None:
        raise NotRecognised(f"a SIMD {edition} file without its deciles")
    return _deprivation("SIMD", edition, lines, area, rank, decile)


def _imd(first, at, lines) -> Published | None:
    area = _first_of(at, "lsoa11cd", "lsoacode2011", "lsoa21cd", "lsoacode2021")
    rank = _first_of(at, "imdrank", "indexofmultipledeprivationimdrankwhere1ismostdeprived")
    decile = _first_of(at, "imddecile", "indexofmultipledeprivationimddecilewhere1ismostdeprived10oflsoas")
    if None in (area, rank, decile):
        return None
    years = [y for heading in at if (y := _district_year(heading))]
    if not years or years[0] not in IMD_EDITIONS:
        raise NotRecognised("an IMD file whose edition cannot be told from its columns")
    return _deprivation("IMD", IMD_EDITIONS[years[0]], lines, area, rank, decile)


def _district_year(heading: str) -> str | None:
    match = re.fullmatch(r"lad(\d\d)cd|localauthoritydistrictcode(20\d\d)", heading)
    return match and (match[2] or f"20{match[1]}")


def _deprivation(index: str, edition: str, lines, area: int, rank: int, decile: int) -> Published:
    return Published(f"{index} {edition}", False, _deciles(index, edition, lines, area, rank, decile))


def _deciles(index, edition, lines, area, rank, decile) -> Iterator[tuple]:
    lsoa_kind = AreaKind.LSOA2021.value if edition == "2025" else AreaKind.LSOA2011.value
    for number, cells in enumerate(lines, start=2):
        try:
            code, place, tenth = cells[area].strip(), int(cells[rank]), int(cells[decile])
        except (IndexError, ValueError):
            raise NotRecognised(f"line {number} has no area, rank and decile") from None
        kind = _data_zone_kind(code) or (LSOA.fullmatch(code) and lsoa_kind)
        if not kind or place < 1 or not 1 <= tenth <= 10:
            raise NotRecognised(f"line {number} has an area, rank or decile that cannot be")
        yield (index, edition, DecileKind.EQUAL_COUNT.value, kind, code, place, tenth)


def _data_zone_kind(code: str) -> str | None:
    if not DATA_ZONE.fullmatch(code) or code <= LAST_DATA_ZONE_2001:
        return None
    return AreaKind.DZ2011.value if code <= LAST_DATA_ZONE_2011 else AreaKind.DZ2022.value


def _postcodes_with_headings(first, at, lines) -> Published | None:
    """The Office for National Statistics' directories, and Scotland's as published with headings."""
    postcode = _first_of(at, "pcds", "pcd8", "pcd7", "pcd", "postcode")
    lsoa2011, lsoa2021 = _first_of(at, "lsoa11", "lsoa11cd"), _first_of(at, "lsoa21", "lsoa21cd")
    zones = [n for heading, n in at.items() if re.fullmatch(r"datazone20(11|22)code", heading)]
    areas = [n for n in (lsoa2011, lsoa2021, *zones) if n is not None]
    latitude, longitude = _first_of(at, "lat", "latitude"), _first_of(at, "long", "longitude")
    if None in (postcode, latitude, longitude) or not areas:
        return None
    introduced = _first_of(at, "dointr", "dateofintroduction")
    ended = _first_of(at, "doterm", "dateofdeletion")

    def place(cells: list[str]) -> tuple:
        return _place(
            cells[postcode],
            _areas([cells[n] for n in areas], _cell(cells, lsoa2011), _cell(cells, lsoa2021)),
            (cells[latitude], cells[longitude]),
            (_cell(cells, introduced), _cell(cells, ended)),
        )

    return Published("postcodes", True, _places(lines, place, first_line=2))


def _postcodes_without_headings(first, at, lines) -> Published | None:
    """Scotland's directory of small-user postcodes, as it is split into files: columns known by their place."""
    if len(first) < 20 or not is_postcode(first[0]) or not any(_data_zone_kind(cell) for cell in first):
        return None

    def place(cells: list[str]) -> tuple:
        return _place(cells[0], _areas(cells, "", ""), (cells[7], cells[8]), (cells[3], cells[4]))

    def every():
        yield first
        yield from lines

    return Published("postcodes", True, _places(every(), place, first_line=1))


def _places(lines, place: Callable[[list[str]], tuple], first_line: int) -> Iterator[tuple]:
    for number, cells in enumerate(lines, start=first_line):
        try:
            found = place(cells)
        except (IndexError, ValueError):
            raise NotRecognised(f"line {number} cannot be read as a line of a postcode directory") from None
        if is_postcode(whole := SPLIT.sub(r"\1", found[0])):
            yield (normalise_postcode(whole), *found[1:])


def _place(postcode: str, areas: dict[str, str], where: tuple[str, str], dates: tuple[str, str]) -> tuple:
    latitude, longitude = (float(degrees) if degrees.strip() else None for degrees in where)
    # The directories write 99.999999 or 0 for "nowhere".
    if latitude is None or longitude is None or not 49 <= latitude <= 61:
        latitude = longitude = None
    elif not -9 <= longitude <= 2:
        raise ValueError("longitude")
    return (postcode, *(areas.get(kind, "") for kind in AreaKind.values), latitude, longitude, *map(_day, dates))


def _areas(cells: list[str], lsoa2011: str, lsoa2021: str) -> dict[str, str]:
    """Area codes by kind. Data zones are found by their number wherever they stand: UK files put them under LSOA."""
    found = {kind: cell for cell in cells if (kind := _data_zone_kind(cell))}
    for kind, code in ((AreaKind.LSOA2011, lsoa2011), (AreaKind.LSOA2021, lsoa2021)):
        if LSOA.fullmatch(code):
            found[kind.value] = code
    return found


def _day(text: str) -> date | None:
    """1/8/1973 00:00:00 in Scotland's directory; 197308, a month, in the UK's."""
    if not text.strip():
        return None
    if re.fullmatch(r"\d{6}", text):
        return date(int(text[:4]), int(text[4:]), 1)
    day, month, year = text.split(" ")[0].split("/")
    return date(int(year), int(month), int(day))


def _first_of(at: dict[str, int], *headings: str) -> int | None:
    return next((at[heading] for heading in headings if heading in at), None)


def _cell(cells: list[str], number: int | None) -> str:
    return "" if number is None else cells[number].strip()
