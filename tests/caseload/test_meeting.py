from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from caseload.enums import CaseStatus, Channel, MissedBarrier, Mode, Outcome, Place, Verb, WithWhom
from tests.caseload.sent import HTMX, errors, filled_in, send, url_of
from tests.factories import AppointmentFactory, AttendedFactory, in_days


@pytest.fixture
def meeting(case):
    """Sam's, this morning, not logged."""
    return AppointmentFactory(case=case, starts_at=timezone.now() - timedelta(hours=1), place=Place.HOME)


@pytest.fixture
def log_page(case, meeting):
    return url_of("log_meeting", case, appointment_id=meeting.pk)


def test_logging_takes_one_press_when_it_went_as_booked(sign_in, amina, meeting, log_page):
    send(sign_in(amina), log_page)
    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.place, meeting.minutes) == (Outcome.ATTENDED, Place.HOME, 45)


@time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(("hours", "offered"), [(-1, Outcome.ATTENDED), (5, Outcome.ATTENDED), (24, None)])
def test_met_is_offered_from_the_morning_of_the_day(sign_in, amina, case, hours, offered):
    meeting = AppointmentFactory(case=case, starts_at=timezone.now() + timedelta(hours=hours))
    shown = filled_in(sign_in(amina), url_of("log_meeting", case, appointment_id=meeting.pk))
    assert shown.get("outcome") == offered


def test_the_minutes_offered_are_those_of_last_time(sign_in, amina, case, log_page):
    AttendedFactory(case=case, minutes=70)
    assert filled_in(sign_in(amina), log_page)["minutes"] == 70


def test_a_first_meeting_makes_a_waiting_case_active(sign_in, amina, case, log_page):
    case.status = CaseStatus.WAITING
    case.save()
    send(sign_in(amina), log_page)
    case.refresh_from_db()
    assert case.status == CaseStatus.ACTIVE


@pytest.mark.parametrize("status", [CaseStatus.WAITING, CaseStatus.ACTIVE, CaseStatus.HOLDING])
def test_ground_rule_1_a_missed_meeting_changes_no_status_and_makes_a_follow_up(
    sign_in, amina, case, log_page, status, today
):
    case.status = status
    case.save()
    send(sign_in(amina), f"{log_page}?outcome=missed", barrier=MissedBarrier.TRANSPORT)
    case.refresh_from_db()
    assert case.status == status
    assert [promise.due_on for promise in case.follow_ups.to_do()] == [today + timedelta(days=7)]


def test_ground_rule_1_missing_many_meetings_closes_nothing(sign_in, amina, case):
    client = sign_in(amina)
    for days in range(12):
        meeting = AppointmentFactory(case=case, starts_at=in_days(-days - 1))
        send(client, url_of("log_meeting", case, appointment_id=meeting.pk), outcome=Outcome.MISSED)
    case.refresh_from_db()
    assert (case.status, case.follow_ups.to_do().count()) == (CaseStatus.ACTIVE, 12)


def test_a_missed_meeting_without_a_day_to_follow_up_is_asked_for_one(sign_in, amina, meeting, log_page):
    response = sign_in(amina).post(log_page, {"outcome": Outcome.MISSED, "next": "nothing"})
    assert errors(response) == ["Enter a day to follow up: the door stays open"]


def test_what_another_answer_would_have_asked_is_not_asked(sign_in, amina, meeting, log_page):
    send(sign_in(amina), log_page, outcome=Outcome.CANCELLED_BY_PERSON, minutes="many", mode="")
    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.minutes, meeting.place) == (Outcome.CANCELLED_BY_PERSON, None, Place.HOME)


def test_a_meeting_held_by_phone_after_all_is_nowhere(sign_in, amina, meeting, log_page):
    send(sign_in(amina), log_page, mode=Mode.PHONE)
    meeting.refresh_from_db()
    assert (meeting.mode, meeting.place) == (Mode.PHONE, "")


def test_a_meeting_in_person_is_somewhere(sign_in, amina, log_page):
    assert errors(send(sign_in(amina), log_page, place="")) == ["Choose where"]


@pytest.mark.parametrize("outcome", [Outcome.ATTENDED, Outcome.MISSED])
def test_a_meeting_of_another_day_to_come_cannot_have_happened(sign_in, amina, case, outcome):
    meeting = AppointmentFactory(case=case, starts_at=in_days(2))
    response = send(sign_in(amina), url_of("log_meeting", case, appointment_id=meeting.pk), outcome=outcome)
    assert errors(response) == ["This meeting is still to come. Choose who cancelled it, or move it instead"]


def test_a_follow_up_is_set_in_the_same_step(sign_in, amina, case, log_page, today):
    send(sign_in(amina), log_page, next="follow_up", follow_up_on=today, follow_up_about="Ask about the bus pass")
    assert [promise.about for promise in case.follow_ups.to_do()] == ["Ask about the bus pass"]


@pytest.mark.parametrize(("choice", "page"), [("book", "book"), ("hold", "start_hold")])
def test_the_next_step_opens_next_and_leads_back(sign_in, amina, case, log_page, choice, page):
    response = send(sign_in(amina), f"{log_page}?next=/today/", next=choice)
    assert response.url == f"{url_of(page, case)}?next=%2Ftoday%2F"


def test_saving_goes_back_to_where_the_form_was_opened(sign_in, amina, log_page):
    assert send(sign_in(amina), f"{log_page}?next=/today/").url == "/today/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_saving_never_leads_to_another_site(sign_in, amina, case, log_page, elsewhere):
    assert send(sign_in(amina), f"{log_page}?next={elsewhere}").url == url_of("case", case)


def test_a_form_opened_in_place_is_only_the_form(sign_in, amina, log_page):
    response = sign_in(amina).get(log_page, headers=HTMX)
    assert [t.name for t in response.templates][0] == "caseload/includes/form_in_place.html"
    assert b"<html" not in response.content


def test_a_form_saved_in_place_sends_the_page_back(sign_in, amina, log_page):
    response = send(sign_in(amina), f"{log_page}?next=/today/", headers=HTMX)
    assert response["HX-Redirect"] == "/today/"


def test_an_error_in_place_keeps_the_form_in_place(sign_in, amina, log_page):
    response = send(sign_in(amina), log_page, headers=HTMX, place="", note="Talked about buses")
    assert b"<html" not in response.content
    assert response.context["form"]["note"].value() == "Talked about buses"


def test_a_colleague_who_logged_it_first_is_named_and_the_note_kept(sign_in, amina, ben, case, meeting, log_page):
    amina_sends = filled_in(sign_in(amina), log_page, note="She rang the allotment herself")
    send(sign_in(ben), log_page, note="Good talk")
    response = sign_in(amina).post(log_page, amina_sends)
    assert response.context["first"].startswith("Ben Taylor logged this meeting as Met today ")
    assert response.context["form"]["note"].value() == "She rang the allotment herself"
    assert response.context["action"].startswith(url_of("log_contact", case))
    meeting.refresh_from_db()
    assert (meeting.note, meeting.outcome_by) == ("Good talk", ben)


def test_a_double_click_logs_once_and_goes_on(sign_in, amina, case, log_page):
    client = sign_in(amina)
    data = filled_in(client, log_page, outcome=Outcome.MISSED)
    first, second = client.post(log_page, data), client.post(log_page, data)
    assert (first.url, second.url) == (url_of("case", case), url_of("case", case))
    assert case.follow_ups.count() == 1


def test_a_logged_meeting_cannot_be_moved(sign_in, amina, ben, case, meeting, log_page, today):
    move_page = url_of("move_meeting", case, appointment_id=meeting.pk)
    data = filled_in(sign_in(amina), move_page, day=today + timedelta(days=3))
    send(sign_in(ben), log_page)
    response = sign_in(amina).post(move_page, data)
    assert errors(response)[0].startswith("Ben Taylor logged this meeting as Met today ")


def test_a_meeting_moves_to_another_time(sign_in, amina, case, meeting, today):
    url = url_of("move_meeting", case, appointment_id=meeting.pk)
    send(sign_in(amina), url, day=today + timedelta(days=3), time="14:15")
    meeting.refresh_from_db()
    moved_to = timezone.localtime(meeting.starts_at)
    assert (moved_to.date(), moved_to.strftime("%H:%M")) == (today + timedelta(days=3), "14:15")


def test_booking_offers_last_times_place_and_whoever_books(sign_in, ben, case):
    AttendedFactory(case=case, place=Place.COMMUNITY, place_detail="Parkhead Library")
    shown = filled_in(sign_in(ben), url_of("book", case))
    assert (shown["place"], shown["place_detail"], shown["worker"]) == (Place.COMMUNITY, "Parkhead Library", ben.pk)


def test_a_double_click_books_once(sign_in, amina, case, today):
    client, url = sign_in(amina), url_of("book", case)
    data = filled_in(client, url, day=today + timedelta(days=2), time="10:30", place=Place.PRACTICE)
    client.post(url, data)
    client.post(url, data)
    assert [timezone.localtime(m.starts_at).strftime("%H:%M") for m in case.appointments.all()] == ["10:30"]


def test_booking_with_somebody_of_another_organisation_is_refused(sign_in, amina, stranger, case):
    response = send(sign_in(amina), url_of("book", case), time="10:30", place=Place.PRACTICE, worker=stranger.pk)
    assert errors(response) == ["Choose somebody from the list"]


def test_booking_on_a_case_closed_meanwhile_says_who_closed_it(sign_in, amina, ben, case):
    url = url_of("book", case)
    data = filled_in(sign_in(amina), url, time="10:30", place=Place.PRACTICE)
    send(sign_in(ben), url_of("close", case), ending_how="moved")
    response = sign_in(amina).post(url, data)
    assert errors(response)[0].startswith("Ben Taylor closed the case today ")
    assert response.context["form"]["time"].value() == "10:30"


def test_a_contact_is_logged_as_now_unless_said_otherwise(sign_in, amina, case):
    send(sign_in(amina), url_of("log_contact", case), result="reached", note="Ringing back on Friday")
    contact = case.contacts.get()
    assert (contact.channel, contact.reached, contact.with_whom) == (Channel.CALL, True, WithWhom.PERSON)
    assert timezone.now() - contact.at < timedelta(minutes=2)


def test_speaking_with_family_is_not_reaching_the_person(sign_in, amina, case):
    send(sign_in(amina), url_of("log_contact", case), result=WithWhom.FAMILY)
    assert [(contact.with_whom, contact.reached) for contact in case.contacts.all()] == [(WithWhom.FAMILY, False)]


def test_a_contact_that_says_nothing_of_whom_is_asked(sign_in, amina, case):
    response = send(sign_in(amina), url_of("log_contact", case))
    assert errors(response) == ["Choose who you reached, or that you did not reach them"]


def test_a_contact_in_the_future_is_refused(sign_in, amina, case, today):
    tomorrow = today + timedelta(days=1)
    response = send(sign_in(amina), url_of("log_contact", case), result="reached", day=tomorrow)
    assert errors(response) == ["Choose today or a day before"]


def test_a_channel_the_person_has_not_agreed_to_says_so(sign_in, amina, case):
    response = sign_in(amina).get(url_of("log_contact", case))
    channels = dict(response.context["form"].fields["channel"].choices)
    assert (channels[Channel.CALL], channels[Channel.TEXT], channels[Channel.DROP_IN]) == (
        "Call",
        "Text: Sam has not agreed to this",
        "Drop-in",
    )


def test_a_contact_with_a_follow_up_makes_both_once(sign_in, amina, case, today):
    client, url = sign_in(amina), url_of("log_contact", case)
    data = filled_in(client, url, result="not_reached", follow_up_on=today + timedelta(days=1))
    client.post(url, data)
    client.post(url, data)
    assert (case.contacts.count(), [promise.about for promise in case.follow_ups.all()]) == (
        1,
        ["Get in touch again"],
    )


def test_a_closed_case_takes_a_contact(sign_in, amina, case):
    send(sign_in(amina), url_of("close", case), ending_how="moved")
    send(sign_in(amina), url_of("log_contact", case), result="reached")
    assert case.contacts.count() == 1


def test_every_step_is_in_the_timeline_with_who_did_it(sign_in, amina, case, meeting, log_page):
    send(sign_in(amina), log_page)
    said = [(event.verb, event.by) for event in case.events.order_by("id")]
    assert said == [(Verb.MEETING_LOGGED, amina), (Verb.MET, amina)]
