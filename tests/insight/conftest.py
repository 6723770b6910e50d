from datetime import timedelta

import pytest

from caseload.enums import CaseStatus
from insight.period import Period, starts_at
from insight.scope import Scope
from insight.snapshots import years
from tests.factories import CaseFactory, PatientFactory, ReferralFactory, in_days


@pytest.fixture
def someone(organisation, practice, amina):
    """someone(…) has an active case of Amina's."""

    def make(**given):
        patient = PatientFactory(organisation=organisation, practice=practice)
        return CaseFactory(**{"patient": patient, "worker": amina, "status": CaseStatus.ACTIVE} | given)

    return make


@pytest.fixture
def scope_of(organisation):
    """scope_of(first, last) is all of Wellpark from one day to another."""
    return lambda first, last: Scope(organisation, Period(first, last))


@pytest.fixture
def begun(organisation, practice):
    """The service took its first referral over two years ago."""
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-760))


@pytest.fixture
def year(organisation, begun, today):
    """The year from April to March that was closed last."""
    return years(organisation, today)[0]


@pytest.fixture
def in_year(year):
    """in_year(50) is a moment 50 days after that year began; 50 before with -50."""
    return lambda days: starts_at(year.first + timedelta(days=days))
