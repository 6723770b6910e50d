"""Closing months: what is kept of each, and what has changed about it since. docs/adr/0020-closed-months.md."""

from collections import defaultdict
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F, Min
from django.utils import timezone

from accounts.models import Organisation
from accounts.words import local_day
from insight.catalogue import FIGURES
from insight.figure import Figure, count_periods
from insight.models import Snapshot
from insight.period import Period, month_before
from insight.scope import Scope
from insight.splits import Split, splits_of

TIME_TO_WRITE_UP = timedelta(days=7)
RECHECKED_MONTHS = 13
LOCK = 5_025  # of the advisory locks: months are closed by one process at a time


def last_closed(today: date) -> date:
    """The month closed last: each closes when the team has had a week to write it up."""
    return month_before(today - TIME_TO_WRITE_UP)


def first_month(organisation: Organisation) -> date | None:
    """The month the first referral came in. None before there is any."""
    first = organisation.referrals.aggregate(first=Min("first_submitted_at"))["first"]
    return first and local_day(first).replace(day=1)


def last_half_year(today: date) -> Period:
    """April to September or October to March, whichever was closed last."""
    last = last_closed(today)
    ends = next(day for months in range(6) if (day := month_before(last, months)).month in (3, 9))
    return Period.months_to(ends, 6)


def half_years(organisation: Organisation, today: date) -> list[Period]:
    """Half-years that are over and closed, the newest first."""
    return _back_from(last_half_year(today), organisation)


def years(organisation: Organisation, today: date) -> list[Period]:
    """Years from April to March that are over and closed, the newest first."""
    last = last_closed(today)
    return _back_from(Period.months_to(date(last.year - (last.month < 3), 3, 1), 12), organisation)


def _back_from(period: Period, organisation: Organisation) -> list[Period]:
    """It and those before, with any days of the service.

    No two of them overlap, and none grows, so that nothing left out of one follows from another.
    """
    first, found = first_month(organisation), []
    while first and period.last >= first:
        found.append(period)
        period = period.before
    return found


@transaction.atomic
def close_months(organisation: Organisation, today: date) -> int:
    """Keep every figure of every closed month not kept yet. Returns how many rows; 0 the second time."""
    _one_at_a_time()
    first, last = first_month(organisation), last_closed(today)
    if first is None or first > last:
        return 0
    closed = set(Period(first, Period.month(last).last).months)
    rows = []
    for figure in FIGURES.values():
        kept = organisation.snapshots.of_service().filter(figure=figure.key).values_list("month", flat=True)
        rows += _taken(figure, organisation, ({last} if figure.is_only_now else closed) - set(kept))
    Snapshot.objects.bulk_create(rows, batch_size=2_000)
    return len(rows)


@transaction.atomic
def check_closed_months(organisation: Organisation, today: date) -> int:
    """Write beside each figure of the last year what facts entered since would make of it. Returns how many differ."""
    _one_at_a_time()
    months = set(Period.months_to(last_closed(today), RECHECKED_MONTHS).months)
    kept = organisation.snapshots.of_service().filter(month__in=months)
    by_figure = defaultdict(dict)
    for snapshot in kept:
        by_figure[snapshot.figure][snapshot.month] = snapshot
    for key, snapshots in by_figure.items():
        _compare(FIGURES.get(key), organisation, snapshots)
    Snapshot.objects.bulk_update(kept, ["facts_now", "checked_at"], batch_size=500)
    return sum(snapshot.facts_now is not None for snapshot in kept)


def counted_now(figure: Figure, organisation: Organisation, months: set[date]) -> dict[date, Snapshot]:
    """What would be kept of these months of the whole service, as the records are now. It keeps nothing."""
    return {row.month: row for row in _taken(figure, organisation, months) if row.practice_id is None}


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _compare(figure: Figure | None, organisation: Organisation, snapshots: dict[date, Snapshot]) -> None:
    """A figure that is no more, has a new definition or cannot be told of the past, has nothing to compare."""
    if figure is None or figure.is_only_now:
        return
    now = counted_now(figure, organisation, set(snapshots))
    for month, snapshot in snapshots.items():
        if snapshot.version == figure.version:
            snapshot.facts_now = _differences(snapshot, now[month])
            snapshot.checked_at = timezone.now()


def _differences(kept: Snapshot, now: Snapshot) -> dict | None:
    """{"value": …, "splits": {split: {category: …}}} of what is not as it was kept; None where all is."""
    splits = {}
    for key, categories in kept.splits.items():
        found = now.splits.get(key, {})
        changed = {c: found.get(c) for c in {*categories, *found} if categories.get(c) != found.get(c)}
        if changed:
            splits[key] = changed
    if kept.value == now.value and not splits:
        return None
    return {"value": now.value, "splits": splits}


def _taken(figure: Figure, organisation: Organisation, months: set[date]) -> list[Snapshot]:
    """Snapshots of these months, of the whole service and of each practice with anything to count.

    Groups of people are kept of the whole service alone: no page ever shows those of a practice. One query for the
    splits of a practice, one for those of people, whose groups are too many to be counted at each practice as well,
    and one for each whose categories overlap.
    """
    splits, places = splits_of(figure), figure.has_practices
    of_people = [split for split in splits if split.is_of_people]
    alone = [split for split in splits if not split.overlaps and not split.is_of_people]
    whole, split_up = _collect(figure, organisation, months, alone, at_practices=places)
    if of_people:
        split_up |= _collect(figure, organisation, months, of_people)[1]
    for split in splits:
        if split.overlaps:
            split_up |= _collect(figure, organisation, months, [split], at_practices=places)[1]
    of_service = {(month, None) for month in months}
    return [
        Snapshot(
            organisation=organisation,
            month=month,
            figure=figure.key,
            practice_id=practice,
            version=figure.version,
            value=figure.kind.sum(whole.get((month, practice), [])).to_json(),
            splits={
                split.key: _as_json(split_up.get((month, practice, split.key), {}))
                for split in splits
                if practice is None or not split.is_of_people
            },
        )
        for month, practice in {*whole, *of_service}
    ]


def _collect(
    figure: Figure, organisation: Organisation, months: set[date], splits: list[Split], at_practices: bool = False
) -> tuple[dict, dict]:
    """Values by (month, practice), and by (month, practice, split) and category; of no practice: of the service."""

    def columns(period):
        places = {"at_practice": F(figure.practice)} if at_practices else {}
        return places | {f"by_{split.key}": split.column_of(figure, period) for split in splits}

    everywhere = Scope(organisation, Period.month(max(months, default=date.max)))
    found = count_periods([figure], everywhere, map(Period.month, months), columns)[figure.key]
    counted = [(period.first, key if at_practices else (None, *key), value) for (period, *key), value in found.items()]
    groups = [split.group({found[at] for _, found, _ in counted}) for at, split in enumerate(splits, start=1)]
    whole, split_up = defaultdict(list), defaultdict(lambda: defaultdict(list))
    for month, (practice, *found), value in counted:
        for where in {practice, None}:
            whole[month, where].append(value)
            for split, categories, raw in zip(splits, groups, found, strict=True):
                split_up[month, where, split.key][categories[raw]].append(value)
    return whole, split_up


def _as_json(found: dict) -> dict:
    return {category: type(some[0]).sum(some).to_json() for category, some in sorted(found.items())}
