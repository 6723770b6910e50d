"""The bar of lone visits: with a real worker and a real schedule, somebody is told within two minutes of real time."""

import time

import pytest
from django.conf import settings
from django.utils import timezone

from tests.factories import LoneVisitFactory, in_days
from tests.worker import own_queue, working

TWO_MINUTES = 120
LOOK = settings.CELERY_BEAT_SCHEDULE["lone visits"]


@pytest.mark.django_db(transaction=True)
def test_the_alarm_over_an_overdue_lone_visit_is_sent_within_two_minutes(tmp_path, organisation, amina, ben, mo):
    long_ago = {"starts_at": in_days(-1), "expected_back_at": in_days(-0.9)}
    LoneVisitFactory(organisation=organisation, worker=ben, watcher=mo, **long_ago)
    with own_queue() as queue, working(queue, tmp_path, schedule=True) as worker:
        worker.wait_until(lambda: worker.letters)  # What fell due while nothing ran.
        visit = LoneVisitFactory(organisation=organisation, worker=amina, watcher=ben)
        visit.expected_back_at = timezone.now()
        visit.save()
        began = time.monotonic()
        worker.wait_until(lambda: len(worker.letters) == 3)
        seconds = time.monotonic() - began
    assert seconds + LOOK["schedule"] < TWO_MINUTES
    told = sorted(letter.split("\nTo: ")[1].split("\n")[0] for letter in worker.letters)
    assert told == ["ben.taylor@example.org", "mo.farrell@example.org", "mo.farrell@example.org"]


def test_the_schedule_looks_for_alarms_at_least_once_a_minute_and_first_of_all_that_waits():
    assert (LOOK["task"], LOOK["schedule"] <= 60) == ("caseload.tasks.look_for_alarms", True)
    assert LOOK["options"]["expires"] <= TWO_MINUTES
    assert settings.CELERY_TASK_ROUTES[LOOK["task"]]["priority"] < settings.CELERY_TASK_DEFAULT_PRIORITY
