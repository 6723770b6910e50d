from datetime import timedelta
from smtplib import SMTPException

import structlog
from celery import shared_task
from django.db import OperationalError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from caseload import lone_visits, notify
from caseload.enums import MessageStatus, Verb
from caseload.messages import NotSent, deliver
from caseload.models import Draft, Message
from caseload.perms import address_for
from caseload.sweep import overdue, sweep

LONG_IN_THE_QUEUE = timedelta(minutes=5)
logger = structlog.get_logger(__name__)

KEEP_DRAFTS = timedelta(days=14)


@shared_task
def sweep_every_organisation() -> None:
    """Nightly."""
    for organisation_id in Organisation.objects.order_by("id").values_list("pk", flat=True):
        sweep_organisation.delay(str(organisation_id))


@shared_task
def sweep_overdue_organisations() -> None:
    """Hourly: makes up for a sweep that failed, or a night that beat slept through."""
    for organisation_id in overdue().order_by("id").values_list("pk", flat=True):
        sweep_organisation.delay(str(organisation_id))


@shared_task
def forget_old_drafts() -> None:
    """Nightly. Words nobody has come back to in two weeks, and the empty rows of those that were sent."""
    gone, _ = Draft.objects.untouched_since(timezone.now() - KEEP_DRAFTS).delete()
    logger.info("old_drafts_forgotten", drafts=gone)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True)
def sweep_organisation(organisation_id: str, by_id: str | None = None) -> None:
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        logger.info("organisation_gone", organisation_id=organisation_id)
        return
    counts = sweep(organisation, by=User.objects.filter(pk=by_id).first())
    logger.info("swept", organisation_id=organisation_id, counts=counts)


@shared_task(autoretry_for=(SMTPException, OSError), retry_backoff=60, max_retries=5)
def tell_colleague(user_id: str, what: str) -> None:
    """That something waits for them; the page has it anyway. A second copy would do no harm."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        logger.info("user_gone", user_id=user_id)
        return
    notify.colleague(user, what)


@shared_task
def deliver_waiting_messages() -> None:
    """Every few minutes: makes up for a message that could not be queued. One that is on its way is sent once."""
    waiting = Message.objects.filter(status=MessageStatus.QUEUED, queued_at__lt=timezone.now() - LONG_IN_THE_QUEUE)
    for message_id in waiting.order_by("id").values_list("pk", flat=True):
        deliver_message.delay(str(message_id))


@shared_task
def deliver_message(message_id: str) -> None:
    """One try. What became of it is kept on the message; the permission is asked for again at the last moment."""
    with transaction.atomic():
        messages = Message.objects.select_related("case__patient", "case__organisation", "by").select_for_update(
            of=("self",)
        )
        message = messages.filter(pk=message_id).first()
        if message is None:
            logger.info("message_gone", message_id=message_id)
            return
        if message.status != MessageStatus.QUEUED:
            return
        message.failure = _failure_of(message)
        message.status = MessageStatus.FAILED if message.failure else MessageStatus.SENT
        message.ended_at = timezone.now()
        message.save(update_fields=["status", "failure", "ended_at"])
        if not message.failure:
            words = ": ".join(filter(None, [f"By {message.get_channel_display().lower()}", message.about]))
            message.case.events.create(verb=Verb.MESSAGE_SENT, by=message.by, words=words)


def _failure_of(message: Message) -> str:
    """Hand the message over; why that failed, in words, or nothing."""
    if address_for(message.case.patient, message.channel) != message.to:
        return "the permission or the address has changed since"
    try:
        deliver(message)
    except NotSent as error:
        return str(error)[:300]
    except Exception:  # A provider's own, or an address no mail library takes: it is told, never tried for ever.
        logger.exception("message_not_sent", message_id=str(message.pk))
        return "the sender could not be reached"
    return ""


@shared_task
def look_for_alarms() -> None:
    """Every half minute: somebody on a lone visit may not be back."""
    for message_id in lone_visits.look_for_alarms(timezone.now()):
        send_alarm.delay(str(message_id))


@shared_task
def send_alarm(message_id: str) -> None:
    lone_visits.send(message_id)
