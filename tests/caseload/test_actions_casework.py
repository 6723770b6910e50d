"""What the forms cannot send, and what only shows with two transactions at once."""

from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection

from accounts.moves import MoveNotAllowed
from assets.enums import NeedKind
from caseload import actions
from caseload.enums import CaseStatus, Ending, Mode, Outcome, Place, Verb
from caseload.models import Case
from tests.factories import AppointmentFactory, CaseFactory, in_days


def test_ground_rule_1_an_outcome_of_missed_without_a_day_to_follow_up_is_refused(amina, case):
    meeting = AppointmentFactory(case=case, starts_at=in_days(-1))
    with pytest.raises(ValueError, match="follow-up date"):
        actions.log_outcome(
            appointment=meeting, by=amina, outcome=Outcome.MISSED, mode=Mode.IN_PERSON, place=Place.HOME
        )
    meeting.refresh_from_db()
    assert meeting.outcome == ""


@pytest.mark.parametrize(("note", "way_back"), [("", "Ring us"), ("Four calls", "")])
def test_ground_rule_1_the_database_refuses_an_ending_for_missed_meetings_without_reason_or_way_back(
    amina, case, note, way_back
):
    with pytest.raises(IntegrityError, match="case_not_reached_has_reason_and_way_back"):
        actions.close_case(
            case=case,
            by=amina,
            ending=Ending.NOT_REACHED,
            ending_agreed=False,
            ending_note=note,
            way_back=way_back,
        )


def test_a_need_already_on_the_case_is_not_added_again(amina, case):
    first = actions.uncover_need(case=case, by=amina, kind=NeedKind.LEGAL)
    assert actions.uncover_need(case=case, by=amina, kind=NeedKind.LEGAL) == first
    assert case.events.count() == 1


def test_passing_a_case_to_whoever_has_it_changes_nothing(amina, case):
    actions.assign_case(case=case, by=amina, worker=amina)
    assert case.events.count() == 0


@pytest.fixture
def at_once():
    """at_once(first, second) runs both in transactions of their own; the MoveNotAllowed that were raised."""

    def run(*actions_to_run):
        start, refused = Barrier(len(actions_to_run)), []

        def one(action):
            start.wait()
            try:
                action()
            except MoveNotAllowed as refusal:
                refused.append(refusal)
            finally:
                connection.close()

        threads = [Thread(target=one, args=[action]) for action in actions_to_run]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return refused

    return run


@pytest.mark.django_db(transaction=True)
def test_of_two_people_closing_at_the_same_moment_one_is_refused(amina, ben, case, at_once):
    close = partial(actions.close_case, case=case, ending=Ending.MOVED, ending_agreed=True)
    refused = at_once(partial(close, by=amina), partial(close, by=ben))
    case.refresh_from_db()
    assert (case.status, len(refused), case.events.filter(verb="closed").count()) == (CaseStatus.CLOSED, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_closed_cases_of_a_person_reopened_at_the_same_moment_one_is_refused(amina, ben, case, at_once):
    actions.close_case(case=case, by=amina, ending=Ending.MOVED, ending_agreed=True)
    later = CaseFactory(patient=case.patient)
    actions.close_case(case=later, by=amina, ending=Ending.MOVED, ending_agreed=True)
    refused = at_once(
        partial(actions.reopen_case, case=case, by=amina, worker=amina, words="She rang"),
        partial(actions.reopen_case, case=later, by=ben, worker=ben, words="He rang"),
    )
    assert (len(refused), case.patient.cases.open().count()) == (1, 1)


@pytest.mark.parametrize("status", [CaseStatus.WAITING, CaseStatus.HOLDING])
def test_the_first_time_somebody_is_met_is_on_the_timeline_once(amina, case, status):
    Case.objects.filter(pk=case.pk).update(status=status)
    for days in (-2, -1):
        actions.log_outcome(
            appointment=AppointmentFactory(case=case, starts_at=in_days(days)),
            by=amina,
            outcome=Outcome.ATTENDED,
            mode=Mode.IN_PERSON,
            place=Place.HOME,
        )
    assert case.events.filter(verb=Verb.MET).count() == 1
