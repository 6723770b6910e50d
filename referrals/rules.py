"""The sweep's rules about referrals, to us and onward, and about services: see caseload/rules.py."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Case, Q, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import Organisation, Policy
from accounts.words import count_of, local_day, named_day
from accounts.working_days import add_working_days
from assets.ladder import unconfirmed
from assets.models import AssetQuerySet, directory
from caseload.enums import FlagRule
from caseload.rules import Due, Only, days_ago, start_of
from referrals.enums import OnwardStatus
from referrals.models import OnwardReferral
from referrals.reliance import concerning, relying


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


def onward_unknown(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    """No outcome known, and no news for so long: from the service, or from the person."""
    waiting = OnwardReferral.objects.open().filter(
        Q(person_got_there=None) | Q(person_got_there=False), case__in=organisation.cases.open()
    )
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    moved_at = Case(When(~Q(status=OnwardStatus.REQUESTED), then="moved_at"), default="asked_at")
    silent = waiting.annotate(heard_at=Greatest(moved_at, Coalesce("person_asked_at", "asked_at"))).filter(
        heard_at__lt=days_ago(now, policy.onward_unknown_days)
    )
    limit = count_of(policy.onward_unknown_days, "day")
    rows = silent.values_list("pk", "case_id", "asset__name", "heard_at")
    for onward_id, case_id, service, heard_at in rows:
        day = named_day(heard_at, timezone.localdate(now))
        why = f"No outcome known from {service}, and no news since {day} ({limit} is the limit)."
        yield Due(subject_id=onward_id, case_id=case_id, since=local_day(heard_at), why=why)


def asset_unconfirmed(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    today, months = timezone.localdate(now), policy.asset_unconfirmed_months
    unsure = unconfirmed(_services(organisation, now, only), months, now)
    cases, limit = relying(organisation), count_of(months, "month")
    for asset_id, confirmed_at, sure_at in unsure.values_list("pk", "confirmed_at", "sure_at"):
        since = named_day(sure_at, today)
        said = f"Not confirmed since {since}" if confirmed_at else f"Here since {since} and never confirmed"
        why = f"{said} ({limit} is the limit). {_who_relies(cases, asset_id)}"
        yield Due(subject_id=asset_id, case_id=None, since=local_day(sure_at), why=why)


def asset_funding_ends(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    """Warns ahead, and goes on once the day has passed until somebody puts the entry right."""
    today, ahead = timezone.localdate(now), timedelta(days=policy.asset_funding_days)
    ending = _services(organisation, now, only).filter(funding_ends_on__lte=today + ahead)
    cases = relying(organisation)
    for asset in ending.select_related(None).only("pk", "funding_ends_on", "is_closed"):
        why = f"{asset.funding_in_words(policy.asset_funding_days, today)}. {_who_relies(cases, asset.pk)}"
        yield Due(subject_id=asset.pk, case_id=None, since=asset.funding_ends_on - ahead, why=why)


RULES = {
    FlagRule.UNANSWERED: unanswered,
    FlagRule.ONWARD_UNKNOWN: onward_unknown,
    FlagRule.ASSET_UNCONFIRMED: asset_unconfirmed,
    FlagRule.ASSET_FUNDING_ENDS: asset_funding_ends,
}


def _services(organisation: Organisation, now: datetime, only: Only) -> AssetQuerySet:
    services = directory().open().filter(pk__in=concerning(organisation, now))
    return services if only is None else services.filter(pk__in=only)


def _who_relies(cases: dict, asset_id) -> str:
    number = len(cases.get(asset_id, ()))
    if not number:
        return "No open case relies on it."
    return f"{count_of(number, 'open case')} {'relies' if number == 1 else 'rely'} on it."
