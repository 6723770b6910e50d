"""The sweep's rules about cases. Each is one query, counting in local calendar days.

A rule yields a Due for every subject of the organisation it holds for at `now`; with `only`
(subject ids) for those among them. `now` moves the calendar; it does not undo what was recorded since.
"Nobody reached for 28 days" holds from the 28th day on, "over 12 weeks" and "passed" from the day after.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Organisation, Policy
from accounts.words import count_of, local_day, named_day
from caseload.enums import CaseStatus, FlagRule, Outcome
from caseload.models import Hold, HoldReview
from caseload.models.case import CaseQuerySet
from caseload.models.hold import HoldQuerySet

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Due:
    """A subject a rule holds for: since when, and why in one sentence with its figures and no name."""

    subject_id: UUID
    case_id: UUID | None
    since: date
    why: str


Only = Collection[UUID] | None
Rule = Callable[[Organisation, Policy, datetime, Only], Iterable[Due]]


def start_of(day: date) -> datetime:
    """Its first moment here. Clocks change at one in the morning, so midnight is always there, and once."""
    return timezone.make_aware(datetime.combine(day, time.min))


def days_ago(now: datetime, days: int) -> datetime:
    """Whatever came before this moment is at least so many local days old."""
    return start_of(timezone.localdate(now) - timedelta(days=days - 1))


def hold_review_overdue(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    today = timezone.localdate(now)
    overdue = _holds(organisation, only).filter(review_on__lt=today - timedelta(days=policy.hold_review_grace_days))
    for case_id, review_on in overdue.values_list("case_id", "review_on"):
        yield _due(case_id, review_on, f"The review of this hold was due on {named_day(review_on, today)}.")


def hold_no_contact(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    silent = _silent(_cases(organisation, now, only).holding(), now, policy.hold_no_contact_days)
    limit = count_of(policy.hold_no_contact_days, "day")
    for case_id, reached_at, opened_at in silent:
        why = f"Nobody has reached them since {_since_when(reached_at, opened_at, now)} ({limit} is the limit)."
        yield _due(case_id, reached_at or opened_at, why)


def hold_long(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    """Counted from the last look by anyone but the case's own worker; before any, from the start of the hold."""
    worker = OuterRef("case__worker")
    second_looks = HoldReview.objects.filter(Q(hold=OuterRef("pk")) & (~Q(by=worker) | Q(hold__case__worker=None)))
    held = _holds(organisation, only).annotate(
        looked_at=Coalesce(Subquery(second_looks.order_by("-at", "-id").values("at")[:1]), "started_at")
    )
    long = held.filter(looked_at__lt=days_ago(now, policy.hold_long_weeks * 7 + 1))
    limit = count_of(policy.hold_long_weeks, "week")
    for case_id, started_at, looked_at in long.values_list("case_id", "started_at", "looked_at"):
        day = named_day(looked_at, timezone.localdate(now))
        when = f"it began on {day}" if looked_at == started_at else day
        yield _due(case_id, looked_at, f"No colleague has looked at this hold since {when} ({limit} is the limit).")


def open_after_missed(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    missed = _cases(organisation, now, only).filter(
        Q(last_reached_at=None) | Q(last_reached_at__lt=F("last_missed_at")),
        last_outcome=Outcome.MISSED,
        last_missed_at__lt=days_ago(now, policy.open_after_missed_days),
        next_appointment_at=None,
    )
    for case_id, missed_at in missed.values_list("pk", "last_missed_at"):
        why = f"Missed on {named_day(missed_at, timezone.localdate(now))}. Nobody has reached them since."
        yield _due(case_id, missed_at, why)


def repeated_missed(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    """A sign to check on somebody, so it counts the person's meetings, not only those of this case."""
    today = timezone.localdate(now)
    missed = (
        _cases(organisation, now, only)
        .filter(
            patient__cases__appointments__outcome=Outcome.MISSED,
            patient__cases__appointments__starts_at__gte=start_of(today - A_YEAR),
        )
        .values("pk")
        .annotate(
            times=Count("patient__cases__appointments"),
            latest_at=Max("patient__cases__appointments__starts_at"),
        )
        .filter(times__gt=policy.repeated_missed_count)
    )
    for case_id, times, latest_at in missed.values_list("pk", "times", "latest_at"):
        yield _due(case_id, latest_at, f"{times} missed in 12 months, the latest on {named_day(latest_at, today)}.")


def waiting_long(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    waiting = (
        _cases(organisation, now, only)
        .exclude(status=CaseStatus.HOLDING)
        .filter(first_met_at=None, opened_at__lt=days_ago(now, policy.waiting_long_days + 1))
    )
    limit = count_of(policy.waiting_long_days, "day")
    for case_id, opened_at in waiting.values_list("pk", "opened_at"):
        day = named_day(opened_at, timezone.localdate(now))
        yield _due(case_id, opened_at, f"Accepted on {day} and not met yet ({limit} is the limit).")


def quiet(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    active = _cases(organisation, now, only).filter(status=CaseStatus.ACTIVE, next_appointment_at=None)
    for case_id, reached_at, opened_at in _silent(active, now, policy.quiet_days):
        why = f"Nobody has reached them since {_since_when(reached_at, opened_at, now)}, and nothing is booked."
        yield _due(case_id, reached_at or opened_at, why)


def ending_passed(organisation: Organisation, policy: Policy, now: datetime, only: Only = None) -> Iterator[Due]:
    today = timezone.localdate(now)
    passed = _cases(organisation, now, only).filter(planned_ending_on__lt=today)
    for case_id, ending_on in passed.values_list("pk", "planned_ending_on"):
        why = f"Support was to end by {named_day(ending_on, today)}, and no new date is agreed."
        yield _due(case_id, ending_on, why)


RULES = {
    FlagRule.HOLD_REVIEW_OVERDUE: hold_review_overdue,
    FlagRule.HOLD_NO_CONTACT: hold_no_contact,
    FlagRule.HOLD_LONG: hold_long,
    FlagRule.OPEN_AFTER_MISSED: open_after_missed,
    FlagRule.REPEATED_MISSED: repeated_missed,
    FlagRule.WAITING_LONG: waiting_long,
    FlagRule.QUIET: quiet,
    FlagRule.ENDING_PASSED: ending_passed,
}


def _cases(organisation: Organisation, now: datetime, only: Only) -> CaseQuerySet:
    cases = organisation.cases.open().with_contact_facts(now)
    return cases if only is None else cases.filter(pk__in=only)


def _holds(organisation: Organisation, only: Only) -> HoldQuerySet:
    holds = Hold.objects.open().filter(case__organisation=organisation, case__status=CaseStatus.HOLDING)
    return holds if only is None else holds.filter(case__in=only)


def _silent(cases: CaseQuerySet, now: datetime, days: int) -> Iterable[tuple[UUID, datetime | None, datetime]]:
    """(case, last reached at, opened at) of those nobody has reached for so many days, or since they opened."""
    heard = cases.annotate(heard_at=Coalesce("last_reached_at", "opened_at"))
    return heard.filter(heard_at__lt=days_ago(now, days)).values_list("pk", "last_reached_at", "opened_at")


def _since_when(reached_at: datetime | None, opened_at: datetime, now: datetime) -> str:
    day = named_day(reached_at or opened_at, timezone.localdate(now))
    return day if reached_at else f"the case opened on {day}"


def _due(case_id: UUID, since: date | datetime, why: str) -> Due:
    return Due(subject_id=case_id, case_id=case_id, since=local_day(since), why=why)
