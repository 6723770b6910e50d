"""A service answers a referral on its phone; the worker sees it."""

import re

import pytest
from django.urls import reverse

from linkwork.chromium import DESKTOP, PHONE
from referrals import links
from tests.factories import AssetFactory, OnwardReferralFactory
from tests.journeys.axe import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(case, amina):
    cafe = AssetFactory(name="Blether Café", email="hello@blether.example.org")
    return OnwardReferralFactory(case=case, asset=cafe, asked_by=amina)


def link_of(onward):
    return reverse("referrals:link", args=[links.token_of(onward)])


def faults(page):
    return [violation["id"] for violation in violations(page)]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_service_answers_on_a_phone(open_browser, sent, javascript):
    page = open_browser(size=PHONE, javascript=javascript)
    # Given the link it was sent
    page.goto(link_of(sent))
    # When it says no, why, and for how long it is full
    page.get_by_label("No, we cannot take them").check()
    page.get_by_label("Why not?").fill("Full until spring.")
    page.get_by_label("Is there room?").select_option("waitlist")
    page.get_by_label("Weeks on the waiting list").fill("12")
    page.get_by_role("button", name="Send").click()
    # Then it reads what it said, and nothing of the person any more
    page.get_by_role("heading", name="Thank you").wait_for()
    assert "You said no" in page.inner_text("main")
    assert "0141" not in page.inner_text("main")
    sent.refresh_from_db()
    assert (sent.status, sent.reason, sent.wait_weeks) == ("rejected", "Full until spring.", 12)
    assert page.context.cookies() == []


def test_a_worker_refers_somebody_on(open_browser, amina, case):
    AssetFactory(name="Blether Café", email="hello@blether.example.org")
    page = open_browser(amina)
    # Given a case, when Amina refers Sam to a service she looks for by name
    page.goto(reverse("caseload:case", args=[case.pk]))
    page.get_by_role("link", name="Refer on, signpost or go along").click()
    page.get_by_label("Name of the service").fill("blether")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Blether Café").click()
    page.get_by_label("Refer them").check()
    page.get_by_label("Yes").check()
    page.get_by_label("What they would like").fill("Company on weekday afternoons.")
    page.get_by_role("button", name="Go on").click()
    # Then she sees what the service will read, sends it, and finds it on the case
    page.get_by_role("heading", name="What Blether Café will read").wait_for()
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("On its way to Blether Café").first.wait_for()
    onward = case.onward_referrals.get()
    assert onward.shared["wants"] == "Company on weekday afternoons."


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_referring_on_have_no_fault_axe_can_find(open_browser, amina, case, sent, size):
    page = open_browser(amina, size)
    found = {}
    for name, path in {
        "list": reverse("referrals:onward_list"),
        "choose": reverse("referrals:refer_on", args=[case.pk]) + "?q=blether",
        "form": reverse("referrals:refer_on", args=[case.pk]) + f"?asset={sent.asset_id}",
        "one": reverse("referrals:onward", args=[case.pk, sent.pk]),
        "heard": reverse("referrals:heard", args=[case.pk, sent.pk]),
        "link": link_of(sent),
        "no link": re.sub("...../$", "/", link_of(sent)),
    }.items():
        page.goto(path)
        too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        found[name] = [*faults(page), *(["too wide"] if too_wide else [])]
    assert found == dict.fromkeys(found, [])
