"""Practice as enacted: what is written beside what happens, and a question for the team."""

from datetime import date, timedelta
from html import unescape
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import change_policy
from accounts.models import Policy
from insight import enacted, sorting
from insight.actions import end_ask, note_ask
from insight.groups import families, in_a_sentence, shown_of, standing_out
from insight.of_people import groups_of
from insight.period import Period
from insight.published import NotOfferedError
from insight.scope import Scope
from insight.snapshots import years
from insight.splits import SPLITS
from tests.caseload.sent import errors
from tests.factories import AttendedFactory, NeedFactory, PatientFactory, ReferralFactory, in_days

PAGE, FUNDERS = reverse("insight:enacted"), reverse("insight:funders")
D = date


@pytest.fixture
def two_years(organisation, practice):
    """The service has taken referrals for two years."""
    for days in (-730, -400, -100):
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(days))


@pytest.fixture
def ended(someone, organisation, practice, in_year):
    """ended(how, 3, sex="male") makes people whose support ended in the year that was closed last."""

    def make(how, people, **person):
        why = {"drifted": "not_reached", "own_choice": "no_longer_wanted"}.get(how, "connected")
        said = {"ending_how": how, "ending": why, "ending_agreed": how == "agreed", "status": "closed"}
        for _ in range(people):
            patient = PatientFactory(organisation=organisation, practice=practice, **person)
            days = {"opened_at": in_year(10), "closed_at": in_year(100)}
            someone(patient=patient, ending_note=".", way_back=".", **days, **said)

    return make


def text(client, address=PAGE):
    return unescape(client.get(address).content.decode())


@pytest.mark.parametrize("who", ["mo", "amina"])
def test_managers_and_workers_read_five_panels_each_with_a_question(sign_in, request, two_years, who):
    page = text(sign_in(request.getfixturevalue(who)))
    assert [panel.question in page for panel in enacted.PANELS] == [True] * 5
    assert page.count("To talk about:") == 5


def test_a_practice_does_not_find_it(sign_in, priya):
    assert sign_in(priya).get(PAGE).status_code == 404


def test_a_service_that_has_just_begun_is_told_when_it_begins(sign_in, mo):
    assert "it begins with the first referral" in text(sign_in(mo))


def test_it_names_nobody(sign_in, mo, amina, two_years, ended):
    ended("drifted", 6)
    assert amina.name not in text(sign_in(mo))


def test_a_change_of_a_setting_is_listed_and_marked_on_the_charts_of_its_panel(organisation, mo, two_years, today):
    changed = change_policy(organisation=organisation, by=mo, based_on=None, **_settings(suggested_meetings=8))
    Policy.objects.filter(pk=changed.pk).update(made_at=in_days(-90))
    shown = {each.panel.key: each for each in enacted.panels(organisation, Period(in_days(-365).date(), today))}
    setting = next(each for each in shown["rationing"].written if each.name == "Usual number of meetings")
    assert (setting.now, [(c.number, c.before, c.after) for c in setting.changes]) == ("8", [(1, "6", "8")])
    month = in_days(-90).date().replace(day=1)
    for drawn in shown["rationing"].charts:
        assert [m.period.first for m, p in zip(drawn.months, drawn.points, strict=True) if p.changed] == [month]
    assert {p.changed for drawn in shown["creaming"].charts for p in drawn.points} == {""}


def _settings(**changed):
    return {name: getattr(Policy(), name) for name in Policy.SETTINGS} | changed


def test_time_by_kind_of_work_comes_to_the_whole(organisation, two_years, someone, amina, today):
    AttendedFactory(case=someone(opened_at=in_days(-80)), starts_at=in_days(-60), minutes=60)
    organisation.backstage_work.create(worker=amina, kind="admin", minutes=30, done_on=in_days(-60).date())
    shown = {each.panel.key: each for each in enacted.panels(organisation, Period(in_days(-365).date(), today))}
    month = in_days(-60).date().replace(day=1)
    values = {d.figure.name: m.value for d in shown["redefining"].charts for m in d.months if m.period.first == month}
    assert {name: (value.hits, value.n) for name, value in values.items() if value.hits} == {
        "Meeting in person": (60, 90),
        "Travel and admin": (30, 90),
    }


def test_a_service_without_a_year_has_its_charts_and_is_told_when_groups_stand_there(
    sign_in, mo, organisation, practice
):
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-20))
    page = text(sign_in(mo))
    assert page.count("To talk about:") == 5
    assert page.count("Groups of people stand here once a year, from April to March, is over and closed.") == 2


def test_small_groups_of_endings_are_left_out_and_do_not_follow_from_the_others(organisation, ended, year):
    ended("drifted", 3, sex="male")
    ended("drifted", 9, sex="female")
    ended("agreed", 12, sex="male")
    ended("agreed", 7, sex="female")
    found = sorting.endings(groups_of(organisation, year), organisation)
    by_sex = next(table for table in found if table.split.key == "sex")
    cells = dict(by_sex.rows)
    assert cells["Male"][by_sex.columns.index("Could not be reached")] == "–"
    assert [row.count("–") >= 2 for row in cells.values()] == [True, True]


def test_how_and_why_an_ending_came_stand_side_by_side(organisation, ended, year):
    ended("own_choice", 2)
    ended("agreed", 1)
    assert sorting.how_and_why(Scope(organisation, year)) == [
        ("Agreed together", [("Connected to support that will go on", 1)]),
        ("Their own choice", [("They no longer want this", 2)]),
    ]


def test_creaming_follows_people_from_the_referral_to_the_ending(organisation, someone, in_year, year):
    opened = {"opened_at": in_year(-90), "complexity": "high"}
    for n in range(7):
        case = someone(**opened)
        AttendedFactory.create_batch(3, case=case, starts_at=in_year(-80 + n))
        NeedFactory(case=case, on_referral=False)
    for _ in range(5):
        someone(**opened)
    by_complexity = sorting.ways_in(groups_of(organisation, year), organisation)[0]
    assert by_complexity.rows == [("High", ["12", "58% (7 of 12)", "58% (7 of 12)", "–", "0.6"])]


def test_years_run_from_april_to_march_and_are_closed_a_week_later(organisation, begun):
    found = years(organisation, D(2026, 4, 8))
    assert found[:2] == [Period(D(2025, 4, 1), D(2026, 3, 31)), Period(D(2024, 4, 1), D(2025, 3, 31))]
    assert all(later.before == earlier for later, earlier in pairwise(found))
    assert years(organisation, D(2026, 4, 7)) == found[1:]


def test_groups_of_any_other_period_are_refused(organisation, year):
    for period in (Period(year.first, year.last - timedelta(days=31)), Period.months_to(year.last, 24)):
        with pytest.raises(NotOfferedError):
            groups_of(organisation, period)


def test_groups_are_counted_once(organisation, ended, year):
    ended("agreed", 12, sex="male")
    ended("agreed", 7, sex="female")
    before = groups_of(organisation, year)
    ended("agreed", 1, sex="female")
    assert groups_of(organisation, year) == before


def test_the_total_of_a_split_is_known():
    """Three of one group, nobody of the other: who knows that they are three would know."""
    assert shown_of({"female": {"n": 3}, "male": {"n": 20}}, {}) == {"female": {"n": None}, "male": {"n": None}}
    assert shown_of({"female": {"n": 3}, "male": {"n": 0}}, {}) == {"female": {"n": None}, "male": {"n": None}}
    assert shown_of({"female": {"n": 3}}, {}) is None


def test_fifths_of_two_nations_are_never_compared():
    fifths = ["IMD 2019: fifth 1", "SIMD 2020v2: fifth 1", "SIMD 2020v2: fifth 5", "not_known"]
    assert families(SPLITS["deprivation"], fifths) == [fifths[:1], fifths[1:3]]


def test_a_difference_larger_than_chance_is_said_and_smaller_ones_are_not():
    assert standing_out(SPLITS["sex"], {"female": (10, 100), "male": (12, 100)}) == []
    assert standing_out(SPLITS["sex"], {"a": (10, 100), "b": (60, 100), "c": (35, 100)}) == ["a", "b"]
    assert in_a_sentence([]) == "No difference here is larger than chance would make."
    assert in_a_sentence(["Male"]).startswith("Male differs from the rest by more than chance usually makes; worth")


def test_what_a_funder_asks_for_stands_beside_what_was_done(sign_in, mo, amina, organisation, two_years):
    client = sign_in(mo)
    said = {"funder": "The Lottery", "words": "600 people a year", "figure": "referrals_in", "once": _once(client)}
    for _ in range(2):  # a double click
        assert client.post(FUNDERS, said).status_code == 302
    ask = organisation.funder_asks.get()
    page = text(sign_in(amina))
    assert "600 people a year" in page and "Referrals in: " in page
    client.post(reverse("insight:end_ask", args=[ask.pk]))
    ask.refresh_from_db()
    assert (ask.ended_by, "600 people a year" in text(client)) == (mo, False)
    assert "600 people a year" in text(client, FUNDERS)  # asked for earlier


def _once(client):
    return client.get(FUNDERS).context["form"]["once"].value()


def test_the_list_of_funders_asks_for_both_words(sign_in, mo):
    client = sign_in(mo)
    assert errors(client.post(FUNDERS, {"once": _once(client)})) == ["Enter what they ask for", "Enter who asks"]


def test_a_link_worker_reads_and_changes_nothing(sign_in, amina, two_years):
    client = sign_in(amina)
    ask = note_ask(organisation=amina.memberships.get().organisation, by=amina, funder="The Lottery", words="All")
    refused = client.get(FUNDERS), client.post(reverse("insight:end_ask", args=[ask.pk]))
    assert [answer.status_code for answer in refused] == [403, 403]
    assert FUNDERS not in text(client) and reverse("accounts:settings") not in text(client)


def test_an_ask_that_ended_stays_as_it_ended(organisation, mo, amina):
    ask = note_ask(organisation=organisation, by=mo, funder="The Lottery", words="600 people a year")
    end_ask(ask=ask, by=mo)
    end_ask(ask=ask, by=amina)
    ask.refresh_from_db()
    assert ask.ended_by == mo


def test_the_page_asks_as_often_for_many_as_for_few(sign_in, mo, two_years, ended):
    client = sign_in(mo)
    ended("agreed", 1)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as once:
        client.get(PAGE)
    ended("drifted", 3, sex="male", interpreter_language="Urdu")
    with CaptureQueriesContext(connection) as again:
        client.get(PAGE)
    assert len(again) == len(once)
