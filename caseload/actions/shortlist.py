from uuid import UUID

from django.db import transaction

from accounts.models import User
from assets.models import Asset
from caseload.actions.case import locked_open
from caseload.actions.message import send_message
from caseload.enums import Channel
from caseload.models import Case, Message, ShortlistItem
from caseload.shortlist import message_about, services_of

ABOUT = "the shortlist"


class NothingToSend(Exception):
    """The shortlist is empty, or nothing on it is for a message that others may read."""


@transaction.atomic
def add_to_shortlist(*, case: Case, by: User, asset: Asset) -> ShortlistItem:
    """Put a service aside for somebody. One that is there already stays as it is."""
    case = locked_open(case, "add_to_shortlist")
    item, _ = case.shortlist.get_or_create(asset=asset, defaults={"added_by": by})
    return item


@transaction.atomic
def remove_from_shortlist(*, case: Case, by: User, asset: Asset) -> None:
    """Take a service off, also one put aside under an entry that was merged into it since."""
    case.shortlist.filter(asset__in=[asset, *asset.merged.all()]).delete()


@transaction.atomic
def send_shortlist(*, case: Case, by: User, channel: Channel, once: UUID) -> Message:
    """Text or email the shortlist to the person. Raises NothingToSend, and what send_message does."""
    case = locked_open(case, "send_shortlist")
    body = message_about(case, services_of(case))
    if not body:
        raise NothingToSend
    return send_message(case=case, by=by, channel=channel, body=body, about=ABOUT, once=once)
