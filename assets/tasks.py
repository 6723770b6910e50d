import structlog
from celery import shared_task
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from assets import ladder, notify
from assets.enums import AssetVerb
from assets.models import Asset, AssetEvent

logger = structlog.get_logger(__name__)

REMINDER_LOCK = 7002


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
