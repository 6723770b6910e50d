"""A real browser on a real server. `make test` sees to it that there is a Chromium."""

import os
import time

import pytest
from django.db import connection, connections

from linkwork import chromium
from linkwork.chromium import DESKTOP


@pytest.fixture(scope="package")
def browser(django_db_setup):
    """For the journeys alone: while it runs, no other test can call what is written for asyncio.

    The database is there before: whose connection made it is the one that drops it.
    """
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
    wait_until_the_server_is_idle()


def wait_until_the_server_is_idle(seconds: float = 10) -> None:
    """A browser that has gone may leave a request behind, which would hold what is now to be emptied."""
    busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(f"{busy} AND state <> 'idle'")
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
