"""The sweep: raises and clears flags so that nobody is lost. Advice, never an action.

What a flag is about is decided by the rules: RULES of each module named in settings.SWEEP_RULES
(caseload/rules.py says what a rule is). docs/adr/0004-the-sweep.md says why it works this way.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Organisation, User
from caseload.enums import FlagRule
from caseload.models import Flag, SweepRun
from caseload.rules import Due, Rule

OVERDUE = timedelta(hours=26)
SWEEP_LOCK = 7001
BATCH = 2000

# What happened to the flags of one rule: {"raised": n, "cleared": n, "open": n}
Counts = dict[str, int]


@cache
def rules() -> dict[FlagRule, Rule]:
    return {name: rule for module in settings.SWEEP_RULES for name, rule in import_module(module).RULES.items()}


def sweep(
    organisation: Organisation, *, now: datetime | None = None, by: User | None = None, dry_run: bool = False
) -> dict[str, Counts]:
    """Bring an organisation's flags in line with its facts. Safe to run twice, at the same time, or half.

    Returns {rule: counts}; with dry_run, what a sweep would do.
    """
    now, policy = now or timezone.now(), organisation.policy
    run = SweepRun(organisation=organisation, as_of=timezone.localdate(now), asked_by=by)
    for name, rule in rules().items():
        # A transaction for each, so that nobody's work waits for the whole sweep.
        with transaction.atomic():
            one_at_a_time(organisation)
            due = {found.subject_id: found for found in rule(organisation, policy, now, None)}
            run.counts[name.value] = _bring_in_line(organisation, name, due, dry_run)
    if not dry_run:
        run.finished_at = timezone.now()
        run.save()
    return run.counts


def recheck(organisation: Organisation, *subject_ids: UUID) -> None:
    """Clear the flags of these subjects whose facts have just changed. Called by the actions that change them."""
    flags = Flag.objects.open().filter(organisation=organisation, subject_id__in=subject_ids)
    raised = set(flags.values_list("rule", flat=True))
    if not raised:
        return
    now, policy = timezone.now(), organisation.policy
    for name, rule in rules().items():
        if name in raised:
            still_due = {due.subject_id for due in rule(organisation, policy, now, subject_ids)}
            flags.filter(rule=name).exclude(subject_id__in=still_due).update(cleared_at=now)


def recheck_everywhere(subject_id: UUID) -> None:
    """As `recheck`, for every organisation with a flag about this. For what is everybody's, such as a service."""
    flagged = Flag.objects.open().filter(subject_id=subject_id).values("organisation")
    for organisation in Organisation.objects.filter(pk__in=flagged).order_by("id"):
        recheck(organisation, subject_id)


def overdue() -> QuerySet[Organisation]:
    """Organisations no sweep has finished for in 26 hours. One as of another day does not count."""
    limit = timezone.now() - OVERDUE
    recent = SweepRun.objects.filter(organisation=OuterRef("pk"), finished_at__gte=limit, as_of=F("started_at__date"))
    return Organisation.objects.filter(~Exists(recent), created_at__lt=limit)


def is_overdue(organisation: Organisation) -> bool:
    return overdue().filter(pk=organisation.pk).exists()


def one_at_a_time(organisation: Organisation) -> None:
    """Held to the end of the transaction, so that two sweeps of one organisation take turns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [SWEEP_LOCK, str(organisation.pk)])


def _bring_in_line(organisation: Organisation, name: FlagRule, due: dict[UUID, Due], dry_run: bool) -> Counts:
    known = {flag.subject_id: flag for flag in Flag.objects.open().filter(organisation=organisation, rule=name)}
    new = [
        Flag(organisation=organisation, rule=name, **asdict(found))
        for subject_id, found in due.items()
        if subject_id not in known
    ]
    settled = [flag.pk for flag in known.values() if flag.subject_id not in due]
    if not dry_run:
        Flag.objects.bulk_create(new, batch_size=BATCH)
        Flag.objects.filter(pk__in=settled).update(cleared_at=timezone.now())
        Flag.objects.bulk_update(_reworded(known, due), ["since", "why"], batch_size=BATCH)
    return {"raised": len(new), "cleared": len(settled), "open": len(due)}


def _reworded(known: dict[UUID, Flag], due: dict[UUID, Due]) -> Iterator[Flag]:
    """Open flags whose figures have moved on."""
    for subject_id, flag in known.items():
        found = due.get(subject_id)
        if found and (flag.since, flag.why) != (found.since, found.why):
            flag.since, flag.why = found.since, found.why
            yield flag
