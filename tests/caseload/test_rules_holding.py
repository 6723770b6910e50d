from datetime import date

import pytest

from caseload.rules import hold_long, hold_no_contact, hold_review_overdue
from tests.caseload.on_a_monday import MONDAY, NOW, days_before, due, is_due, local
from tests.factories import AttendedFactory, CaseFactory, ContactFactory, HoldFactory, HoldReviewFactory


@pytest.fixture
def case(sam, amina):
    """Held since the middle of May."""
    return CaseFactory(patient=sam, worker=amina, status="holding", opened_at=local(date(2026, 5, 4)))


@pytest.fixture
def hold(case):
    return HoldFactory(case=case, started_at=local(date(2026, 5, 15)), review_on=MONDAY)


def test_a_hold_is_overdue_from_the_day_after_its_review_date(organisation, hold):
    assert not is_due(hold_review_overdue, organisation)
    assert due(hold_review_overdue, organisation, local(date(2026, 11, 24), 0, 0)) == [
        (MONDAY, "The review of this hold was due on Monday 23 November.")
    ]


@pytest.mark.parametrize(("day", "overdue"), [(25, False), (26, True)])
def test_a_hold_has_its_days_of_grace(organisation, hold, day, overdue):
    now = local(date(2026, 11, day))
    assert is_due(hold_review_overdue, organisation, now, hold_review_grace_days=2) == overdue


def test_an_ended_hold_is_not_overdue(organisation, case, hold):
    hold.ended_at, hold.end = NOW, "service_started"
    hold.save()
    assert not is_due(hold_review_overdue, organisation, local(date(2026, 12, 24)))


@pytest.mark.parametrize(("days", "silent"), [(27, False), (28, True)])
def test_held_and_nobody_reached_for_28_days(organisation, case, days, silent):
    AttendedFactory(case=case, starts_at=days_before(days))
    assert is_due(hold_no_contact, organisation) == silent


def test_held_and_nobody_reached_names_the_day_they_last_were(organisation, case):
    ContactFactory(case=case, at=days_before(40))
    ContactFactory(case=case, at=days_before(3), reached=False)
    assert due(hold_no_contact, organisation) == [
        (date(2026, 10, 14), "Nobody has reached them since Wednesday 14 October (28 days is the limit).")
    ]


def test_held_and_nobody_ever_reached_counts_from_the_opening(organisation, case):
    assert due(hold_no_contact, organisation, hold_no_contact_days=21) == [
        (
            date(2026, 5, 4),
            "Nobody has reached them since the case opened on Monday 4 May (21 days is the limit).",
        )
    ]


def test_nobody_reached_is_not_about_a_case_that_is_not_held(organisation, case):
    case.status = "active"
    case.save()
    assert not is_due(hold_no_contact, organisation)


@pytest.mark.parametrize(("weeks", "days", "long"), [(12, 0, False), (12, 1, True)])
def test_a_hold_is_long_when_over_12_weeks(organisation, case, weeks, days, long):
    HoldFactory(case=case, started_at=days_before(weeks * 7 + days))
    assert is_due(hold_long, organisation) == long


def test_a_long_hold_names_the_day_it_began(organisation, hold):
    assert due(hold_long, organisation) == [
        (
            date(2026, 5, 15),
            "No colleague has looked at this hold since it began on Friday 15 May (12 weeks is the limit).",
        )
    ]


def test_a_long_hold_reviewed_by_its_own_worker_is_still_long(organisation, hold, amina):
    HoldReviewFactory(hold=hold, by=amina, at=days_before(1))
    assert is_due(hold_long, organisation)


def test_a_long_hold_reviewed_by_a_colleague_is_long_no_more(organisation, hold, ben):
    HoldReviewFactory(hold=hold, by=ben, at=days_before(84))
    assert not is_due(hold_long, organisation)


def test_a_hold_is_long_again_12_weeks_after_a_colleague_looked(organisation, hold, amina, ben):
    HoldReviewFactory(hold=hold, by=ben, at=days_before(85))
    HoldReviewFactory(hold=hold, by=amina, at=days_before(2))
    assert due(hold_long, organisation) == [
        (
            date(2026, 8, 30),
            "No colleague has looked at this hold since Sunday 30 August (12 weeks is the limit).",
        )
    ]


def test_a_hold_without_a_worker_counts_from_anyones_review(organisation, hold, amina):
    hold.case.worker = hold.case.assigned_at = None
    hold.case.save()
    HoldReviewFactory(hold=hold, by=amina, at=days_before(84))
    assert not is_due(hold_long, organisation)
