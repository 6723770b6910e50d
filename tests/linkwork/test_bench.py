"""The benchmark is run as people run it, because it makes and drops a database of its own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from insight.urls import urlpatterns
from linkwork.management.commands.bench import PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def bench():
    command = [sys.executable, "manage.py", "bench", "--size=small", "--times=1", "--services=500", "--json"]
    return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)


@pytest.fixture
def figures(bench):
    assert bench.returncode == 0, bench.stderr
    return json.loads(bench.stdout.splitlines()[-1])


def test_it_measures_the_load_the_sweep_and_every_page(figures):
    assert figures["rows"]["referrals.Referral"] == 513
    assert 0 < figures["sweep_again_seconds"] < figures["load_seconds"]
    assert [page["page"] for page in figures["pages"] if not 0 < page["p50_ms"] <= page["p95_ms"]] == []


def test_it_counts_the_queries_of_each_page(figures):
    assert [page["page"] for page in figures["pages"]] == [page.what for page in PAGES]
    assert [page["page"] for page in figures["pages"] if page["queries"] < 4] == []


def test_every_page_of_insight_is_measured():
    """But those that are one record, a file, or a step of something."""
    measured = {page.name for page in PAGES}
    steps = {"pass_on", "recent_referrals", "draw_anew", "ask_for_export", "shared_mixes"}
    pages = {pattern.name for pattern in urlpatterns if not set(pattern.pattern.converters) - {"figure", "topic"}}
    pages -= {name for name in pages if name.endswith(("_csv", "_pdf", "_through"))}
    assert {f"insight:{name}" for name in pages - steps} - measured == set()


def test_without_a_demo_there_is_nothing_to_open(db):
    with pytest.raises(CommandError, match="The demo is not loaded here"):
        call_command("bench", loaded=True)


def test_it_sets_search_beside_bare_sql(figures):
    assert figures["search"]["services"] == 500
    assert figures["search"]["ours_ms"] > 0 < figures["search"]["bare_ms"]


def test_it_leaves_no_database_behind(bench):
    name = os.environ.get("DATABASE_URL", "linkwork").rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [f"{name}_bench"])
        assert cursor.fetchone() == (0,)
