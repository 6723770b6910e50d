from datetime import timedelta

import pytest

from caseload import actions
from caseload.enums import CaseStatus, FlagRule
from caseload.sweep import sweep
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.referrals.pages import said


@pytest.fixture
def ending_passed(case, organisation, today):
    case.planned_ending_on = today - timedelta(days=3)
    case.save()
    sweep(organisation)
    return case


def test_an_outline_is_agreed_in_a_minute(sign_in, amina, case):
    send(sign_in(amina), url_of("outline", case), outline_end="A last tea at the library")
    case.refresh_from_db()
    assert case.outline_beginning.startswith("Getting to know each other")
    assert case.outline_end == "A last tea at the library"
    assert [event.verb for event in case.events.all()] == ["outline_agreed"]


def test_two_people_agreeing_an_outline_the_second_sees_both(sign_in, amina, ben, case):
    page = url_of("outline", case)
    drawn = filled_in(sign_in(amina), page, outline_middle="Walks")
    send(sign_in(ben), page, outline_middle="Swims")
    response = sign_in(amina).post(page, drawn)
    assert response.context["newer"] == ["The middle now reads: Swims"]
    case.refresh_from_db()
    assert case.outline_middle == "Swims"


def test_today_leads_from_an_ending_that_passed_to_talking_it_over(sign_in, amina, ending_passed):
    assert url_of("review_ending", ending_passed) in sign_in(amina).get("/today/").content.decode()


def test_a_new_day_for_the_ending_is_agreed_with_what_was_said(sign_in, amina, ending_passed, today):
    new = today + timedelta(days=28)
    typed = {"note": "A month more, for the move", "what": "go_on", "planned_ending_on": str(new)}
    send(sign_in(amina), url_of("review_ending", ending_passed), **typed)
    ending_passed.refresh_from_db()
    assert ending_passed.planned_ending_on == new
    assert [(event.verb, event.words) for event in ending_passed.events.all()] == [
        ("ending_reviewed", "A month more, for the move")
    ]
    assert ending_passed.flags.open().filter(rule=FlagRule.ENDING_PASSED).count() == 0


def test_going_on_asks_for_a_day_and_what_was_said(sign_in, amina, ending_passed):
    response = send(sign_in(amina), url_of("review_ending", ending_passed), what="go_on")
    assert errors(response) == ["Enter the new day you agreed", "Enter what was said"]


def test_ending_now_leads_to_closing_and_closes_nothing_by_itself(sign_in, amina, ending_passed):
    typed = {"note": "He has what he came for", "what": "end"}
    response = send(sign_in(amina), url_of("review_ending", ending_passed), **typed)
    ending_passed.refresh_from_db()
    assert (response.url.split("?")[0], ending_passed.status) == (url_of("close", ending_passed), CaseStatus.ACTIVE)
    assert "“He has what he came for”" in said(sign_in(amina).get(response.url))


def test_a_double_click_talks_the_ending_over_once(sign_in, amina, ending_passed, today):
    client, page = sign_in(amina), url_of("review_ending", ending_passed)
    typed = {"note": "A month more", "what": "go_on", "planned_ending_on": str(today + timedelta(days=28))}
    typed = filled_in(client, page, **typed)
    sent = [client.post(page, typed).status_code for _ in range(2)]
    assert (sent, ending_passed.events.count()) == ([302, 302], 1)


@pytest.mark.parametrize("page", ["outline", "review_ending"])
def test_the_shape_of_a_closed_case_stays_as_it_is(sign_in, amina, case, page):
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    assert sign_in(amina).get(url_of(page, case)).url == url_of("case", case)
