"""The way of one referral, in a browser: refer, accept, meet, miss, hold, close, come back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from caseload.enums import CaseStatus, HoldEnd
from caseload.models import Case
from linkwork.chromium import PHONE
from referrals.models import Referral
from tests.factories import PASSWORD, AppointmentFactory, CaseFactory, HoldFactory, PatientFactory, ReferralFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(case, amina):
    """Sam and Amina met an hour ago; nobody has said how it went."""
    return AppointmentFactory(case=case, worker=amina, starts_at=timezone.now() - timedelta(minutes=1))


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def send(page, field="Note"):
    """Press the one button of the form with this field."""
    page.locator("main form").filter(has=page.get_by_label(field)).locator("button[type=submit]").click()


def row_button(page, words, name="Sam Kerr"):
    return page.locator("main a").filter(has_text=f"{words} ({name})")


def open_case(page, case):
    page.goto(reverse("caseload:case", kwargs={"case_id": case.pk}))


def fill_in_a_referral(page):
    page.get_by_label("First name").fill("Jean")
    page.get_by_label("Last name").fill("O’Neill")
    page.get_by_label("Day", exact=True).fill("27")
    page.get_by_label("Month", exact=True).fill("3")
    page.get_by_label("Year", exact=True).fill("1951")
    page.get_by_label("Neither is known").check()
    page.get_by_label("Postcode").fill("g2 8ae")
    page.get_by_label("Phone", exact=False).first.fill("0141 496 0001")
    page.get_by_label("Call", exact=True).check()
    page.get_by_label("Loneliness").check()
    page.get_by_label("Why now").fill("Rarely leaves the flat since her husband died.")
    page.get_by_label("They agree to this referral").check()
    page.get_by_label("Yes", exact=True).check()


def test_priya_signs_in_and_refers_somebody(open_browser, priya, organisation):
    # Given Priya at the sign-in page
    page = open_browser()
    page.goto("/")
    page.get_by_label("Email").fill(priya.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    # When she refers Jean
    page.get_by_role("link", name="Refer", exact=True).click()
    fill_in_a_referral(page)
    press(page, "Send referral")
    # Then it is sent, and hers to follow
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jean O’Neill")
    assert Referral.objects.get().postcode == "G2 8AE"


def test_what_priya_typed_stays_when_something_is_missing(open_browser, priya, organisation):
    # Given a referral without its reason
    page = open_browser(priya)
    page.goto("/refer/")
    fill_in_a_referral(page)
    page.get_by_label("Why now").fill("")
    # When she sends it
    press(page, "Send referral")
    # Then the fault is named at the top, leads to its field, and the rest is still there
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Why now")).to_be_focused()
    expect(page.get_by_label("Last name")).to_have_value("O’Neill")


def test_amina_accepts_in_two_clicks_and_priya_sees_it(open_browser, amina, priya, organisation, practice):
    # Given a referral in the inbox
    ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya)
    page = open_browser(amina)
    page.goto("/inbox/")
    # When Amina opens and accepts it
    page.get_by_role("link", name="Sam Kerr").click()
    press(page, "Accept")
    # Then there is a case, and Priya reads so
    assert Case.objects.get().status == CaseStatus.WAITING
    theirs = open_browser(priya)
    theirs.goto("/referrals/")
    expect(theirs.get_by_role("row").filter(has_text="Sam Kerr")).to_contain_text("Accepted")


def test_amina_logs_a_meeting_with_the_keyboard_alone(open_browser, amina, meeting):
    # Given the form of a meeting, opened in place
    page = open_browser(amina)
    page.goto("/today/")
    row_button(page, "Log").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Note").focus()
    # When she types and sends it from the keyboard
    page.keyboard.type("By keyboard")
    page.locator("main form").filter(has=page.get_by_label("Note")).locator("button[type=submit]").focus()
    page.keyboard.press("Enter")
    # Then it is logged
    expect(row_button(page, "Log")).to_have_count(0)
    meeting.refresh_from_db()
    assert meeting.note == "By keyboard"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_a_missed_meeting_keeps_the_door_open_with_a_date(open_browser, amina, meeting, case, javascript):
    # Given a meeting Sam did not come to, on Amina's phone
    page = open_browser(amina, PHONE, javascript=javascript)
    page.goto("/today/")
    # When she presses Missed and saves what is proposed
    row_button(page, "Missed").click()
    send(page)
    expect(row_button(page, "Missed")).to_have_count(0)
    # Then nothing is closed, there is a follow-up, and the case says since when the door is open
    open_case(page, case)
    expect(page.get_by_role("main")).to_contain_text("Door held open since")
    case.refresh_from_db()
    assert case.status == CaseStatus.ACTIVE
    assert case.follow_ups.get().due_on == timezone.localdate() + timedelta(days=7)


def test_amina_holds_reviews_and_ends(open_browser, amina, case):
    # Given an active case
    page = open_browser(amina)
    open_case(page, case)
    # When she starts a hold
    page.locator("main a", has_text="Start a hold").click()
    page.get_by_label("Waiting for a service").check()
    page.get_by_label("Help with").select_option(label="Mental wellbeing")
    page.get_by_label("What stands in the way").select_option(label="Waiting list")
    send(page, "What stands in the way")
    # Then the page says what is awaited
    expect(page.get_by_role("main")).to_contain_text("Holding since today")
    # When she reviews it
    page.locator("main a").filter(has_text="Review (the hold)").click()
    page.get_by_label("How things stand").fill("Rang the clinic: six more weeks.")
    send(page, "How things stand")
    # Then the review is in the timeline
    expect(page.get_by_role("main")).to_contain_text("Rang the clinic: six more weeks.")
    # When the service starts and she ends the hold
    page.locator("main a").filter(has_text="End (the hold)").click()
    page.get_by_label("The service started").check()
    page.get_by_label("Partly met").check()
    send(page)
    # Then the case is active again
    expect(page.locator("main a").filter(has_text="Start a hold")).to_be_visible()
    case.refresh_from_db()
    assert case.status == CaseStatus.ACTIVE
    assert case.holds.get().end == HoldEnd.SERVICE_STARTED


def test_closing_after_missed_meetings_takes_a_deliberate_step(open_browser, amina, case):
    # Given the form to close a case
    page = open_browser(amina)
    page.goto(reverse("caseload:close", kwargs={"case_id": case.pk}))
    # When Amina says Sam could not be reached and nothing more
    page.get_by_label("Drifted: we could not reach them").check()
    send(page)
    # Then the case stays open and the page asks for more
    expect(page.get_by_role("alert").first).to_be_visible()
    case.refresh_from_db()
    assert case.status == CaseStatus.ACTIVE


def test_mo_passes_on_several_cases_at_once(open_browser, mo, ben, case, organisation, practice):
    # Given two cases of Amina's
    other = CaseFactory(
        patient=PatientFactory(organisation=organisation, practice=practice, given_name="Jean"), worker=case.worker
    )
    page = open_browser(mo)
    page.goto("/caseload/?whose=team")
    # When Mo ticks both and passes them to Ben
    for box in page.get_by_role("row").get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Pass those ticked to").select_option(label=ben.name)
    press(page, "Pass on")
    # Then Ben has both, and sees them as new
    expect(page.get_by_role("main")).to_contain_text(ben.name)
    assert set(ben.cases.all()) == {case, other}
    theirs = open_browser(ben)
    theirs.goto("/today/")
    expect(theirs.get_by_role("main")).to_contain_text("New with you")


def test_every_number_on_the_service_page_opens_its_list(open_browser, mo, case):
    # Given one held case
    HoldFactory(case=case)
    Case.objects.update(status=CaseStatus.HOLDING)
    page = open_browser(mo)
    page.goto("/service/")
    # When Mo presses how many are held
    page.get_by_role("link", name="1 held").click()
    # Then the list has that one
    expect(page.get_by_role("row").filter(has_text="Sam Kerr")).to_have_count(1)
