from datetime import date

import pytest

from accounts.enums import Nation
from referrals.rules import unanswered
from tests.caseload.on_a_monday import NOW, due, is_due, local
from tests.factories import ReferralFactory


@pytest.fixture
def send(organisation, practice, priya):
    def sent_on(day, **fields):
        return ReferralFactory(
            organisation=organisation, practice=practice, submitted_by=priya, submitted_at=local(day, 17), **fields
        )

    return sent_on


@pytest.mark.parametrize(
    ("sent", "today", "late"),
    [
        pytest.param(date(2026, 11, 18), date(2026, 11, 23), True, id="Wednesday to Monday"),
        pytest.param(date(2026, 11, 19), date(2026, 11, 23), False, id="Thursday to Monday"),
        pytest.param(date(2026, 11, 18), date(2026, 11, 22), False, id="Wednesday to Sunday"),
        pytest.param(date(2026, 11, 21), date(2026, 11, 24), False, id="Saturday to Tuesday"),
        pytest.param(date(2026, 11, 21), date(2026, 11, 25), True, id="Saturday to Wednesday"),
        pytest.param(date(2026, 12, 24), date(2026, 12, 30), False, id="over Christmas"),
        pytest.param(date(2026, 12, 24), date(2026, 12, 31), True, id="over Christmas, a day later"),
    ],
)
def test_a_referral_is_unanswered_after_three_working_days(organisation, send, sent, today, late):
    send(sent)
    assert is_due(unanswered, organisation, local(today)) == late


@pytest.mark.parametrize(("nation", "late"), [(Nation.SCOTLAND, False), (Nation.ENGLAND, True)])
def test_a_bank_holiday_is_the_nations_own(organisation, send, nation, late):
    """St Andrew's Day, 30 November, is one in Scotland."""
    organisation.nation = nation
    organisation.save()
    send(date(2026, 11, 27))
    assert is_due(unanswered, organisation, local(date(2026, 12, 2))) == late


def test_an_unanswered_referral_names_the_day_it_was_sent(organisation, send):
    send(date(2026, 11, 18))
    assert due(unanswered, organisation) == [
        (date(2026, 11, 18), "Sent on Wednesday 18 November and not answered (3 working days is the limit).")
    ]


@pytest.mark.parametrize("status", ["returned", "withdrawn"])
def test_a_referral_that_is_not_in_the_inbox_is_not_unanswered(organisation, send, status):
    send(date(2026, 11, 2), status=status)
    assert not is_due(unanswered, organisation, NOW)


def test_a_referral_to_another_organisation_is_theirs_to_answer(organisation, other_organisation):
    ReferralFactory(organisation=other_organisation, submitted_at=local(date(2026, 11, 2)))
    assert not is_due(unanswered, organisation, NOW)
    assert is_due(unanswered, other_organisation, NOW)
