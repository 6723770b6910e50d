"""Who has what, and what if cases moved: nothing is written until it is said twice."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import AwayFactory, HoldFactory

PAGE, PASS_ON = reverse("insight:workload"), reverse("insight:pass_on")


@pytest.fixture
def three(someone, ben, today):
    """Two of Amina's, one of them held and high; one of Ben's."""
    held = someone(status="holding", complexity="high")
    HoldFactory(case=held, review_on=today)
    return [held, someone(status="waiting"), someone(worker=ben)]


def table(response):
    return {
        load.row.worker.name if load.row.worker else "": {name: cell.then for name, cell in cells.items() if cell.then}
        for load, cells in response.context["rows"]
    }


def test_it_stands_by_name_with_reviews_and_days_away(sign_in, mo, amina, organisation, three):
    AwayFactory(organisation=organisation, worker=amina)
    response = sign_in(mo).get(PAGE)
    assert list(table(response).items()) == [
        ("Amina Yusuf", {"open": 2, "waiting": 1, "holding": 1, "usual": 1, "high": 1, "reviews_due": 1}),
        ("Ben Taylor", {"open": 1, "usual": 1}),
    ]
    assert [len(load.away) for load, _ in response.context["rows"]] == [1, 0]


def test_every_number_opens_the_list_behind_it(sign_in, mo, amina, ben, someone, three):
    someone(worker=None, status="waiting")
    client = sign_in(mo)
    html = unescape(client.get(PAGE).content.decode().partition("<main")[2])
    found = re.findall(r'<a href="(/caseload/\?whose=team&worker=[^"]+)">(\d+)</a>', html)
    assert len(found) == 10
    for address, number in found:
        assert (address, client.get(address).context["page"].paginator.count) == (address, int(number))


def test_cases_ticked_are_shown_where_they_would_be_and_stay_where_they_are(sign_in, mo, amina, ben, three):
    response = sign_in(mo).get(PAGE, {"whose": amina.pk, "worker": ben.pk, "cases": [three[0].pk]})
    assert table(response) == {
        "Amina Yusuf": {"open": 1, "waiting": 1, "usual": 1},
        "Ben Taylor": {"open": 2, "holding": 1, "usual": 1, "high": 1, "reviews_due": 1},
    }
    three[0].refresh_from_db()
    assert three[0].worker == amina


def test_numbers_move_without_saying_who(sign_in, mo, amina, ben, three):
    response = sign_in(mo).get(PAGE, {"whose": amina.pk, "worker": ben.pk, "usual": "1"})
    assert table(response)["Ben Taylor"] == {"open": 2, "usual": 2}
    assert PASS_ON not in response.content.decode()


def test_they_are_passed_on_once_it_is_said_again(sign_in, mo, amina, ben, three):
    client, asked = sign_in(mo), {"worker": ben.pk, "cases": [case.pk for case in three[:2]]}
    page = client.get(PASS_ON, asked).content.decode()
    assert all(case.patient.name in page for case in three[:2])
    assert amina.cases.count() == 2  # asking changed nothing
    for _ in range(2):  # a double click
        assert client.post(PASS_ON, asked | {"words": "While you are away"}).status_code == 302
    assert (amina.cases.count(), ben.cases.count()) == (0, 3)
    assert [event.words for event in three[0].events.filter(verb="assigned")] == ["While you are away"]


def test_a_case_closed_meanwhile_is_said(sign_in, mo, ben, three):
    three[1].__class__.objects.filter(pk=three[1].pk).update(
        status="closed", closed_at="2026-01-01T10:00Z", ending="connected", ending_how="agreed", ending_agreed=True
    )
    page = sign_in(mo).post(PASS_ON, {"worker": ben.pk, "cases": [three[1].pk]}).content.decode()
    assert "passed on or closed meanwhile" in page


def test_a_case_of_another_organisation_cannot_be_moved(sign_in, stranger_manager, stranger, three):
    asked = {"worker": stranger.pk, "cases": [three[0].pk]}
    page = sign_in(stranger_manager).get(PASS_ON, asked).content.decode()
    assert three[0].patient.name not in page


@pytest.mark.parametrize(
    "asked", [{"whose": "x"}, {"whose": "none", "worker": "x"}, {"cases": ["x"]}, {"usual": "-1"}]
)
def test_an_answer_it_does_not_know_moves_nothing(sign_in, mo, three, asked):
    response = sign_in(mo).get(PAGE, asked)
    assert (response.status_code, response.context["moved"]) == (200, 0)


def test_it_is_for_managers(sign_in, amina):
    assert [sign_in(amina).get(page).status_code for page in (PAGE, PASS_ON)] == [403, 403]


def test_the_page_asks_as_often_for_many_as_for_few(sign_in, mo, amina, ben, someone, three):
    client, asked = sign_in(mo), {"whose": amina.pk, "worker": ben.pk}
    client.get(PAGE, asked)
    with CaptureQueriesContext(connection) as once:
        client.get(PAGE, asked)
    for _ in range(3):
        someone()
    with CaptureQueriesContext(connection) as again:
        client.get(PAGE, asked)
    assert len(again) == len(once)
