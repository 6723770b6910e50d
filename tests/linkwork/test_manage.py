"""manage.py makes ready what a command needs, on the servers it is given as on its own."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

import manage


@pytest.fixture
def prepared(db, monkeypatch):
    """The commands that were called to prepare a database."""
    called = []
    monkeypatch.setattr(manage, "call_command", lambda command, **options: called.append(command))
    monkeypatch.setattr(manage, "start_embedded_servers", lambda: None)
    return called


@pytest.fixture
def empty(prepared):
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA nothing; SET LOCAL search_path TO nothing")


def test_an_empty_database_is_prepared_before_a_command(empty, prepared):
    manage.get_ready("sweep")
    assert prepared == ["migrate"]


@pytest.mark.parametrize("command", ["migrate", "showmigrations", "makemigrations"])
def test_an_empty_database_stays_empty_for_a_command_about_migrations(empty, prepared, command):
    manage.get_ready(command)
    assert prepared == []


def test_nothing_is_prepared_by_itself_in_production(empty, prepared, monkeypatch):
    monkeypatch.setenv("LINKWORK_PRODUCTION", "1")
    manage.get_ready("sweep")
    assert prepared == []


def test_a_database_with_tables_is_left_as_it_is(prepared):
    manage.get_ready("sweep")
    assert prepared == []


def test_a_database_that_does_not_answer_is_said_without_a_traceback():
    env = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "REDIS_URL": "redis://127.0.0.1:1"}
    command = [sys.executable, "manage.py", "sweep"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr.split(".")[0]) == (1, "The database does not answer")
