"""Unmet need of half a year, everywhere and at every place, laid out together, suppressed together and counted once.

Whoever has the sheets of all practices, clusters and the whole service lays them side by side, and so does this: which
cells are left out depends on the organisation and the half-year alone, never on which place somebody looks at.
docs/adr/0023-the-evidence-sheet.md says why, and what it does not promise.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from accounts.models import Organisation
from insight.enums import PublishedKind
from insight.period import Period
from insight.published import once
from insight.scope import practices_of
from insight.snapshots import half_years
from insight.splits import NOT_KNOWN
from insight.suppression import ALL, SMALLEST, NotSafeError, Sheet, left_out
from insight.values import Days
from insight.waits import STILL_WAITING, Wait, nothing_said, waits_in

BY = ("kind", "barrier", "became", "district", "deprivation")
TOTAL, CROSSED, NOTHING_SAID = "waits", "crossed", "nothing_said"
OTHER_DISTRICTS, NO_CLUSTER = "other_districts", ""
CROSSED_FROM = 200  # waits: about one for each kind of help and barrier; of fewer, hardly a cell could be shown

Place = Hashable  # ALL, ("cluster", its name), or the id of a practice
Key = tuple[Place, str, Hashable]


@dataclass
class Group:
    """Waits counted together."""

    n: int = 0
    days: Counter = field(default_factory=Counter)
    carried: int = 0
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
        self.carried += of.carried
        self.holds += of.holds
        self.holds_told += of.holds_told
        self.met += of.met
        self.reached += of.reached


@dataclass(frozen=True)
class Shown:
    """Of a group that is shown. `half` and `nine` of ten waited so many days or fewer, of five and more."""

    n: int = 0
    half: int | None = None
    nine: int | None = None
    holds: int = 0
    holds_told: int = 0
    met: int = 0
    reached: int = 0

    @classmethod
    def of(cls, group: Group) -> "Shown":
        days = Days(group.days) if group.n >= SMALLEST else Days()
        return cls(group.n, days.median, days.centile_90, group.holds, group.holds_told, group.met, group.reached)


@dataclass(frozen=True)
class Evidence:
    """What may be shown of half a year: groups by (place, what by, which), None where one is left out."""

    period: Period
    counted_at: datetime
    people: int | None
    groups: dict[Key, Shown | None]

    @cached_property
    def places(self) -> frozenset[Place]:
        """Those that can be shown by themselves."""
        return frozenset(place for place, *_ in self.groups)

    def group(self, place: Place, by: str = TOTAL, which: Hashable = ALL) -> Shown | None:
        return self.groups.get((place, by, which), Shown())

    def number(self, *which) -> int | None:
        group = self.group(*which)
        return group and group.n

    def times(self, name: str, *which) -> int | None:
        """Of what was done while they were held. None of a group left out, or of fewer than five times."""
        group = self.group(*which)
        times = group and getattr(group, name)
        return None if times is None or 0 < times < SMALLEST else times

    def found(self, place: Place, by: str) -> set:
        """What there is of a kind, a barrier, … at a place."""
        return {which for at, what, which in self.groups if (at, what) == (place, by)}


def evidence_of(organisation: Organisation, half_year: Period) -> Evidence:
    """As it was counted the first time after it was closed. Raises NotOfferedError of any other period."""
    kept = once(organisation, PublishedKind.EVIDENCE, half_year, count_evidence)
    return Evidence(
        half_year,
        kept.counted_at,
        kept.shown["people"],
        {_key(key): group and Shown(*group) for key, group in kept.shown["groups"]},
    )


def _key(kept: list) -> Key:
    place, by, which = kept
    return _place(place), by, tuple(which) if by == CROSSED else which


def _place(kept: str | list) -> Place:
    if isinstance(kept, list):
        return tuple(kept)
    return ALL if kept == ALL else UUID(kept)


def count_evidence(organisation: Organisation, half_year: Period) -> dict:
    """{"people": …, "groups": [[key, what may be shown of it]]}, as the records are now."""
    clusters = dict(practices_of(organisation).values_list("pk", "cluster"))
    waits = waits_in(organisation, half_year)
    groups = _groups(waits, clusters, nothing_said(organisation, half_year))
    sheet, out = _most_that_may_be_shown(groups, clusters, _waiting_before(organisation, half_year))
    people = len({wait.person for wait in waits})
    shown = {key: None if key in out else astuple(Shown.of(groups[key])) for key in sheet.cells if key in groups}
    return {
        "people": None if not _may_say_people(people, len(waits), (ALL, TOTAL, ALL) in out) else people,
        "groups": [[[str(k) if isinstance(k, UUID) else k for k in key], group] for key, group in shown.items()],
    }


def _waiting_before(organisation: Organisation, half_year: Period) -> dict[Place, int | None]:
    """{place: how many the half-year before says were still waiting at its end}: they are all in this one.

    None where it leaves that out: how many there are now is the most it can be.
    """
    if half_year.before not in half_years(organisation, timezone.localdate()):
        return {}
    groups = once(organisation, PublishedKind.EVIDENCE, half_year.before, count_evidence).shown["groups"]
    of = {_place(place): group and group[0] for (place, by, which), group in groups if which == STILL_WAITING}
    return {place: n for place, n in of.items() if n != 0}


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


def _most_that_may_be_shown(
    groups: dict[Key, Group], clusters: dict[UUID, str], before: Mapping[Place, int | None] = {}
) -> tuple[Sheet, set[Key]]:
    """Practices and clusters by themselves, unless that takes a number of the whole service with it."""

    def everywhere(out):
        return {key for key in out & groups.keys() if key[0] == ALL}

    whole, out_of_whole = Sheet(), set()
    for is_shown in (lambda place: place == ALL, lambda place: True, lambda place: not isinstance(place, UUID)):
        sheet = _sheet({key: group for key, group in groups.items() if is_shown(key[0])}, clusters, before)
        try:
            out = left_out(sheet)
        except NotSafeError:
            continue
        if not whole.cells:
            whole, out_of_whole = sheet, out
        elif len(everywhere(out)) <= len(everywhere(out_of_whole)):
            return sheet, out
    return whole, out_of_whole


def _sheet(groups: dict[Key, Group], clusters: dict[UUID, str], before: Mapping[Place, int | None]) -> Sheet:
    """What adds up to what: practices to clusters to the service, kinds and barriers to all waits.

    So do those who waited before and those who began: the half-year before tells the least a number can be, and this
    one the most that can be left out of it.
    """
    parts = defaultdict(list)
    for place, by, which in groups:
        key = place, by, which
        if by in BY:
            parts[(place, TOTAL, ALL), by].append(key)
        if by == CROSSED:
            parts[(ALL, "kind", which[0]), by].append(key)
            parts[(ALL, "barrier", which[1]), by].append(key)
        if place != ALL:
            parts[(_around(place, clusters), by, which), "places"].append(key)
    cells = {key: group.n for key, group in groups.items()}
    waited, free = {}, {}
    for place, number in before.items():
        total, key = (place, TOTAL, ALL), (place, "before")
        if total in cells:
            waited[key] = max(groups[total].carried, 1) if number is None else number
            if waited[key] <= cells[total]:
                free[place, "began"] = cells[total] - waited[key]
                parts[total, "before"] = [key, (place, "began")]
    for place in before:
        inside = [(part, "before") for part in before if part != ALL and _around(part, clusters) == place]
        if inside and waited.keys() >= {(place, "before"), *inside}:
            parts[(place, "before"), "places"] = inside
    sums = tuple((total, tuple(some)) for (total, _), some in parts.items())
    hidden = frozenset((place, "before") for place, number in before.items() if number is None) & waited.keys()
    return Sheet(cells | waited | free, sums, frozenset(waited) - hidden, frozenset(free), hidden)


def _around(place: Place, clusters: dict[UUID, str]) -> Place:
    return ("cluster", clusters.get(place, NO_CLUSTER)) if isinstance(place, UUID) else ALL


def in_order(found: Iterable, labels: dict) -> list:
    """Those of the labels that are found, in their order; then the others by name."""
    found = set(found)
    return [which for which in labels if which in found] + sorted(found - labels.keys())
