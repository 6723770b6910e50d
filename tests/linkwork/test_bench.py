"""The benchmark is run as people run it, because it makes and drops a database of its own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def bench():
    command = [sys.executable, "manage.py", "bench", "--size=small", "--times=2", "--services=500", "--json"]
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
    assert len(figures["pages"]) == 23
    assert [page["page"] for page in figures["pages"] if page["queries"] < 4] == []


def test_it_sets_search_beside_bare_sql(figures):
    assert figures["search"]["services"] == 500
    assert figures["search"]["ours_ms"] > 0 < figures["search"]["bare_ms"]


def test_it_leaves_no_database_behind(bench):
    name = os.environ.get("DATABASE_URL", "linkwork").rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [f"{name}_bench"])
        assert cursor.fetchone() == (0,)
