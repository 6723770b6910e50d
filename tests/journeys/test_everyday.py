"""The bar: logging a meeting from Today takes three interactions beyond typing the note. And finding by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from caseload.enums import Outcome
from tests.factories import AppointmentFactory, CaseFactory, PatientFactory
from tests.journeys.test_way_of_one_referral import row_button, send

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = "Talked about the allotment."
# Every press of a button, a key or the screen by the person, on whichever page; typing in a long box is the note.
COUNT = """
for (const kind of ["pointerdown", "keydown"])
  addEventListener(kind, (event) => {
    if (!event.isTrusted || (kind === "keydown" && event.target.matches("textarea"))) return;
    sessionStorage.interactions = Number(sessionStorage.interactions ?? 0) + 1;
  }, true);
"""


def test_logging_a_meeting_from_today_takes_at_most_three_interactions_beyond_the_note(open_browser, amina, case):
    # Given a meeting that is over, on Today
    meeting = AppointmentFactory(case=case, worker=amina, starts_at=timezone.now() - timedelta(minutes=1))
    page = open_browser(amina)
    page.add_init_script(COUNT)
    page.goto("/today/")
    # When Amina presses Log, goes into the note, types it and saves
    row_button(page, "Log").click()
    page.get_by_label("Note").click()
    page.keyboard.type(NOTE)
    send(page)
    # Then it is logged as Met, and that took three
    expect(row_button(page, "Log")).to_have_count(0)
    meeting.refresh_from_db()
    assert (meeting.outcome, meeting.note) == (Outcome.ATTENDED, NOTE)
    assert page.evaluate("Number(sessionStorage.interactions)") == 3


def test_somebody_is_found_and_opened_with_the_keyboard_alone(open_browser, amina, case, organisation, practice):
    # Given two people of one name
    other = PatientFactory(organisation=organisation, practice=practice, preferred_name="Sandy")
    CaseFactory(patient=other, worker=amina)
    page = open_browser(amina)
    page.goto("/today/")
    # When Amina presses Ctrl-K, types and goes down to the second
    page.keyboard.press("Control+k")
    page.keyboard.type("kerr")
    expect(page.locator("#search-found a")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    # Then that person's page opens
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sam Kerr")
