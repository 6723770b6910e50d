import time
from contextlib import contextmanager
from uuid import UUID

import structlog
from celery import shared_task
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from assets import ladder, notify
from assets.enums import AssetVerb, IntakeState
from assets.intake import run
from assets.models import Asset, AssetEvent, Intake

logger = structlog.get_logger(__name__)

REMINDER_LOCK = 7002
INTAKE_SECONDS = 300


@shared_task
def remind_every_contact() -> None:
    """Every working day: a task for each address with entries to ask about."""
    one_of_each = dict(ladder.due().order_by("id").values_list("contact", "pk"))
    for asset_id in one_of_each.values():
        remind_contact.delay(str(asset_id))


@shared_task
def remind_contact(asset_id: str) -> None:
    """One message to the contact of this entry, about every entry of theirs that is due.

    Asked already, or nothing due any more: nothing to do.
    """
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None:
        logger.info("asset_gone", asset_id=asset_id)
        return
    address = ladder.contact_of(asset)
    with transaction.atomic():
        _one_at_a_time(address)
        entries = list(ladder.due().filter(contact=address))
        if not entries:
            return
        Asset.objects.filter(pk__in=[entry.pk for entry in entries]).update(
            reminders_sent=F("reminders_sent") + 1, reminded_at=timezone.now()
        )
        AssetEvent.objects.bulk_create(AssetEvent(asset=entry, verb=AssetVerb.REMINDED) for entry in entries)
        # Last, so that a message that cannot be sent leaves nothing behind, and is tried again tomorrow.
        notify.contact_of_entries(address, entries)


def _one_at_a_time(address: str) -> None:
    """Held to the end of the transaction: two tasks for one address take turns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [REMINDER_LOCK, address])


@shared_task
def read_intake(intake_id: str) -> None:
    """Read a list, for a while; then make room for other work and go on. Only one worker at a time reads it."""
    _for_a_while(intake_id, run.read_next, read_intake)


@shared_task
def write_intake(intake_id: str) -> None:
    """Write what was read, a batch at a time, likewise."""
    _for_a_while(intake_id, run.write_next, write_intake)


@shared_task
def go_on_with_intakes() -> None:
    """Every few minutes: those whose worker was killed. One that is being worked on is left alone."""
    under_way = Intake.objects.filter(status__in=[IntakeState.READING, IntakeState.WRITING])
    for intake in under_way.defer("content").order_by("begun_at", "id"):
        task = read_intake if intake.status == IntakeState.READING else write_intake
        task.delay(str(intake.pk))


def _for_a_while(intake_id: str, step, task) -> None:
    ends_at = time.monotonic() + INTAKE_SECONDS
    with alone(intake_id) as is_alone:
        try:
            is_more = is_alone and step(intake_id)
            while is_more and time.monotonic() < ends_at:
                is_more = step(intake_id)
        except DatabaseError:
            raise
        except Exception:
            run.fail(Intake(pk=intake_id), "Something went wrong on our side. It is in our logs.")
            raise
    if is_more:
        task.delay(intake_id)


@contextmanager
def alone(intake_id: str):
    """Whether nobody else is at it. The database lets go of the lock when a worker is killed."""
    key = UUID(intake_id).int % 2**62
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_alone = cursor.fetchone()[0]
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
