"""Small groups beside each other are counted once, when their period is closed. Why: docs/adr/0021-suppression.md"""

from collections.abc import Callable

from django.utils import timezone

from accounts.models import Organisation
from insight.enums import PublishedKind
from insight.models import Published
from insight.period import Period
from insight.snapshots import half_years, years

OFFERED = {PublishedKind.EVIDENCE: half_years, PublishedKind.GROUPS: years}


class NotOfferedError(ValueError):
    """A period that may overlap another, or may still change."""


def once(
    organisation: Organisation, what: PublishedKind, period: Period, count: Callable[[Organisation, Period], dict]
) -> Published:
    """What was counted of a period the first time it was asked for. Raises NotOfferedError.

    Two who ask first at once both count; whoever is first is kept.
    """
    if period not in OFFERED[what](organisation, timezone.localdate()):
        raise NotOfferedError(f"{what} of {period}")
    of = {"organisation": organisation, "what": what, "first": period.first, "last": period.last}
    kept = Published.objects.filter(**of)
    if not kept.exists():
        Published.objects.bulk_create([Published(**of, shown=count(organisation, period))], ignore_conflicts=True)
    return kept.get()
