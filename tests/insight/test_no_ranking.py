"""Numbers describe the service, not the worker: ground rule 4. Walks every page and every file of Insight there is.

Pages are read from the URL configuration, exports from their kinds: a new one is walked the day it is added.
"""

import io
import re
import zipfile
from html import unescape
from itertools import product

import openpyxl
import pytest
from django.urls import get_resolver, reverse

from insight.catalogue import TOPICS
from insight.enums import OF_ROWS, ExportFormat, ExportKind
from insight.exporting import file_of
from insight.period import Period
from insight.snapshots import half_years
from tests.factories import (
    AttendedFactory,
    EvidenceSheetFactory,
    ExportFactory,
    HoldFactory,
    ReferralFactory,
    in_days,
)
from tests.pdf_text import words_of

WORKERS = ["Amina Yusuf", "Ben Taylor"]
NAMES = {name for worker in WORKERS for name in worker.split()}  # each by itself: a line of a PDF may end between them
# Where a worker's name stands beside figures, for sharing work out: in the order of names.
FOR_SHARING_WORK_OUT = {"insight:service", "insight:workload"}


def addresses():
    """(name, address) of every page of Insight that names no record."""
    patterns = next(r for r in get_resolver().url_patterns if getattr(r, "app_name", "") == "insight").url_patterns
    for pattern in patterns:
        names = set(pattern.pattern.converters)
        if not names:
            yield f"insight:{pattern.name}", reverse(f"insight:{pattern.name}")
        elif names == {"figure"}:
            for key in ("meetings", "backstage_time"):
                yield f"insight:{pattern.name}", reverse(f"insight:{pattern.name}", args=[key])
        elif names == {"topic"}:
            for key in TOPICS:
                yield f"insight:{pattern.name}", reverse(f"insight:{pattern.name}", args=[key])


@pytest.fixture
def two_workers_work(organisation, practice, someone, amina, ben, in_year):
    """Amina has met more people than Ben: something to rank."""
    for worker, times in ((amina, 3), (ben, 1)):
        for n in range(times):
            case = someone(worker=worker, opened_at=in_days(-30))
            for met_at in (in_days(-20 - n), in_year(350)):
                AttendedFactory(case=case, worker=worker, starts_at=met_at)
            HoldFactory(case=case, started_at=in_year(350))
            ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-31))
        organisation.backstage_work.create(worker=worker, kind="admin", minutes=30)


def said(response) -> str:
    html = response.content.decode().partition("<main")[2]
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_no_page_of_insight_names_a_worker_beside_a_figure_or_can_be_sorted_by_one(sign_in, mo, two_workers_work):
    client, named, sorted_ = sign_in(mo), set(), set()
    for name, address in addresses():
        response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            named |= {name} if any(worker in said(response) for worker in WORKERS) else set()
            sorted_ |= {name} if "sort=" in response.content.decode().partition("<main")[2] else set()
    assert named <= FOR_SHARING_WORK_OUT
    assert sorted_ <= FOR_SHARING_WORK_OUT


def words_in(content: bytes) -> str:
    """What a file says: a PDF, a CSV, a spreadsheet, or CSVs in an archive."""
    if content.startswith(b"%PDF"):
        return words_of(content)
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    archive = zipfile.ZipFile(io.BytesIO(content))
    if "xl/workbook.xml" not in archive.namelist():
        return "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
    rows = (row for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


@pytest.fixture
def files(sign_in, mo, organisation, two_workers_work, year, today):
    """{what it is: its words} of every file that a page gives, and of every kind of export in every format."""
    client, sheet = sign_in(mo), EvidenceSheetFactory(organisation=organisation, kept_by=mo)
    kept = [reverse(f"insight:kept_evidence_{kind}", args=[sheet.pk]) for kind in ("pdf", "csv")]
    found = {}
    for address in [*(address for _, address in addresses()), *kept]:
        response = client.get(address)
        if response.status_code == 200 and not response["Content-Type"].startswith("text/html"):
            found[address] = words_in(response.content)
    for kind, comes_as, with_names in product(ExportKind, ExportFormat, [False, True]):
        if kind not in OF_ROWS and with_names:
            continue
        asked = {"kind": kind, "comes_as": comes_as, "with_names": with_names}
        half_year = half_years(organisation, today)[0]
        of = {ExportKind.FIGURES: year, ExportKind.EVIDENCE: half_year}.get(kind, Period(in_days(-60).date(), today))
        export = ExportFactory(organisation=organisation, asked_by=mo, first=of.first, last=of.last, **asked)
        found[f"{kind} {comes_as} {with_names}"] = words_in(file_of(export)[0])
    return found


def test_no_file_of_insight_names_a_worker(files):
    assert {what for what, words in files.items() if "Wellpark" not in words} == set()  # each could be read
    assert len(files) == 4 + 12
    assert {what: name for what, words in files.items() for name in NAMES if re.search(rf"\b{name}\b", words)} == {}


def test_workers_stand_in_the_order_of_their_names(sign_in, mo, two_workers_work):
    rows = sign_in(mo).get(reverse("insight:service")).context["workload"]
    names = [row.worker.name for row in rows if row.worker]
    assert names == sorted(names)
