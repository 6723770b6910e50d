"""The jobs the product exists for, done by a real Celery worker in a process of its own."""

import pytest
from django.db import connection, transaction

from caseload.enums import FlagRule
from caseload.models import Flag, SweepRun
from caseload.sweep import one_at_a_time
from caseload.tasks import sweep_every_organisation, sweep_organisation
from referrals import actions as referral_actions
from referrals.tasks import tell_practice_of_answer
from tests.factories import CaseFactory, ContactFactory, HoldFactory, MissedFactory, ReferralFactory, in_days
from tests.worker import own_queue, working

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def worker(django_db_setup, tmp_path_factory):
    with own_queue() as queue, working(queue, tmp_path_factory.mktemp("worker")) as worker:
        yield worker


def raised():
    return [(flag.rule, flag.case) for flag in Flag.objects.open()]


def test_a_worker_flags_a_stalled_hold(worker, organisation, sam, amina):
    case = CaseFactory(patient=sam, worker=amina, status="holding")
    HoldFactory(case=case, started_at=in_days(-100))
    ContactFactory(case=case, at=in_days(-1))
    sweep_organisation.delay(str(organisation.pk))
    worker.wait_until(SweepRun.objects.exists)
    assert raised() == [(FlagRule.HOLD_LONG, case)]


def test_a_worker_flags_a_referral_left_open_after_a_missed_meeting(worker, organisation, sam, amina):
    case = CaseFactory(patient=sam, worker=amina, status="active")
    MissedFactory(case=case, starts_at=in_days(-8))
    sweep_organisation.delay(str(organisation.pk))
    worker.wait_until(SweepRun.objects.exists)
    assert raised() == [(FlagRule.OPEN_AFTER_MISSED, case)]


def test_a_worker_sweeps_every_organisation_of_the_night(worker, organisation, other_organisation):
    sweep_every_organisation.delay()
    worker.wait_until(lambda: SweepRun.objects.count() == 2)
    assert {run.organisation for run in SweepRun.objects.all()} == {organisation, other_organisation}


def test_a_worker_lets_an_organisation_that_has_gone_be(worker, organisation):
    sweep_organisation.delay("00000000-0000-4000-8000-000000000000")
    sweep_organisation.delay(str(organisation.pk))
    worker.wait_until(SweepRun.objects.exists)
    assert SweepRun.objects.get().organisation == organisation


def test_a_worker_tells_the_practice_of_an_answer_once(worker, organisation, practice, priya, amina):
    referral = ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya)
    referral_actions.return_referral(referral=referral, by=amina, answer="Which flat is it?")
    for _ in range(2):
        tell_practice_of_answer.delay(str(referral.pk))
    sweep_organisation.delay(str(organisation.pk))  # Done last, so it tells when the others are done.
    worker.wait_until(SweepRun.objects.exists)
    assert ["priya.nair@example.org" in letter for letter in worker.letters] == [True]


def test_a_sweep_whose_worker_was_killed_is_done_by_the_next(tmp_path, organisation, sam, amina):
    case = CaseFactory(patient=sam, worker=amina, status="active")
    MissedFactory(case=case, starts_at=in_days(-8))
    with own_queue() as queue:
        with working(queue, tmp_path) as first, transaction.atomic():
            one_at_a_time(organisation)
            sweep_organisation.delay(str(organisation.pk))
            first.wait_until(is_a_sweep_waiting_for_its_turn)
            first.process.kill()
        assert raised() == []
        with working(queue, tmp_path) as second:
            second.wait_until(SweepRun.objects.exists)
    assert raised() == [(FlagRule.OPEN_AFTER_MISSED, case)]


def is_a_sweep_waiting_for_its_turn():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )
        return cursor.rowcount > 0
