"""Somebody answers a few questions on their own phone."""

import pytest

from caseload.actions import link_questions
from caseload.links import token_of
from linkwork.chromium import PHONE
from tests.journeys.axe import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_answers_some_questions_on_their_phone(open_browser, case, amina, javascript):
    link = link_questions(case=case, by=amina, measures=["ons4", "loneliness"])
    page = open_browser(size=PHONE, javascript=javascript)
    # Given the link they were sent
    page.goto(f"/q/{token_of(link)}/")
    assert page.context.cookies() == []
    # Every answer is large enough for a thumb
    boxes = [label.bounding_box() for label in page.locator(".nhsuk-radios__label").all()]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 43
    # When they answer one with a tap and one with the keyboard, and leave the rest out
    anxious = page.get_by_role("group", name="how anxious did you feel yesterday?")
    anxious.get_by_label("8", exact=True).click()
    lonely = page.get_by_role("group", name="How often do you feel lonely?")
    lonely.get_by_label("Leave out").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Send my answers").click()
    # Then they are thanked, and the answers are on the case
    page.get_by_role("heading", name="Thank you").wait_for()
    if javascript:
        assert [violation["id"] for violation in violations(page)] == []
    found = {filling.measure: filling.answers for filling in case.fillings.all()}
    assert found == {"ons4": {"anxious": 8}, "loneliness": {"lonely": 5}}
