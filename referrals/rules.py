from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Organisation, Policy
from accounts.words import count_of, local_day, named_day
from accounts.working_days import add_working_days
from caseload.enums import FlagRule
from caseload.rules import Due, Only, start_of


def unanswered(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    """Sent at least so many working days ago: before the first of the latest ones, of which today may be the last."""
    today, days = timezone.localdate(now), policy.unanswered_working_days
    first = add_working_days(today + timedelta(days=1), -days, organisation.nation)
    unanswered = organisation.referrals.submitted().filter(submitted_at__lt=start_of(first))
    if only is not None:
        unanswered = unanswered.filter(pk__in=only)
    limit = count_of(days, "working day")
    for referral_id, sent_at in unanswered.values_list("pk", "submitted_at"):
        why = f"Sent on {named_day(sent_at, today)} and not answered ({limit} is the limit)."
        yield Due(subject_id=referral_id, case_id=None, since=local_day(sent_at), why=why)


RULES = {FlagRule.UNANSWERED: unanswered}
