"""What the sweep says of services and of referrals on to them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assets import actions
from caseload.actions import close_case, log_backstage
from caseload.enums import Ending
from caseload.models import Flag
from caseload.sweep import sweep
from referrals.rules import asset_funding_ends, asset_unconfirmed, onward_unknown
from tests.caseload.on_a_monday import MONDAY, NOW, days_before, due, is_due, local
from tests.factories import AssetFactory, CaseFactory, HoldFactory, OnwardReferralFactory, PatientFactory, in_days


@pytest.fixture
def choir(db):
    return AssetFactory(name="Govan Choir", confirmed_at=days_before(10))


@pytest.fixture
def waits_for(case):
    """waits_for(asset): Sam is held for it."""

    def wait(asset, **fields):
        case.status = "holding"
        case.save()
        return HoldFactory(case=case, awaited_asset=asset, **fields)

    return wait


def unconfirmed_since(asset, day):
    asset.confirmed_at = local(day)
    asset.save()


@pytest.mark.parametrize(("days_late", "flagged"), [(-1, False), (0, True)])
def test_a_service_is_flagged_six_months_after_it_was_confirmed(organisation, choir, waits_for, days_late, flagged):
    waits_for(choir)
    unconfirmed_since(choir, MONDAY.replace(month=5) - timedelta(days=days_late))
    assert is_due(asset_unconfirmed, organisation) == flagged


def test_it_says_since_when_and_how_many_rely_on_it(organisation, choir, waits_for):
    waits_for(choir)
    unconfirmed_since(choir, MONDAY.replace(month=4))
    assert due(asset_unconfirmed, organisation) == [
        (
            MONDAY.replace(month=4),
            "Not confirmed since Thursday 23 April (6 months is the limit). 1 open case relies on it.",
        )
    ]


def test_one_never_confirmed_counts_from_when_it_came(organisation, choir, waits_for):
    choir.confirmed_at, choir.created_at = None, local(MONDAY.replace(month=4))
    choir.save()
    waits_for(choir)
    assert due(asset_unconfirmed, organisation)[0][1].startswith("Here since Thursday 23 April and never confirmed")


def test_the_months_are_the_organisations_own(organisation, choir, waits_for):
    waits_for(choir)
    unconfirmed_since(choir, MONDAY.replace(month=9))
    assert is_due(asset_unconfirmed, organisation, asset_unconfirmed_months=2)


@pytest.mark.parametrize(
    "has_to_do_with_it",
    [
        lambda org, case, by, asset: HoldFactory(case=case, awaited_asset=asset, started_at=NOW),
        lambda org, case, by, asset: OnwardReferralFactory(case=case, asset=asset, asked_at=NOW),
        lambda org, case, by, asset: case.shortlist.create(asset=asset, added_by=by),
        lambda org, case, by, asset: actions.add_note(asset=asset, organisation=org, by=by, text="Ask for Ina"),
        lambda org, case, by, asset: actions.report_problem(asset=asset, organisation=org, by=by, kind="full"),
        lambda org, case, by, asset: log_backstage(
            organisation=org, by=by, kind="relationships", minutes=60, done_on=MONDAY, asset=asset
        ),
    ],
    ids=["held for it", "referred to it", "shortlisted", "noted", "reported", "visited"],
)
def test_a_service_concerns_those_who_have_to_do_with_it(
    organisation, other_organisation, case, amina, choir, has_to_do_with_it
):
    unconfirmed_since(choir, MONDAY.replace(month=4))
    assert not is_due(asset_unconfirmed, organisation)
    has_to_do_with_it(organisation, case, amina, choir)
    assert is_due(asset_unconfirmed, organisation)
    assert not is_due(asset_unconfirmed, other_organisation)


@pytest.mark.parametrize("fields", [{"is_closed": True}, {"is_listed": False}])
def test_a_service_that_is_closed_or_out_of_sight_is_not_flagged(organisation, choir, waits_for, fields):
    waits_for(choir)
    for name, value in fields.items():
        setattr(choir, name, value)
    unconfirmed_since(choir, MONDAY.replace(month=1))
    assert not is_due(asset_unconfirmed, organisation)


@pytest.mark.parametrize(("days", "flagged"), [(61, False), (60, True), (0, True), (-5, True)])
def test_funding_that_ends_is_warned_of_60_days_ahead(organisation, choir, waits_for, days, flagged):
    waits_for(choir)
    choir.funding_ends_on = MONDAY + timedelta(days=days)
    choir.save()
    assert is_due(asset_funding_ends, organisation) == flagged


def test_the_warning_counts_the_open_cases_that_rely_on_it_once_each(organisation, practice, amina, case, choir):
    HoldFactory(case=case, awaited_asset=choir)
    OnwardReferralFactory(case=case, asset=choir)
    another = PatientFactory(organisation=organisation, practice=practice, family_name="Boyle")
    OnwardReferralFactory(case=CaseFactory(patient=another, worker=amina, status="active"), asset=choir)
    OnwardReferralFactory(case=case, asset=choir, status="completed")
    choir.funding_ends_on = MONDAY + timedelta(days=30)
    choir.save()
    assert [why for _, why in due(asset_funding_ends, organisation)] == [
        "Its funding ends on Wednesday 23 December. 2 open cases rely on it."
    ]


def test_who_relies_on_a_service_is_one_organisations_own(sign_in, amina, stranger, organisation, case, choir):
    OnwardReferralFactory(case=case, asset=choir)
    url = reverse("referrals:relying", args=[choir.pk])
    assert list(sign_in(amina).get(url).context["cases"]) == [case]
    assert list(sign_in(stranger).get(url).context["cases"]) == []
    assert "Kerr" not in sign_in(stranger).get(url).content.decode()


def test_two_organisations_are_warned_of_one_service(organisation, other_organisation, amina, stranger, choir):
    choir.confirmed_at = in_days(-300)
    choir.save()
    for org, by in [(organisation, amina), (other_organisation, stranger)]:
        actions.add_note(asset=choir, organisation=org, by=by, text="Ask for Ina")
        sweep(org)
        sweep(org)
    assert Flag.objects.open().filter(rule="asset_unconfirmed", subject_id=choir.pk).count() == 2

    actions.confirm_asset(asset=choir, by=amina)

    assert Flag.objects.open().filter(subject_id=choir.pk).count() == 0


def test_what_is_to_check_stands_on_one_page(sign_in, amina, organisation, case, choir):
    choir.confirmed_at = in_days(-300)
    choir.save()
    OnwardReferralFactory(case=case, asset=choir)
    actions.report_problem(asset=choir, by=None, kind="full", words="Until spring")
    sweep(organisation)
    context = sign_in(amina).get(reverse("referrals:services_to_check")).context
    found = {heading: [(service, cases) for service, _, cases in rows] for heading, rows in context["groups"]}
    assert found == {"Funding of a service ends": [], "Service not confirmed": [(choir, [case])]}
    assert [problem.words for problem in context["problems"]] == ["Until spring"]


@pytest.mark.parametrize("name", ["services_to_check", "relying"])
def test_a_practice_has_no_such_page(sign_in, priya, choir, name):
    assert sign_in(priya).get(reverse(f"referrals:{name}", args=[choir.pk][: name == "relying"])).status_code == 404


# Referred on, and no news


@pytest.mark.parametrize(("days", "flagged"), [(27, False), (28, True)])
def test_a_referral_on_is_flagged_after_28_days_without_news(organisation, case, choir, days, flagged):
    OnwardReferralFactory(case=case, asset=choir, asked_at=days_before(days))
    assert is_due(onward_unknown, organisation) == flagged


def test_it_names_the_service_and_the_day(organisation, case, choir):
    OnwardReferralFactory(case=case, asset=choir, asked_at=days_before(30))
    day = MONDAY - timedelta(days=30)
    why = "No outcome known from Govan Choir, and no news since Saturday 24 October (28 days is the limit)."
    assert due(onward_unknown, organisation) == [(day, why)]


@pytest.mark.parametrize(
    ("fields", "flagged"),
    [
        ({"status": "accepted", "moved_at": days_before(3)}, False),
        ({"status": "accepted", "moved_at": days_before(40)}, True),
        ({"status": "completed", "moved_at": days_before(40)}, False),
        ({"status": "cancelled", "reason": "Moved away", "moved_at": days_before(40)}, False),
        ({"person_asked_at": days_before(3), "person_got_there": False}, False),
        ({"person_asked_at": days_before(40), "person_got_there": False}, True),
        ({"person_asked_at": days_before(40), "person_got_there": True}, False),
    ],
)
def test_news_and_outcomes_count(organisation, case, choir, fields, flagged):
    OnwardReferralFactory(case=case, asset=choir, asked_at=days_before(60), **fields)
    assert is_due(onward_unknown, organisation) == flagged


def test_closing_the_case_clears_it_at_once(organisation, case, amina, choir):
    OnwardReferralFactory(case=case, asset=choir, asked_at=in_days(-30))
    sweep(organisation)
    assert case.flags.open().get(rule="onward_unknown").subject_id == case.onward_referrals.get().pk

    close_case(case=case, by=amina, ending=Ending.GOALS_REACHED, ending_agreed=True)

    assert case.flags.open().count() == 0
