"""Redis is away: people sign in and work, and nothing that was saved becomes an error."""

import logging

import pytest
from django.core.cache import caches
from django.urls import reverse
from kombu.exceptions import OperationalError

from caseload import actions
from caseload.tasks import tell_colleague
from tests.factories import PASSWORD

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def no_redis(settings, monkeypatch):
    backend = "linkwork.cache.CacheThatMayBeAway"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": NOBODY_LISTENS}}

    def down(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(tell_colleague, "delay", down)


def test_somebody_signs_in_while_redis_is_away(client, amina, no_redis, caplog):
    with caplog.at_level(logging.WARNING):
        response = client.post(reverse("account_login"), {"login": amina.email, "password": PASSWORD})
    assert (response.status_code, response.url) == (302, reverse("accounts:home"))
    assert "cache_away" in caplog.text


def test_a_cache_that_is_away_is_empty(no_redis):
    cache = caches["default"]
    assert [cache.add("a", 1), cache.get("a", 5), cache.set("a", 1), cache.delete("a"), cache.incr("a")] == [
        True,
        5,
        None,
        False,
        1,
    ]


def test_a_question_to_colleagues_is_asked_while_the_queue_is_away(
    amina, ben, organisation, no_redis, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as queued:
        consult = actions.ask_colleagues(organisation=organisation, by=amina, question="What helps?", asked=[ben])
    assert (len(queued), organisation.consults.get()) == (1, consult)
