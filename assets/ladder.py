"""The review ladder: when a listing's contact is asked whether the entry is still right.

Ten, eleven and twelve months after it was last confirmed (or came in). Nothing happens to an entry
nobody answers for, but that it sorts last. One message an address and month, however many entries it keeps.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone

from assets.models import Asset, AssetQuerySet, directory

MONTHS = (10, 11, 12)
LAST_STEP = len(MONTHS)
# Nobody is written to again within this, so that a backlog is not three messages in three days.
APART = timedelta(days=27)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def unconfirmed(assets: AssetQuerySet, months: int, now: datetime | None = None) -> AssetQuerySet:
    """Those nobody has confirmed for so many months, with `sure_at`, when somebody last did or they came in."""
    since = months_before(timezone.localdate(now), months)
    return assets.annotate(sure_at=Coalesce("confirmed_at", "created_at")).filter(sure_at__lt=_after(since))


def contact_of(asset: Asset) -> str:
    """Who is asked about an entry, as `with_contact` has it."""
    return (asset.contact_email or asset.email).lower()


def with_contact(assets: AssetQuerySet) -> AssetQuerySet:
    return assets.annotate(contact=Lower(Coalesce(NullIf("contact_email", Value("")), "email")))


def due(now: datetime | None = None) -> AssetQuerySet:
    """Entries whose contact should now be asked, with `contact`."""
    now = now or timezone.now()
    kept = with_contact(directory().open()).exclude(contact="")
    asked = with_contact(Asset.objects.filter(reminded_at__gt=now - APART)).order_by()
    answered = Q(problems__by=None, problems__settled_at=None, problems__at__gte=F("reminded_at"))
    steps = Q()
    for sent, months in enumerate(MONTHS):
        steps |= Q(reminders_sent=sent, sure_at__lt=_after(months_before(timezone.localdate(now), months)))
    return (
        kept.annotate(sure_at=Coalesce("confirmed_at", "created_at"))
        .filter(steps)
        .exclude(contact__in=asked.values("contact"))
        .exclude(pk__in=Asset.objects.filter(answered).values("pk"))
    )


def _after(day: date) -> datetime:
    """The first moment of the day after, here."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
