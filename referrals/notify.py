"""Messages that leave Linkwork. None carries anything about a person: they say where to look."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.words import full_day
from referrals import links
from referrals.models import OnwardEvent, OnwardReferral, Referral


def practice_of_answer(referral: Referral) -> None:
    """Tell whoever sent the referral that there is news."""
    link = settings.SITE_URL + reverse("referrals:sent_referral", kwargs={"referral_id": referral.pk})
    send_mail(
        subject="Linkwork: news of a referral you sent",
        message=render_to_string("referrals/email/practice_of_answer.txt", {"link": link}),
        from_email=None,
        recipient_list=[referral.submitted_by.email],
    )


def service_of_question(onward: OnwardReferral) -> None:
    """Send a service its link: that somebody is asked about, or that its own question is answered."""
    asked_for = onward.events.exclude(verb=OnwardEvent.Verb.SENT).order_by("-at", "-id").values_list("verb", flat=True)
    context = {
        "onward": onward,
        "organisation": onward.case.organisation,
        "link": links.url_of(onward),
        "until": full_day(onward.link_expires_at),
        "is_answer": list(asked_for[:2]) == [OnwardEvent.Verb.RENEW, OnwardEvent.Verb.ANSWER],
    }
    send_mail(
        subject=f"{onward.case.organisation} asks whether you can help somebody",
        message=render_to_string("referrals/email/service_of_question.txt", context),
        from_email=None,
        recipient_list=[onward.sent_to],
    )
