"""Messages that leave Linkwork. None carries anything about a person: they say where to look."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from referrals.models import Referral


def practice_of_answer(referral: Referral) -> None:
    """Tell whoever sent the referral that there is news."""
    link = settings.SITE_URL + reverse("referrals:sent_referral", kwargs={"referral_id": referral.pk})
    send_mail(
        subject="Linkwork: news of a referral you sent",
        message=render_to_string("referrals/email/practice_of_answer.txt", {"link": link}),
        from_email=None,
        recipient_list=[referral.submitted_by.email],
    )
