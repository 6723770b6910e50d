from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from caseload import actions, desk
from caseload.enums import CaseStatus, FlagRule, Seen
from caseload.models import Case
from tests.factories import (
    AppointmentFactory,
    AttendedFactory,
    CaseFactory,
    FlagFactory,
    FollowUpFactory,
    HoldFactory,
    PatientFactory,
    ReferralFactory,
    in_days,
)

TODAY = reverse("caseload:today")


@pytest.fixture
def another(organisation, practice, amina):
    """another(family_name, …) is one more case of Amina's."""

    def make(family_name, **fields):
        patient = PatientFactory(organisation=organisation, practice=practice, family_name=family_name)
        return CaseFactory(**{"patient": patient, "worker": amina, "status": CaseStatus.ACTIVE} | fields)

    return make


def this_morning():
    return timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0)


def needing(user, today):
    """{heading: [(family name, [sentences])]}"""
    cases = Case.objects.visible_to(user)
    return {
        heading: [(row.case.patient.family_name, [reason.sentence for reason in row.reasons]) for row in rows]
        for heading, rows in desk.needing(cases, [user], today)[user.pk]
    }


def test_todays_meetings_stand_in_the_order_of_the_day(sign_in, amina, another):
    AppointmentFactory(case=another("Later"), starts_at=this_morning() + timedelta(hours=2))
    AppointmentFactory(case=another("Sooner"), starts_at=this_morning())
    response = sign_in(amina).get(TODAY)
    assert [m.case.patient.family_name for m in response.context["meetings"]] == ["Sooner", "Later"]


def test_a_meeting_says_which_it_is(sign_in, amina, case):
    AttendedFactory(case=case, starts_at=in_days(-20))
    AttendedFactory(case=case, starts_at=in_days(-10))
    AppointmentFactory(case=case, starts_at=this_morning())
    assert "3rd meeting" in sign_in(amina).get(TODAY).content.decode()


def test_a_first_meeting_names_the_interpreter(sign_in, amina, case):
    case.patient.interpreter_language = "Urdu"
    case.patient.save()
    AppointmentFactory(case=case, starts_at=this_morning())
    assert "first meeting, interpreter: Urdu" in sign_in(amina).get(TODAY).content.decode()


def test_a_meeting_of_a_colleague_is_not_on_my_page(sign_in, amina, ben, case):
    AppointmentFactory(case=case, worker=ben, starts_at=this_morning())
    assert sign_in(amina).get(TODAY).context["meetings"] == []


def test_a_meeting_nobody_logged_asks_how_it_went(sign_in, amina, case):
    meeting = AppointmentFactory(case=case, starts_at=in_days(-2))
    assert sign_in(amina).get(TODAY).context["to_log"] == [meeting]


def test_log_and_missed_lead_to_the_form_and_back_here(sign_in, amina, case):
    meeting = AppointmentFactory(case=case, starts_at=this_morning())
    page = sign_in(amina).get(TODAY).content.decode()
    url = reverse("caseload:log_meeting", args=[case.pk, meeting.pk])
    assert page.count(f'href="{url}?next=/today/"') == 1
    assert page.count(f'href="{url}?next=/today/&amp;outcome=missed"') == 1


def test_a_logged_meeting_has_nothing_left_to_do(sign_in, amina, case):
    meeting = AttendedFactory(case=case, starts_at=this_morning())
    url = reverse("caseload:log_meeting", args=[case.pk, meeting.pk])
    assert url not in sign_in(amina).get(TODAY).content.decode()


def test_a_flag_is_a_sentence_under_its_heading(amina, case, today):
    FlagFactory(case=case, rule=FlagRule.QUIET, why="Nobody has reached them for 6 weeks.")
    assert needing(amina, today) == {"Gone quiet": [("Kerr", ["Nobody has reached them for 6 weeks."])]}


def test_a_flag_set_aside_is_gone_until_its_day(amina, case, today):
    flag = FlagFactory(case=case)
    actions.set_flag_aside(flag=flag, by=amina, until=today + timedelta(days=7), reason="On holiday")
    assert needing(amina, today) == {}


def test_somebody_with_several_reasons_stands_once_with_all_of_them(amina, case, today):
    FlagFactory(case=case, rule=FlagRule.QUIET, why="Quiet.")
    FlagFactory(case=case, rule=FlagRule.OPEN_AFTER_MISSED, why="Missed.")
    assert needing(amina, today) == {"Missed, door open": [("Kerr", ["Missed.", "Quiet."])]}


def test_the_same_step_is_offered_once(amina, case, today):
    FlagFactory(case=case, rule=FlagRule.QUIET)
    FlagFactory(case=case, rule=FlagRule.OPEN_AFTER_MISSED)
    [(_, [row])] = desk.needing(Case.objects.all(), [amina], today)[amina.pk]
    assert row.steps == ["log_contact", "book", "write_after_missed"]


def test_a_hold_due_for_review_needs_no_sweep(amina, case, today):
    HoldFactory(case=case, review_on=today)
    assert list(needing(amina, today)) == ["Holds to review"]


def test_on_a_full_day_what_can_wait_is_folded_with_its_counts(sign_in, amina, another):
    FlagFactory(case=another("Pressing"), rule=FlagRule.OPEN_AFTER_MISSED)
    for n in range(desk.FULL_DAY):
        FlagFactory(case=another(f"Quiet {n}"), rule=FlagRule.QUIET)
    response = sign_in(amina).get(TODAY)
    assert [heading for heading, _ in response.context["shown"]] == ["Missed, door open"]
    assert [(heading, len(rows)) for heading, rows in response.context["folded"]] == [("Gone quiet", desk.FULL_DAY)]


def test_nothing_is_folded_on_a_day_with_room(sign_in, amina, another):
    FlagFactory(case=another("Pressing"), rule=FlagRule.OPEN_AFTER_MISSED)
    FlagFactory(case=another("Quiet"), rule=FlagRule.QUIET)
    assert sign_in(amina).get(TODAY).context["folded"] == []


def test_at_most_two_buttons_stand_in_a_row(sign_in, amina, case):
    FlagFactory(case=case, rule=FlagRule.OPEN_AFTER_MISSED)
    page = sign_in(amina).get(TODAY).content.decode()
    row = page[page.index('id="needs-you"') : page.index('id="week"')]
    assert row.count('class="nhsuk-button ') == 2
    assert row.count('<details class="lw-more">') == 1


@time_machine.travel("2026-11-23 10:00", tick=False)
def test_a_flag_about_a_review_and_the_review_itself_are_one_row_that_says_what_is_awaited(amina, case):
    today = timezone.localdate()
    HoldFactory(case=case, started_at=in_days(-51), review_on=today - timedelta(days=1))
    FlagFactory(case=case, rule=FlagRule.HOLD_REVIEW_OVERDUE)
    assert needing(amina, today) == {
        "Holds to review": [
            ("Kerr", ["Holding since 3 October for mental wellbeing (waiting list). Review due yesterday."])
        ]
    }


def test_a_review_set_aside_does_not_come_back_as_a_fact(amina, case, today):
    HoldFactory(case=case, review_on=today - timedelta(days=1))
    flag = FlagFactory(case=case, rule=FlagRule.HOLD_REVIEW_OVERDUE)
    actions.set_flag_aside(flag=flag, by=amina, until=today + timedelta(days=7), reason="Clinic rings on Friday")
    assert needing(amina, today) == {}


def test_a_hold_to_review_later_does_not_ask_for_anything(amina, case, today):
    HoldFactory(case=case, review_on=today + timedelta(days=1))
    assert needing(amina, today) == {}


def test_a_follow_up_due_says_what_was_promised(amina, case, today):
    FollowUpFactory(case=case, due_on=today, about="Ring about the lunch club")
    assert needing(amina, today) == {"Follow-ups due": [("Kerr", ["Follow-up due today: Ring about the lunch club"])]}


def test_a_follow_up_done_is_gone(amina, case, today):
    actions.finish_follow_up(follow_up=FollowUpFactory(case=case), by=amina)
    assert needing(amina, today) == {}


def test_done_is_one_click_from_today(sign_in, amina, case):
    follow_up = FollowUpFactory(case=case)
    url = reverse("caseload:finish_follow_up", args=[case.pk, follow_up.pk])
    response = sign_in(amina).post(f"{url}?next={TODAY}")
    assert response.url == TODAY
    follow_up.refresh_from_db()
    assert follow_up.done_at is not None


def test_somebody_waiting_with_nothing_booked_waits_for_me(amina, another, today):
    another("Nothing", status=CaseStatus.WAITING, opened_at=in_days(-20))
    booked = another("Booked", status=CaseStatus.WAITING)
    AppointmentFactory(case=booked)
    assert [name for name, _ in needing(amina, today)["Waiting for you"]] == ["Nothing"]


def test_a_case_a_colleague_passed_on_is_new_until_it_is_opened(amina, ben, another, today):
    case = another("Kerr", worker=ben)
    actions.assign_case(case=case, by=ben, worker=amina, words="Speaks Polish, so do you")
    assert needing(amina, today) == {
        "New with you": [("Kerr", ["Ben Taylor passed them to you today: “Speaks Polish, so do you”"])]
    }
    actions.record_seen(by=amina, what=Seen.CASE, record_id=case.pk, patient=case.patient)
    assert needing(amina, today) == {}


def test_a_case_opened_before_it_was_passed_on_is_still_new(amina, ben, another, today):
    case = another("Kerr", worker=ben)
    actions.record_seen(by=amina, what=Seen.CASE, record_id=case.pk, patient=case.patient)
    actions.assign_case(case=case, by=ben, worker=amina)
    assert list(needing(amina, today)) == ["New with you"]


def test_a_case_i_took_myself_is_not_news(amina, another, today):
    actions.assign_case(case=another("Kerr", worker=None), by=amina, worker=amina)
    assert needing(amina, today) == {}


def test_a_colleagues_case_asks_nothing_of_me(amina, ben, another, today):
    FlagFactory(case=another("Kerr", worker=ben))
    assert needing(amina, today) == {}


def test_a_closed_case_asks_nothing(amina, case, today):
    FollowUpFactory(case=case)
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    assert needing(amina, today) == {}


NOT_OF_A_CASE = [FlagRule.UNANSWERED, FlagRule.ASSET_UNCONFIRMED, FlagRule.ASSET_FUNDING_ENDS]


@pytest.mark.parametrize("rule", [rule for rule in FlagRule if rule not in NOT_OF_A_CASE])
def test_every_rule_about_a_case_has_its_place_and_a_thing_to_do(rule):
    kind = desk.SAME_AS.get(rule, rule)
    assert kind in desk.HEADINGS
    assert desk.STEPS[kind]


def test_the_inbox_is_said_with_its_oldest(sign_in, amina, organisation, practice):
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-2))
    ReferralFactory(organisation=organisation, practice=practice)
    page = " ".join(sign_in(amina).get(TODAY).content.decode().split())
    assert "2 referrals to answer</a>, the oldest sent <time" in page
    assert "2 days ago" in page


def test_the_week_counts_meetings_by_local_day(sign_in, amina, case, today):
    AppointmentFactory(case=case, starts_at=this_morning() + timedelta(days=1))
    AppointmentFactory(case=case, starts_at=this_morning() + timedelta(days=1, hours=1), outcome="cancelled_by_person")
    AppointmentFactory(case=case, starts_at=this_morning() + timedelta(days=7))
    week = dict(sign_in(amina).get(TODAY).context["week"])
    assert [week[today + timedelta(days=n)] for n in range(7)] == [0, 1, 0, 0, 0, 0, 0]


def test_a_quiet_day_is_said_kindly(sign_in, amina):
    assert "Nobody needs anything from you just now." in sign_in(amina).get(TODAY).content.decode()


@pytest.mark.parametrize("who, status", [("amina", 200), ("mo", 200), ("priya", 404)])
def test_today_is_for_the_organisation(request, sign_in, who, status):
    assert sign_in(request.getfixturevalue(who)).get(TODAY).status_code == status


def test_today_shows_nobody_of_another_organisation(sign_in, stranger, amina, case):
    FlagFactory(case=case)
    assert "Kerr" not in sign_in(stranger).get(TODAY).content.decode()


def full_row(another, today, name):
    case = another(name, status=CaseStatus.HOLDING)
    FlagFactory(case=case, rule=FlagRule.OPEN_AFTER_MISSED)
    FlagFactory(case=case, rule=FlagRule.HOLD_NO_CONTACT)
    HoldFactory(case=case, review_on=today)
    FollowUpFactory(case=case)
    AppointmentFactory(case=case, starts_at=this_morning())
    AppointmentFactory(case=case, starts_at=in_days(-3))


def test_three_people_take_no_more_queries_than_one(sign_in, amina, another, today, django_assert_max_num_queries):
    client = sign_in(amina)
    full_row(another, today, "One")
    with django_assert_max_num_queries(31) as with_one:
        client.get(TODAY)
    full_row(another, today, "Two")
    full_row(another, today, "Three")
    with django_assert_max_num_queries(len(with_one)):
        client.get(TODAY)


def test_log_a_contact_begins_with_the_people_i_support(sign_in, amina, ben, another):
    another("Mine")
    another("Bens", worker=ben)
    response = sign_in(amina).get(reverse("caseload:whom"))
    assert [case.patient.family_name for case in response.context["cases"]] == ["Mine"]


def test_log_a_contact_finds_anybody_of_the_organisation(sign_in, amina, ben, another):
    case = another("Bens", worker=ben)
    response = sign_in(amina).post(reverse("caseload:whom"), {"q": "sam bens"}, follow=True)
    assert reverse("caseload:log_contact", args=[case.pk]) in response.content.decode()


def test_log_a_contact_finds_nobody_of_another_organisation(sign_in, stranger, case):
    response = sign_in(stranger).post(reverse("caseload:whom"), {"q": "Kerr"}, follow=True)
    assert list(response.context["cases"]) == []


def test_an_empty_search_says_what_to_enter(sign_in, amina):
    response = sign_in(amina).post(reverse("caseload:whom"), {"q": " "}, follow=True)
    assert "Enter a name, a birthday, an NHS or CHI number" in response.content.decode()
