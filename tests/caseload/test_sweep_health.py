"""A sweep that does not finish is itself seen: in /healthz/, and by the hourly catching up."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from celery.beat import ScheduleEntry
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.schedulers import ModelEntry
from kombu.exceptions import OperationalError

from caseload import tasks
from caseload.models import SweepRun
from caseload.sweep import is_overdue, sweep
from linkwork.celery import app
from tests.factories import OrganisationFactory, in_days

LONDON = ZoneInfo("Europe/London")
HOURS = 1 / 24


@pytest.fixture
def organisation(organisation):
    """Old enough to have been swept."""
    organisation.created_at = in_days(-30)
    organisation.save()
    return organisation


@pytest.fixture
def queued(monkeypatch):
    """Ids of the organisations a sweep was asked for."""
    ids = []
    monkeypatch.setattr(tasks.sweep_organisation, "delay", ids.append)
    return ids


def swept(organisation, finished_at, **fields):
    fields = {"as_of": timezone.localdate(finished_at), "started_at": finished_at} | fields
    return SweepRun.objects.create(organisation=organisation, finished_at=finished_at, **fields)


@pytest.mark.parametrize(("hours", "overdue"), [(25.9, False), (26.1, True)])
def test_a_sweep_is_overdue_after_26_hours(organisation, hours, overdue):
    swept(organisation, in_days(-hours * HOURS))
    assert is_overdue(organisation) == overdue


def test_a_sweep_that_began_and_never_finished_does_not_count(organisation):
    SweepRun.objects.create(organisation=organisation, as_of=timezone.localdate())
    assert is_overdue(organisation)


def test_a_sweep_as_of_another_day_does_not_count(organisation):
    sweep(organisation, now=in_days(-7))
    assert is_overdue(organisation)
    sweep(organisation)
    assert not is_overdue(organisation)


def test_a_sweep_of_another_organisation_does_not_count(organisation, other_organisation):
    sweep(other_organisation)
    assert is_overdue(organisation)


def test_an_organisation_that_began_today_is_not_overdue(db):
    assert not is_overdue(OrganisationFactory())


def test_health_is_well_while_sweeps_finish(client, organisation):
    sweep(organisation)
    response = client.get("/healthz/")
    assert response.status_code == 200
    assert response.json() == {
        "Database(alias='default')": "OK",
        "Cache(alias='default')": "OK",
        "Sweep()": "OK",
        "Alarms()": "OK",
    }


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json", "text/plain"])
def test_health_fails_in_json_and_names_nobody_when_a_sweep_is_overdue(client, organisation, accept):
    response = client.get("/healthz/", headers={"accept": accept})
    assert response.status_code == 500
    assert response.json()["Sweep()"] == "Unavailable: No sweep has finished for 26 hours in 1 organisation."


def test_health_fails_when_redis_does_not_answer(client, organisation, settings):
    sweep(organisation)
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    }
    response = client.get("/healthz/")
    assert response.status_code == 500
    assert response.json()["Cache(alias='default')"] != "OK"


def test_what_is_overdue_is_swept_within_the_hour(organisation, other_organisation, queued):
    sweep(other_organisation)
    tasks.sweep_overdue_organisations()
    assert queued == [str(organisation.pk)]


def test_every_organisation_is_swept_nightly(organisation, other_organisation, queued):
    tasks.sweep_every_organisation()
    assert sorted(queued) == sorted([str(organisation.pk), str(other_organisation.pk)])


def test_a_manager_asks_for_a_sweep(sign_in, organisation, mo, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.sweep_organisation, "delay", lambda *args, **kwargs: asked.append((args, kwargs)))
    response = sign_in(mo).post(reverse("caseload:sweep"))
    assert (response.status_code, response.url) == (302, reverse("insight:service"))
    assert asked == [((str(organisation.pk),), {"by_id": str(mo.pk)})]


def test_a_manager_is_told_when_the_queue_is_down(sign_in, organisation, mo, monkeypatch):
    def down(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(tasks.sweep_organisation, "delay", down)
    response = sign_in(mo).post(reverse("caseload:sweep"), follow=True)
    said = [str(message) for message in response.context["messages"]]
    assert said == ["The check could not start. Try again in a few minutes."]


@pytest.mark.parametrize(("who", "status"), [("amina", 403), ("priya", 404)])
def test_only_a_manager_asks_for_a_sweep(request, sign_in, organisation, who, status):
    assert sign_in(request.getfixturevalue(who)).post(reverse("caseload:sweep")).status_code == status


def test_looking_at_the_address_asks_for_nothing(sign_in, organisation, mo):
    assert sign_in(mo).get(reverse("caseload:sweep")).status_code == 405


# The beat schedule


def due_at(name, last_run_at, now):
    """Whether beat sends the entry at `now`, having sent it last at `last_run_at`."""
    entry = ScheduleEntry(name, **settings.CELERY_BEAT_SCHEDULE[name], app=app, last_run_at=last_run_at)
    entry.schedule.nowfun = lambda: now
    return entry.schedule.is_due(last_run_at).is_due


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        pytest.param(
            datetime(2026, 1, 10, 3, 15, tzinfo=UTC),
            datetime(2026, 1, 11, 3, 14, tzinfo=UTC),
            False,
            id="winter, before",
        ),
        pytest.param(
            datetime(2026, 1, 10, 3, 15, tzinfo=UTC), datetime(2026, 1, 11, 3, 15, tzinfo=UTC), True, id="winter"
        ),
        pytest.param(
            datetime(2026, 7, 10, 2, 15, tzinfo=UTC),
            datetime(2026, 7, 11, 2, 14, tzinfo=UTC),
            False,
            id="summer, before",
        ),
        pytest.param(
            datetime(2026, 7, 10, 2, 15, tzinfo=UTC), datetime(2026, 7, 11, 2, 15, tzinfo=UTC), True, id="summer"
        ),
        pytest.param(
            datetime(2026, 3, 28, 3, 15, tzinfo=UTC),
            datetime(2026, 3, 29, 2, 15, tzinfo=UTC),
            True,
            id="clocks forward",
        ),
        pytest.param(
            datetime(2026, 10, 24, 2, 15, tzinfo=UTC),
            datetime(2026, 10, 25, 2, 15, tzinfo=UTC),
            False,
            id="clocks back, before",
        ),
        pytest.param(
            datetime(2026, 10, 24, 2, 15, tzinfo=UTC),
            datetime(2026, 10, 25, 3, 15, tzinfo=UTC),
            True,
            id="clocks back",
        ),
    ],
)
def test_the_sweep_is_due_at_a_quarter_past_three_in_london(last, now, due):
    assert due_at("sweep", last.astimezone(LONDON), now.astimezone(LONDON)) == due


def test_what_is_overdue_is_looked_for_every_hour():
    last = datetime(2026, 7, 10, 12, 45, tzinfo=LONDON)
    assert due_at("sweep overdue", last, datetime(2026, 7, 10, 13, 45, tzinfo=LONDON))


def test_beat_keeps_the_schedule_in_london_time(db):
    entry = ModelEntry.from_entry("sweep", app=app, **settings.CELERY_BEAT_SCHEDULE["sweep"])
    assert str(entry.schedule.tz) == "Europe/London"


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=settings.CELERY_BEAT_SCHEDULE)
def test_every_entry_of_the_schedule_names_a_task(entry):
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks
