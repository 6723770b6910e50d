from datetime import timedelta

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from referrals import notify
from referrals.models import ANSWERS, Referral, ReferralEvent

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
