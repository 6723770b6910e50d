from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caseload import actions, diary
from tests.factories import AppointmentFactory, AwayFactory, FollowUpFactory, LoneVisitFactory

WEEK = reverse("caseload:week")
MONDAY = date(2026, 10, 19)  # The clocks go back on the Sunday of this week.


def at(day, hour, minute=0):
    return datetime(2026, 10, day, hour, minute, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def full_week(case, organisation, amina):
    AppointmentFactory(case=case, starts_at=at(20, 14))
    AppointmentFactory(case=case, starts_at=at(20, 9, 30), minutes_planned=40)
    FollowUpFactory(case=case, due_on=date(2026, 10, 21), about="Ring about the lunch club")
    actions.log_backstage(organisation=organisation, by=amina, kind="travel", minutes=30, done_on=date(2026, 10, 22))


def shown(client, **asked):
    """{weekday: [words]} of the days with something in them."""
    days = client.get(WEEK, {"from": MONDAY.isoformat()} | asked).context["days"]
    return {
        day.date.day: [item.what for item in [*day.all_day, *day.timed]] for day in days if day.all_day + day.timed
    }


def test_meetings_things_to_do_and_backstage_work_stand_together_by_day(sign_in, amina, full_week):
    assert shown(sign_in(amina)) == {
        20: ["Sam Kerr", "Sam Kerr"],
        21: ["Ring about the lunch club"],
        22: ["Travel"],
    }


def test_the_meetings_of_a_day_stand_at_their_hours(organisation, amina, full_week):
    tuesday = diary.week(organisation, amina, MONDAY, reader=amina)[1]
    assert [item.hours for item in tuesday.timed] == ["09:30–10:10", "14:00–14:45"]
    assert [(item.first_quarter, item.quarters) for item in tuesday.timed] == [(10, 3), (28, 3)]


@pytest.mark.parametrize(
    ("starts", "minutes", "place"),
    [((5, 0), 45, (0, 3)), ((20, 50), 60, (55, 1)), ((22, 0), 45, (55, 1)), ((7, 0), 12 * 60, (0, 48))],
)
def test_an_hour_off_the_grid_stands_at_its_edge(organisation, amina, case, starts, minutes, place):
    AppointmentFactory(case=case, starts_at=at(20, *starts), minutes_planned=minutes)
    [item] = diary.week(organisation, amina, MONDAY, reader=amina)[1].timed
    assert (item.first_quarter, item.quarters) == place


def test_the_day_the_clocks_change_has_its_meetings_by_the_clock_on_the_wall(organisation, amina, case):
    AppointmentFactory(case=case, starts_at=at(25, 0, 30))
    AppointmentFactory(case=case, starts_at=at(25, 23, 30))
    sunday = diary.week(organisation, amina, MONDAY, reader=amina)[6]
    assert [item.hours for item in sunday.timed] == ["00:30–01:15", "23:30–00:15"]


def test_a_cancelled_meeting_is_not_in_the_week(sign_in, amina, case):
    AppointmentFactory(case=case, starts_at=at(20, 9), outcome="cancelled_by_person")
    assert shown(sign_in(amina)) == {}


def test_a_colleague_sees_my_meetings_and_never_my_backstage_work(sign_in, amina, ben, full_week):
    assert shown(sign_in(ben), whose=amina.pk) == {
        20: ["Sam Kerr", "Sam Kerr"],
        21: ["Ring about the lunch club"],
    }


def test_a_week_of_somebody_who_is_not_of_the_team_is_ones_own(sign_in, stranger, amina, full_week):
    response = sign_in(stranger).get(WEEK, {"from": MONDAY.isoformat(), "whose": amina.pk})
    assert response.context["worker"] == stranger
    assert b"Kerr" not in response.content


def test_days_away_are_in_the_week_with_who_covers_and_in_the_week_of_the_cover(sign_in, amina, ben, organisation):
    days = {"first_on": date(2026, 10, 16), "last_on": date(2026, 10, 20)}
    AwayFactory(organisation=organisation, worker=amina, cover=ben, **days)
    assert shown(sign_in(amina)) == {19: ["Away"], 20: ["Away"]}
    assert shown(sign_in(ben)) == {19: ["Covering for Amina Yusuf"], 20: ["Covering for Amina Yusuf"]}


def test_a_visit_alone_is_in_the_week_and_where_it_goes_is_the_workers_to_know(sign_in, amina, ben, mo, organisation):
    LoneVisitFactory(
        organisation=organisation, worker=amina, watcher=ben, starts_at=at(20, 16), expected_back_at=at(20, 17)
    )
    assert shown(sign_in(amina)) == {20: ["Visit alone"]}
    assert "12 Elm Street" in sign_in(amina).get(WEEK, {"from": MONDAY.isoformat()}).content.decode()
    assert "12 Elm Street" not in sign_in(mo).get(WEEK, {"from": "2026-10-19", "whose": amina.pk}).content.decode()


@pytest.mark.parametrize("asked", ["2026-10-21", "2026-10-25"])
def test_any_day_of_a_week_leads_to_its_monday(sign_in, amina, asked):
    context = sign_in(amina).get(WEEK, {"from": asked}).context
    assert context["monday"] == MONDAY
    assert (context["earlier"], context["later"]) == (f"{WEEK}?from=2026-10-12", f"{WEEK}?from=2026-10-26")


@pytest.mark.parametrize("asked", ["", "yesterday", "0001-01-01", "9999-12-31"])
def test_a_week_nobody_can_mean_is_this_week(sign_in, amina, today, asked):
    context = sign_in(amina).get(WEEK, {"from": asked}).context
    assert context["monday"] == today - timedelta(days=today.weekday())
    assert context["is_this_week"]


def test_the_week_takes_as_many_queries_for_three_meetings_as_for_one(
    sign_in, amina, case, full_week, django_assert_max_num_queries
):
    client = sign_in(amina)
    with django_assert_max_num_queries(100) as one:
        shown(client)
    for n in range(3):
        AppointmentFactory(case=case, starts_at=at(20 + n, 16))
        FollowUpFactory(case=case, due_on=date(2026, 10, 21))
    with django_assert_max_num_queries(len(one)):
        shown(client)
