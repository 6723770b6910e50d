"""The link to questions, answered on one's own phone: docs/adr/0014-measures.md.

Its address holds the key of the link's row and twelve signs of a signature, nothing of anybody: short enough for a
text, and to be read out. No i, l, o or u; capitals and dashes are as one likes.
"""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from caseload.models import QuestionsLink

SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
SIGNATURE, LONGEST_KEY = 12, 9  # of 5 bits each: 60 bits to guess
MISREAD = str.maketrans("oil", "011", "- ")


class LinkState(models.TextChoices):
    LIVE = "live", "May be answered"
    USED = "used", "Was answered"
    EXPIRED = "expired", "Has run out"
    RECALLED = "recalled", "Was taken back, or a newer one was made"
    CLOSED = "closed", "The case has closed"
    UNKNOWN = "unknown", "Is no link of ours"


def token_of(link: QuestionsLink) -> str:
    signature = _signature(link.pk)
    return "-".join([_written(link.pk), signature[:4], signature[4:8], signature[8:]])


def url_of(link: QuestionsLink) -> str:
    return settings.SITE_URL + reverse("caseload:questions", kwargs={"token": token_of(link)})


def look_up(token: str) -> tuple[LinkState, QuestionsLink | None]:
    """What the link is good for, and its row; None for a link that is not ours."""
    signs = token.lower().translate(MISREAD)
    key, signature = signs[:-SIGNATURE], signs[-SIGNATURE:]
    if not 1 <= len(key) <= LONGEST_KEY or not set(signs) <= set(SIGNS):
        return LinkState.UNKNOWN, None
    number = int("".join("0123456789abcdefghijklmnopqrstuv"[SIGNS.index(sign)] for sign in key), 32)
    if not constant_time_compare(signature, _signature(number)):
        return LinkState.UNKNOWN, None
    link = QuestionsLink.objects.select_related("case__organisation", "case__patient").filter(pk=number).first()
    return (_state_of(link), link) if link else (LinkState.UNKNOWN, None)


def _state_of(link: QuestionsLink) -> LinkState:
    if link.is_live:
        return LinkState.LIVE
    if link.used_at:
        return LinkState.USED
    if not link.case.is_open:
        return LinkState.CLOSED
    return LinkState.RECALLED if link.recalled_at else LinkState.EXPIRED


def _signature(key: int) -> str:
    digest = salted_hmac("caseload.links", str(key), algorithm="sha256").digest()
    return _written(int.from_bytes(digest[:8]) >> 4).rjust(SIGNATURE, "0")


def _written(number: int) -> str:
    written = ""
    while number or not written:
        number, rest = divmod(number, 32)
        written = SIGNS[rest] + written
    return written
