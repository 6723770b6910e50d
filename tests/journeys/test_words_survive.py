"""The bar: a note being typed survives a killed server, a lost login and a second tab."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import expect

from caseload.models import Draft
from tests.caseload.sent import url_of
from tests.factories import PASSWORD
from tests.journeys.test_way_of_one_referral import press, send

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "She told me about her brother"
STORED = "Object.entries(localStorage).flat().join('\\n')"


class ServerOfItsOwn:
    """A web server in a process that can be killed, on the database of the tests."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
            "TEST_DATABASE": connection.settings_dict["NAME"],
            "TEST_QUEUE": "nobody-listens",
            "TEST_LETTER_BOX": str(settings.BASE_DIR / "var"),
            "PORT": str(self.port),
            "WEB_WORKERS": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.wait_until_it_answers()

    def wait_until_it_answers(self, seconds: float = 30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server():
    server = ServerOfItsOwn()
    yield server
    server.kill()


def note_in(page, url):
    page.goto(url)
    return page.get_by_label("Note")


def test_a_note_being_typed_survives_a_killed_server_and_a_lost_login(browser, server, sign_in, amina, case):
    # Given Amina in the middle of a note
    context = browser.new_context(base_url=server.url, locale="en-GB")
    context.set_default_timeout(20_000)
    session = sign_in(amina).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    page, url = context.new_page(), url_of("log_contact", case)
    note = note_in(page, url)
    note.press_sequentially(WORDS)
    expect(page.get_by_text("Draft kept.")).to_be_visible()
    # When the server is killed, she types on, and closes the page
    server.kill()
    note.press_sequentially(", who has died.")
    expect(page.get_by_text("Your words are kept on this computer")).to_be_visible()
    # Then nobody else at this computer can read them
    assert "brother" not in page.evaluate(STORED)
    page.close()
    # When it is back, her session has ended, and she signs in again
    server.start()
    Session.objects.all().delete()
    page = context.new_page()
    page.goto(url)
    page.get_by_label("Email").fill(amina.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    # Then her words are there, and she is told so
    expect(page.get_by_label("Note")).to_have_value(f"{WORDS}, who has died.")
    expect(page.get_by_text("You were writing this at")).to_contain_text("Restored.")
    # When her session ends once more, while she sends
    Session.objects.all().delete()
    page.get_by_label("Note").press_sequentially(" In spring.")
    page.get_by_label("Sam", exact=True).check()
    send(page)
    page.get_by_label("Email").fill(amina.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    # Then nothing she typed is lost; sent now, it is kept as a contact and no draft is left anywhere
    expect(page.get_by_label("Note")).to_have_value(f"{WORDS}, who has died. In spring.")
    page.get_by_label("Sam", exact=True).check()
    send(page)
    expect(page.get_by_text("Contact logged")).to_be_visible()
    assert case.contacts.get().note == f"{WORDS}, who has died. In spring."
    assert list(Draft.objects.live()) == []
    assert page.evaluate(STORED) == ""
    context.close()


def test_two_tabs_of_a_note_never_write_over_each_other(open_browser, amina, case):
    # Given a note in one tab
    url = url_of("log_contact", case)
    first = open_browser(amina)
    note_in(first, url).press_sequentially("One")
    expect(first.get_by_text("Draft kept.")).to_be_visible()
    # When Amina opens the form in a second tab, the words are there; she goes on in both
    second = first.context.new_page()
    note = note_in(second, url)
    expect(note).to_have_value("One")
    note.press_sequentially(" and two")
    first.get_by_label("Note").press_sequentially(" and three")
    expect(second.get_by_text("Draft kept.")).to_be_visible()
    # Then both are kept, and a third tab has the newest and offers the other
    wait_for_drafts([{"note": "One and three"}, {"note": "One and two"}])
    third = first.context.new_page()
    note = note_in(third, url)
    expect(third.get_by_role("button", name="Use it instead")).to_be_visible()
    newest = note.input_value()
    # When she uses the other, and discards it
    press(third, "Use it instead")
    expect(note).not_to_have_value(newest)
    third.locator(".lw-draft", has_text="Restored.").last.get_by_role("button", name="Discard it").click()
    # Then that one is gone and the newest is kept; signing out leaves nothing in the browser
    wait_for_drafts([{"note": newest}])
    note.press_sequentially("Not yet kept")
    press(third, "Sign out")
    expect(third.get_by_label("Password")).to_be_visible()
    assert third.evaluate(STORED) == ""


def test_words_taken_up_again_and_sent_leave_no_draft_where_nothing_could_be_kept_between(open_browser, amina, case):
    # Given a note that was begun
    page, url = open_browser(amina), url_of("log_contact", case)
    note_in(page, url).press_sequentially("One")
    expect(page.get_by_text("Draft kept.")).to_be_visible()
    # When Amina opens the form again, and goes on while no draft arrives
    page.route("**/drafts/keep/", lambda route: route.abort())
    note = note_in(page, url)
    expect(note).to_have_value("One")
    note.press_sequentially(" and two")
    # Then what she sends leaves nothing of what it began with
    page.get_by_label("Sam", exact=True).check()
    send(page)
    expect(page.get_by_text("Contact logged")).to_be_visible()
    assert list(Draft.objects.live()) == []


def wait_for_drafts(words, seconds: float = 10):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        kept = sorted(Draft.objects.live().values_list("words", flat=True), key=str)
        if kept == sorted(words, key=str):
            return
        time.sleep(0.05)
    assert kept == words
