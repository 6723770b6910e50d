"""Every figure of a year, whole and split up, as its months were kept: what of it may leave the service.

Each way to split a figure is laid out by itself, its total taken as known. Figures that count the same rows are laid
out together: what one leaves out, another would tell. docs/adr/0024-exports.md
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from django.utils.formats import date_format

from insight.catalogue import FIGURES
from insight.figure import Figure
from insight.reading import read, read_months, read_split
from insight.scope import Scope
from insight.splits import OF_PEOPLE, SPLITS
from insight.suppression import ALL, SMALLEST, NotSafeError, Sheet, left_out
from insight.values import Paired, Share, Value

FAMILIES = [  # they count the rows of the first, or some of them
    ("endings", "endings_agreed", "endings_drifted", "endings_own_choice", "meetings_per_ending"),
    ("meetings", "meeting_length", "meeting_time", "remote_meetings", "outreach_meetings", "missed"),
    ("people_taken_on", "high_complexity"),
    ("third_meeting", "need_uncovered"),
]
SAME = {  # parts that are other rows than all of the first figure's
    ("n", "missed"): ("n", "missed"),
    ("did not", "missed"): ("n", "meetings"),
    ("n", "outreach_meetings"): ("did not", "remote_meetings"),
}
APART = {"endings": ("endings_drifted", "endings_own_choice")}  # no row is in both
OWN = {  # the splits of its own a figure is given by, and which of their categories are part of another figure
    "referrals_in": {"route": {}, "need": {}, "answer": {}},
    "meetings": {"mode": {"in_person": ("did not", "remote_meetings")}},
    "missed": {"got_in_the_way": {}},
    "endings": {
        "ending_how": {"drifted": ("did", "endings_drifted"), "own_choice": ("did", "endings_own_choice")},
        "ending": {},
    },
    "endings_agreed": {"ending": {}},
    "backstage_time": {"work": {}},
}
NOT_GIVEN = {"held", "holds_started", "holds_ended"}  # started less ended are held: the evidence sheet tells of those
WHO = "people_taken_on"  # is split by groups of people
ALL_MONTHS_OR_NONE = {"people_taken_on"}  # twelve of them are counted again as one, 26 weeks later

Part = tuple[str, str]  # ("n", "did", "did not" …; key of a figure)
Found = Mapping[str, Mapping[str, Value]]  # {key of a figure: {category: value}}


@dataclass(frozen=True)
class Row:
    """`split` and `which` in words, empty of the whole year. `value` None: left out."""

    figure: Figure
    value: Value | None
    split: str = ""
    which: str = ""


def rows_of_year(scope: Scope) -> Iterator[Row]:
    """Of every figure in their order: the year, its months, its splits."""
    families = {}
    for figure in FIGURES.values():
        if figure.key not in NOT_GIVEN:
            keys = next((family for family in FAMILIES if figure.key in family), (figure.key,))
            if keys not in families:
                families[keys] = Family([FIGURES[key] for key in keys], scope)
            yield from families[keys].rows(figure)


def _cell(category: str, part: Part) -> tuple:
    return category, part


class Family:
    """Figures that count the same rows, of one year of the whole service."""

    def __init__(self, figures: list[Figure], scope: Scope):
        self.figures, self.root, self.scope = figures, figures[0], scope
        self.wholes = {figure.key: read(figure, scope) or figure.kind() for figure in figures}
        self.own = {
            split: {f.key: read_split(f, SPLITS[split], scope) for f in figures if split in OWN.get(f.key, {})}
            for split in dict.fromkeys(split for figure in figures for split in OWN.get(figure.key, {}))
        }
        self.out = self._left_out_of_wholes()
        self.shown = [figure for figure in figures if self._is_shown(figure)]

    def rows(self, figure: Figure) -> Iterator[Row]:
        """A figure whose whole is left out is not split up either: its parts would come to it."""
        if figure not in self.shown:
            yield Row(figure, None)
            return
        yield Row(figure, self.wholes[figure.key])
        for month, value in self.months.get(figure.key, {}).items():
            yield Row(figure, value, "Month", date_format(date.fromisoformat(month), "F Y"))
        for split, found in (self.splits | self._own_shown()).items():
            for _, label, value in SPLITS[split].labelled(found.get(figure.key, {}), self.scope.organisation):
                yield Row(figure, value, SPLITS[split].name, label)

    @cached_property
    def months(self) -> Found:
        months = self._safe({f.key: self._by_month(f) for f in self.shown}, adds_up=not self.root.is_stock)
        is_cut = any(None in values.values() for values in months.values())
        return {} if is_cut and self.root.key in ALL_MONTHS_OR_NONE else months

    @cached_property
    def splits(self) -> dict[str, Found]:
        of_people = OF_PEOPLE if self.root.key == WHO and self.root in self.shown else []
        placed = [figure for figure in self.shown if figure.has_practices]
        split_up = {"practice": placed} | {split.key: [self.root] for split in of_people}
        return {
            split: self._safe({f.key: read_split(f, SPLITS[split], self.scope) for f in figures})
            for split, figures in split_up.items()
        }

    def _own_shown(self) -> dict[str, Found]:
        def is_out(figure, split, category, value):
            return self.out & {self._own_cell(split, category, part) for part in self._parts(figure, value)}

        return {
            split: {
                key: {c: None if is_out(FIGURES[key], split, c, value) else value for c, value in values.items()}
                for key, values in found.items()
            }
            for split, found in self.own.items()
        }

    def _by_month(self, figure: Figure) -> dict[str, Value]:
        months = read_months([figure], self.scope)[figure.key]
        return {month.period.first.isoformat(): month.value for month in months if month.value is not None}

    def _is_shown(self, figure: Figure) -> bool:
        return not self.out & {(ALL, part) for part in self._parts(figure, self.wholes[figure.key])}

    def _parts(self, figure: Figure, value: Value) -> dict[Part, int]:
        """Groups a value is made of, called alike wherever they are counted; first all of them."""
        made_of = {"n": value.n}
        if isinstance(value, Share):
            made_of |= {"did": value.hits, "did not": value.n - value.hits}
        if isinstance(value, Paired):
            made_of |= {"better": value.better, "same": value.same, "worse": value.worse}
            made_of["unpaired"] = value.n - value.pairs
        called = {part: (part, figure.key) for part in made_of} | {"n": ("n", self.root.key)}
        return {SAME.get((part, figure.key), called[part]): number for part, number in made_of.items()}

    def _lay_out(self, figure: Figure, value: Value, cell_of, cells: dict, sums: dict) -> None:
        """Put what a value is made of into a sheet."""
        parts = self._parts(figure, value)
        cells |= {cell_of(part): number for part, number in parts.items()}
        whole, *rest = map(cell_of, parts)
        if rest:
            sums[whole, tuple(rest)] = None

    def _left_out_of_wholes(self) -> set:
        """Of the year and of the figures' own splits. Where fewer than five are counted, everything."""
        cells, sums, parts = {}, {}, defaultdict(dict)
        for figure in self.figures:
            self._lay_out(figure, self.wholes[figure.key], partial(_cell, ALL), cells, sums)
        for split, found in self.own.items():
            for figure in (FIGURES[key] for key in found):
                for category, value in found[figure.key].items():
                    cell_of = partial(self._own_cell, split, category)
                    self._lay_out(figure, value, cell_of, cells, sums)
                    for part in self._parts(figure, value):
                        parts[split, part][cell_of(part)] = None
        sums |= {
            ((ALL, part), tuple(some)): None for (split, part), some in parts.items() if not SPLITS[split].overlaps
        }
        whole = (ALL, ("n", self.root.key))
        if 0 < cells[whole] < SMALLEST:
            return set(cells)
        try:
            return left_out(Sheet(cells, tuple(sums), known=frozenset([whole]), noughts_too=True))
        except NotSafeError:
            return set(cells) - {whole}

    def _own_cell(self, split: str, category: str, part: Part) -> tuple:
        same = OWN.get(self.root.key, {}).get(split, {}).get(category)
        return (ALL, same) if same and part == ("n", self.root.key) else (split, category, part)

    def _safe(self, found: Found, adds_up: bool = True) -> Found:
        """Categories of these figures, what would tell of a small group left out. What they add up to is known."""
        cells, sums, parts = {}, {}, defaultdict(list)
        for key, values in found.items():
            for category, value in values.items():
                self._lay_out(FIGURES[key], value, partial(_cell, category), cells, sums)
        for category, part in cells:
            parts[part].append((category, part))
        self._add_rest(found, cells, sums, parts)
        known, noughts = {}, set()
        if adds_up:
            known = {(ALL, part): sum(cells[cell] for cell in some) for part, some in parts.items()}
            sums |= {((ALL, part), tuple(some)): None for part, some in parts.items()}
            noughts = {cell for part, some in parts.items() for cell in some if not known[ALL, part]}
        try:
            sheet = Sheet(cells | known, tuple(sums), known=frozenset(noughts | known.keys()), noughts_too=True)
            out = left_out(sheet)
        except NotSafeError:
            return {}
        return {
            key: {
                category: None if out & {(category, part) for part in self._parts(FIGURES[key], value)} else value
                for category, value in values.items()
            }
            for key, values in found.items()
        }

    def _add_rest(self, found: Found, cells: dict, sums: dict, parts: dict) -> None:
        """Of figures that share no row: those that are in none."""
        apart = [("did", key) for key in APART.get(self.root.key, ()) if key in found]
        for category in dict.fromkeys(category for category, _ in cells) if len(apart) > 1 else ():
            n, rest = (category, ("n", self.root.key)), (category, ("rest", self.root.key))
            some = [(category, part) for part in apart]
            cells[rest] = cells[n] - sum(cells[cell] for cell in some)
            sums[n, (*some, rest)] = None
            parts[rest[1]].append(rest)
