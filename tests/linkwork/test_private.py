"""At a shared computer nothing of a signed-in page stays behind."""

import pytest
from django.urls import reverse

from tests.caseload.sent import HTMX, url_of


@pytest.mark.parametrize("headers", [None, HTMX])
@pytest.mark.parametrize("page", ["case", "log_contact", "our_plan_pdf"])
def test_no_page_about_a_person_is_kept_by_the_browser(sign_in, amina, case, page, headers):
    assert "no-store" in sign_in(amina).get(url_of(page, case), headers=headers)["Cache-Control"]


@pytest.mark.parametrize("page", ["caseload:today", "caseload:team", "caseload:week", "caseload:safeguarding"])
def test_no_list_of_people_is_kept_by_the_browser(sign_in, amina, page):
    assert sign_in(amina).get(reverse(page))["Cache-Control"] == "no-store, private"


def test_a_page_nobody_is_signed_in_to_is_left_as_it_is(client, db):
    assert "no-store, private" not in client.get(reverse("accounts:accessibility")).get("Cache-Control", "")
