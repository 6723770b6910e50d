from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assets.enums import NeedKind
from caseload import actions
from caseload.enums import CaseStatus, FlagRule, HoldBarrier
from caseload.models import Case
from tests.factories import (
    AppointmentFactory,
    AttendedFactory,
    ContactFactory,
    FlagFactory,
    HoldFactory,
    MissedFactory,
    NeedFactory,
    PracticeFactory,
    in_days,
)

CASES = reverse("caseload:cases")
PASS_ON = reverse("caseload:assign_cases")


@pytest.fixture
def shown(sign_in):
    """shown(amina, whose="team") are the family names on the list, in its order."""

    def names(user, **asked):
        page = sign_in(user).get(CASES, asked).context["page"]
        return [case.patient.family_name for case in page]

    return names


def closed(case, by):
    return actions.close_case(case=case, by=by, ending="connected", ending_agreed=True)


def test_a_link_worker_finds_their_own_people_first(shown, someone, amina, ben):
    someone("Mine")
    someone("Bens", worker=ben)
    assert shown(amina) == ["Mine"]


def test_a_manager_finds_the_team_first(shown, someone, mo, ben):
    someone("Aminas")
    someone("Bens", worker=ben)
    someone("Nobodys", worker=None)
    assert shown(mo) == ["Aminas", "Bens", "Nobodys"]


def test_each_tab_holds_what_it_says(shown, someone, amina, ben):
    someone("Active")
    someone("Waiting", worker=ben, status=CaseStatus.WAITING)
    closed(someone("Closed"), amina)
    assert shown(amina, whose="mine") == ["Active"]
    assert shown(amina, whose="team") == ["Active", "Waiting"]
    assert shown(amina, whose="waiting") == ["Waiting"]
    assert shown(amina, whose="closed") == ["Closed"]
    assert shown(amina, whose="all") == ["Active", "Closed", "Waiting"]


def test_each_tab_counts_what_it_holds(sign_in, shown, someone, amina, ben):
    someone("Active")
    someone("Waiting", worker=ben, status=CaseStatus.WAITING)
    closed(someone("Closed"), amina)
    tabs = sign_in(amina).get(CASES).context["tabs"]
    assert [count for _, _, count in tabs] == [len(shown(amina, whose=whose)) for whose, _, _ in tabs]


def one_that_matches(filters, someone, organisation, today, ben):
    """Makes the case called "Found", which the filter is for."""
    [(name, value)] = filters.items()
    if name == "flag":
        FlagFactory(case=someone("Found"), rule=value)
    elif value == "review_due":
        HoldFactory(case=someone("Found", status="holding"), review_on=today)
    elif name in ("awaited", "barrier"):
        field = {"awaited": "awaited_need", "barrier": "barrier"}[name]
        HoldFactory(case=someone("Found", status="holding"), **{field: value})
    elif name == "need":
        NeedFactory(case=someone("Found"), kind=value)
    elif name == "door":
        MissedFactory(case=someone("Found"))
    elif name == "next":
        days = {"today": 0, "week": 6}[value]
        midnight = timezone.localtime().replace(hour=23, minute=59, second=30)
        AppointmentFactory(case=someone("Found"), starts_at=midnight + timedelta(days=days))
    else:
        someone("Found", **{name: value})


@pytest.mark.parametrize(
    "filters",
    [
        {"status": "holding"},
        {"status": "waiting"},
        {"status": "review_due"},
        {"flag": FlagRule.HOLD_LONG},
        {"next": "today"},
        {"next": "week"},
        {"need": NeedKind.HOUSING},
        {"awaited": NeedKind.HOUSING},
        {"barrier": HoldBarrier.COST},
        {"door": "open"},
        {"complexity": "high"},
    ],
    ids=str,
)
def test_a_filter_shows_those_it_names_and_no_others(shown, someone, organisation, amina, ben, today, filters):
    one_that_matches(filters, someone, organisation, today, ben)
    HoldFactory(case=someone("Other", status="active"), review_on=today + timedelta(days=9))
    AppointmentFactory(case=Case.objects.get(patient__family_name="Other"), starts_at=in_days(8))
    FlagFactory(case=Case.objects.get(patient__family_name="Other"), rule=FlagRule.QUIET)
    NeedFactory(case=Case.objects.get(patient__family_name="Other"), kind=NeedKind.LEGAL)
    assert shown(amina, **filters) == ["Found"]


def test_nothing_booked_leaves_out_those_with_a_meeting_to_come(shown, someone, amina):
    AppointmentFactory(case=someone("Booked"))
    AppointmentFactory(case=someone("Past"), starts_at=in_days(-1))
    assert shown(amina, next="none") == ["Past"]


def test_a_practice_narrows_to_its_own(shown, someone, amina, organisation):
    elsewhere = PracticeFactory()
    someone("Here")
    someone("There", practice=elsewhere)
    assert shown(amina, practice=elsewhere.pk) == ["There"]


def test_a_worker_narrows_to_their_own_and_nobody_to_nobodys(shown, someone, mo, amina, ben):
    someone("Bens", worker=ben)
    someone("Nobodys", worker=None)
    assert shown(mo, worker=ben.pk) == ["Bens"]
    assert shown(mo, worker="none") == ["Nobodys"]


def test_a_flag_that_is_set_aside_does_not_count(shown, someone, amina, today):
    flag = FlagFactory(case=someone("Aside"), rule=FlagRule.QUIET)
    actions.set_flag_aside(flag=flag, by=amina, until=today + timedelta(days=3), reason="Away")
    assert shown(amina, flag="quiet") == []


def test_filters_narrow_together(shown, someone, amina):
    FlagFactory(case=someone("Both", status="holding"), rule=FlagRule.HOLD_LONG)
    someone("Held", status="holding")
    assert shown(amina, status="holding", flag="hold_long") == ["Both"]


def choices(response, name):
    """{value: its words} of a filter."""
    return dict(response.context["filters"].fields[name].choices[1:])


@pytest.mark.parametrize(
    "name", ["status", "flag", "next", "practice", "need", "awaited", "barrier", "door", "worker", "complexity"]
)
@pytest.mark.parametrize("asked", [{}, {"whose": "all", "status": "holding", "door": "open"}])
def test_the_count_beside_a_value_is_what_choosing_it_shows(sign_in, shown, someone, mo, ben, today, name, asked):
    held = someone("Held", status="holding")
    HoldFactory(case=held, review_on=today)
    FlagFactory(case=held, rule=FlagRule.HOLD_LONG)
    NeedFactory(case=held, kind=NeedKind.HOUSING)
    MissedFactory(case=held)
    someone("Bens", worker=ben, practice=PracticeFactory())
    AppointmentFactory(case=someone("Nobodys", worker=None, status="waiting"))
    AppointmentFactory(case=held, starts_at=in_days(3))
    closed(someone("Over"), by=mo)
    response = sign_in(mo).get(CASES, asked)
    counted = choices(response, name)
    assert counted
    for value, words in counted.items():
        assert words.endswith(f" ({len(shown(mo, **asked | {name: value}))})")


def test_a_count_respects_the_other_filters(sign_in, someone, mo, amina, ben):
    someone("One", status="holding")
    someone("Two", worker=ben)
    response = sign_in(mo).get(CASES, {"worker": amina.pk})
    assert choices(response, "status") == {"holding": "Holding (1)"}


@pytest.mark.parametrize("name", ["status", "flag", "next", "practice", "need", "awaited", "worker", "sort", "whose"])
def test_a_value_nobody_offered_narrows_nothing(shown, someone, amina, name):
    someone("Kerr")
    assert shown(amina, **{name: "made-up"}) == ["Kerr"]


def test_what_the_filters_hide_is_said(sign_in, someone, amina):
    someone("Held", status="holding")
    someone("Other")
    someone("Third")
    page = sign_in(amina).get(CASES, {"status": "holding"}).content.decode()
    assert "1 of 3 shown." in page
    assert "The filters hide 2." in page


def test_nobody_matching_offers_to_clear(sign_in, someone, amina):
    someone("Kerr")
    page = sign_in(amina).get(CASES, {"flag": "quiet"}).content.decode()
    assert "Nobody matches these filters." in page


def test_filters_sent_are_kept_for_next_time(sign_in, amina):
    client = sign_in(amina)
    sent = client.get(CASES, {"keep": "1", "status": "holding", "flag": "", "whose": "team"})
    assert sent.url == f"{CASES}?status=holding&whose=team"
    assert client.get(CASES).url == f"{CASES}?status=holding&whose=team"


def test_no_name_narrows_the_list_from_its_address_or_is_kept(sign_in, shown, someone, amina):
    someone("Kerr")
    someone("Adams")
    assert shown(amina, q="kerr") == ["Adams", "Kerr"]
    client = sign_in(amina)
    assert client.get(CASES, {"keep": "1", "status": "holding", "q": "Kerr"}).url == f"{CASES}?status=holding"
    assert client.get(CASES).url == f"{CASES}?status=holding"


def test_clearing_forgets_the_filters(sign_in, amina):
    client = sign_in(amina)
    client.get(CASES, {"keep": "1", "status": "holding"})
    assert client.get(CASES, {"clear": "1", "whose": "mine"}).url == f"{CASES}?whose=mine"
    assert client.get(CASES).status_code == 200


def test_a_link_to_a_filter_leaves_the_kept_ones_alone(sign_in, amina):
    client = sign_in(amina)
    client.get(CASES, {"whose": "team", "flag": "quiet"})
    assert client.get(CASES).status_code == 200


@pytest.mark.parametrize(
    "sort, order",
    [
        ("name", ["Ash", "Birch", "Cedar"]),
        ("status", ["Cedar", "Birch", "Ash"]),
        ("reached", ["Birch", "Cedar", "Ash"]),
        ("next", ["Cedar", "Birch", "Ash"]),
        ("longest", ["Ash", "Birch", "Cedar"]),
    ],
)
def test_each_order_is_the_one_it_says(shown, someone, mo, sort, order):
    ash = someone("Ash", status="waiting", opened_at=in_days(-9))
    birch = someone("Birch", status="holding", opened_at=in_days(-30))
    cedar = someone("Cedar", status="active", opened_at=in_days(-20))
    ContactFactory(case=ash, at=in_days(-1))
    AttendedFactory(case=cedar, starts_at=in_days(-5))
    AppointmentFactory(case=cedar, starts_at=in_days(1))
    AppointmentFactory(case=birch, starts_at=in_days(2))
    assert shown(mo, sort=sort) == order


def test_people_stand_under_the_name_they_like(shown, someone, amina):
    someone("Kerr", patient__given_name="Alasdair", patient__preferred_name="Zed")
    someone("Adams", patient__given_name="Mary")
    assert shown(amina) == ["Adams", "Kerr"]


def test_a_row_says_what_a_worker_needs(sign_in, someone, amina):
    case = someone("Kerr", status="holding", patient__preferred_name="Sammy")
    HoldFactory(case=case)
    for rule in [FlagRule.HOLD_LONG, FlagRule.HOLD_NO_CONTACT, FlagRule.REPEATED_MISSED]:
        FlagFactory(case=case, rule=rule)
    ContactFactory(case=case, at=in_days(-1))
    page = sign_in(amina).get(CASES).content.decode()
    for words in [
        "Sammy Kerr",
        "Holding",
        "Mental wellbeing: waiting list",
        "yesterday",
        "Parkhead Health Centre",
        "+1",
    ]:
        assert words in page


def test_the_list_goes_on_after_fifty(sign_in, someone, amina):
    for n in range(51):
        someone(f"Person {n:02}")
    second = sign_in(amina).get(CASES, {"page": 2}).context["page"]
    assert [case.patient.family_name for case in second] == ["Person 50"]


def test_three_people_take_no_more_queries_than_one(sign_in, someone, amina, django_assert_max_num_queries):
    def full_row(name):
        case = someone(name, status="holding")
        HoldFactory(case=case)
        FlagFactory(case=case, rule=FlagRule.HOLD_LONG)
        FlagFactory(case=case, rule=FlagRule.QUIET)
        NeedFactory(case=case)
        AppointmentFactory(case=case)

    client = sign_in(amina)
    full_row("One")
    with django_assert_max_num_queries(29) as with_one:
        client.get(CASES)
    full_row("Two")
    full_row("Three")
    with django_assert_max_num_queries(len(with_one)):
        client.get(CASES)


@pytest.mark.parametrize("who, status", [("amina", 200), ("mo", 200), ("priya", 404)])
def test_the_list_is_for_the_organisation(request, sign_in, who, status):
    assert sign_in(request.getfixturevalue(who)).get(CASES).status_code == status


@pytest.mark.parametrize("whose", ["mine", "team", "waiting", "closed", "all"])
def test_nobody_of_another_organisation_is_found(sign_in, stranger_manager, someone, whose):
    someone("Kerr")
    page = sign_in(stranger_manager).get(CASES, {"whose": whose}).context["page"]
    assert list(page) == []
