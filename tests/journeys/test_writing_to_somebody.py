"""A gentle message after a missed meeting, as a worker writes it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from caseload.models import Message
from linkwork.chromium import DESKTOP
from tests.factories import MissedFactory, in_days

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_sees_what_a_locked_phone_shows_while_writing(open_browser, case, amina):
    case.patient.may_text = True
    case.patient.save()
    MissedFactory(case=case, starts_at=in_days(-9))

    # Given somebody whose door is held open
    page = open_browser(amina, DESKTOP)
    page.goto(reverse("caseload:door_open"))
    page.locator("main summary", has_text="More").first.click()
    page.locator("main a", has_text="Write").first.click()
    box = page.get_by_label("What you write")

    # When what they write would show on a locked phone, they read so as they type
    box.fill("Your counselling begins on Monday, at last")
    expect(page.locator("#preview")).to_contain_text("“counselling” would show on a locked phone")

    # Then other words are shown as they arrive, and go
    box.fill("Hello Sam, it is Amina. Shall we find another time?")
    expect(page.locator(".lw-locked")).to_contain_text("Hello Sam, it is Amina. Shall we find an…")
    page.get_by_role("button", name="Send or print").click()
    expect(page.get_by_text("On its way.")).to_be_visible()
    assert Message.objects.get().about == "a way back after a missed meeting"
