"""Measures the bars of speed on a large demo, in a scratch database made and dropped here."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from time import perf_counter
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.models import Organisation, User
from caseload.models import Case, Flag
from caseload.sweep import sweep
from linkwork.bench.directory import Result, search
from linkwork.demo.sign_ins import AMINA, MO, PRIYA, SignIn
from linkwork.demo.sizes import SIZES
from linkwork.management.commands.demo import BUILD

WARM_UP = 3


@dataclass(frozen=True)
class Page:
    what: str
    name: str
    who: SignIn
    query: str = ""
    figure: str = ""


PAGES = [
    Page("Today", "caseload:today", AMINA),
    Page("Caseload, mine", "caseload:cases", AMINA, "whose=mine"),
    Page("Caseload, the team's", "caseload:cases", MO, "whose=team"),
    Page("Caseload, everyone", "caseload:cases", MO, "whose=all"),
    Page("Caseload, filtered", "caseload:cases", MO, "whose=team&status=holding&door=open"),
    Page("Case", "caseload:case", AMINA),
    Page("Inbox", "referrals:inbox", AMINA),
    Page("Our referrals", "referrals:sent", PRIYA),
    Page("Service", "insight:service", MO),
    Page("Insight, over time", "insight:over_time", MO),
    Page("Insight, two years", "insight:over_time", MO, "period=24"),
    Page("Insight, this month", "insight:over_time", MO, "period=this"),
    Page("Insight, what changed", "insight:outcomes", MO),
    Page("Insight, a figure", "insight:figure", MO, figure="first_meeting_days"),
    Page("Insight, its list", "insight:figure_list", MO, figure="first_meeting_days"),
    Page("Insight, closed months", "insight:closed_months", MO),
    Page("Insight, as enacted", "insight:enacted", MO),
    Page("Insight, evidence", "insight:evidence", MO),
    Page("Holds", "caseload:holds", MO),
    Page("Door open", "caseload:door_open", MO),
    Page("Week", "caseload:week", AMINA),
    Page("Find anything", "caseload:search", AMINA, "q=sam"),
    Page("Directory", "assets:directory", AMINA),
]


@dataclass(frozen=True)
class Measured:
    page: str
    queries: int
    p50_ms: float
    p95_ms: float
    sql_ms: float  # the page's own SELECTs, asked again without Django: no page can be quicker


class Command(BaseCommand):
    help = "Load a demo into a scratch database, and time the load, the sweep and the pages people use most."

    def add_arguments(self, parser):
        parser.add_argument("--size", choices=SIZES, default="region")
        parser.add_argument("--times", type=int, default=40, help="How often each page is opened (40).")
        parser.add_argument("--services", type=int, default=100_000, help="How many services to search (100,000).")
        parser.add_argument("--json", action="store_true", help="Print the figures as the last line.")

    def handle(self, *, size, times, services, **options):
        logging.disable(logging.WARNING)  # a line a request would be most of what is printed
        name = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = f"{name}_bench"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            figures = self.measure(size, times) | {"search": self.time_search(services)}
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
            logging.disable(logging.NOTSET)
        self.report(figures)
        if options["json"]:
            self.stdout.write(json.dumps(figures))

    def measure(self, size: str, times: int) -> dict:
        rows = {}
        load = seconds(lambda: rows.update(import_string(BUILD)(size=size, seed=1, say=self.say)))
        Flag.objects.all().delete()
        first, again = seconds(sweep_everyone), seconds(sweep_everyone)
        rows["caseload.Flag"] = Flag.objects.count()
        pages = [asdict(self.time_page(page, times)) for page in PAGES]
        return {
            "size": size,
            "rows": rows,
            "load_seconds": round(load, 1),
            "sweep_seconds": round(first, 2),
            "sweep_again_seconds": round(again, 2),
            "pages": pages,
        }

    def time_search(self, services: int) -> dict:
        self.say(f"Search over {services:,} services")
        return asdict(search(services))

    def time_page(self, page: Page, times: int) -> Measured:
        user = User.objects.get(email=page.who.email)
        kwargs = {"figure": page.figure} if page.figure else {}
        url = reverse(page.name, kwargs={"case_id": longest_case(user)} if page.name == "caseload:case" else kwargs)
        self.say(page.what)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        open_page = opener(client, f"{url}?{page.query}")
        for _ in range(min(times, WARM_UP)):
            open_page()
        with CaptureQueriesContext(connection) as captured:
            open_page()
        asked = [query["sql"] for query in captured]  # read now: the next request empties the log
        took = sorted(1000 * seconds(open_page) for _ in range(times))
        floor = median(1000 * seconds(lambda: ask_again(asked)) for _ in range(min(times, 5)))
        p50, p95 = median(took), quantiles(took, n=20)[-1]
        return Measured(page.what, len(asked), round(p50, 1), round(p95, 1), round(floor, 1))

    def say(self, text: str) -> None:
        self.stderr.write(text)

    def report(self, figures: dict) -> None:
        for model, count in sorted(figures["rows"].items()):
            self.stdout.write(f"{count:>12,}  {model}")
        self.stdout.write(f"\nDemo {figures['size']} loaded in {figures['load_seconds']} s, its first sweep included")
        self.stdout.write(f"Sweep, no flag raised yet  {figures['sweep_seconds']} s")
        self.stdout.write(f"Sweep, again               {figures['sweep_again_seconds']} s\n")
        self.stdout.write(f"{'Page, warm':<24}{'queries':>8}{'p50 ms':>10}{'p95 ms':>10}{'bare SQL ms':>13}")
        for page in figures["pages"]:
            self.stdout.write(
                f"{page['page']:<24}{page['queries']:>8}{page['p50_ms']:>10}{page['p95_ms']:>10}{page['sql_ms']:>13}"
            )
        self.stdout.write(f"\n{Result(**figures['search'])}")


def seconds(do: Callable[[], None]) -> float:
    started = perf_counter()
    do()
    return perf_counter() - started


def sweep_everyone() -> None:
    for organisation in Organisation.objects.order_by("name", "id"):
        sweep(organisation)


def longest_case(user: User) -> UUID:
    """The open case with the most on its timeline: the slowest page to open."""
    open_cases = Case.objects.visible_to(user).open().annotate(length=Count("events"))
    return open_cases.order_by("-length", "id").values_list("pk", flat=True)[0]


def ask_again(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            if sql.startswith("SELECT"):
                cursor.execute(sql)
                cursor.fetchall()


def opener(client: Client, url: str) -> Callable[[], None]:
    def open_page() -> None:
        answer = client.get(url)
        if answer.status_code != 200:
            raise CommandError(f"{url} answered {answer.status_code}.")

    return open_page
