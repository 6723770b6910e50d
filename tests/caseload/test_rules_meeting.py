from datetime import date, timedelta

import pytest

from caseload.enums import Outcome
from caseload.rules import ending_passed, open_after_missed, quiet, repeated_missed, waiting_long
from tests.caseload.on_a_monday import MONDAY, NOW, days_before, due, is_due, local
from tests.factories import AppointmentFactory, AttendedFactory, CaseFactory, ContactFactory, MissedFactory


@pytest.fixture
def case(sam, amina):
    """Active since the middle of October 2025."""
    return CaseFactory(patient=sam, worker=amina, status="active", opened_at=local(date(2025, 10, 15)))


@pytest.fixture
def missed(case):
    return MissedFactory(case=case, starts_at=local(date(2026, 11, 12)))


# Missed, door open


@pytest.mark.parametrize(
    ("missed_at", "flagged"),
    [
        (local(date(2026, 11, 16), 23, 59), True),
        (local(date(2026, 11, 17), 0, 0), False),
    ],
)
def test_a_missed_meeting_is_flagged_from_the_seventh_day(organisation, case, missed_at, flagged):
    MissedFactory(case=case, starts_at=missed_at)
    assert is_due(open_after_missed, organisation) == flagged


@pytest.mark.parametrize("status", ["waiting", "active", "holding"])
def test_a_missed_meeting_is_flagged_in_every_open_status(organisation, case, missed, status):
    case.status = status
    case.save()
    assert due(open_after_missed, organisation) == [
        (date(2026, 11, 12), "Missed on Thursday 12 November. Nobody has reached them since.")
    ]


def test_a_missed_meeting_on_a_closed_case_is_not_flagged(organisation, case, missed):
    case.status, case.closed_at, case.ending, case.ending_how, case.ending_agreed = (
        "closed",
        NOW,
        "moved",
        "moved",
        True,
    )
    case.save()
    assert not is_due(open_after_missed, organisation)


def test_a_missed_meeting_with_another_booked_is_not_flagged(organisation, case, missed):
    AppointmentFactory(case=case, starts_at=NOW)
    assert not is_due(open_after_missed, organisation)


def test_a_missed_meeting_with_another_nobody_has_logged_is_flagged(organisation, case, missed):
    AppointmentFactory(case=case, starts_at=NOW - timedelta(minutes=1))
    assert is_due(open_after_missed, organisation)


def test_a_missed_meeting_before_one_attended_is_not_flagged(organisation, case, missed):
    AttendedFactory(case=case, starts_at=days_before(1))
    assert not is_due(open_after_missed, organisation)


def test_a_missed_meeting_with_the_person_reached_that_day_is_not_flagged(organisation, case, missed):
    ContactFactory(case=case, at=missed.starts_at + timedelta(minutes=15))
    assert not is_due(open_after_missed, organisation)


def test_a_missed_meeting_with_the_person_reached_before_it_is_flagged(organisation, case, missed):
    ContactFactory(case=case, at=missed.starts_at - timedelta(minutes=15))
    ContactFactory(case=case, at=days_before(1), reached=False)
    assert is_due(open_after_missed, organisation)


def test_a_missed_meeting_before_one_the_person_called_off_is_not_flagged(organisation, case, missed):
    AppointmentFactory(case=case, starts_at=days_before(1), outcome=Outcome.CANCELLED_BY_PERSON)
    assert not is_due(open_after_missed, organisation)


def test_a_missed_meeting_before_one_we_called_off_is_flagged(organisation, case, missed):
    AppointmentFactory(case=case, starts_at=days_before(-7), outcome=Outcome.CANCELLED_BY_SERVICE)
    assert is_due(open_after_missed, organisation)


def test_days_after_a_missed_meeting_are_local_ones(organisation, case):
    """Half past midnight in summer time is the evening before in UTC."""
    MissedFactory(case=case, starts_at=local(date(2026, 7, 6), 0, 30))
    assert not is_due(open_after_missed, organisation, local(date(2026, 7, 12), 23, 59))
    assert is_due(open_after_missed, organisation, local(date(2026, 7, 13), 0, 0))


def test_days_across_the_change_of_the_clocks_are_local_ones(organisation, case):
    MissedFactory(case=case, starts_at=local(date(2026, 10, 24), 23, 30))
    assert not is_due(open_after_missed, organisation, local(date(2026, 10, 30), 23, 59))
    assert is_due(open_after_missed, organisation, local(date(2026, 10, 31), 0, 0))


# Check on this person


@pytest.mark.parametrize(("times", "flagged"), [(2, False), (3, True)])
def test_over_two_missed_meetings_are_flagged(organisation, case, times, flagged):
    for n in range(times):
        MissedFactory(case=case, starts_at=days_before(10 + n))
    assert is_due(repeated_missed, organisation) == flagged


@pytest.mark.parametrize(("days", "flagged"), [(365, True), (366, False)])
def test_missed_meetings_count_for_12_months(organisation, case, missed, days, flagged):
    MissedFactory(case=case, starts_at=days_before(20))
    MissedFactory(case=case, starts_at=days_before(days, hour=0))
    assert is_due(repeated_missed, organisation) == flagged


def test_missed_meetings_count_over_all_the_persons_cases(organisation, case, missed):
    earlier = CaseFactory(patient=case.patient, status="closed", closed_at=NOW, ending="moved", ending_agreed=True)
    for n in (150, 200, 250):
        MissedFactory(case=earlier, starts_at=days_before(n))
    assert due(repeated_missed, organisation) == [
        (date(2026, 11, 12), "4 missed in 12 months, the latest on Thursday 12 November.")
    ]


def test_missed_meetings_of_somebody_else_do_not_count(organisation, case, missed):
    for n in (150, 200):
        MissedFactory(case=CaseFactory(patient__organisation=organisation), starts_at=days_before(n))
    assert not is_due(repeated_missed, organisation)


def test_one_attended_meeting_between_does_not_hide_missed_ones(organisation, case, missed):
    for n in (20, 30):
        MissedFactory(case=case, starts_at=days_before(n))
    AttendedFactory(case=case, starts_at=days_before(1))
    assert is_due(repeated_missed, organisation)


# Waiting to be met


@pytest.mark.parametrize(("days", "long"), [(14, False), (15, True)])
def test_waiting_is_long_after_14_days(organisation, sam, days, long):
    CaseFactory(patient=sam, opened_at=days_before(days))
    assert is_due(waiting_long, organisation) == long


def test_waiting_long_names_the_day_of_acceptance(organisation, sam):
    CaseFactory(patient=sam, opened_at=days_before(21))
    assert due(waiting_long, organisation, waiting_long_days=7) == [
        (date(2026, 11, 2), "Accepted on Monday 2 November and not met yet (7 days is the limit).")
    ]


def test_a_missed_first_meeting_is_not_being_met(organisation, sam):
    case = CaseFactory(patient=sam, opened_at=days_before(21))
    MissedFactory(case=case, starts_at=days_before(2))
    assert is_due(waiting_long, organisation)


def test_waiting_ends_with_the_first_meeting(organisation, sam):
    case = CaseFactory(patient=sam, opened_at=days_before(21))
    AttendedFactory(case=case, starts_at=days_before(2))
    assert not is_due(waiting_long, organisation)


def test_somebody_held_is_not_waiting_to_be_met(organisation, sam):
    CaseFactory(patient=sam, opened_at=days_before(21), status="holding")
    assert not is_due(waiting_long, organisation)


# Gone quiet


@pytest.mark.parametrize(("days", "silent"), [(41, False), (42, True)])
def test_quiet_after_42_days(organisation, case, days, silent):
    ContactFactory(case=case, at=days_before(days))
    assert is_due(quiet, organisation) == silent


def test_quiet_names_the_day_they_were_last_reached(organisation, case):
    AttendedFactory(case=case, starts_at=days_before(60))
    assert due(quiet, organisation) == [
        (date(2026, 9, 24), "Nobody has reached them since Thursday 24 September, and nothing is booked.")
    ]


def test_quiet_and_never_reached_counts_from_the_opening(organisation, case):
    assert due(quiet, organisation) == [
        (
            date(2025, 10, 15),
            "Nobody has reached them since the case opened on Wednesday 15 October 2025, and nothing is booked.",
        )
    ]


def test_a_booked_meeting_ends_the_quiet(organisation, case):
    AppointmentFactory(case=case, starts_at=days_before(-30))
    assert not is_due(quiet, organisation)


@pytest.mark.parametrize("status", ["waiting", "holding"])
def test_quiet_is_about_active_cases(organisation, case, status):
    case.status = status
    case.save()
    assert not is_due(quiet, organisation)


# Planned ending passed


@pytest.mark.parametrize(("ending_on", "passed"), [(MONDAY, False), (date(2026, 11, 22), True)])
def test_an_ending_has_passed_the_day_after(organisation, case, ending_on, passed):
    case.planned_ending_on = ending_on
    case.save()
    assert is_due(ending_passed, organisation) == passed


def test_a_passed_ending_names_its_day(organisation, case):
    case.planned_ending_on = date(2026, 10, 30)
    case.save()
    assert due(ending_passed, organisation) == [
        (date(2026, 10, 30), "Support was to end by Friday 30 October, and no new date is agreed.")
    ]
