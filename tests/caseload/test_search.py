from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from caseload.models import AccessLog, Case
from caseload.typed import birthday
from tests.caseload.sent import HTMX
from tests.factories import CaseFactory, PatientFactory

SEARCH = reverse("caseload:search")


@pytest.fixture
def jean(organisation, practice, ben):
    """Ben's: Jean Kerr, known by much."""
    patient = PatientFactory(
        organisation=organisation,
        practice=practice,
        given_name="Jean",
        family_name="O’Neill-Kerr",
        date_of_birth=date(1951, 8, 9),
        number_kind="nhs",
        number="9991234563",
        phone="+44 141 496 0001",
    )
    return CaseFactory(patient=patient, worker=ben, status="active")


def found(client, words):
    return [case.patient.given_name for case in client.post(SEARCH, {"q": words}, follow=True).context["cases"]]


@pytest.mark.parametrize(
    "words",
    [
        "jean",
        "kerr jean",
        "O’Neill",
        "9/8/51",
        "09.08.1951",
        "9 August 1951",
        "9th Aug 51",
        "090851",
        "1951-08-09",
        "999 123 4563",
        "999-123",
        "0141 496 0001",
        "+44 141 4960001",
        "0044 (141) 496 0001",
        "496 0001",
    ],
)
def test_somebody_is_found_by_what_people_type(sign_in, amina, case, jean, words):
    assert found(sign_in(amina), words) == ["Jean"]


@pytest.mark.parametrize("words", ["Jeanette", "10/8/51", "99", "888 123", "Kerr O’Hara"])
def test_nobody_is_found_by_what_is_not_theirs(sign_in, amina, jean, words):
    assert found(sign_in(amina), words) == []


@pytest.mark.parametrize(
    ("typed", "day"),
    [("27/3/71", date(1971, 3, 27)), ("1/1/26", date(2026, 1, 1)), ("1/1/27", date(1927, 1, 1)), ("31/2/71", None)],
)
@time_machine.travel("2026-11-26 12:00", tick=False)
def test_a_birthday_of_two_figures_has_passed(typed, day):
    assert birthday(typed) == day


@pytest.mark.parametrize(
    "words", ["29/2/28", "99/99/9999", "٣/٣/٧١", "a" * 300, "%", "_", "\\", "'; --", "1" * 300, "\x00"]
)
def test_any_words_at_all_are_answered(sign_in, amina, jean, words):
    assert found(sign_in(amina), words) == []


def test_open_cases_come_first_then_closed_ones(sign_in, amina, jean, sam, case):
    Case.objects.filter(pk=case.pk).update(
        status="closed", closed_at=timezone.now(), ending="moved", ending_how="moved", ending_agreed=True
    )
    assert found(sign_in(amina), "kerr") == ["Jean", "Sam"]


def test_nobody_of_another_organisation_is_found(sign_in, stranger, jean):
    assert found(sign_in(stranger), "jean") == []
    assert b"Jean" not in sign_in(stranger).post(SEARCH, {"q": "jean"}, headers=HTMX).content


def test_the_practice_has_no_such_page(sign_in, priya):
    assert sign_in(priya).post(SEARCH, {"q": "jean"}).status_code == 404


def test_as_one_types_a_panel_names_what_tells_people_apart(sign_in, amina, jean):
    panel = sign_in(amina).post(SEARCH, {"q": "jea"}, headers=HTMX).content.decode()
    for words in ["Jean O’Neill-Kerr", "Active", "born 9 August 1951", "Parkhead Health Centre", "Ben Taylor"]:
        assert words in panel
    assert reverse("caseload:case", args=[jean.pk]) in panel
    assert "<html" not in panel


def test_what_was_typed_is_in_no_address(sign_in, amina, jean):
    response = sign_in(amina).post(SEARCH, {"q": "jean"})
    assert response.url == f"{SEARCH}?found"


def test_going_back_or_reloading_finds_the_same_again(sign_in, amina, jean):
    client = sign_in(amina)
    found(client, "jean")
    again = client.get(f"{SEARCH}?found")
    assert [case.patient.given_name for case in again.context["cases"]] == ["Jean"]
    assert "no-store" in again["Cache-Control"]
    assert client.get(SEARCH).context["cases"] == []


def test_what_was_typed_is_forgotten_after_a_quarter_of_an_hour_and_as_one_types_at_once(sign_in, amina, jean):
    client = sign_in(amina)
    client.post(SEARCH, {"q": "jean"}, headers=HTMX)
    assert "searched_for" not in client.session
    found(client, "jean")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get(f"{SEARCH}?found").context["cases"] == []
    assert ["searched_for" in session.get_decoded() for session in Session.objects.all()] == [False]


def test_being_found_is_not_being_opened(sign_in, amina, jean):
    found(sign_in(amina), "jean")
    assert AccessLog.objects.count() == 0


def test_search_takes_as_many_queries_for_three_as_for_one(
    sign_in, amina, jean, organisation, practice, django_assert_max_num_queries
):
    client = sign_in(amina)
    with django_assert_max_num_queries(12) as one:
        client.post(SEARCH, {"q": "jean"}, headers=HTMX)
    for _ in range(2):
        CaseFactory(patient=PatientFactory(organisation=organisation, practice=practice, given_name="Jean"))
    with django_assert_max_num_queries(len(one)):
        client.post(SEARCH, {"q": "jean"}, headers=HTMX)
