"""The frame and the components in a real browser."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from linkwork.chromium import DESKTOP, PHONE
from tests.factories import PASSWORD
from tests.journeys.axe import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module", autouse=True)
def _frontend():
    call_command("frontend", verbosity=0)


@pytest.fixture(autouse=True)
def _gallery(settings):
    settings.ROOT_URLCONF = "tests.journeys.gallery"
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], settings.BASE_DIR / "tests/journeys/templates"]}]


def faults(page):
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in violations(page)]


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/gallery/", "/gallery/form/", "/accounts/login/", "/accessibility/"])
def test_a_page_has_no_fault_axe_can_find_and_fits_its_width(open_browser, path, size):
    page = open_browser(size=size)
    page.goto(path)
    assert faults(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("who", ["amina", "mo", "priya"])
def test_the_frame_of_each_role_has_no_fault_axe_can_find(open_browser, request, who):
    page = open_browser(request.getfixturevalue(who), PHONE)
    page.goto("/gallery/")
    assert faults(page) == []
    assert overflow(page) == 0


def test_a_page_still_fits_at_400_per_cent(open_browser, amina):
    page = open_browser(amina, {"width": 320, "height": 256})
    page.goto("/gallery/")
    assert overflow(page) == 0


def test_nothing_on_a_page_breaks_the_content_policy(open_browser, amina):
    page = open_browser(amina)
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/gallery/")
    page.get_by_role("button", name="Log (Sam Kerr)").click()
    page.get_by_role("heading", name="Log a meeting").wait_for()
    assert said == []


def test_errors_take_the_focus_and_lead_to_their_fields(open_browser):
    page = open_browser()
    page.goto("/gallery/form/")
    page.get_by_role("button", name="Log", exact=True).click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.title() == "Error: Log a meeting – Linkwork"
    assert page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    assert faults(page) == []
    page.get_by_role("link", name="Enter a date of birth").click()
    assert page.evaluate("document.activeElement.id") == "id_born_0"


def test_an_answer_opens_its_question(open_browser):
    page = open_browser()
    page.goto("/gallery/form/")
    question = page.get_by_label("What got in the way?")
    assert not question.is_visible()
    page.get_by_label("Missed").check()
    assert question.is_visible()


def test_without_javascript_every_question_shows_and_a_button_is_a_link(open_browser):
    page = open_browser(javascript=False)
    page.goto("/gallery/")
    page.get_by_role("button", name="Log (Sam Kerr)").click()
    assert page.url.endswith("/gallery/form/")
    assert page.get_by_label("What got in the way?").is_visible()
    assert not page.get_by_role("button", name="in 1 week").is_visible()


def test_a_quick_pick_fills_in_its_date(open_browser):
    page = open_browser()
    page.goto("/gallery/form/")
    page.get_by_role("button", name="in 1 week").click()
    in_a_week = timezone.localdate() + datetime.timedelta(days=7)
    assert page.get_by_label("Review on").input_value() == in_a_week.isoformat()


@pytest.mark.parametrize("keys", ["Control+k", "/"])
def test_a_key_goes_to_the_search_box(open_browser, amina, keys):
    page = open_browser(amina)
    page.goto("/gallery/")
    page.keyboard.press(keys)
    assert page.evaluate("document.activeElement.id") == "search"


def test_a_slash_in_a_text_box_is_a_slash(open_browser, amina):
    page = open_browser(amina)
    page.goto("/gallery/form/")
    page.get_by_label("Note").press_sequentially("1/2")
    assert page.get_by_label("Note").input_value() == "1/2"


def test_a_form_opens_in_place_keeps_its_errors_there_and_closes(open_browser, amina):
    page = open_browser(amina)
    page.goto("/gallery/")
    page.get_by_role("button", name="Log (Sam Kerr)").click()
    page.get_by_role("heading", name="Log a meeting").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Log a meeting"
    page.get_by_label("Missed").check()
    assert page.get_by_label("What got in the way?").is_visible()
    page.locator("#slot-1").get_by_role("button", name="Log", exact=True).click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.url.endswith("/gallery/")
    page.get_by_role("link", name="Cancel").click()
    assert page.locator("#slot-1").inner_html() == ""
    assert page.evaluate("document.activeElement.textContent") == "Log (Sam Kerr)"


def test_a_form_saved_in_place_brings_the_whole_page_anew(open_browser, amina):
    page = open_browser(amina)
    page.goto("/gallery/")
    page.get_by_role("button", name="Log (Sam Kerr)").click()
    page.get_by_label("Name", exact=True).fill("Sam")
    for box, typed in [("Day", "27"), ("Month", "March"), ("Year", "1985")]:
        page.get_by_label(box, exact=True).fill(typed)
    page.get_by_label("Met", exact=True).check()
    page.get_by_label("Housing").check()
    page.get_by_role("button", name="tomorrow").click()
    page.get_by_label("Time").fill("10:30")
    page.get_by_label("The person agrees").check()
    page.locator("#slot-1").get_by_role("button", name="Log", exact=True).click()
    page.get_by_text("Meeting logged").wait_for()
    assert page.locator("main").count() == 1
    assert page.locator("#slot-1").inner_html() == ""


def test_a_form_asked_for_after_the_session_ended_opens_the_sign_in_page(open_browser, amina):
    page = open_browser(amina)
    page.goto("/gallery/")
    page.locator("main [hx-get]").evaluate("link => link.setAttribute('hx-get', '/')")
    page.evaluate("htmx.process(document.body)")
    page.context.clear_cookies()
    page.get_by_role("button", name="Log (Sam Kerr)").click()
    page.get_by_role("heading", name="Sign in to Linkwork").wait_for()
    assert page.locator("main").count() == 1


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/password/change/", "/accounts/2fa/totp/activate/"])
def test_a_page_about_signing_in_has_no_fault_axe_can_find(open_browser, amina, path):
    page = open_browser(amina, PHONE)
    page.goto(path)
    if page.get_by_role("heading", name="Confirm").count():
        assert faults(page) == []
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    assert faults(page) == []
    assert overflow(page) == 0
