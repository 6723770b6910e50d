"""Equity: differences with their uncertainty, small groups left out, nobody ranked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insight.catalogue import FIGURES
from insight.equity import sections
from insight.of_people import ASKED, groups_of
from tests.factories import AttendedFactory, PatientFactory, PracticeFactory, ReferralFactory, in_days

PAGE = reverse("insight:equity")


@pytest.fixture
def ended(someone, organisation, practice, in_year):
    """ended(True, 7, sex="male") makes people whose endings were agreed, or were not."""

    def make(agreed, people, practice=practice, **person):
        how = "agreed" if agreed else "by_us"
        said = {"status": "closed", "ending": "connected", "ending_how": how, "ending_agreed": agreed}
        for _ in range(people):
            patient = PatientFactory(organisation=organisation, practice=practice, **person)
            someone(patient=patient, opened_at=in_year(-50), closed_at=in_year(100), **said)

    return make


@pytest.fixture
def of(organisation, year):
    """of(key, split) are the sections of a figure by a split."""

    def found(key, split):
        shown = sections(FIGURES[key], groups_of(organisation, year), organisation)
        return [section for section in shown if section.split.key == split]

    return found


def test_a_share_stands_with_its_interval_in_the_order_of_the_groups(ended, of):
    ended(True, 15, sex="male")
    ended(False, 5, sex="male")
    ended(True, 12, sex="female")
    ended(False, 8, sex="female")
    (by_sex,) = of("endings_agreed", "sex")
    assert [(row.label, row.shown) for row in by_sex.rows] == [
        ("Female", "60% (39 to 78), 12 of 20"),
        ("Male", "75% (53 to 89), 15 of 20"),
    ]
    assert by_sex.sentence == "No difference here is larger than chance would make."


def test_a_difference_larger_than_chance_is_worth_asking_about(ended, of):
    ended(True, 30, interpreter_language="Urdu")
    ended(False, 30)
    (section,) = of("endings_agreed", "interpreter")
    assert section.sentence.endswith("from the rest by more than chance usually makes; worth asking why.")


def test_a_small_group_is_left_out_and_does_not_follow_from_another(ended, of):
    ended(True, 3, sex="male")
    ended(True, 20, sex="female")
    ended(False, 30, sex="female")
    (by_sex,) = of("endings_agreed", "sex")
    assert [(row.label, row.shown, row.n) for row in by_sex.rows] == [("Female", "–", None), ("Male", "–", None)]
    assert "3" not in by_sex.sentence


def test_did_not_is_a_group_too(ended, of):
    ended(True, 14, sex="male")
    ended(False, 2, sex="male")
    ended(True, 20, sex="female")
    ended(False, 20, sex="female")
    (by_sex,) = of("endings_agreed", "sex")
    assert [row.shown for row in by_sex.rows] == ["–", "–"]


def test_days_stand_with_the_interval_of_their_median(someone, organisation, practice, of, in_year):
    for n in range(1, 11):
        case = someone(opened_at=in_year(60 - n))
        ReferralFactory(
            organisation=organisation,
            practice=practice,
            submitted_at=in_year(60 - n),
            case=case,
            patient=case.patient,
            status="accepted",
            answered_at=in_year(60),
            answered_by=case.worker,
        )
        AttendedFactory(case=case, starts_at=in_year(60))
    (by_practice,) = of("first_meeting_days", "practice")
    assert [row.shown for row in by_practice.rows] == ["5 days (2 to 9), of 10"]


def test_practices_stand_by_name_in_a_funnel(ended, organisation, of):
    other = PracticeFactory(name="Aardvark Surgery")
    organisation.practices.add(other)
    ended(True, 40)
    ended(False, 40, practice=other)
    ended(True, 5, practice=other)
    ended(False, 5)
    (by_practice,) = of("endings_agreed", "practice")
    assert [row.label for row in by_practice.rows] == ["Aardvark Surgery", "Parkhead Health Centre"]
    assert by_practice.funnel.outside == {"Aardvark Surgery", "Parkhead Health Centre"}
    n, low, high = by_practice.funnel.likely[-1]
    assert (n, low < 0.5 < high) == (45, True)


@pytest.mark.parametrize("key", ASKED)
def test_every_figure_has_its_page_also_where_nothing_was_counted(sign_in, mo, organisation, practice, key):
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-400))
    response = sign_in(mo).get(PAGE, {"figure_key": key})
    assert (response.status_code, response.context["figure"].key) == (200, key)


@pytest.mark.parametrize(
    ("not_agreed", "said"),
    [
        (0, "No difference between these groups is larger than chance would make."),
        (30, "Interpreter: With an interpreter and Without"),
    ],
)
def test_the_page_says_first_which_differences_are_larger_than_chance(sign_in, mo, ended, not_agreed, said):
    ended(True, 30)
    ended(False, not_agreed, interpreter_language="Urdu")
    assert said in sign_in(mo).get(PAGE, {"figure_key": "endings_agreed"}).content.decode()


def test_where_every_practice_is_left_out_no_funnel_is_drawn(ended, organisation, of):
    other = PracticeFactory(name="Aardvark Surgery")
    organisation.practices.add(other)
    ended(True, 3)
    ended(True, 3, practice=other)
    (by_practice,) = of("endings_agreed", "practice")
    assert ([row.shown for row in by_practice.rows], by_practice.funnel) == (["–", "–"], None)


def test_it_is_for_managers(sign_in, amina, mo):
    assert [sign_in(who).get(PAGE).status_code for who in (amina, mo)] == [403, 200]


def test_the_page_asks_as_often_for_many_as_for_few(sign_in, mo, ended, organisation, practice):
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-400))
    client, address = sign_in(mo), f"{PAGE}?figure_key=endings_agreed"
    ended(True, 1)
    client.get(address)
    with CaptureQueriesContext(connection) as once:
        client.get(address)
    ended(True, 2, sex="male", interpreter_language="Urdu")
    with CaptureQueriesContext(connection) as again:
        client.get(address)
    assert len(again) == len(once)
