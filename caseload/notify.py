"""E-mails to colleagues. None says anything of a person, nor who writes: they say where to look."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User

# what: (in a word, the page it is on)
NEWS = {
    "asked": ("A colleague asks you something", "caseload:team"),
    "answered": ("A question you asked has an answer", "caseload:team"),
    "shared": ("Something is shared with you for supervision", "caseload:supervision"),
    "covering": ("You are asked to cover for a colleague", "caseload:cover"),
    "handed_over": ("A colleague would like to hand somebody over to you", "caseload:hand_overs"),
    "hand_over_answered": ("A hand-over of yours has an answer", "caseload:hand_overs"),
}


def colleague(user: User, what: str) -> None:
    words, page = NEWS[what]
    context = {"words": words, "link": settings.SITE_URL + reverse(page)}
    send_mail(
        subject=f"Linkwork: {words[0].lower()}{words[1:]}",
        message=render_to_string("caseload/email/colleague.txt", context),
        from_email=None,
        recipient_list=[user.email],
    )
