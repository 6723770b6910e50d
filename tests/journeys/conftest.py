"""A real browser on a real server. `make test` sees to it that there is a Chromium."""

import os

import pytest
from django.db import connections

from linkwork import chromium
from linkwork.chromium import DESKTOP


@pytest.fixture(scope="session")
def browser():
    if chromium.find() is None:
        skip_or_fail = pytest.fail if os.environ.get("CI") else pytest.skip
        skip_or_fail(f"No browser journey ran: {chromium.NOT_HERE}")
    with chromium.browser() as running:
        yield running
        # While Playwright's event loop runs, this thread has database connections apart from its usual ones.
        connections.close_all()


@pytest.fixture
def open_browser(browser, live_server, sign_in):
    """open_browser(amina, PHONE) is a page with Amina signed in; with nobody it is signed out."""
    contexts = []

    def opened(user=None, size=DESKTOP, *, javascript=True):
        context = browser.new_context(
            base_url=live_server.url, viewport=size, java_script_enabled=javascript, locale="en-GB"
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        if user:
            session = sign_in(user).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
