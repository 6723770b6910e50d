"""Two tabs, two people, the back button, the double click: the second is told, nothing is lost or made twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from assets.enums import NeedKind
from caseload.actions import close_case, reopen_case
from caseload.enums import Ending, HoldBarrier, HoldPurpose, Outcome, Place
from caseload.models import AccessLog
from tests.caseload.sent import HTMX, errors, filled_in, send, url_of
from tests.factories import (
    AppointmentFactory,
    CaseFactory,
    ContactFactory,
    FlagFactory,
    FollowUpFactory,
    GoalFactory,
    HoldFactory,
    MembershipFactory,
    RiskNoteFactory,
)
from tests.referrals.pages import said

SENT_BEFORE = "You have sent this page already. To send what it says now as well, send it once more"
FORMS_OF_A_PERSON = ["log_contact", "book", "what_matters", "plan", "details", "close"]
# The pages that make a row of their own: what else they ask, and a row like it.
MADE_ONCE = {
    "log_contact": ({"result": "reached"}, ContactFactory),
    "book": ({"time": "10:00", "place": Place.HOME}, AppointmentFactory),
    "follow_up": ({"about": "Ring her sister", "due_on": "{today}"}, FollowUpFactory),
    "add_goal": ({"words": "Swim"}, GoalFactory),
    "add_risk": ({"kind": "on_visit", "text": "Dog", "review_on": "{today}"}, RiskNoteFactory),
    "start_hold": (
        {
            "purpose": HoldPurpose.GETTING_READY,
            "awaited_need": NeedKind.HOUSING,
            "barrier": HoldBarrier.COST,
        },
        HoldFactory,
    ),
}


def answers(page, today):
    return {name: str(value).format(today=today) for name, value in MADE_ONCE[page][0].items()}


def test_words_written_after_going_back_are_not_lost(sign_in, amina, case):
    client, page = sign_in(amina), url_of("log_contact", case)
    first = filled_in(client, page, result="reached", note="Rang about the allotment")
    client.post(page, first)
    second = first | {"note": "And then about the bus"}
    response = client.post(page, second)
    assert errors(response) == [SENT_BEFORE]
    client.post(page, second | {"once": response.context["form"]["once"].value()})
    assert case.contacts.count() == 2


@pytest.mark.parametrize("page", MADE_ONCE)
def test_the_id_of_a_row_elsewhere_makes_nothing_and_says_so(sign_in, amina, case, page, today):
    elsewhere = MADE_ONCE[page][1]()
    response = send(sign_in(amina), url_of(page, case), once=elsewhere.pk, **answers(page, today))
    case.refresh_from_db()
    assert (errors(response), case.status, case.events.count()) == ([SENT_BEFORE], "active", 0)


@pytest.mark.parametrize("page", MADE_ONCE)
def test_a_double_click_makes_one_row(sign_in, amina, case, page, today):
    client, url = sign_in(amina), url_of(page, case)
    typed = filled_in(client, url, **answers(page, today))
    sent = [client.post(url, typed).status_code for _ in range(2)]
    assert (sent, case.events.count()) == ([302, 302], 1)


def test_setting_a_flag_aside_twice_is_done_once(sign_in, amina, case, today):
    page = url_of("set_flag_aside", case, flag_id=FlagFactory(case=case).pk)
    client, typed = sign_in(amina), {"until": str(today + timedelta(days=3)), "reason": "On holiday"}
    client.post(page, typed)
    client.post(page, typed)
    assert case.events.count() == 1


def test_moving_a_meeting_twice_to_the_same_time_is_done_once(sign_in, amina, case):
    page = url_of("move_meeting", case, appointment_id=AppointmentFactory(case=case).pk)
    client = sign_in(amina)
    typed = filled_in(client, page, time="11:00")
    sent = [client.post(page, typed).status_code for _ in range(2)]
    assert (sent, case.events.count()) == ([302, 302], 1)


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("what_matters", {"what_matters": "The allotment"}),
        ("plan", {"complexity": "high"}),
        ("outline", {"outline_middle": "Walks"}),
        ("about", {"strengths": "Patience"}),
        ("details", {"given_name": "Samuel", "postcode": "G31 4EB", "permissions": ["may_call"]}),
    ],
)
def test_saving_twice_what_is_there_already_is_done_once(sign_in, amina, case, page, typed):
    client, url = sign_in(amina), url_of(page, case)
    typed = filled_in(client, url, **typed)
    sent = [client.post(url, typed).status_code for _ in range(2)]
    assert (sent, case.events.count()) == ([302, 302], 1)


def test_the_second_to_move_a_meeting_is_told_of_the_first(sign_in, amina, ben, case):
    meeting = AppointmentFactory(case=case)
    page = url_of("move_meeting", case, appointment_id=meeting.pk)
    drawn = filled_in(sign_in(amina), page, time="12:00")
    send(sign_in(ben), page, time="11:00")
    response = sign_in(amina).post(page, drawn)
    meeting.refresh_from_db()
    assert errors(response)[0].startswith("Ben Taylor moved a meeting today")
    assert timezone.localtime(meeting.starts_at).hour == 11


def test_the_second_to_review_a_risk_is_told_of_the_first_and_may_keep_their_words(sign_in, amina, ben, case):
    risk = RiskNoteFactory(patient=case.patient)
    page = url_of("review_risk", case, risk_id=risk.pk)
    drawn = filled_in(sign_in(amina), page, text="The dog is friendly", stands="yes")
    send(sign_in(ben), page, text="The dog bites", stands="yes")
    response = sign_in(amina).post(page, drawn)
    risk.refresh_from_db()
    assert risk.text == "The dog bites"
    assert response.context["newer"] == ["It now reads: The dog bites"]
    sign_in(amina).post(page, drawn | {"version": response.context["form"]["version"].value()})
    risk.refresh_from_db()
    assert risk.text == "The dog is friendly"


def test_the_second_to_take_a_case_nobody_had_is_told_of_the_first(sign_in, amina, ben, case):
    case.worker = case.assigned_at = None
    case.save()
    page = url_of("assign", case)
    drawn = filled_in(sign_in(ben), page)
    send(sign_in(amina), page)
    response = sign_in(ben).post(page, drawn, follow=True)
    case.refresh_from_db()
    assert case.worker == amina
    assert "Amina Yusuf passed the case on today" in said(response)


def test_a_missed_meeting_keeps_the_promise_that_was_typed(sign_in, amina, case, today):
    meeting = AppointmentFactory(case=case, starts_at=timezone.now() - timedelta(hours=1))
    on = today + timedelta(days=3)
    typed = {"outcome": Outcome.MISSED, "next": "follow_up", "follow_up_on": str(on), "follow_up_about": "Ask Jo"}
    send(sign_in(amina), url_of("log_meeting", case, appointment_id=meeting.pk), **typed)
    assert [(promise.due_on, promise.about) for promise in case.follow_ups.all()] == [(on, "Ask Jo")]


def test_a_follow_up_on_a_closed_case_is_asked_for_on_its_day(sign_in, amina, case, today):
    close_case(case=case, by=amina, ending=Ending.CONNECTED, ending_agreed=True)
    send(sign_in(amina), url_of("follow_up", case), about="Ring about the bus", due_on=str(today))
    assert "Follow-up due today: Ring about the bus" in said(sign_in(amina).get("/today/"))


def test_ground_rule_7_a_reopened_case_still_says_how_it_had_ended(sign_in, amina, case):
    close_case(case=case, by=amina, ending=Ending.MOVED, ending_agreed=True, way_back="Ring the office")
    reopen_case(case=case, by=amina, worker=amina, words="Came back")
    assert "Moved away Way back: Ring the office" in said(sign_in(amina).get(url_of("case", case)))


@pytest.mark.parametrize("method", ["get", "options"])
@pytest.mark.parametrize(
    "page", ["log_contact", "book", "what_matters", "plan", "details", "close", "about", "add_goal"]
)
def test_ground_rule_8_a_form_shows_the_person_and_is_recorded(sign_in, ben, sam, case, page, method):
    getattr(sign_in(ben), method)(url_of(page, case), headers=HTMX)
    assert [(seen.by, seen.patient) for seen in AccessLog.objects.all()] == [(ben, sam)]


@pytest.mark.parametrize("next_", ["caseload:today", "nowhere", "{{ 7 }}", "01:30"])
def test_a_way_back_that_is_no_address_is_no_error(sign_in, amina, next_):
    closed = CaseFactory(status="active", worker=amina)
    MembershipFactory(user=amina, role=Role.LINK_WORKER, organisation=closed.organisation)
    client = sign_in(amina)
    membership = amina.memberships.get(organisation=closed.organisation)
    client.post(f"/memberships/{membership.pk}/switch/")
    assert client.get(url_of("reopen", closed), {"next": next_}).status_code == 302
