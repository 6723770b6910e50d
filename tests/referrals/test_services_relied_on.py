"""What a case says of the services it relies on: their present name, and whether they will last."""

import pytest
from django.urls import reverse

from assets.actions import merge_assets
from tests.factories import AssetFactory, HoldFactory, OnwardReferralFactory, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of(sign_in, amina):
    def opened(case):
        return sign_in(amina).get(reverse("caseload:case", kwargs={"case_id": case.pk})).content.decode()

    return opened


@pytest.mark.parametrize(("ends_in", "times"), [(30, 1), (-3, 1), (200, 0), (None, 0)])
def test_case_says_when_the_funding_of_what_it_waits_for_ends(page_of, case, ends_in, times):
    ends_on = None if ends_in is None else in_days(ends_in).date()
    HoldFactory(case=case, awaited_asset=AssetFactory(funding_ends_on=ends_on))

    assert page_of(case).count("Its funding ") == times


def test_case_says_that_what_it_waits_for_has_closed(page_of, case):
    HoldFactory(case=case, awaited_asset=AssetFactory(name="Lunch Club", is_closed=True))

    assert page_of(case).count("</a>: <strong>Closed</strong>.") == 1


def test_case_says_when_the_funding_of_a_service_it_was_referred_to_ends(page_of, case):
    service = AssetFactory(funding_ends_on=in_days(30).date())
    OnwardReferralFactory(case=case, asset=service)
    OnwardReferralFactory(case=case, asset=service, status="completed")

    assert page_of(case).count("Its funding ends on") == 1


def test_hold_and_choice_of_a_service_name_the_entry_that_was_kept(sign_in, page_of, case, amina):
    old, kept = AssetFactory(name="Old Lunch Club"), AssetFactory(name="Govan Lunch Club")
    HoldFactory(case=case, awaited_asset=old)
    case.shortlist.create(asset=old, added_by=amina)
    merge_assets(kept=kept, gone=old, by=amina)

    page = page_of(case)
    chosen = sign_in(amina).get(reverse("referrals:refer_on", kwargs={"case_id": case.pk})).context["shortlist"]

    assert ("Govan Lunch Club" in page, "Old Lunch Club" in page) == (True, False)
    assert chosen == [kept]
