"""A door held open after a missed meeting, and that somebody came through it again."""

import pytest

from caseload import actions
from caseload.enums import Channel, Mode, Outcome, Place, Verb, WithWhom
from tests.factories import AppointmentFactory, MissedFactory, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def door_open(case):
    MissedFactory(case=case, starts_at=in_days(-10))
    return case


def meet(case, by, days_ago=1):
    meeting = AppointmentFactory(case=case, starts_at=in_days(-days_ago))
    actions.log_outcome(
        appointment=meeting, by=by, outcome=Outcome.ATTENDED, mode=Mode.IN_PERSON, place=Place.HOME, minutes=40
    )


def ring(case, by, reached=True):
    actions.log_contact(case=case, by=by, channel=Channel.CALL, with_whom=WithWhom.PERSON, reached=reached)


def times_back(case):
    return case.events.filter(verb=Verb.CAME_BACK).count()


def test_being_met_again_is_written_down_by_itself(door_open, amina):
    meet(door_open, amina)
    event = door_open.events.get(verb=Verb.CAME_BACK)
    assert (event.by, event.words[:29]) == (amina, "The door was held open since ")


def test_being_reached_again_is_written_down_by_itself(door_open, amina):
    ring(door_open, amina)
    assert times_back(door_open) == 1


def test_coming_back_is_told_once_an_open_door(door_open, amina):
    ring(door_open, amina)
    meet(door_open, amina)
    assert times_back(door_open) == 1
    MissedFactory(case=door_open, starts_at=in_days(0))
    ring(door_open, amina)
    assert times_back(door_open) == 2


def test_a_call_that_reached_nobody_brings_nobody_back(door_open, amina):
    ring(door_open, amina, reached=False)
    assert times_back(door_open) == 0


def test_a_meeting_of_before_logged_late_brings_nobody_back(door_open, amina):
    meet(door_open, amina, days_ago=12)
    assert times_back(door_open) == 0


def test_nobody_comes_back_who_was_never_missed(case, amina):
    meet(case, amina)
    assert times_back(case) == 0


@pytest.mark.parametrize("status", ["active", "holding"])
def test_ground_rule_1_coming_back_moves_no_case(door_open, amina, status):
    door_open.status = status
    door_open.save()
    ring(door_open, amina)
    door_open.refresh_from_db()
    assert door_open.status == status
