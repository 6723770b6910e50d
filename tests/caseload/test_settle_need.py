"""What became of a need; an unmet one is evidence, recorded straight from a search that found nothing."""

import pytest
from django.urls import reverse

from assets.enums import NeedKind
from caseload import actions
from caseload.enums import HoldBarrier, NeedOutcome
from tests.factories import NeedFactory

pytestmark = pytest.mark.django_db


def url(case, query=""):
    return reverse("caseload:settle_need", args=[case.pk]) + query


def test_unmet_need_keeps_what_stood_in_the_way(case, amina):
    need = NeedFactory(case=case, kind=NeedKind.HOUSING)

    actions.settle_need(
        case=case,
        by=amina,
        kind=NeedKind.HOUSING,
        outcome=NeedOutcome.UNMET,
        barrier=HoldBarrier.NONE_EXISTS,
        note="Asked in two towns.",
    )

    need.refresh_from_db()
    assert (need.outcome, need.barrier, need.outcome_by) == ("unmet", "none_exists", amina)
    assert list(case.events.values_list("verb", "words")) == [
        ("need_settled", "Housing: unmet, none exists here. Asked in two towns.")
    ]


def test_need_nobody_had_named_comes_onto_the_case(case, amina):
    actions.settle_need(case=case, by=amina, kind=NeedKind.LEGAL, outcome=NeedOutcome.MET)

    assert list(case.needs.values_list("kind", "on_referral", "outcome")) == [("legal", False, "met")]
    assert list(case.events.order_by("id").values_list("verb", flat=True)) == ["need_uncovered", "need_settled"]


def test_the_same_said_twice_is_told_once(case, amina):
    for _ in range(2):
        actions.settle_need(case=case, by=amina, kind=NeedKind.LEGAL, outcome=NeedOutcome.MET)

    assert case.events.filter(verb="need_settled").count() == 1


def test_a_search_that_found_nothing_opens_the_form_filled_in(sign_in, amina, case):
    form = sign_in(amina).get(url(case, "?kind=housing&outcome=unmet")).context["form"]

    assert form.initial == {"kind": "housing", "outcome": "unmet"}


def test_unmet_asks_what_stood_in_the_way(sign_in, amina, case):
    form = sign_in(amina).post(url(case), {"kind": "housing", "outcome": "unmet"}).context["form"]

    assert form.errors == {"barrier": ["Choose what stood in the way"]}


def test_recorded_need_goes_back_to_the_search(sign_in, amina, case):
    response = sign_in(amina).post(
        url(case, f"?next=/directory/%3Fcase%3D{case.pk}"),
        {"kind": "housing", "outcome": "unmet", "barrier": "distance", "note": ""},
    )

    assert response.url == f"/directory/?case={case.pk}"
    assert case.needs.get().barrier == "distance"


def test_met_need_has_no_barrier(sign_in, amina, case):
    sign_in(amina).post(url(case), {"kind": "housing", "outcome": "met", "barrier": "distance"})

    assert case.needs.get().barrier == ""
