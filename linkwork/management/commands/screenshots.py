"""Takes the pictures in docs/screenshots: every main page, wide and narrow, from demo data.

It signs in through the sign-in page, as each of the demo's people, on a server of its own.
"""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page

from linkwork import chromium
from linkwork.chromium import DESKTOP, PHONE
from linkwork.demo.sign_ins import AMINA, MO, PASSWORD, PRIYA, SignIn

SIZES = {"desktop": DESKTOP, "phone": PHONE}

# What each person's pictures show: a name, then an address, or the words of the links that lead there.
PICTURES = {
    AMINA: {
        "today": "/today/",
        "caseload": "/caseload/",
        "case": ["/today/", "Sam Kerr"],
        "log-a-meeting": ["/today/", "Log (Sam Kerr)"],
        "plan": ["/today/", "Sam Kerr", "One-page plan"],
        "week": "/week/",
        "holds": "/team/holds/",
        "door-open": "/team/door-open/",
        "inbox": "/inbox/",
        "directory": "/directory/",
        "directory-for-a-case": ["/today/", "Sam Kerr", "Find services"],
        "onward": "/onward/",
        "backstage": "/back-stage/",
    },
    MO: {
        "service": "/service/",
        "over-time": "/insight/",
        "topic": "/insight/over-time/meeting-people/",
        "evidence": "/insight/evidence/",
        "enacted": "/insight/enacted/",
        "settings": "/settings/",
    },
    PRIYA: {"refer": "/refer/", "our-referrals": "/referrals/"},
}


class Command(BaseCommand):
    help = "Take the pictures in docs/screenshots (needs Chromium and demo data)."

    def add_arguments(self, parser):
        parser.add_argument("--into", type=Path, default=settings.BASE_DIR / "docs" / "screenshots")

    def handle(self, **options):
        if chromium.find() is None:
            raise CommandError(chromium.NOT_HERE)
        folder = options["into"]
        folder.mkdir(parents=True, exist_ok=True)
        with chromium.browser() as browser, Server() as address:
            for person, pictures in PICTURES.items():
                for size, viewport in SIZES.items():
                    page = browser.new_page(base_url=address, viewport=viewport, locale="en-GB")
                    sign_in(page, person)
                    for name, way in pictures.items():
                        follow(page, way)
                        page.screenshot(path=folder / f"{name}-{size}.png")
                        self.stderr.write(f"{name}, {size}")
                    page.close()
        self.stdout.write(f"Pictures are in {folder}")


class Server:
    """The app on a free port of this machine, for as long as the pictures take."""

    def __enter__(self) -> str:
        self.thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
        self.thread.daemon = True
        self.thread.start()
        self.thread.is_ready.wait()
        if self.thread.error:
            raise self.thread.error
        return f"http://{self.thread.host}:{self.thread.port}"

    def __exit__(self, *error):
        self.thread.terminate()
        connections.close_all()


def sign_in(page: Page, person: SignIn) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if page.get_by_label("Password").count():
        raise CommandError(f"{person.name} cannot sign in here. Is this the demo? `manage.py demo` makes it.")


def follow(page: Page, way: str | list[str]) -> None:
    address, *links = [way] if isinstance(way, str) else way
    page.goto(address)
    for words in links:
        page.locator("main a", has_text=words).first.click()
    page.wait_for_load_state("networkidle")
