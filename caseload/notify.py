"""Messages to colleagues. None says anything of a person we support: they say where to look."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.words import day_and_time
from caseload.enums import Channel
from caseload.models import AlarmMessage, LoneVisit

# what: (in a word, the page it is on)
NEWS = {
    "asked": ("A colleague asks you something", "caseload:team"),
    "answered": ("A question you asked has an answer", "caseload:team"),
    "shared": ("Something is shared with you for supervision", "caseload:supervision"),
    "covering": ("You are asked to cover for a colleague", "caseload:cover"),
    "handed_over": ("A colleague would like to hand somebody over to you", "caseload:hand_overs"),
    "safeguarding": ("There is something that only a few people may read", "caseload:safeguarding"),
    "mix_shared": ("A colleague shares the mix of their work with you", "insight:shared_mixes"),
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


def of_lone_visit(message: AlarmMessage) -> None:
    """Hand over one message about a lone visit: what it says is how the visit stands now."""
    visit = message.visit
    link = settings.SITE_URL + reverse("caseload:lone_visit", args=[visit.pk])
    words = _how_it_stands(visit, message)
    if message.channel == Channel.TEXT:
        import_string(settings.MESSAGES_BACKEND)().send(
            channel=Channel.TEXT, to=message.to.phone, body=f"Linkwork: {words} {link}"
        )
        return
    send_mail(
        subject=f"Linkwork: {words}",
        message=render_to_string("caseload/email/lone_visit.txt", {"visit": visit, "words": words, "link": link}),
        from_email=None,
        recipient_list=[message.to.email],
    )


def _how_it_stands(visit: LoneVisit, message: AlarmMessage) -> str:
    who = f"{visit.worker.name} ({visit.organisation.name})"
    if not visit.is_open:
        return f"{who} is back safe." if visit.is_back else f"{who} has called the visit off."
    if visit.is_overdue:
        return f"{who} is overdue from a lone visit, expected back {day_and_time(visit.expected_back_at)}."
    if visit.watcher_id == message.to_id:
        return f"{who} is on a lone visit until {day_and_time(visit.expected_back_at)}, and you watch."
    return f"{who} needs longer on a lone visit, until {day_and_time(visit.expected_back_at)}."
