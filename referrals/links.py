"""The link by which a service answers without an account: docs/adr/0009-signed-links.md.

The address holds the key of one onward referral and the moment the link runs out, signed; nothing of anybody.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse

from referrals.enums import DEAD_ONWARD
from referrals.models import OnwardReferral

LASTS = timedelta(days=28)

signer = signing.Signer(salt="referrals.links")


class LinkState(models.TextChoices):
    LIVE = "live", "May be read and answered"
    EXPIRED = "expired", "Has run out"
    RENEWED = "renewed", "A newer link was sent since"
    CALLED_OFF = "called_off", "There is nothing to answer any more"
    UNKNOWN = "unknown", "Is no link of ours"


def token_of(onward: OnwardReferral) -> str:
    return signer.sign_object([onward.pk.hex, int(onward.link_expires_at.timestamp())])


def url_of(onward: OnwardReferral) -> str:
    return settings.SITE_URL + reverse("referrals:link", kwargs={"token": token_of(onward)})


def look_up(token: str) -> tuple[LinkState, OnwardReferral | None]:
    """What the link is good for, and the one onward referral it is about; None for a link that is not ours."""
    try:
        key, expires = signer.unsign_object(token)
    except signing.BadSignature:
        return LinkState.UNKNOWN, None
    onward = OnwardReferral.objects.with_list_data().filter(pk=UUID(key)).first()
    return (_state_of(onward, expires), onward) if onward else (LinkState.UNKNOWN, None)


def _state_of(onward: OnwardReferral, expires: int) -> LinkState:
    if not onward.consent or onward.status in DEAD_ONWARD or not onward.case.is_open:
        return LinkState.CALLED_OFF
    if onward.link_expires_at is None or int(onward.link_expires_at.timestamp()) != expires:
        return LinkState.RENEWED
    return LinkState.LIVE if onward.link_is_live else LinkState.EXPIRED
