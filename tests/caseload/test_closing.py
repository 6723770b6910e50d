import pytest

from caseload.enums import CaseStatus, Ending
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import AppointmentFactory, CaseFactory, FollowUpFactory, MissedFactory

AGREED = {"ending": Ending.GOALS_REACHED, "ending_agreed": "yes"}
NOT_REACHED = {
    "ending": Ending.NOT_REACHED,
    "tried": "Four calls, a letter and a visit",
    "confirmed": "on",
    "way_back": "Ring us, no new referral",
}


@pytest.fixture
def close_page(case):
    return url_of("close", case)


@pytest.fixture
def closed(sign_in, ben, case, close_page):
    """The case, closed by Ben."""
    send(sign_in(ben), close_page, **AGREED)
    case.refresh_from_db()
    return case


def test_a_case_closes_with_how_it_ended(sign_in, amina, case, close_page):
    send(sign_in(amina), close_page, **AGREED, way_back="Ring us any time")
    case.refresh_from_db()
    assert (case.status, case.ending, case.ending_agreed, case.way_back) == (
        CaseStatus.CLOSED,
        Ending.GOALS_REACHED,
        True,
        "Ring us any time",
    )


def test_closing_asks_how_it_ended_and_whether_they_agreed(sign_in, amina, close_page):
    assert errors(send(sign_in(amina), close_page)) == ["Choose how it ended", "Say whether they agreed to end"]


def test_ground_rule_1_closing_for_missed_meetings_takes_a_deliberate_act_a_reason_and_a_way_back(
    sign_in, amina, case, close_page
):
    MissedFactory(case=case)
    response = send(sign_in(amina), close_page, ending=Ending.NOT_REACHED)
    assert errors(response) == [
        "Enter the way back: missing a meeting shuts nobody out",
        "Enter what was tried to reach them",
        "Tick that closing is right, or keep the door open and follow up",
    ]
    case.refresh_from_db()
    assert case.status == CaseStatus.ACTIVE


def test_what_was_tried_is_kept_with_the_ending(sign_in, amina, case, close_page):
    send(sign_in(amina), close_page, **NOT_REACHED, ending_note="The practice will ask when she is next in")
    case.refresh_from_db()
    assert (case.ending_agreed, case.ending_note) == (
        False,
        "Tried: Four calls, a letter and a visit\n\nThe practice will ask when she is next in",
    )


def test_nobody_is_asked_whether_a_person_who_died_agreed(sign_in, amina, case, close_page):
    send(sign_in(amina), close_page, ending=Ending.DIED)
    case.refresh_from_db()
    assert (case.status, case.ending_agreed) == (CaseStatus.CLOSED, False)


def test_a_case_with_a_meeting_booked_stays_open(sign_in, amina, case, close_page):
    AppointmentFactory(case=case)
    response = send(sign_in(amina), close_page, **AGREED)
    case.refresh_from_db()
    assert case.status == CaseStatus.ACTIVE
    assert errors(response)[0].startswith("A meeting is booked for tomorrow ")


def test_follow_ups_end_with_the_case(case, sign_in, amina, close_page):
    FollowUpFactory(case=case)
    send(sign_in(amina), close_page, **AGREED)
    assert case.follow_ups.to_do().count() == 0


def test_a_double_click_closes_once(sign_in, amina, case, close_page):
    client = sign_in(amina)
    data = filled_in(client, close_page, **AGREED)
    responses = [client.post(close_page, data) for _ in range(2)]
    assert [response.url for response in responses] == [url_of("case", case)] * 2
    assert case.events.filter(verb="closed").count() == 1


def test_a_colleague_who_closed_it_first_is_named_and_the_note_stays(sign_in, amina, ben, close_page):
    data = filled_in(sign_in(amina), close_page, **AGREED, ending_note="She has started at the choir")
    send(sign_in(ben), close_page, **AGREED)
    response = sign_in(amina).post(close_page, data)
    assert errors(response)[0].startswith("Ben Taylor closed the case today ")
    assert response.context["form"]["ending_note"].value() == "She has started at the choir"


@pytest.mark.parametrize("page", ["book", "start_hold", "close", "assign", "plan", "add_need"])
def test_a_form_for_open_cases_goes_back_to_a_closed_one(sign_in, amina, closed, page):
    assert sign_in(amina).get(url_of(page, closed)).url == url_of("case", closed)


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("book", {"time": "10:30", "place": "practice"}),
        (
            "start_hold",
            {"purpose": "getting_ready", "awaited_need": "housing", "barrier": "cost"},
        ),
        ("assign", {"words": "Over to you"}),
        ("plan", {"complexity": "high"}),
        ("add_need", {"kind": "legal"}),
    ],
)
def test_a_form_sent_after_a_colleague_closed_the_case_says_so(sign_in, amina, ben, case, close_page, page, typed):
    data = filled_in(sign_in(amina), url_of(page, case), **typed)
    if page == "assign":
        data["worker"] = ben.pk
    send(sign_in(ben), close_page, **AGREED)
    response = sign_in(amina).post(url_of(page, case), data)
    assert errors(response)[0].startswith("Ben Taylor closed the case today ")


def test_a_closed_case_reopens_to_a_worker_with_a_reason(sign_in, amina, closed):
    send(sign_in(amina), url_of("reopen", closed), words="She rang: the choir has stopped")
    closed.refresh_from_db()
    assert (closed.status, closed.worker, closed.ending, closed.closed_at) == (CaseStatus.ACTIVE, amina, "", None)


def test_reopening_asks_why(sign_in, amina, closed):
    assert errors(send(sign_in(amina), url_of("reopen", closed))) == ["Enter why it is taken up again"]


def test_a_person_with_another_open_case_is_not_taken_up_twice(sign_in, amina, closed):
    other = CaseFactory(patient=closed.patient, worker=amina)
    response = sign_in(amina).post(url_of("reopen", closed), {"words": "She rang"})
    assert response.url == url_of("case", other)
    closed.refresh_from_db()
    assert closed.status == CaseStatus.CLOSED


def test_an_open_case_is_not_reopened(sign_in, amina, case):
    assert sign_in(amina).get(url_of("reopen", case)).url == url_of("case", case)
