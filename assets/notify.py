"""Messages to those who keep an entry right. None says anything about a person."""

from collections.abc import Sequence

from django.core.mail import send_mail
from django.template.loader import render_to_string

from assets import links
from assets.models import Asset


def contact_of_entries(address: str, entries: Sequence[Asset]) -> None:
    """Ask whether these entries are still right: one message, one link."""
    context = {"entries": entries, "link": links.link_for(entries[0]), "days": links.DAYS}
    send_mail(
        subject="Is your entry in the community directory still right?",
        message=render_to_string("assets/email/contact_of_entries.txt", context),
        from_email=None,
        recipient_list=[address],
    )
