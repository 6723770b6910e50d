"""The evidence sheet as a page, a PDF and a CSV, and as it was kept."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import pdf
from insight.evidence import evidence_of
from insight.models import EvidenceSheet
from insight.period import starts_at
from insight.snapshots import half_years
from tests.factories import HoldFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("begun")]
EVIDENCE = reverse("insight:evidence")
ONCE = "7d3dfb5c-1c1f-4ae9-8d8b-0b76d7f7d4d1"


@pytest.fixture
def long_ago(organisation, today):
    """A moment in the half-year closed last."""
    return starts_at(half_years(organisation, today)[0].first + timedelta(days=40))


@pytest.fixture
def waiting(someone, long_ago):
    """Six people have been held for months."""
    for _ in range(6):
        HoldFactory(case=someone(), started_at=long_ago)


def kept_by(client, words="Nowhere to send people.", **given):
    return client.post(EVIDENCE, {"words": words, "once": ONCE} | given)


def test_the_sheet_is_for_managers(sign_in, mo, amina, priya):
    assert [sign_in(who).get(EVIDENCE).status_code for who in (mo, amina, priya)] == [200, 403, 404]


def test_the_sheet_says_how_many_waited(sign_in, mo, waiting):
    assert "6 waits for help that was not to be had, by 6 people." in sign_in(mo).get(EVIDENCE).content.decode()


def test_when_and_where_stand_in_the_filters_and_are_said_again_only_on_paper(sign_in, mo, waiting):
    said = re.findall(r'<p class="([^"]*lw-shown[^"]*)">', sign_in(mo).get(EVIDENCE).content.decode())
    assert said == ["lw-shown lw-only-printed"]


def bars(client, address=EVIDENCE):
    return [(chart["sentence"], dict(chart["rows"])) for chart in client.get(address).context["bars"]]


def test_the_sheet_draws_people_by_kind_of_help_and_by_what_stood_in_the_way(sign_in, mo, waiting, someone, long_ago):
    for need, barrier in [("legal", "cost"), ("caring", "distance")] * 3:
        HoldFactory(case=someone(), started_at=long_ago, awaited_need=need, barrier=barrier)
    kinds, barriers = bars(sign_in(mo))
    assert kinds == (
        "People who waited, by kind of help. Most waited for mental wellbeing (6).",
        {"Mental wellbeing": 6, "Caring": None, "Legal": None},
    )
    assert barriers == (
        "People who waited, by what stood in the way. Most often it was waiting list (6).",
        {"Waiting list": 6, "Cost": None, "Distance": None},
    )


def test_a_kept_sheet_is_drawn_as_it_was_kept(sign_in, mo, waiting):
    client = sign_in(mo)
    assert bars(client, kept_by(client).url) == bars(client) != []


def test_a_sheet_of_nobody_says_so_and_has_no_chart(sign_in, mo):
    response = sign_in(mo).get(EVIDENCE)
    assert response.context["sheet"]["sentences"] == [
        "Nobody waited for help that was not to be had, or too few people to show."
    ]
    assert response.context["bars"] == []


def test_queries_do_not_grow_with_waits(sign_in, mo, organisation, someone, long_ago, today):
    client, counts = sign_in(mo), []
    for half_year in half_years(organisation, today)[1::-1]:
        HoldFactory(
            case=someone(), started_at=starts_at(half_year.first), awaited_need=["legal", "caring"][len(counts)]
        )
        evidence_of(organisation, half_year)
        with CaptureQueriesContext(connection) as captured:
            client.get(EVIDENCE, {"half_year": half_year.first.isoformat()})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_sheet_is_kept_as_it_is_with_who_and_when(sign_in, mo, waiting, organisation):
    kept_by(sign_in(mo))
    kept = organisation.evidence_sheets.get()
    assert (kept.words, kept.kept_by, kept.kept_at.date()) == ("Nowhere to send people.", mo, timezone.now().date())


def test_a_sheet_stays_when_the_records_change_kept_or_not(sign_in, mo, someone, waiting, long_ago):
    client = sign_in(mo)
    pages = [f"{kept_by(client).url}csv/", reverse("insight:evidence_csv")]
    before = [client.get(page).content for page in pages]
    HoldFactory(case=someone(), started_at=long_ago)
    assert [client.get(page).content for page in pages] == before
    assert "6 waits" in client.get(EVIDENCE).content.decode()


def test_before_half_a_year_is_closed_there_is_nothing_to_show(sign_in, stranger_manager):
    client = sign_in(stranger_manager)
    assert "There is nothing to show yet" in client.get(EVIDENCE).content.decode()
    assert client.get(reverse("insight:evidence_csv")).status_code == 404


def test_days_in_an_address_choose_no_other_period(sign_in, mo, waiting):
    client = sign_in(mo)
    asked = {"period": "between", "first": "2026-05-01", "last": "2026-05-31", "half_year": "2026-05-01"}
    answers = [client.get(reverse("insight:evidence_csv"), query).content for query in ({}, asked)]
    assert answers[0] == answers[1]


def test_a_kept_sheet_cannot_be_changed_or_taken_out(sign_in, mo, organisation):
    kept_by(sign_in(mo))
    for change in (lambda: EvidenceSheet.objects.update(words=""), lambda: EvidenceSheet.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_sheet_sent_twice_is_kept_once(sign_in, mo, organisation):
    client = sign_in(mo)
    kept_by(client)
    kept_by(client)
    assert organisation.evidence_sheets.count() == 1
    assert "You have sent this page already" in kept_by(client, words="Other words").content.decode()


def test_the_words_kept_last_come_with_the_next_sheet(sign_in, mo):
    client = sign_in(mo)
    kept_by(client, words="Nobody helps with damp.")
    assert client.get(EVIDENCE).context["form"].initial["words"] == "Nobody helps with damp."


def test_words_that_are_too_long_are_said_to_be(sign_in, mo):
    assert "Keep it to 3,000 characters" in kept_by(sign_in(mo), words="x" * 3001).content.decode()


@pytest.mark.parametrize("kept", [False, True])
def test_the_pdf_is_tagged_and_has_at_most_three_pages(sign_in, mo, waiting, kept):
    client = sign_in(mo)
    url = f"{kept_by(client).url}pdf/" if kept else reverse("insight:evidence_pdf")
    pdf = client.get(url)
    assert pdf["Content-Disposition"] == 'inline; filename="unmet-need.pdf"'
    assert b"/MarkInfo" in pdf.content and b"/StructTreeRoot" in pdf.content
    assert pdf.content.count(b"/Type /Page\n") <= 3


def test_the_csv_says_what_the_page_says(sign_in, mo, waiting):
    lines = sign_in(mo).get(reverse("insight:evidence_csv")).content.decode("utf-8-sig").splitlines()
    assert "By kind of help,Mental wellbeing,People,6" in lines


@pytest.mark.parametrize("kept", [False, True])
def test_the_pdf_is_set_from_what_the_page_shows_and_nothing_else(sign_in, mo, waiting, monkeypatch, kept):
    given = []
    monkeypatch.setattr(pdf, "pdf_of", lambda template, sheet: given.append(sheet) or b"")
    client = sign_in(mo)
    page = kept_by(client).url if kept else EVIDENCE
    client.get(f"{page}pdf/")
    assert given == [client.get(page).context["sheet"]]


def test_words_that_look_like_a_formula_are_only_words_in_the_csv(sign_in, mo):
    client = sign_in(mo)
    page = kept_by(client, words="=1+1").url
    lines = client.get(f"{page}csv/").content.decode("utf-8-sig").splitlines()
    assert "What the team says,,,'=1+1" in lines
