"""The jobs the product exists for, done by a real Celery worker in a process of its own."""

from uuid import uuid4

import pytest
from django.db import connection, transaction

from assets import actions as asset_actions
from assets.models import Asset
from assets.tasks import remind_every_contact
from caseload.enums import FlagRule
from caseload.models import Flag, SweepRun
from caseload.sweep import one_at_a_time
from caseload.tasks import sweep_every_organisation, sweep_organisation
from referrals import actions as referral_actions
from referrals.tasks import tell_practice_of_answer
from tests.factories import (
    AssetFactory,
    CaseFactory,
    ContactFactory,
    HoldFactory,
    MissedFactory,
    ReferralFactory,
    in_days,
)
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


def test_a_worker_asks_a_contact_once_of_all_their_services_and_closes_none(worker):
    entries = AssetFactory.create_batch(3, contact_email="hello@blether.example.org", confirmed_at=in_days(-310))

    for _ in range(2):
        remind_every_contact.delay()

    worker.wait_until(lambda: Asset.objects.filter(reminders_sent=1, is_closed=False, is_listed=True).count() == 3)
    (letter,) = [letter for letter in worker.letters if "blether" in letter]
    assert [entry.name in letter for entry in entries] == [True] * 3


def test_a_worker_sends_a_service_its_link_and_nothing_of_the_person(worker, sam, amina):
    case, service = CaseFactory(patient=sam, worker=amina, status="active"), AssetFactory(name="Govan Lunch Club")
    onward = referral_actions.refer_on(
        case=case, by=amina, asset=service, kind="referral", consent=True, sent_to="lunch@example.org", once=uuid4(),
        shared={"name": "Sam", "wants": "Some company at lunch"},
    )  # fmt: skip

    worker.wait_until(lambda: onward.events.filter(verb="sent").exists() and worker.letters)

    (letter,) = [letter for letter in worker.letters if "lunch@example.org" in letter]
    assert "/for-services/" in letter
    assert [words in letter for words in ("Sam", "Kerr", "company")] == [False] * 3


def test_a_worker_brings_in_a_list_from_the_first_row_to_the_last(worker, organisation, mo):
    intake = asset_actions.start_intake(
        organisation=organisation, by=mo, kind="hsds_csv", source_name="Ours", licence="OGL v3",
        content=b"id,organization_id,name\n1,o,Lunch\n2,o,Walk\n",
    )  # fmt: skip
    worker.wait_until(lambda: intake.rows.count() == 2 and at(intake) == "preview")

    asset_actions.apply_intake(intake=intake, by=mo)

    worker.wait_until(lambda: at(intake) == "done")
    assert sorted(Asset.objects.values_list("name", flat=True)) == ["Lunch", "Walk"]


def at(intake):
    intake.refresh_from_db(fields=["status"])
    return intake.status


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
