"""The signed link in a reminder: it opens the entries kept by one address, and needs no account.

It names an entry and a fingerprint of the address, never the address. So it dies with time, and
when the entry is given another contact.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from assets.ladder import contact_of, with_contact
from assets.models import Asset, AssetQuerySet, directory

SALT = "assets.links"
DAYS = 60


class LinkExpired(Exception):
    """It was ours, and its time is over."""


class LinkBroken(Exception):
    """It is not a link of ours, or no longer the right one for the entry it names."""


def link_for(asset: Asset) -> str:
    return settings.SITE_URL + reverse("assets:kept_by", kwargs={"token": token_for(asset)})


def token_for(asset: Asset) -> str:
    return signing.dumps([asset.pk.hex, _fingerprint(contact_of(asset))], salt=SALT)


def entry_of(token: str) -> Asset:
    """The entry the link was made for. Raises LinkExpired or LinkBroken."""
    try:
        asset_id, fingerprint = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 60 * 60)
    except signing.SignatureExpired:
        raise LinkExpired from None
    except (signing.BadSignature, ValueError):
        raise LinkBroken from None
    asset = directory().filter(pk=asset_id).first()
    if asset is None or fingerprint != _fingerprint(contact_of(asset)):
        raise LinkBroken
    return asset


def kept_with(asset: Asset) -> AssetQuerySet:
    """Every open entry its contact keeps, this one among them."""
    return with_contact(directory().open()).filter(contact=contact_of(asset))


def _fingerprint(address: str) -> str:
    return salted_hmac(SALT, address).hexdigest()[:20]
