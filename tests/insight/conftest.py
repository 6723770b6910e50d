import pytest

from caseload.enums import CaseStatus
from insight.period import Period
from insight.scope import Scope
from tests.factories import CaseFactory, PatientFactory


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
