"""What a practice may know of the wait before it refers."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Aggregate, Count, DurationField, F
from django.utils import timezone

from accounts.models import Organisation, Policy

RECENT = timedelta(days=90)
TOO_FEW = 5  # Groups smaller than this are never counted out loud.


class Median(Aggregate):
    function = "PERCENTILE_DISC"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Wait:
    """median_days from referral to first meeting, and how many are waiting now; None where too few to say."""

    organisation: Organisation
    policy: Policy
    median_days: int | None
    waiting: int | None


def present_wait(organisation: Organisation) -> Wait:
    """The wait of people first met in the last 90 days, and the number waiting."""
    since = timezone.now() - RECENT
    waits = (
        organisation.referrals.filter(case__in=organisation.cases.filter(appointments__starts_at__gte=since))
        .with_first_met_at()
        .filter(first_met_at__gte=since)
        .annotate(wait=F("first_met_at") - F("submitted_at"))
        .aggregate(people=Count("pk"), median=Median("wait", output_field=DurationField()))
    )
    waiting = organisation.cases.waiting().count()
    return Wait(
        organisation=organisation,
        policy=organisation.policy,
        median_days=waits["median"].days if waits["people"] >= TOO_FEW else None,
        waiting=waiting if waiting >= TOO_FEW else None,
    )
