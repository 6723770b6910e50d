import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from accounts import links
from caseload import actions
from caseload.models import CalendarFeed
from tests.factories import AppointmentFactory, in_days

PAGE = reverse("caseload:calendar")


@pytest.fixture(autouse=True)
def _no_tries_left_over():
    cache.clear()


@pytest.fixture
def link(sign_in, amina):
    return new_link(sign_in(amina))


def new_link(client):
    return re.search(r"http\S+/calendar/\S+?\.ics", client.post(PAGE).content.decode())[0].partition("8000")[2]


def events(client, link):
    return Calendar.from_ical(client.get(link).content).walk("VEVENT")


def test_a_meeting_says_when_how_and_roughly_where(client, link, case):
    meeting = AppointmentFactory(case=case, place_detail="room 2", minutes_planned=40)
    [event] = events(client, link)
    assert (event["summary"], event["location"], event["uid"]) == (
        "Meeting, at the practice",
        "Parkhead Health Centre, room 2",
        f"{meeting.pk}@linkwork",
    )
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=40)
    assert event["status"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("place", "detail"),
    [("home", "14 Dumbarton Road"), ("other", "her sister's, 14 Dumbarton Road"), ("community", "Sam's club")],
)
def test_no_home_address_and_no_name_is_in_it(client, link, case, place, detail):
    case.patient.preferred_name = "Sammy"
    case.patient.save()
    AppointmentFactory(case=case, place=place, place_detail=detail, note="Talked about Jean Kerr")
    text = client.get(link).content.decode()
    assert re.findall(r"Sam|Kerr|Dumbarton|Jean|DESCRIPTION|LOCATION|0141", text) == []
    assert text.count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize(
    ("stored", "shown", "offset"),
    [("2027-01-14T10:30Z", "20270114T103000", 0), ("2027-07-14T09:30Z", "20270714T103000", 1)],
    ids=["winter", "summer"],
)
@time_machine.travel("2026-11-26 12:00", tick=False)
def test_its_time_is_londons_summer_and_winter(sign_in, amina, case, stored, shown, offset):
    AppointmentFactory(case=case, starts_at=datetime.fromisoformat(stored))
    client = sign_in(amina)
    answer = client.get(new_link(client)).content.decode()
    [event] = Calendar.from_ical(answer).walk("VEVENT")
    assert f"DTSTART;TZID=Europe/London:{shown}" in answer
    assert event.decoded("dtstart").utcoffset() == timedelta(hours=offset)
    assert "BEGIN:VTIMEZONE" in answer


def test_a_moved_meeting_keeps_its_name_and_counts_up(client, link, case, amina):
    meeting = AppointmentFactory(case=case)
    [before] = events(client, link)
    actions.move_appointment(appointment=meeting, by=amina, version=1, starts_at=in_days(3))
    [after] = events(client, link)
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)


def test_a_cancelled_meeting_is_marked_so(client, link, case):
    AppointmentFactory(case=case, outcome="cancelled_by_person")
    [event] = events(client, link)
    assert (event["status"], event["summary"]) == ("CANCELLED", "Cancelled: meeting, at the practice")


def test_only_ones_own_meetings_in_this_organisation_are_in_it(client, link, case, ben, amina):
    AppointmentFactory(case=case, worker=ben)
    AppointmentFactory(worker=amina)
    assert events(client, link) == []


def test_the_secret_is_kept_nowhere_and_shown_once(sign_in, amina, link):
    secret = link.removeprefix("/calendar/").removesuffix(".ics")
    feed = CalendarFeed.objects.get()
    assert secret not in feed.fingerprint
    assert secret not in sign_in(amina).get(PAGE).content.decode()


def test_a_new_link_ends_the_old_one_at_once(client, sign_in, amina, link):
    newer = new_link(sign_in(amina))
    assert [client.get(each).status_code for each in (link, newer)] == [404, 200]


def test_an_ended_link_reads_nothing(client, sign_in, amina, link):
    sign_in(amina).post(reverse("caseload:end_feed"))
    assert client.get(link).status_code == 404


def test_a_colleague_ends_only_their_own(client, sign_in, ben, link):
    sign_in(ben).post(reverse("caseload:end_feed"))
    assert client.get(link).status_code == 200


def test_a_worker_who_has_left_is_read_no_more(client, amina, link):
    amina.memberships.update(is_active=False)
    assert client.get(link).status_code == 404


def test_when_it_was_last_read_is_shown(client, sign_in, amina, link):
    assert "No calendar has read it yet" in sign_in(amina).get(PAGE).content.decode()
    client.get(link)
    assert "A calendar last read it today" in sign_in(amina).get(PAGE).content.decode()


def test_reading_and_guessing_are_limited(client, link, monkeypatch):
    monkeypatch.setattr(links, "USES", 1)
    monkeypatch.setattr(links, "WRONG_TRIES", 2)
    assert [client.get(link).status_code for _ in range(2)] == [200, 429]
    guesses = [client.get(reverse("caseload:feed", args=["guess"])).status_code for _ in range(3)]
    assert guesses == [404, 404, 429]


def test_a_feed_sets_no_cookie_and_is_read_only(client, link):
    assert client.get(link).cookies == {}
    assert client.post(link).status_code == 405


def test_the_feed_takes_as_many_queries_for_three_as_for_one(client, link, case, django_assert_max_num_queries):
    AppointmentFactory(case=case)
    with django_assert_max_num_queries(20) as one:
        client.get(link)
    AppointmentFactory.create_batch(2, case=case)
    with django_assert_max_num_queries(len(one)):
        client.get(link)
