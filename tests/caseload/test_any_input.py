"""Whatever is typed into any form of a case: a page or a redirect, never an error of ours, nothing half saved."""

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseload.enums import CaseStatus
from caseload.models import CaseEvent
from tests.caseload.sent import filled_in, url_of
from tests.factories import AppointmentFactory, FlagFactory, GoalFactory, HoldFactory, RiskNoteFactory

AWKWARD = ["0", "-1", "9" * 40, "2026-02-30", "31/12/9999", "24:61", "١٢", "\x00", "\u202e", "O'Neil", "é" * 300, "on"]
TYPED = st.one_of(st.text(max_size=50), st.sampled_from(AWKWARD))
PAGES = [
    "log_contact",
    "book",
    "log_meeting",
    "move_meeting",
    "review_hold",
    "end_hold",
    "close",
    "review_ending",
    "note_progress",
    "what_matters",
    "plan",
    "add_need",
    "follow_up",
    "assign",
    "details",
    "add_risk",
    "review_risk",
    "set_flag_aside",
]


@pytest.fixture
def record_ids(case, sam):
    """The record each page is about, where it is about one."""
    case.status = CaseStatus.HOLDING
    case.save()
    meeting = {"appointment_id": AppointmentFactory(case=case, starts_at=timezone.now()).pk}
    hold = {"hold_id": HoldFactory(case=case).pk}
    return {
        "note_progress": {"goal_id": GoalFactory(case=case).pk},
        "log_meeting": meeting,
        "move_meeting": meeting,
        "review_hold": hold,
        "end_hold": hold,
        "review_risk": {"risk_id": RiskNoteFactory(patient=sam).pk},
        "set_flag_aside": {"flag_id": FlagFactory(case=case).pk},
    }


@pytest.mark.parametrize("page", PAGES)
def test_any_text_in_any_field_gets_a_plain_answer(sign_in, amina, case, record_ids, page):
    client, url = sign_in(amina), url_of(page, case, **record_ids.get(page, {}))
    shown = filled_in(client, url)
    fields = sorted({*client.get(url).context["form"].fields, *shown} - {"once"})

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(typed=st.dictionaries(st.sampled_from(fields), TYPED, max_size=3))
    def answered(typed):
        before = CaseEvent.objects.count()
        response = client.post(url, shown | typed)
        assert response.status_code in (200, 302)
        if response.status_code == 200:
            assert response.context["form"].errors or "first" in response.context
            assert CaseEvent.objects.count() == before

    answered()


def test_any_text_in_a_new_hold_gets_a_plain_answer(sign_in, amina, case):
    client, url = sign_in(amina), url_of("start_hold", case)
    shown = filled_in(client, url)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(service=TYPED, awaited_asset=TYPED, purpose=TYPED, review_on=TYPED)
    def answered(**typed):
        response = client.post(url, shown | typed)
        assert response.status_code == 200
        assert response.context["form"].errors

    answered()
