"""The distribution's Chromium, for browser tests and screenshots. Needs requirements-dev.txt."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
NOT_HERE = "Chromium is not here (Debian: apt-get install chromium)"

NAMES = ["chromium", "chromium-browser", "google-chrome"]
# It is to talk to our own server and nobody else.
SWITCHES = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page here lives for a second or two: what takes longer to make it quicker is never paid back.
    "--js-flags=--no-turbofan --min-semi-space-size=32",
]


def find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Browser]:
    # Playwright's synchronous interface runs an event loop in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Chromium's own sandbox does not work for root.
    switches = [*SWITCHES, "--no-sandbox"] if os.geteuid() == 0 else SWITCHES
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find(), args=switches)
        yield running
        running.close()
