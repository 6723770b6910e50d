"""Unmet need of a period, everywhere and at every place, laid out together and suppressed together.

Whoever has the sheets of all practices, clusters and the whole service lays them side by side, and so does this: which
cells are left out depends on the organisation and the period alone, never on which place somebody looks at.
docs/adr/0023-the-evidence-sheet.md says why, and what it does not promise.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from accounts.models import Organisation
from insight.over_time import last_whole_month
from insight.period import Period
from insight.scope import practices_of
from insight.splits import NOT_KNOWN
from insight.suppression import ALL, SMALLEST, Sheet, left_out
from insight.values import Days
from insight.waits import Wait, nothing_said, waits_in

BY = ("kind", "barrier", "became", "district", "deprivation")
TOTAL, CROSSED, NOTHING_SAID = "waits", "crossed", "nothing_said"
OTHER_DISTRICTS, NO_CLUSTER = "other_districts", ""
CROSSED_FROM = 200  # waits: about one for each kind of help and barrier; of fewer, hardly a cell could be shown
COUNTED_FOR = 600  # seconds a count is kept for whoever asks next

Place = Hashable  # ALL, ("cluster", its name), or the id of a practice
Key = tuple[Place, str, Hashable]


def whole_months(period: Period, today: date) -> Period:
    """The whole months these days touch, up to the last that is over: evidence is of nothing shorter."""
    last = min(Period.month(period.last), Period.month(last_whole_month(today)))
    return Period(min(period.first.replace(day=1), last.first), last.last)


@dataclass
class Group:
    """Waits counted together."""

    n: int = 0
    days: Counter = field(default_factory=Counter)
    holds: int = 0
    holds_told: int = 0
    met: int = 0
    reached: int = 0

    def add(self, wait: Wait, days: int) -> None:
        self.n += 1
        self.days[days] += 1
        self._add_done(wait)

    def take_in(self, other: "Group") -> None:
        self.n += other.n
        self.days.update(other.days)
        self._add_done(other)

    def _add_done(self, of: "Wait | Group") -> None:
        self.holds += of.holds
        self.holds_told += of.holds_told
        self.met += of.met
        self.reached += of.reached


@dataclass(frozen=True)
class Evidence:
    """What may be shown of a period: groups by (place, what by, which), None where one is left out."""

    period: Period
    counted_at: datetime
    people: int | None
    groups: dict[Key, Group | None]
    places: frozenset[Place]  # those that can be shown by themselves

    def number(self, place: Place, by: str = TOTAL, which: Hashable = ALL) -> int | None:
        group = self.groups.get((place, by, which), Group())
        return group and group.n

    def days(self, place: Place, by: str = TOTAL, which: Hashable = ALL) -> Days:
        """Since the need was named; nothing of a group left out."""
        group = self.groups.get((place, by, which))
        return Days(group.days) if group else Days()

    def times(self, name: str, place: Place, by: str = TOTAL, which: Hashable = ALL) -> int | None:
        """Of what was done while they were held. None of a group left out, or of fewer than five times."""
        group = self.groups.get((place, by, which), Group())
        times = group and getattr(group, name)
        return None if times is None or 0 < times < SMALLEST else times

    def found(self, place: Place, by: str) -> set:
        """What there is of a kind, a barrier, … at a place."""
        return {which for at, what, which in self.groups if (at, what) == (place, by)}


def evidence_of(organisation: Organisation, period: Period) -> Evidence:
    """Of the whole months of a period; a count of the last minutes is used again. It says when it was counted."""
    period = whole_months(period, timezone.localdate())
    key = f"evidence:{organisation.pk}:{period.first}:{period.last}"
    return cache.get_or_set(key, lambda: count_evidence(organisation, period), COUNTED_FOR)


def count_evidence(organisation: Organisation, period: Period) -> Evidence:
    """As the records are now. What is left out is not kept in it."""
    clusters = dict(practices_of(organisation).values_list("pk", "cluster"))
    waits = waits_in(organisation, period)
    groups = _groups(waits, clusters, nothing_said(organisation, period))
    sheet, out = _most_that_may_be_shown(groups, clusters)
    people = len({wait.person for wait in waits})
    return Evidence(
        period,
        timezone.now(),
        None if not _may_say_people(people, len(waits), (ALL, TOTAL, ALL) in out) else people,
        {key: None if key in out else groups[key] for key in sheet.cells},
        frozenset(place for place, *_ in sheet.cells),
    )


def _may_say_people(people: int, waits: int, is_left_out: bool) -> bool:
    """Fewer people than waits says how many wait for more than one kind of help: not of one to four either."""
    return not is_left_out and not 0 < waits - people < SMALLEST


def _groups(waits: list[Wait], clusters: dict[UUID, str], silent: dict[UUID, int]) -> dict[Key, Group]:
    """Somebody who waits for two kinds of help is in it twice, with the same place and area."""
    small = _small_districts(waits)
    at_practices, found = defaultdict(Group), defaultdict(Group)
    for wait in waits:
        days = wait.days  # worked out once: it is the dearest part
        which = {by: getattr(wait, by) for by in BY}
        if wait.district in small:
            which["district"] = OTHER_DISTRICTS
        for by, value in [(TOTAL, ALL), *which.items()]:
            at_practices[wait.practice, by, value].add(wait, days)
        if len(waits) >= CROSSED_FROM:
            found[ALL, CROSSED, (wait.kind, wait.barrier)].add(wait, days)
    for practice, number in silent.items():
        at_practices[practice, NOTHING_SAID, ALL].n += number
    for (practice, by, value), group in at_practices.items():
        for place in _places(practice, clusters):
            found[place, by, value].take_in(group)
    return dict(found)


def _places(practice: UUID, clusters: dict[UUID, str]) -> tuple[Place, ...]:
    """Where it counts: at the practice, in its cluster, and everywhere."""
    return practice, ("cluster", clusters.get(practice, NO_CLUSTER)), ALL


def _small_districts(waits: list[Wait]) -> set[str]:
    counted = Counter(wait.district for wait in waits)
    return {district for district, n in counted.items() if n < SMALLEST} - {NOT_KNOWN}


def _most_that_may_be_shown(groups: dict[Key, Group], clusters: dict[UUID, str]) -> tuple[Sheet, set[Key]]:
    """Practices and clusters by themselves, unless that takes a number of the whole service with it."""

    def everywhere(out):
        return {key for key in out if key[0] == ALL}

    whole = _sheet({key: group for key, group in groups.items() if key[0] == ALL}, clusters)
    out_of_whole = left_out(whole)
    for is_shown in (lambda place: True, lambda place: not isinstance(place, UUID)):
        sheet = _sheet({key: group for key, group in groups.items() if is_shown(key[0])}, clusters)
        out = left_out(sheet)
        if len(everywhere(out)) <= len(out_of_whole):
            return sheet, out
    return whole, out_of_whole


def _sheet(groups: dict[Key, Group], clusters: dict[UUID, str]) -> Sheet:
    """What adds up to what: practices to clusters to the service, kinds and barriers to all waits."""
    parts = defaultdict(list)
    for place, by, which in groups:
        key = place, by, which
        if by in BY:
            parts[(place, TOTAL, ALL), by].append(key)
        if by == CROSSED:
            parts[(ALL, "kind", which[0]), by].append(key)
            parts[(ALL, "barrier", which[1]), by].append(key)
        if place != ALL:
            around = ("cluster", clusters.get(place, NO_CLUSTER)) if isinstance(place, UUID) else ALL
            parts[(around, by, which), "places"].append(key)
    cells = {key: group.n for key, group in groups.items()}
    return Sheet(cells, tuple((total, tuple(some)) for (total, _), some in parts.items()))


def in_order(found: Iterable, labels: dict) -> list:
    """Those of the labels that are found, in their order; then the others by name."""
    found = set(found)
    return [which for which in labels if which in found] + sorted(found - labels.keys())
