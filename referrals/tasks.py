from datetime import timedelta
from smtplib import SMTPException

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from referrals import notify
from referrals.models import ANSWERS, OnwardEvent, OnwardReferral, Referral, ReferralEvent

logger = structlog.get_logger(__name__)

WORTH_TELLING = timedelta(days=7)


@shared_task
def tell_practices_of_answers_missed() -> None:
    """Hourly: makes up for a message that could not be queued or sent. Of older answers nobody needs an e-mail."""
    missed = Referral.objects.practice_not_told().filter(answered_at__gte=timezone.now() - WORTH_TELLING)
    for referral_id in missed.order_by("id").values_list("pk", flat=True):
        tell_practice_of_answer.delay(str(referral_id))


@shared_task
def tell_practice_of_answer(referral_id: str) -> None:
    """One message an answer: told already since the latest answer, there is nothing to do."""
    with transaction.atomic():
        referral = Referral.objects.select_for_update(of=("self",)).filter(pk=referral_id).first()
        if referral is None:
            logger.info("referral_gone", referral_id=referral_id)
            return
        latest = referral.events.filter(verb__in=[*ANSWERS, ReferralEvent.Verb.PRACTICE_TOLD]).order_by("-at", "-id")
        if latest.values_list("verb", flat=True).first() not in ANSWERS:
            return
        referral.events.create(verb=ReferralEvent.Verb.PRACTICE_TOLD, by=None)
        notify.practice_of_answer(referral)


@shared_task(autoretry_for=(SMTPException, OSError), retry_backoff=60, max_retries=5)
def tell_service(onward_id: str) -> None:
    """Send a service its link, once for each time a worker asked for one to be sent."""
    with transaction.atomic():
        onwards = OnwardReferral.objects.select_related("asset", "case__organisation", "asked_by")
        onward = onwards.select_for_update(of=("self",)).filter(pk=onward_id).first()
        if onward is None:
            logger.info("onward_referral_gone", onward_id=onward_id)
            return
        if not onward.link_is_live or onward.is_sent:
            return
        asked = OnwardEvent.Verb.ASK, OnwardEvent.Verb.RENEW
        by = onward.events.filter(verb__in=asked).select_related("by").order_by("-at", "-id").first().by
        onward.events.create(verb=OnwardEvent.Verb.SENT, by=by)
        notify.service_of_question(onward)
