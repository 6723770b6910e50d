"""Finding something for somebody on the phone: by the keyboard alone, and without JavaScript."""

import pytest
from django.urls import reverse

from linkwork.chromium import PHONE
from tests.factories import AssetFactory, NeedFactory

pytestmark = pytest.mark.django_db(transaction=True)


def press(page, role, name):
    """As somebody does who has no mouse: go there, and press Enter."""
    page.get_by_role(role, name=name).first.focus()
    enter(page)


def enter(page):
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_amina_finds_puts_aside_and_prints_without_a_mouse_or_javascript(open_browser, case, amina):
    NeedFactory(case=case, kind="loneliness")
    AssetFactory(name="Govan Lunch Club", need_kinds=["loneliness"], phone="0141 496 0000")
    AssetFactory(name="Debt clinic", need_kinds=["money_and_benefits"])
    page = open_browser(amina, PHONE, javascript=False)

    # given somebody's needs, only what fits them is shown
    page.goto(reverse("caseload:case", kwargs={"case_id": case.pk}))
    press(page, "link", "Find services")
    assert page.locator("tbody th a").all_inner_texts() == ["Govan Lunch Club"]

    # when she looks by a word spelt nearly right, and puts it aside
    page.get_by_label("What or where").focus()
    page.keyboard.type("luch club")
    enter(page)
    press(page, "button", "Add Govan Lunch Club to the shortlist")

    # then it can be printed in large letters
    press(page, "link", "Shortlist (1)")
    press(page, "link", "Print in large letters")
    assert page.get_by_role("heading", level=2).all_inner_texts() == ["1. Govan Lunch Club"]


def test_mo_brings_a_list_as_far_as_its_columns_without_a_mouse_or_javascript(open_browser, mo):
    page = open_browser(mo, PHONE, javascript=False)

    page.goto(reverse("assets:start_intake"))
    page.get_by_label("Who publishes it").fill("Our council")
    page.get_by_label("Its licence").fill("OGL v3")
    page.get_by_label("A file").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": b"Label,Postcode\nOne,G2 8AE\n"}
    )
    press(page, "button", "Read it")
    assert page.get_by_role("heading", level=1).inner_text().endswith("What each column holds")

    page.get_by_label("Label").select_option("name")
    press(page, "button", "Read it this way")
    assert page.get_by_role("heading", level=1).inner_text().endswith("Our council")
