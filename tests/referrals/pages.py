"""Reading pages as somebody reads them."""

import re
from html import unescape

from django.urls import reverse


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def said(response) -> str:
    """The words of the page's main part."""
    return words(response.content.decode().partition("<main")[2].partition("</main>")[0])


def url(name, referral):
    return reverse(f"referrals:{name}", kwargs={"referral_id": referral.pk})
