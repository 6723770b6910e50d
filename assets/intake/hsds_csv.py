"""Reading Open Referral (HSDS) as CSV: a zip of one file a table, put together into services."""

import csv
import io
import lzma
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path, PurePosixPath

from assets.importing import NotAnAssetList, decoded
from assets.intake.oruk import read_service
from assets.intake.record import NotAFeed, Page

MOST_FILES, MOST_BYTES, MOST_ROWS = 200, 60_000_000, 500_000
Table = list[dict[str, str]]
# Some publish "schedule.csv", others "schedules.csv".
TABLES = {
    "service": "services", "organization": "organizations", "organization_identifier": "organization_identifiers",
    "location": "locations", "address": "addresses", "physical_address": "addresses",
    "physical_addresses": "addresses",
    "accessibility": "accessibility", "accessibility_for_disabilities": "accessibility", "phone": "phones",
    "contact": "contacts", "schedule": "schedules", "regular_schedule": "schedules", "regular_schedules": "schedules",
    "service_at_location": "service_at_locations", "language": "languages", "cost_option": "cost_options",
    "attribute": "attributes", "service_attribute": "attributes", "service_attributes": "attributes",
    "other_attribute": "attributes", "taxonomy_term": "taxonomy_terms",
}  # fmt: skip
NAMES = set(TABLES.values())


def read_page(content: bytes, *, today: date, **_) -> Page:
    """A zip, or the table of services alone. Raises NotAFeed."""
    tables = _unzipped(content) if content.startswith(b"PK\x03\x04") else {"services": _table(content, "services.csv")}
    services = tables.get("services")
    if not services or "name" not in services[0]:
        raise NotAFeed("There is no services.csv with a name for each service.")
    put_together = _put_together(tables)
    return Page([record for service in put_together for record in read_service(service, today=today)])


def is_of_tables(file_names: Iterable[str]) -> bool:
    """Whether these are the tables of one list, rather than several lists."""
    tables = {TABLES.get(PurePosixPath(name).stem.lower(), PurePosixPath(name).stem.lower()) for name in file_names}
    return tables >= {"services", "organizations"}


def packed(folder: Path) -> bytes:
    """The tables of a folder as the zip they are published as."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in sorted(folder.glob("*.csv")):
            archive.write(file, file.name)
    return content.getvalue()


def _unzipped(content: bytes) -> dict[str, Table]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise NotAFeed("The zip file holds too much to be read.")
            return _longest_of_each((entry.filename, _unpacked(archive, entry)) for entry in entries)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise NotAFeed("The zip file is damaged or locked.") from None


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Table:
    with archive.open(entry) as opened:
        content = opened.read(MOST_BYTES + 1)  # the size a zip states need not be true
    if len(content) > MOST_BYTES:
        raise NotAFeed("The zip file holds too much to be read.")
    return _table(content, entry.filename)


def _longest_of_each(files: Iterable[tuple[str, Table]]) -> dict[str, Table]:
    """Of "schedule.csv" and "schedules.csv" the one that holds more."""
    tables: dict[str, Table] = {}
    for file_name, table in files:
        stem = PurePosixPath(file_name).stem.lower()
        name = TABLES.get(stem, stem)
        if name in NAMES and _size(table) > _size(tables.get(name, [])):
            tables[name] = table
    return tables


def _size(table: Table) -> tuple[int, int]:
    return len(table), len(table[0]) if table else 0


def _table(content: bytes, file_name: str) -> Table:
    try:
        lines = csv.DictReader(io.StringIO(decoded(content), newline=""), restkey="", restval="")
        rows = []
        for row in lines:
            rows.append({str(name).strip().lower(): value or "" for name, value in row.items() if name})
            if len(rows) > MOST_ROWS:
                raise NotAFeed(f"{file_name} has more than {MOST_ROWS:,} rows.")
        return rows
    except (csv.Error, NotAnAssetList):
        raise NotAFeed(f"{file_name[:100]} is not a CSV file that can be read.") from None


def _put_together(tables: dict[str, Table]) -> list[dict]:
    """Each service as the API would have it, with what belongs to it inside."""
    of_location = {name: _by(tables, name, "location_id") for name in ("addresses", "accessibility", "phones")}
    locations = {
        row["id"]: row | {name: rows[row["id"]] for name, rows in of_location.items()}
        for row in tables.get("locations", [])
        if row.get("id")
    }
    organizations = _organizations(tables)
    phones = _by(tables, "phones", "contact_id")
    contacts = [row | {"phones": phones[row.get("id")]} for row in tables.get("contacts", [])]
    tables = tables | {"contacts": contacts, "service_at_locations": _at_locations(tables, locations)}
    names = ("contacts", "service_at_locations", "phones", "schedules", "languages", "cost_options")
    of_service = {name: _by(tables, name, "service_id") for name in names}
    terms = _terms_by_link(tables)
    return [
        {**_with_numbers(row), **{name: rows[row.get("id")] for name, rows in of_service.items()}}
        | {"organization": organizations.get(row.get("organization_id"), {}), "attributes": terms[row.get("id")]}
        for row in tables["services"]
    ]


def _organizations(tables: dict[str, Table]) -> dict[str, dict]:
    identifiers = _by(tables, "organization_identifiers", "organization_id")
    return {
        row["id"]: row | {"organization_identifiers": identifiers[row["id"]]}
        for row in tables.get("organizations", [])
        if row.get("id")
    }


def _at_locations(tables: dict[str, Table], locations: dict[str, dict]) -> list[dict]:
    schedules = _by(tables, "schedules", "service_at_location_id")
    return [
        row | {"location": locations.get(row.get("location_id"), {}), "schedules": schedules[row.get("id")]}
        for row in tables.get("service_at_locations", [])
    ]


def _terms_by_link(tables: dict[str, Table]) -> dict[str, list[dict]]:
    terms = {row["id"]: row for row in tables.get("taxonomy_terms", []) if row.get("id")}
    found = defaultdict(list)
    for row in tables.get("attributes", []):
        term = terms.get(row.get("taxonomy_term_id"))
        if term:
            found[row.get("link_id") or row.get("service_id")].append({"taxonomy_term": term})
    return found


def _with_numbers(row: dict[str, str]) -> dict:
    return {name: value for name, value in row.items() if value != ""}


def _by(tables: dict[str, Table], name: str, key: str) -> defaultdict[str, list[dict]]:
    """The rows of a table by what they belong to. Numbers, which CSV writes as text, are numbers again."""
    found = defaultdict(list)
    for row in tables.get(name, []):
        if row.get(key):
            found[row[key]].append(row | _amount(row))
    return found


def _amount(row: dict) -> dict:
    try:
        return {"amount": float(row["amount"])}
    except (KeyError, ValueError, TypeError):
        return {"amount": None}
