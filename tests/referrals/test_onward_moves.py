"""The closed loop: its table of moves is the published one, edge by edge, and the database keeps to it."""

import json

import pytest
from django.db import IntegrityError, transaction

from accounts.moves import MoveNotAllowed
from referrals import actions
from referrals.enums import NEEDS_REASON, ONWARD_MOVES, OPEN_ONWARD, OnwardStatus
from referrals.models import OnwardReferral
from tests.factories import OnwardReferralFactory
from tests.shared_data import shared


@pytest.fixture(scope="module")
def published():
    return json.loads(shared("fhir/gravity/referral_task_transitions.json").read_text())


def edges():
    return {(str(start), str(end)) for starts, end in ONWARD_MOVES.values() for start in starts}


def test_the_moves_are_the_published_edges(published):
    # We have no drafts: nothing is written before it is asked.
    expected = {tuple(edge) for edge in published["edges"] if "draft" not in edge}
    mistakes = {
        (status, "entered-in-error") for status in published["statuses"] if status not in ("draft", "entered-in-error")
    }
    assert edges() == expected | mistakes


def test_the_statuses_are_the_published_ones(published):
    assert set(OnwardStatus.values) == set(published["statuses"]) - {"draft"}
    assert "requested" in published["initial"]


def test_a_reason_is_owed_where_the_standard_expects_one(published):
    assert {str(status) for status in NEEDS_REASON} == set(published["status_reason_expected_for"])


@pytest.mark.parametrize("status", NEEDS_REASON)
def test_the_database_refuses_a_missing_reason(case, status):
    onward = OnwardReferralFactory(case=case)
    with pytest.raises(IntegrityError, match="onward_reason_where_one_is_owed"), transaction.atomic():
        OnwardReferral.objects.filter(pk=onward.pk).update(status=status)


def test_the_database_shares_nothing_without_consent(case):
    onward = OnwardReferralFactory(case=case)
    with pytest.raises(IntegrityError, match="onward_shares_only_with_consent"), transaction.atomic():
        OnwardReferral.objects.filter(pk=onward.pk).update(consent=False)


def reason(status):
    return "Because." if status in NEEDS_REASON else ""


@pytest.mark.parametrize("verb", ["accept", "reject", "start", "pause", "complete", "fail"])
@pytest.mark.parametrize("status", OnwardStatus.values)
def test_what_a_service_says_moves_along_the_edges_or_not_at_all(case, amina, status, verb):
    onward = OnwardReferralFactory(case=case, status=status, reason=reason(status))
    within_reach = onward.moves_within_reach
    if verb in within_reach:
        actions.hear_from_service(onward=onward, by=amina, verb=verb, words="Because.")
        walked = list(onward.events.order_by("id").values_list("verb", flat=True))
        onward.refresh_from_db()
        assert onward.status == ONWARD_MOVES[verb][1]
        assert walked == ([verb] if status in ONWARD_MOVES[verb][0] else ["accept", verb])
    else:
        with pytest.raises(MoveNotAllowed):
            actions.hear_from_service(onward=onward, by=amina, verb=verb, words="Because.")
        assert onward.events.count() == 0


@pytest.mark.parametrize("status", OPEN_ONWARD)
def test_what_is_open_can_be_called_off(case, amina, status):
    onward = OnwardReferralFactory(case=case, status=status, reason=reason(status))
    actions.call_off(onward=onward, by=amina, reason="She found a group herself.")
    onward.refresh_from_db()
    assert (onward.status, onward.reason) == ("cancelled", "She found a group herself.")


def test_a_mistake_can_be_marked_as_one_also_at_the_end(case, amina):
    onward = OnwardReferralFactory(case=case, status="completed")
    actions.call_off(onward=onward, by=amina, reason="The wrong Sam.", is_mistake=True)
    onward.refresh_from_db()
    assert onward.status == "entered-in-error"


def test_a_reason_belongs_to_the_status_it_was_given_for(case, amina):
    onward = OnwardReferralFactory(case=case, status="on-hold", reason="The hall is closed.")
    actions.hear_from_service(onward=onward, by=amina, verb="start")
    onward.refresh_from_db()
    assert onward.reason == ""
