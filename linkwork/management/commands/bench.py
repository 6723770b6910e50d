"""Measures the bars of speed on a large demo, in a scratch database made and dropped here."""

import gc
import json
import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median, quantiles
from time import perf_counter
from urllib.parse import quote
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Organisation, Practice, User
from caseload.models import Case, Flag
from caseload.sweep import sweep
from insight.catalogue import FIGURES, TOPICS
from linkwork.bench.directory import Result, search
from linkwork.demo.sign_ins import AMINA, MO, PRIYA, SignIn
from linkwork.demo.sizes import SIZES
from linkwork.management.commands.demo import BUILD

WARM_UP = 2
NO_CACHE = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
ODD_DAYS = "period=between&first={first}&last={last}"
EACH_TOPIC = tuple({"topic": topic} for topic in TOPICS)
EACH_FIGURE = tuple({"figure": figure} for figure in FIGURES)


@dataclass(frozen=True)
class Page:
    """`query` has {practice}, {cluster}, {first} and {last} filled in: five years that are not whole months.

    `each` is what the address of each names, opened in turn. A cold page finds nothing in the cache.
    """

    what: str
    name: str
    who: SignIn
    query: str = ""
    each: tuple[dict, ...] = ()
    is_cold: bool = False


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
    Page("Over time, five years", "insight:over_time", MO, ODD_DAYS),
    Page("Over time, a practice", "insight:over_time", MO, "where={practice}"),
    Page("Over time, a cluster", "insight:over_time", MO, "where=cluster:{cluster}"),
    Page("Each topic", "insight:topic", MO, each=EACH_TOPIC),
    Page("Each, two years", "insight:topic", MO, "period=24", each=EACH_TOPIC),
    Page("Each, this month", "insight:topic", MO, "period=this", each=EACH_TOPIC),
    Page("Each, five years", "insight:topic", MO, ODD_DAYS, each=EACH_TOPIC),
    Page("Each, a practice", "insight:topic", MO, "where={practice}", each=EACH_TOPIC),
    Page("Each, a cluster", "insight:topic", MO, "where=cluster:{cluster}", each=EACH_TOPIC),
    Page("Each figure", "insight:figure", MO, each=EACH_FIGURE),
    Page("Each figure, five years", "insight:figure", MO, ODD_DAYS, each=EACH_FIGURE),
    Page("Each list", "insight:figure_list", MO, each=EACH_FIGURE),
    Page("Each list, five years", "insight:figure_list", MO, ODD_DAYS, each=EACH_FIGURE),
    Page("Insight, definitions", "insight:definitions", MO),
    Page("Insight, closed months", "insight:closed_months", MO),
    Page("Insight, as enacted", "insight:enacted", MO),
    Page("Insight, funders", "insight:funders", MO),
    Page("Insight, equity", "insight:equity", MO),
    Page("Insight, workload", "insight:workload", MO),
    Page("Insight, evidence", "insight:evidence", MO),
    Page("Evidence, cold", "insight:evidence", MO, is_cold=True),
    Page("Insight, exports", "insight:exports", MO),
    Page("My mix", "insight:my_mix", AMINA),
    Page("Our mix", "insight:practice_mix", PRIYA),
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
        parser.add_argument("--times", type=int, default=50, help="How often each page is opened (50).")
        parser.add_argument("--services", type=int, default=100_000, help="How many services to search (100,000).")
        parser.add_argument("--loaded", action="store_true", help="Only open pages, of the demo that is loaded here.")
        parser.add_argument("--json", action="store_true", help="Print the figures as the last line.")

    def handle(self, *, size, times, services, loaded, **options):
        logging.disable(logging.WARNING)  # a line a request would be most of what is printed
        try:
            figures = self.time_pages(times) if loaded else self.measure_scratch(size, times, services)
        finally:
            logging.disable(logging.NOTSET)
        self.report(figures)
        if options["json"]:
            self.stdout.write(json.dumps(figures))

    def measure_scratch(self, size: str, times: int, services: int) -> dict:
        name = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = f"{name}_bench"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            loaded = self.measure_load(size)
            vacuum()
            gc.freeze()  # no page of a service in use has to look through what loading a demo leaves behind
            return loaded | self.time_pages(times) | {"search": self.time_search(services)}
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def measure_load(self, size: str) -> dict:
        rows = {}
        load = seconds(lambda: rows.update(import_string(BUILD)(size=size, seed=1, say=self.say)))
        Flag.objects.all().delete()
        first, again = seconds(sweep_everyone), seconds(sweep_everyone)
        rows["caseload.Flag"] = Flag.objects.count()
        return {
            "size": size,
            "rows": rows,
            "load_seconds": round(load, 1),
            "sweep_seconds": round(first, 2),
            "sweep_again_seconds": round(again, 2),
        }

    def time_pages(self, times: int) -> dict:
        if not User.objects.filter(email=MO.email).exists():
            raise CommandError("The demo is not loaded here.")
        return {"pages": [asdict(self.time_page(page, times)) for page in PAGES]}

    def time_search(self, services: int) -> dict:
        self.say(f"Search over {services:,} services")
        return asdict(search(services))

    def time_page(self, page: Page, times: int) -> Measured:
        self.say(page.what)
        user = User.objects.get(email=page.who.email)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        addresses = addresses_of(page, user)[:times]
        each = max(times // len(addresses), 1)
        with override_settings(CACHES=NO_CACHE) if page.is_cold else nullcontext():
            timed = [time_address(opener(client, address), each) for address in addresses]
        asked, took, floors = zip(*timed, strict=True)
        took = sorted(ms for of_address in took for ms in of_address)
        p50, p95 = median(took), quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
        return Measured(page.what, max(asked), round(p50, 1), round(p95, 1), round(median(floors), 1))

    def say(self, text: str) -> None:
        self.stderr.write(text)

    def report(self, figures: dict) -> None:
        if "size" in figures:
            self.report_load(figures)
        self.stdout.write(f"{'Page, warm':<26}{'queries':>8}{'p50 ms':>10}{'p95 ms':>10}{'bare SQL ms':>13}")
        for page in figures["pages"]:
            self.stdout.write(
                f"{page['page']:<26}{page['queries']:>8}{page['p50_ms']:>10}{page['p95_ms']:>10}{page['sql_ms']:>13}"
            )
        if "search" in figures:
            self.stdout.write(f"\n{Result(**figures['search'])}")

    def report_load(self, figures: dict) -> None:
        for model, count in sorted(figures["rows"].items()):
            self.stdout.write(f"{count:>12,}  {model}")
        self.stdout.write(f"\nDemo {figures['size']} loaded in {figures['load_seconds']} s, its first sweep included")
        self.stdout.write(f"Sweep, no flag raised yet  {figures['sweep_seconds']} s")
        self.stdout.write(f"Sweep, again               {figures['sweep_again_seconds']} s\n")


def seconds(do: Callable[[], None]) -> float:
    started = perf_counter()
    do()
    return perf_counter() - started


def sweep_everyone() -> None:
    for organisation in Organisation.objects.order_by("name", "id"):
        sweep(organisation)


def vacuum() -> None:
    """What PostgreSQL does by itself within minutes: only then may an index alone answer."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def longest_case(user: User) -> UUID:
    """The open case with the most on its timeline: the slowest page to open."""
    open_cases = Case.objects.visible_to(user).open().annotate(length=Count("events"))
    return open_cases.order_by("-length", "id").values_list("pk", flat=True)[0]


def addresses_of(page: Page, user: User) -> list[str]:
    query = page.query.format(**asked_of(user)) if "{" in page.query else page.query
    every = [{"case_id": longest_case(user)}] if page.name == "caseload:case" else page.each or [{}]
    return [f"{reverse(page.name, kwargs=kwargs)}?{query}" for kwargs in every]


def asked_of(user: User) -> dict:
    """The practice that sends most, its cluster, and five years that are not whole months."""
    practices = Practice.objects.filter(organisations__memberships__user=user).annotate(sent=Count("referrals"))
    busiest = practices.order_by("-sent", "id")[0]
    last = timezone.localdate() - timedelta(days=1)
    first = last.replace(day=1, year=last.year - 5) + timedelta(days=16)
    return {"practice": busiest.pk, "cluster": quote(busiest.cluster), "first": first, "last": last}


def time_address(open_page: Callable[[], None], times: int) -> tuple[int, list[float], float]:
    """How many queries it takes, how many milliseconds each time, and how many without Django."""
    for _ in range(min(times, WARM_UP)):  # the first may keep what it has counted, and is not to be asked again
        open_page()
    with CaptureQueriesContext(connection) as captured:
        open_page()
    # That was the last of the warm-up.
    asked = [query["sql"] for query in captured]  # read now: the next request empties the log
    took = [1000 * seconds(open_page) for _ in range(times)]
    return len(asked), took, median(1000 * seconds(lambda: ask_again(asked)) for _ in range(min(times, 5)))


def ask_again(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            if sql.startswith(("SELECT", "(SELECT", "WITH")):
                cursor.execute(sql)
                cursor.fetchall()


def opener(client: Client, url: str) -> Callable[[], None]:
    def open_page() -> None:
        answer = client.get(url)
        if answer.status_code != 200:
            raise CommandError(f"{url} answered {answer.status_code}.")

    return open_page
