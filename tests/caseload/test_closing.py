import pytest
from django.db import IntegrityError
from django.utils import timezone

from assets.enums import NeedKind
from caseload.enums import CaseStatus, Ending, EndingHow
from caseload.timeline import status_sentence
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import (
    AboutFactory,
    AppointmentFactory,
    CaseFactory,
    FollowUpFactory,
    HoldFactory,
    MissedFactory,
    NeedFactory,
)

AGREED = {"ending_how": EndingHow.AGREED, "ending": Ending.GOALS_REACHED}
NOT_REACHED = {
    "ending_how": EndingHow.DRIFTED,
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


@pytest.mark.parametrize(
    ("typed", "asked"),
    [({}, "Choose how it ended"), ({"ending_how": EndingHow.OWN_CHOICE}, "Choose why it ended")],
)
def test_closing_asks_how_it_ended_and_why(sign_in, amina, close_page, typed, asked):
    assert errors(send(sign_in(amina), close_page, **typed)) == [asked]


def test_ground_rule_1_closing_for_missed_meetings_takes_a_deliberate_act_a_reason_and_a_way_back(
    sign_in, amina, case, close_page
):
    MissedFactory(case=case)
    response = send(sign_in(amina), close_page, ending_how=EndingHow.DRIFTED)
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


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (EndingHow.DIED, Ending.DIED),
        (EndingHow.MOVED, Ending.MOVED),
    ],
)
def test_where_how_it_ended_says_why_nothing_more_is_asked(sign_in, amina, case, close_page, how, why):
    send(sign_in(amina), close_page, ending_how=how)
    case.refresh_from_db()
    assert (case.status, case.ending, case.ending_agreed) == (CaseStatus.CLOSED, why, False)


def test_somebody_may_drift_away_with_all_they_came_for(sign_in, amina, case, close_page):
    send(sign_in(amina), close_page, **NOT_REACHED, ending=Ending.GOALS_REACHED, takes_with="The choir")
    case.refresh_from_db()
    assert (case.ending_how, case.ending, case.takes_with) == (EndingHow.DRIFTED, Ending.GOALS_REACHED, "The choir")
    assert status_sentence(case) == "Closed today: they have what they came for, and then we could not reach them."


@pytest.mark.parametrize(
    ("how", "why", "agreed"),
    [
        ("agreed", "moved", False),
        ("agreed", "not_reached", True),
        ("moved", "died", False),
        ("by_us", "connected", True),
    ],
)
def test_the_database_refuses_a_how_that_contradicts_the_why(case, how, why, agreed):
    case.status, case.closed_at = CaseStatus.CLOSED, timezone.now()
    case.ending_how, case.ending, case.ending_agreed = how, why, agreed
    case.ending_note = case.way_back = "Ring us"
    with pytest.raises(IntegrityError, match="case_how_and_why_go_together"):
        case.save()


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


def test_a_closed_case_is_taken_up_as_a_new_spell_with_needs_chosen_anew(sign_in, amina, closed):
    NeedFactory(case=closed, kind=NeedKind.HOUSING)
    AboutFactory(patient=closed.patient, people="Jean, my sister")
    typed = {"spell": "new", "needs": [NeedKind.LONELINESS], "words": "The choir has stopped"}
    response = send(sign_in(amina), url_of("reopen", closed), **typed)
    new = closed.followed_by.get()
    assert response.url == url_of("case", new)
    assert (new.status, new.worker, [need.kind for need in new.needs.all()]) == (
        CaseStatus.WAITING,
        amina,
        [NeedKind.LONELINESS],
    )
    closed.refresh_from_db()
    assert (closed.status, closed.ending) == (CaseStatus.CLOSED, Ending.GOALS_REACHED)
    pages = [sign_in(amina).get(url_of("case", each)).content.decode() for each in (new, closed)]
    assert [page.count("Jean, my sister") for page in pages] == [1, 1]
    assert url_of("case", closed) in pages[0]
    assert url_of("case", new) in pages[1]


def test_a_new_spell_asks_what_they_want_help_with(sign_in, amina, closed):
    response = send(sign_in(amina), url_of("reopen", closed), spell="new", words="She rang")
    assert errors(response) == ["Choose at least one thing they want help with now"]


def test_a_double_click_begins_one_new_spell(sign_in, amina, closed):
    client, page = sign_in(amina), url_of("reopen", closed)
    typed = filled_in(client, page, spell="new", needs=[NeedKind.LONELINESS], words="She rang")
    went = [client.post(page, typed).url for _ in range(2)]
    assert went == [url_of("case", closed.followed_by.get())] * 2


def test_closing_a_held_case_asks_what_became_of_the_need(sign_in, amina, case, close_page):
    HoldFactory(case=case, awaited_need=NeedKind.HOUSING)
    assert errors(send(sign_in(amina), close_page, **AGREED)) == ["Choose what became of the need"]
    assert b"(optional)" not in sign_in(amina).get(close_page).content.split(b"What became")[1].split(b"Note")[0]
    unmet = {"need_outcome": "unmet", "barrier": ""}
    assert errors(send(sign_in(amina), close_page, **AGREED, **unmet)) == ["Choose what stood in the way"]


def test_a_case_closed_while_held_keeps_what_became_of_the_need(sign_in, amina, case, close_page):
    hold = HoldFactory(case=case, awaited_need=NeedKind.HOUSING)
    send(sign_in(amina), close_page, **AGREED, need_outcome="unmet", barrier="waiting_list")
    hold.refresh_from_db()
    need = case.needs.get(kind=NeedKind.HOUSING)
    assert (hold.end, hold.need_outcome) == ("case_closed", "unmet")
    assert (need.outcome, need.barrier, need.outcome_by) == ("unmet", "waiting_list", amina)


def test_of_somebody_held_who_died_nobody_has_to_say_what_became_of_the_need(sign_in, amina, case, close_page):
    HoldFactory(case=case, awaited_need=NeedKind.HOUSING)
    send(sign_in(amina), close_page, ending_how=EndingHow.DIED)
    case.refresh_from_db()
    assert (case.status, case.needs.exists()) == (CaseStatus.CLOSED, False)
