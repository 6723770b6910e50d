import pytest

from caseload.enums import CaseStatus
from tests.factories import CaseFactory, PatientFactory


@pytest.fixture
def someone(organisation, practice, amina):
    """someone(family_name, …) has an active case of Amina's. `patient__…` is about the person."""

    def make(family_name, **fields):
        person = {key.removeprefix("patient__"): fields.pop(key) for key in [*fields] if key.startswith("patient__")}
        patient = PatientFactory(organisation=organisation, practice=practice, family_name=family_name, **person)
        return CaseFactory(**{"patient": patient, "worker": amina, "status": CaseStatus.ACTIVE} | fields)

    return make
