"""Closing months: what is kept of each, and what has changed about it since. docs/adr/0020-closed-months.md."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from accounts.models import Organisation
from accounts.words import local_day
from insight.catalogue import FIGURES
from insight.figure import Figure, Rows, rows_of
from insight.models import Snapshot
from insight.period import Period, month_before
from insight.scope import Scope
from insight.splits import Split, splits_of

TIME_TO_WRITE_UP = timedelta(days=7)
RECHECKED_MONTHS = 13
EVERYWHERE, PRACTICE = "everywhere", "by_practice"
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
    kept = set(organisation.snapshots.of_service().values_list("figure", "month"))
    closed = Period(first, Period.month(last).last).months
    to_keep = {
        key: [month for month in ([last] if figure.is_only_now else closed) if (key, month) not in kept]
        for key, figure in FIGURES.items()
    }
    return len(Snapshot.objects.bulk_create(counted_now(organisation, to_keep), batch_size=2_000))


@transaction.atomic
def check_closed_months(organisation: Organisation, today: date) -> int:
    """Write beside each figure of the last year what facts entered since would make of it. Returns how many differ.

    A figure that is no more, has a new definition or cannot be told of the past, has nothing to compare.
    """
    _one_at_a_time()
    months, by_figure = set(Period.months_to(last_closed(today), RECHECKED_MONTHS).months), defaultdict(dict)
    kept = organisation.snapshots.of_service().filter(month__in=months)
    for snapshot in kept:
        figure = FIGURES.get(snapshot.figure)
        if figure and snapshot.version == figure.version and not figure.is_only_now:
            by_figure[snapshot.figure][snapshot.month] = snapshot
    for now in counted_now(organisation, by_figure):
        if now.practice_id is None:
            snapshot = by_figure[now.figure][now.month]
            snapshot.facts_now, snapshot.checked_at = _differences(snapshot, now), timezone.now()
    Snapshot.objects.bulk_update(kept, ["facts_now", "checked_at"], batch_size=500)
    return sum(snapshot.facts_now is not None for snapshot in kept)


def counted_now(organisation: Organisation, months: Mapping[str, Iterable[date]]) -> Iterator[Snapshot]:
    """What would be kept of these months of each figure, as the records are now. It keeps nothing."""
    families = defaultdict(list)
    for key, some in months.items():
        families[FIGURES[key].family, frozenset(some)].append(FIGURES[key])
    for (_, some), family in families.items():
        if some:
            yield from _taken(family, organisation, some)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


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


def _taken(family: Sequence[Figure], organisation: Organisation, months: Collection[date]) -> Iterator[Snapshot]:
    """Snapshots of these months, of the whole service and of each practice with anything to count.

    Groups of people are kept of the whole service alone: no page ever shows those of a practice. The rows of a family
    are read once for all its figures, and again for each split whose categories overlap: there a row is several.
    """
    splits = {split.key: split for figure in family for split in splits_of(figure)}.values()
    of_places = [split for split in splits if split.key == "practice"]
    rows = _read([split for split in splits if not split.overlaps], family, organisation, months)
    apart = {split.key: _read([*of_places, split], family, organisation, months) for split in splits if split.overlaps}
    for figure in family:
        places = (EVERYWHERE, PRACTICE) if figure.has_practices else (EVERYWHERE,)
        values = {(month, None): figure.kind().to_json() for month in months}
        split_up = defaultdict(lambda: defaultdict(dict))
        for place in places:
            values |= _values(rows, figure, place)
            for split in splits_of(figure):
                if place == EVERYWHERE or not split.is_of_people:
                    found = _values(apart.get(split.key, rows), figure, place, split.key)
                    for (*of, category), value in found.items():
                        split_up[tuple(of)][split.key][category] = value
        for (month, practice), value in values.items():
            kept = [split.key for split in splits_of(figure) if practice is None or not split.is_of_people]
            yield Snapshot(
                organisation=organisation,
                month=month,
                figure=figure.key,
                practice_id=practice,
                version=figure.version,
                value=value,
                splits={key: split_up[month, practice].get(key, {}) for key in kept},
            )


def _read(splits: list[Split], family: Sequence[Figure], organisation: Organisation, months: Collection[date]) -> Rows:
    """With a column of the categories of each split."""
    of = {split.key: next(figure for figure in family if split.is_for(figure)) for split in splits}

    def columns(period):
        return {f"by_{split.key}": split.column_of(of[split.key], period) for split in splits}

    everywhere = Scope(organisation, Period.month(max(months)))
    rows = rows_of(family, everywhere, [Period.month(month) for month in months], columns)
    categories = {EVERYWHERE: [None] * len(rows.columns["by_stretch"])}
    for split in splits:
        found = rows.columns[f"by_{split.key}"]
        categories[split.key] = list(map(split.group(set(found)).get, found))
    return replace(rows, columns=rows.columns | categories)


def _values(rows: Rows, figure: Figure, place: str, *split: str) -> dict[tuple, Any]:
    """{(month, practice, category of the split): value, as it is kept}; of no practice: everywhere."""
    return {
        (period.first, *of): figure.kind.of_tally(tally).to_json()
        for (stretch, *of), tally in rows.tally(figure, "by_stretch", place, *split).items()
        for period in rows.periods_of[stretch]
        if place == EVERYWHERE or of[0] is not None
    }
