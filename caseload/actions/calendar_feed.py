from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, User
from caseload.calendar_feed import fingerprint_of, new_secret
from caseload.models import CalendarFeed


@transaction.atomic
def start_calendar_feed(*, membership: Membership, by: User) -> str:
    """The secret of a new link, told this once. A link from before ends at once."""
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk, user=by)
    end_calendar_feed(membership=membership, by=by)
    secret = new_secret()
    membership.calendar_feeds.create(fingerprint=fingerprint_of(secret))
    return secret


@transaction.atomic
def end_calendar_feed(*, membership: Membership, by: User) -> None:
    membership.calendar_feeds.filter(ended_at=None, membership__user=by).update(ended_at=timezone.now())


def record_feed_use(*, feed: CalendarFeed, by: None) -> None:
    """Nobody signs in to read a feed; that it was read is shown to whose it is."""
    CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=timezone.now())
