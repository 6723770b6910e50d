"""What the forms cannot send, and what only shows with two transactions at once."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection

from accounts.moves import MoveNotAllowed
from assets.enums import NeedKind
from caseload import actions
from caseload.enums import CaseStatus, Ending, Mode, Outcome, Place
from tests.factories import AppointmentFactory, in_days


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


@pytest.mark.django_db(transaction=True)
def test_of_two_people_closing_at_the_same_moment_one_is_refused(amina, ben, case):
    start, refused = Barrier(2), []

    def close(by):
        start.wait()
        try:
            actions.close_case(case=case, by=by, ending=Ending.MOVED, ending_agreed=True)
        except MoveNotAllowed:
            refused.append(by)
        finally:
            connection.close()

    threads = [Thread(target=close, args=[by]) for by in (amina, ben)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case.refresh_from_db()
    assert (case.status, len(refused), case.events.filter(verb="closed").count()) == (CaseStatus.CLOSED, 1, 1)
