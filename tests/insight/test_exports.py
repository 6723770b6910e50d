"""Exports: what for, by whom, with what in them, and what nobody can work out from them."""

import csv
import io
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caseload.models import AccessLog
from insight.enums import ExportState
from insight.exporting import file_of
from insight.models import Export
from insight.period import starts_at
from insight.snapshots import half_years
from insight.tasks import go_on_with_exports, make_export
from tests.caseload.sent import errors
from tests.factories import ExportFactory, HoldFactory, PatientFactory, PracticeFactory, ReferralFactory
from tests.insight.attack import lines_of
from tests.insight.attack import tables as tables_on

pytestmark = pytest.mark.django_db
EXPORTS, ASK = reverse("insight:exports"), reverse("insight:ask_for_export")
ONCE = "0b0de1fc-6a3b-4f6f-8f1b-2f0a51c8cf11"


@pytest.fixture
def asked(organisation, mo, begun):
    """asked(kind, …) is an export of Mo's of the last year, of evidence that of the last half-year."""

    def make(kind="evidence", **given):
        today = timezone.localdate()
        days = {"first": today - timedelta(days=365), "last": today}
        if kind == "evidence":
            half_year = half_years(organisation, today)[0]
            days = {"first": half_year.first, "last": half_year.last}
        return ExportFactory(organisation=organisation, asked_by=mo, kind=kind, **days | given)

    return make


@pytest.fixture
def sent():
    """What an export form sends."""
    return {
        "kind": "referrals",
        "first": "2026-01-01",
        "last": "2026-06-30",
        "comes_as": "csv",
        "purpose": "board",
        "purpose_words": "For the March meeting",
        "once": ONCE,
    }


def tables(export):
    """{name of the table: its rows} of a file of CSVs."""
    archive = zipfile.ZipFile(io.BytesIO(file_of(export)[0]))
    return {
        name.partition("-")[2].removesuffix(".csv"): list(
            csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))
        )
        for name in archive.namelist()
    }


def made(export):
    make_export(str(export.pk))
    export.refresh_from_db()
    return export


def test_exports_are_for_managers(sign_in, mo, amina, priya):
    for page in (EXPORTS, ASK):
        assert [sign_in(who).get(page).status_code for who in (mo, amina, priya)] == [200, 403, 404]


def test_what_it_is_for_is_asked(sign_in, mo, sent):
    answer = sign_in(mo).post(ASK, sent | {"purpose": "", "purpose_words": ""})
    assert errors(answer) == ["Choose what it is for", "Enter who gets it and why"]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"first": "2026-07-01"}, "Enter a day after the first"),
        ({"first": "2001-01-01"}, "Choose ten years or less"),
        ({"kind": "evidence", "with_names": "on", "first": "2025-03-01"}, "Names are only in exports of rows"),
        (
            {"kind": "figures", "first": "2026-04-01"},
            "Figures are of years from April to March: choose days with a 31 March that is closed",
        ),
        (
            {"kind": "evidence", "first": "2026-04-01"},
            "Evidence is of half a year: choose days with a 31 March or 30 September that is closed",
        ),
    ],
)
def test_what_cannot_be_exported_is_said(sign_in, mo, begun, sent, typed, error):
    assert errors(sign_in(mo).post(ASK, sent | typed)) == [error]


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [("figures", date(2024, 4, 1), date(2026, 3, 31)), ("evidence", date(2025, 10, 1), date(2026, 3, 31))],
)
def test_what_is_suppressed_is_of_what_ended_in_the_days(sign_in, mo, organisation, begun, sent, kind, first, last):
    sign_in(mo).post(ASK, sent | {"kind": kind, "first": "2025-03-20", "last": "2026-04-02"})
    export = organisation.exports.get()
    assert (export.first, export.last) == (first, last)


def test_figures_are_of_everywhere(sign_in, mo, organisation, practice, begun, sent):
    sign_in(mo).post(ASK, sent | {"kind": "figures", "where": str(practice.pk)})
    assert organisation.exports.get().where == ""


def test_asked_for_twice_it_is_made_once(sign_in, mo, organisation, sent):
    client = sign_in(mo)
    assert client.post(ASK, sent).url == client.post(ASK, sent).url
    assert organisation.exports.count() == 1


def test_a_file_made_is_there_for_its_asker_alone(sign_in, mo, amina, stranger_manager, asked):
    export = made(asked())
    file = reverse("insight:export_file", args=[export.pk])
    assert [sign_in(who).get(file).status_code for who in (mo, amina, stranger_manager)] == [200, 403, 404]
    assert [fetch.by for fetch in export.fetches.all()] == [mo]


def test_another_manager_reads_that_it_was_made_and_may_not_take_it(sign_in, ben, asked):
    ben.memberships.update(role="manager")
    export, client = made(asked()), sign_in(ben)
    assert export.purpose_words in client.get(EXPORTS).content.decode()
    assert client.get(reverse("insight:export_file", args=[export.pk])).status_code == 403


def test_the_name_of_the_file_says_what_and_when_and_nothing_of_anybody(sign_in, mo, asked):
    export = made(asked("cases", first=date(2026, 1, 1), last=date(2026, 6, 30), with_names=True))
    answer = sign_in(mo).get(reverse("insight:export_file", args=[export.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="linkwork-cases-2026-01-01-to-2026-06-30.xlsx"'


def test_a_file_goes_after_a_week_and_the_row_stays(sign_in, mo, asked):
    export = made(asked())
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now())
    assert sign_in(mo).get(reverse("insight:export_file", args=[export.pk])).status_code == 302
    go_on_with_exports()
    export.refresh_from_db()
    assert (export.status, export.content) == (ExportState.GONE, None)


def test_made_twice_it_stays_as_it_was(asked):
    first = made(asked())
    assert made(first).ended_at == first.ended_at


def test_an_export_that_fails_says_so(asked, monkeypatch):
    monkeypatch.setattr("insight.tasks.file_of", lambda *args, **kwargs: 1 / 0)
    export = asked()
    with pytest.raises(ZeroDivisionError):
        make_export(str(export.pk))
    export.refresh_from_db()
    assert export.state_in_words == "Could not be made"


def test_what_was_exported_and_what_for_stays_on_record(asked):
    export = asked()
    for change in (lambda: Export.objects.update(purpose_words="Nothing"), export.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_rows_have_no_names_unless_asked_for(organisation, practice, asked):
    ReferralFactory(organisation=organisation, practice=practice, family_name="Kerr", reason="Lost his allotment")
    without, with_names = (
        str(tables(asked("referrals", comes_as="csv", with_names=names))) for names in (False, True)
    )
    assert "Kerr" not in without
    assert "allotment" not in without + with_names
    assert "Kerr" in with_names


def test_each_record_exported_with_names_counts_as_opened_once(organisation, case, asked, mo):
    export = asked("cases", with_names=True)
    file_of(export)
    file_of(export)
    assert list(AccessLog.objects.values_list("by", "patient")) == [(mo.pk, case.patient.pk)]


def test_what_a_spreadsheet_would_run_is_made_plain_words(organisation, practice, asked):
    ReferralFactory(organisation=organisation, practice=practice, given_name="=cmd|' /C calc'!A0", family_name="")
    assert "'=cmd" in tables(asked("referrals", comes_as="csv", with_names=True))["referrals--a-row-each"][1][0]
    book = openpyxl.load_workbook(io.BytesIO(file_of(asked("referrals", with_names=True))[0]))
    assert book.worksheets[0]["A2"].data_type == "s"
    assert book.worksheets[0]["A2"].value.startswith("'=cmd")


@pytest.mark.parametrize("kind", ["evidence", "referrals", "cases"])
def test_every_export_says_what_it_means(asked, kind):
    book = openpyxl.load_workbook(io.BytesIO(file_of(asked(kind))[0]))
    assert book.sheetnames[-1] == "Definitions"


@pytest.fixture
def unmet(organisation, someone, begun):
    """Thirteen people wait since the half-year closed last began, three of them for a kind of help that few need."""
    held_at = starts_at(half_years(organisation, timezone.localdate())[0].first)
    for kind in ["housing"] * 5 + ["legal"] * 5 + ["caring"] * 3:
        HoldFactory(case=someone(), started_at=held_at, awaited_need=kind)


def test_a_spreadsheet_says_what_the_csv_says(asked, unmet):
    book = openpyxl.load_workbook(io.BytesIO(file_of(asked())[0]))
    sheets = [[["" if cell is None else cell for cell in row] for row in sheet.values] for sheet in book]
    assert sheets == list(tables(asked(comes_as="csv")).values())


def test_evidence_says_in_its_files_what_it_says_on_its_page(sign_in, mo, asked, unmet):
    client, page = sign_in(mo), reverse("insight:evidence")
    on_page = numbers_in((heads, *rows) for _, heads, rows in tables_on(client.get(page).content.decode()))
    assert {"–", "5", "13"} <= {number for *_, number in on_page}
    assert numbers_in(tables(asked(comes_as="csv")).values()) == on_page
    _, *lines = lines_of(client.get(f"{page}csv/").content)
    assert [(row, column, number) for _, row, column, number in lines if row and column] == on_page


def numbers_in(some):
    """[(row, column, number)] of the tables of people among some."""
    return [
        (row[0], column, number)
        for heads, *rows in some
        for row in rows
        for column, number in zip(heads[1:], row[1:], strict=True)
        if heads[1] == "People" and len(heads) > 2
    ]


def test_rows_are_not_for_those_who_are_not_managers(sign_in, amina, priya, sent, begun):
    for kind in ("referrals", "cases"):
        answers = [sign_in(who).post(ASK, sent | {"kind": kind}).status_code for who in (amina, priya)]
        assert answers == [403, 404]
    assert not Export.objects.exists()


def figures_of(export):
    header, *rows = tables(export)["figures"]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_figures_leave_small_groups_out(organisation, practice, asked, year, in_year):
    for n in range(8):
        route = "self" if n else "professional"
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_year(40), route=route)
    found = figures_of(asked("figures", comes_as="csv", first=year.first))
    referrals = [row for row in found if row["Figure"] == "Referrals in"]
    assert [(row["Split by"], row["Number"]) for row in referrals if row["Split by"] in ("", "Whose idea it was")] == [
        ("", "8"),
        ("Whose idea it was", "–"),
        ("Whose idea it was", "–"),
    ]
    assert not {row["Number"] for row in found} & {"1", "2", "3", "4"}


def test_months_are_given_with_their_year_and_say_no_small_one(organisation, practice, asked, year, in_year):
    for days in [40] * 9 + [80] * 2 + [110] * 7:
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_year(days))
    found = figures_of(asked("figures", comes_as="csv", first=year.first))
    months = [row["Number"] for row in found if (row["Figure"], row["Split by"]) == ("Referrals in", "Month")]
    assert [number for number in months if number != "0"] == ["–", "9", "–", "7"]  # April: nought, for June's sake


def test_how_things_stood_at_practices_adds_up_too(organisation, someone, asked, year, in_year):
    """Of seven who wait, six at one practice leave one at the other."""
    far = PracticeFactory()
    organisation.practices.add(far)
    for _ in range(6):
        someone(opened_at=in_year(300), status="waiting", worker=None)
    someone(
        opened_at=in_year(300),
        status="waiting",
        worker=None,
        patient=PatientFactory(organisation=organisation, practice=far),
    )
    found = figures_of(asked("figures", comes_as="csv", first=year.first))
    waiting = [row["Number"] for row in found if row["Figure"] == "Waiting to be met" and row["Split by"] != "Month"]
    assert waiting == ["7", "–", "–"]


def test_who_is_held_is_left_to_the_evidence_sheet(organisation, someone, asked, year, in_year):
    """Holds started less holds ended would tell who still waited."""
    for n in range(8):
        over = {"ended_at": in_year(80), "end": "back_to_active"} if n < 5 else {}
        HoldFactory(case=someone(), started_at=in_year(40), **over)
    found = figures_of(asked("figures", comes_as="csv", first=year.first))
    assert not {row["Figure"] for row in found} & {"People held, and how long", "Holds started", "Length of holds"}


def test_a_figure_whose_whole_is_left_out_is_not_split_up(organisation, practice, asked, year, in_year):
    for _ in range(3):
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_year(40))
    found = figures_of(asked("figures", comes_as="csv", first=year.first))
    assert [row["Number"] for row in found if row["Figure"] == "Referrals in"] == ["–"]


def test_figures_that_count_the_same_rows_are_left_out_together(organisation, someone, asked, year, in_year):
    """Of 20 endings 2 drifted, and 18 were agreed: one tells of the other."""
    for n in range(20):
        how = {"ending": "connected", "ending_how": "agreed", "ending_agreed": True}
        if n < 2:
            how = {"ending": "not_reached", "ending_how": "drifted", "ending_agreed": False}
            how |= {"ending_note": ".", "way_back": "."}
        someone(opened_at=in_year(-50), closed_at=in_year(40), status="closed", **how)
    found = figures_of(asked("figures", comes_as="csv", first=year.first))
    wholes = {row["Figure"]: row["Number"] for row in found if row["Split by"] == ""}
    endings = ("Endings", "Endings agreed", "Endings nobody reached", "Meetings until the ending")
    assert [wholes[name] for name in endings] == ["20", "–", "–", "20"]


def test_figures_are_as_their_months_were_kept(organisation, practice, asked, year, in_year):
    for _ in range(8):
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_year(40))
    export = asked("figures", comes_as="csv", first=year.first)
    before = figures_of(export)
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_year(40))
    assert figures_of(export) == before


def test_queries_of_the_list_do_not_grow_with_exports(sign_in, mo, asked):
    client, counts = sign_in(mo), []
    for _ in range(2):
        asked()
        with CaptureQueriesContext(connection) as captured:
            client.get(EXPORTS)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_page_says_how_far_it_is(sign_in, mo, asked):
    export = asked()
    Export.objects.filter(pk=export.pk).update(steps=20, steps_done=5)
    page = sign_in(mo).get(reverse("insight:export", args=[export.pk])).content.decode()
    assert 'max="20" value="5"' in page


def test_rows_of_another_organisation_are_in_no_export(other_organisation, asked):
    place = other_organisation.practices.get()
    PatientFactory(organisation=other_organisation, practice=place)
    ReferralFactory(organisation=other_organisation, practice=place)
    assert file_of(asked("referrals"))[1] == 0
