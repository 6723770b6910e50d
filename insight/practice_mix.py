"""What a practice sent and what came of it: its own referrals, and only what their people agreed to share.

Who did not agree counts where the practice knows of them anyway: that it referred them. What became of a referral it
reads one by one. Unmet need it does not: of that the page says what the evidence sheet says, and nothing of its own.
Counted by itself, it would tell beside the sheet of those who did not agree (docs/adr/0021-suppression.md).
"""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import Organisation, Practice
from assets.enums import NeedKind
from assets.models import Asset
from caseload.enums import CaseStatus, Ending
from insight.evidence import in_order
from insight.evidence_sheet import bars_of, sheet_of
from insight.period import Period
from insight.scope import CLUSTER, scope_at
from insight.snapshots import half_years, last_half_year
from insight.sql import LocalDay
from insight.suppression import ALL, Sheet, suppressed
from referrals.enums import DeclineReason, ReferralStatus
from referrals.reliance import concerning

NOT_SHARED = "They did not agree that you hear more"
KINDS = {str(kind.value): str(kind.label) for kind in NeedKind}
SO_FAR = {
    CaseStatus.WAITING: "Waiting for a first meeting",
    CaseStatus.ACTIVE: "Being supported",
    CaseStatus.HOLDING: "Held, while help is looked for",
}
ANSWERS = {
    ReferralStatus.SUBMITTED: "Not answered yet",
    ReferralStatus.RETURNED: "Returned with a question",
    ReferralStatus.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True)
class Unmet:
    """What an organisation's evidence sheet shows of the practice; where that is too small, of what is around it."""

    organisation: Organisation
    where: str
    bars: list[dict]


@dataclass(frozen=True)
class Mix:
    """Rows are (label, number) or (label, number, number before, services), None where it is left out."""

    sent: int
    by_month: list[tuple]
    by_need: list[tuple]
    became: list[tuple]
    half_year: Period
    unmet: list[Unmet]


def mix_of(practice: Practice, period: Period) -> Mix:
    sent = practice.referrals.filter(period.within("first_submitted_at"))
    needs, before = (_needs(practice, when) for when in (period, period.before))
    half_year = last_half_year(timezone.localdate())
    became, total = _became(sent), sent.count()
    became_shown = suppressed(Sheet.whole(ALL, became))
    services = _services(practice)
    return Mix(
        total,
        _months(sent, period),
        [(KINDS[kind], needs[kind], before[kind], services[kind]) for kind in in_order(needs | before, KINDS)],
        [(label, became_shown[label]) for label in became],
        half_year,
        _unmet(practice, half_year),
    )


def _months(sent, period: Period) -> list[tuple[str, int]]:
    found = Counter(sent.values_list(TruncMonth(LocalDay("first_submitted_at")), flat=True))
    return [(f"{month:%b %Y}", found[month]) for month in period.months]


def _needs(practice: Practice, period: Period) -> Counter:
    sent = practice.referrals.filter(period.within("first_submitted_at"))
    return Counter(kind for needs in sent.values_list("needs", flat=True) for kind in needs)


def _services(practice: Practice) -> Counter:
    """Services the link workers use and know that help with each kind, and are not closed."""
    known = set()
    for organisation in practice.organisations.order_by("name", "id"):
        known |= concerning(organisation, timezone.now())
    listed = Asset.objects.open().filter(pk__in=known, merged_into=None)
    return Counter(kind for kinds in listed.values_list("need_kinds", flat=True) for kind in kinds)


def _became(sent) -> dict[str, int]:
    """What the practice may know, most of it read from the case; in an order of its own."""
    reasons, endings = dict(DeclineReason.choices), dict(Ending.choices)
    columns = ("status", "decline_reason", "consent_to_share_back", "case__status", "case__ending")
    found = Counter()
    for status, reason, may_share, case, ending in sent.values_list(*columns):
        if status == ReferralStatus.DECLINED:
            found[f"Declined: {reasons[reason].lower()}"] += 1
        elif status != ReferralStatus.ACCEPTED:
            found[ANSWERS[status]] += 1
        elif not may_share:
            found[f"Accepted. {NOT_SHARED}"] += 1
        else:
            found[f"Ended: {endings[ending].lower()}" if case == CaseStatus.CLOSED else SO_FAR[case]] += 1
    return dict(sorted(found.items()))


def _unmet(practice: Practice, half_year: Period) -> list[Unmet]:
    around = [str(practice.pk), *([f"{CLUSTER}{practice.cluster}"] if practice.cluster else []), ""]
    found = []
    for organisation in practice.organisations.order_by("name", "id"):
        if half_year in half_years(organisation, timezone.localdate()):
            scopes = (scope_at(organisation, half_year, asked) for asked in around)
            shown = (Unmet(organisation, scope.where, bars_of(sheet_of(scope))) for scope in scopes)
            found += islice((some for some in shown if some.bars), 1)
    return found
