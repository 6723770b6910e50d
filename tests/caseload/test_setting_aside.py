"""A flag set aside until a date: with a reason, by somebody, and never for good."""

import pytest
from django.db import IntegrityError

from accounts.moves import MoveNotAllowed
from caseload import actions
from caseload.enums import Channel, Verb, WithWhom
from caseload.models import Flag
from caseload.sweep import sweep
from tests.factories import MissedFactory, in_days


def reach(case, by):
    actions.log_contact(case=case, by=by, channel=Channel.CALL, with_whom=WithWhom.PERSON, reached=True)


def test_a_flag_set_aside_is_hidden_until_its_date(organisation, case, amina, time_machine):
    MissedFactory(case=case, starts_at=in_days(-8))
    sweep(organisation)
    flag = Flag.objects.get()
    actions.set_flag_aside(flag=flag, by=amina, until=in_days(5).date(), reason="In hospital until Friday")
    assert list(Flag.objects.showing()) == []
    sweep(organisation)
    assert list(Flag.objects.open()) == [flag]
    time_machine.move_to(in_days(5))
    assert list(Flag.objects.showing()) == [flag]


def test_setting_a_flag_aside_is_on_the_timeline_with_its_reason(organisation, case, amina):
    MissedFactory(case=case, starts_at=in_days(-8))
    sweep(organisation)
    actions.set_flag_aside(flag=Flag.objects.get(), by=amina, until=in_days(5).date(), reason="In hospital")
    event = case.events.get()
    assert (event.verb, event.by, event.words) == (
        Verb.FLAG_SET_ASIDE,
        amina,
        "Missed, door open: In hospital",
    )


@pytest.mark.parametrize("missing", [{"set_aside_reason": ""}, {"set_aside_by": None}, {"set_aside_until": None}])
def test_a_flag_cannot_be_set_aside_without_date_reason_and_by_whom(organisation, case, amina, missing):
    MissedFactory(case=case, starts_at=in_days(-8))
    sweep(organisation)
    aside = {"set_aside_until": in_days(5).date(), "set_aside_reason": "In hospital", "set_aside_by": amina}
    with pytest.raises(IntegrityError):
        Flag.objects.update(**aside | missing)


def test_a_flag_that_has_cleared_cannot_be_set_aside(organisation, case, amina):
    MissedFactory(case=case, starts_at=in_days(-8))
    sweep(organisation)
    flag = Flag.objects.get()
    reach(case, amina)
    with pytest.raises(MoveNotAllowed):
        actions.set_flag_aside(flag=flag, by=amina, until=in_days(5).date(), reason="In hospital")
