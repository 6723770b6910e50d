"""Any CSV file, once its columns are known: what importing.py reads, and the words of further columns in ours."""

import re
from datetime import date

from assets.enums import Cost
from assets.importing import AssetRow, NotAnAssetList, read_assets
from assets.intake import vocabulary
from assets.intake.clean import ages, fitting, position, ways_to_reach
from assets.intake.oruk import FREE_WORDS
from assets.intake.record import NotAFeed, Page, Record

# Fields of an asset by the columns that hold them, where they are not called the same.
HELD_BY = {
    "address": {"address_1", "address_2", "address_3", "address_4"},
    "opening_hours": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
    "hours_note": {"hours"},
    "is_closed": {"closed", "status"},
    "closed_year": {"closed", "status"},
}


def read_page(content: bytes, *, today: date, mapping: dict[str, str] | None = None, **_) -> Page:
    """`mapping`: field by plain heading. Raises NotAFeed."""
    try:
        found = read_assets(content, today, mapping)
    except NotAnAssetList as error:
        raise NotAFeed(str(error)) from None
    remarks: dict[int, list[str]] = {}
    for remark in found.left_out:
        remarks.setdefault(remark.row, []).append(remark.reason)
    records = [_record(row, remarks.get(row.row, [])) for row in found.rows]
    for remark in found.rejected:
        values = {"name": remark.name} if remark.name else {}
        records.append(Record(number=remark.row, reason=remark.reason, values=values))
    return Page(sorted(records, key=lambda record: record.number))


def _record(row: AssetRow, remarks: list[str]) -> Record:
    return Record(row.source_ref, values_of(row, remarks), remarks=remarks, number=row.row)


def values_of(row: AssetRow, remarks: list[str]) -> dict:
    """Fields of an entry, of the columns the file has: what it does not speak of stays as it is."""
    given = {name: value for name, value in row.values.items() if HELD_BY.get(name, {name}) & row.columns}
    if {"email", "url"} & given.keys():
        reached = ways_to_reach(given.get("email"), given.get("url"), remarks)
        given |= {name: value for name, value in reached.items() if name in given}
    return fitting(given | told_values(row.told, remarks), remarks)


def told_values(told: dict[str, str], remarks: list[str]) -> dict:
    values = {name: told[name] for name in ("provider", "charity_number", "threshold") if name in told}
    if "need_kinds" in told:
        values["need_kinds"] = vocabulary.need_kinds(_parts(told["need_kinds"]))
    if "groups" in told:
        values["groups"] = vocabulary.groups(_parts(told["groups"]))
    if "languages" in told:
        values["languages"] = [part[:100] for part in _parts(told["languages"])]
    if "access_features" in told:
        values |= {
            "access_features": vocabulary.access_features([told["access_features"]]),
            "access_note": told["access_features"],
        }
    if "cost" in told:
        values |= {"cost": _cost(told["cost"]), "cost_note": told["cost"]}
    if "how_to_join" in told:
        values |= {"how_to_join": vocabulary.how_to_join(told["how_to_join"]), "join_note": told["how_to_join"]}
    if "ages" in told:
        values |= _ages(told["ages"], remarks)
    if {"latitude", "longitude"} <= told.keys():
        values |= position(told["latitude"], told["longitude"], remarks)
    return values


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,|\n]", text) if part.strip()]


def _cost(text: str) -> str:
    words = text.casefold().strip(". ")
    if "donation" in words or words == Cost.DONATION.label.casefold():
        return Cost.DONATION.value
    if words in FREE_WORDS:
        return Cost.FREE.value
    return Cost.PAID.value if re.search(r"£\s?[1-9]", text) or words == Cost.PAID.label.casefold() else ""


def _ages(text: str, remarks: list[str]) -> dict[str, int | None]:
    if span := re.search(r"(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})", text):
        return ages(span[1], span[2], remarks)
    if least := re.search(r"(\d{1,3})\s*(?:\+|and over|or over|plus)|over (\d{1,3})", text):
        return ages(least[1] or least[2], None, remarks)
    return ages(None, None, remarks)
