"""Goals are put in the person's order by hand, and by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.caseload.sent import url_of
from tests.factories import GoalFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_goals_are_put_in_order_by_dragging_and_by_keyboard(open_browser, amina, case):
    # Given three goals
    sleep, swim, sing = [
        GoalFactory(case=case, words=words, rank=rank) for rank, words in enumerate(["Sleep", "Swim", "Sing"], start=1)
    ]
    page = open_browser(amina)
    page.goto(url_of("case", case))
    goals = page.locator("[data-goal]")
    # When Amina drags the third above the first
    goals.nth(2).locator("[data-handle]").hover()
    page.mouse.down()
    top = goals.nth(0).bounding_box()
    page.mouse.move(top["x"] + 100, top["y"] + 30, steps=4)
    page.mouse.move(top["x"] + 100, top["y"] + 2, steps=4)
    page.mouse.up()
    # Then that is the order, and it is kept
    expect(page.get_by_text("Saved", exact=True)).to_have_count(1)
    expect(goals.nth(0)).to_contain_text("Sing")
    assert [goal.words for goal in case.goals.in_their_order()] == ["Sing", "Sleep", "Swim"]
    # When she moves it down again by keyboard
    page.locator(f"#down-{sing.pk}").press("Enter")
    # Then it is second, and her place on the page is kept
    expect(goals.nth(1)).to_contain_text("Sing")
    expect(page.locator(f"#down-{sing.pk}")).to_be_focused()
    assert [goal.words for goal in case.goals.in_their_order()] == ["Sleep", "Sing", "Swim"]
    # When she opens how one goes
    goals.nth(0).get_by_role("link", name="How it goes").click()
    # Then it opens in its place, with the case around it
    expect(page.locator("#case-form").get_by_label("What they say about it")).to_be_visible()
