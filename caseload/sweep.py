"""The sweep: raises and clears flags so that nobody is lost. Advice, never an action.

A rule is a function of this shape, listed in the RULES of a module named in settings.SWEEP_RULES:

    def rule(organisation, policy, now, only=None) -> Iterable[Due]

It returns every subject of the organisation the rule holds for at `now` (an aware datetime);
with `only` (subject ids) just those among them. The records are those of the present: `now` moves
the calendar, it does not undo what was recorded since.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation, Policy, User
from caseload.enums import FlagRule
from caseload.models import Flag, SweepRun

SWEEP_LOCK = 7001


@dataclass(frozen=True)
class Due:
    """A subject a rule holds for: since when, and why in one sentence with its figures."""

    subject_id: UUID
    case_id: UUID | None
    since: date
    why: str


Rule = Callable[[Organisation, Policy, datetime, Collection[UUID] | None], Iterable[Due]]


@cache
def rules() -> dict[FlagRule, Rule]:
    return {name: rule for module in settings.SWEEP_RULES for name, rule in import_module(module).RULES.items()}


@transaction.atomic
def sweep(
    organisation: Organisation, *, now: datetime | None = None, by: User | None = None, dry_run: bool = False
) -> dict[str, dict[str, int]]:
    """Bring an organisation's flags in line with its facts. Safe to run twice, also at the same time.

    Returns {rule: {"raised": n, "cleared": n, "open": n}}; with dry_run, what a sweep would do.
    """
    _one_at_a_time(organisation)
    now = now or timezone.now()
    run = SweepRun(organisation=organisation, as_of=timezone.localdate(now), asked_by=by)
    counts = {}
    for name, rule in rules().items():
        due = {found.subject_id: found for found in rule(organisation, organisation.policy, now, None)}
        counts[name.value] = _bring_in_line(organisation, name, due, dry_run)
    if not dry_run:
        run.finished_at, run.counts = timezone.now(), counts
        run.save()
    return counts


def recheck(organisation: Organisation, *subject_ids: UUID) -> None:
    """Clear the flags of these subjects whose facts have just changed. Called by the actions that change them."""
    flags = Flag.objects.open().filter(organisation=organisation, subject_id__in=subject_ids)
    now = timezone.now()
    for name in {FlagRule(rule) for rule in flags.values_list("rule", flat=True)}:
        still_due = {due.subject_id for due in rules()[name](organisation, organisation.policy, now, subject_ids)}
        flags.filter(rule=name).exclude(subject_id__in=still_due).update(cleared_at=now)


def _one_at_a_time(organisation: Organisation) -> None:
    """Held to the end of the transaction, so that two sweeps of one organisation follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [SWEEP_LOCK, str(organisation.pk)])


def _bring_in_line(organisation: Organisation, name: FlagRule, due: dict[UUID, Due], dry_run: bool) -> dict:
    flags = Flag.objects.open().filter(organisation=organisation, rule=name)
    known = {flag.subject_id: flag for flag in flags}
    new = [
        Flag(
            organisation=organisation, rule=name, subject_id=d.subject_id, case_id=d.case_id, since=d.since, why=d.why
        )
        for d in due.values()
        if d.subject_id not in known
    ]
    settled = [flag.pk for flag in known.values() if flag.subject_id not in due]
    if not dry_run:
        Flag.objects.bulk_create(new, batch_size=2000)
        Flag.objects.filter(pk__in=settled).update(cleared_at=timezone.now())
        Flag.objects.bulk_update(_reworded(known, due), ["since", "why"], batch_size=2000)
    return {"raised": len(new), "cleared": len(settled), "open": len(due)}


def _reworded(known: dict[UUID, Flag], due: dict[UUID, Due]) -> list[Flag]:
    """Open flags whose figures have moved on."""
    reworded = []
    for subject_id, flag in known.items():
        found = due.get(subject_id)
        if found and (flag.since, flag.why) != (found.since, found.why):
            flag.since, flag.why = found.since, found.why
            reworded.append(flag)
    return reworded
