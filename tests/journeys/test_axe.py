"""That what asks for faults would find them."""

import pytest

from tests.journeys.axe import violations

pytestmark = pytest.mark.django_db(transaction=True)

PALE = "<p style='color: #999; background: #fff'>pale</p>"
CLEAR = "<p style='color: #222; background: #fff'>clear</p>"
FADED = "<p style='color: #222; background: #fff; opacity: 0.5'>faded</p>"


def shown(page, *lines):
    page.set_content(f"<html lang='en'><title>Colours</title><main><h1>Colours</h1>{''.join(lines)}</main></html>")
    return page


def faulty(page, rule="color-contrast"):
    (fault,) = [fault for fault in violations(page) if fault["id"] == rule]
    return [node["html"].split("</p>")[0].rpartition(">")[2] for node in fault["nodes"]]


def test_every_pale_text_is_found_among_clear_ones_of_the_same_colours(open_browser):
    page = shown(open_browser(), PALE, CLEAR, FADED, PALE, CLEAR)

    assert faulty(page) == ["pale", "faded", "pale"]


def test_a_page_that_changed_is_asked_anew(open_browser):
    page = shown(open_browser(), CLEAR)
    assert violations(page) == []

    page.evaluate("document.querySelector('p').style.color = '#999'")

    assert faulty(page) == ["clear"]


def test_a_rule_axe_does_not_ask_by_itself_is_asked_where_it_is_named(open_browser):
    small = "<button style='width: 9px; height: 9px; padding: 0; border: 0'>x</button>"
    page = shown(open_browser(), small * 2)
    asked = {"target-size": {"enabled": True}}

    assert [fault["id"] for fault in violations(page)] == []
    assert [fault["id"] for fault in violations(page, **asked)] == ["target-size"]
