"""What a practice sent and what came of it: its own referrals, and only what their people agreed to share.

Who did not agree counts where the practice knows of them anyway: that it referred them. What became of a referral it
reads one by one. Unmet need it does not: that is of the half-year closed last, whatever months are asked for, so that
no two pages overlap (docs/adr/0021-suppression.md).
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import Practice
from assets.enums import NeedKind
from assets.models import Asset
from caseload.enums import CaseStatus, Ending, HoldBarrier
from insight.evidence import in_order
from insight.period import Period
from insight.snapshots import last_half_year
from insight.sql import LocalDay
from insight.suppression import ALL, Sheet, suppressed
from insight.waits import waits_in
from referrals.enums import DeclineReason, ReferralStatus
from referrals.models import Referral
from referrals.reliance import concerning

NOT_SHARED = "They did not agree that you hear more"
KINDS = {str(kind.value): str(kind.label) for kind in NeedKind}
BARRIERS = {str(barrier.value): str(barrier.label) for barrier in HoldBarrier}
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
class Mix:
    """Rows are (label, number) or (label, number, number before, services), None where it is left out."""

    sent: int
    by_month: list[tuple]
    by_need: list[tuple]
    became: list[tuple]
    half_year: Period
    unmet_kinds: list[tuple]
    unmet_barriers: list[tuple]


def mix_of(practice: Practice, period: Period) -> Mix:
    sent = practice.referrals.filter(period.within("first_submitted_at"))
    needs, before = (_needs(practice, when) for when in (period, period.before))
    half_year = last_half_year(timezone.localdate())
    unmet = _unmet(practice, half_year)
    kinds, barriers = (Counter(getattr(wait, name) for wait in unmet) for name in ("kind", "barrier"))
    unmet_shown = suppressed(_two_ways(kinds, barriers))
    became, total = _became(sent), sent.count()
    became_shown = suppressed(Sheet.whole(ALL, became))
    services = _services(practice)
    return Mix(
        total,
        _months(sent, period),
        [(KINDS[kind], needs[kind], before[kind], services[kind]) for kind in in_order(needs | before, KINDS)],
        [(label, became_shown[label]) for label in became],
        half_year,
        [(KINDS[kind], unmet_shown["kind", kind]) for kind in in_order(kinds, KINDS)],
        [(BARRIERS[barrier], unmet_shown["barrier", barrier]) for barrier in in_order(barriers, BARRIERS)],
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


def _unmet(practice: Practice, period: Period) -> list:
    """Waits of people the practice referred, all of whose referrals from here say that it may hear of them."""
    own = Referral.objects.filter(practice=practice, patient=OuterRef("patient"), status=ReferralStatus.ACCEPTED)
    found = []
    for organisation in practice.organisations.order_by("name", "id"):
        referred = own.filter(organisation=organisation)
        agreed = practice.referrals.filter(organisation=organisation, status=ReferralStatus.ACCEPTED).filter(
            ~Exists(referred.filter(consent_to_share_back=False))
        )
        people = set(agreed.values_list("patient", flat=True))
        found += [w for w in waits_in(organisation, period, practice) if w.person in people]
    return found


def _two_ways(kinds: Counter, barriers: Counter) -> Sheet:
    """The same waits by kind and by barrier."""
    sheet = Sheet.whole(ALL, {("kind", kind): n for kind, n in kinds.items()})
    return sheet | Sheet.whole(ALL, {("barrier", barrier): n for barrier, n in barriers.items()})
