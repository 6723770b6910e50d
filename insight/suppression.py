"""Which cells of published tables to leave out, so that no group under five can be worked out from the rest. Pure.

A `Sheet` is everything published together: cells by key, and which cells add up to which. Put in one sheet whatever
a reader may lay side by side: both margins of a table, the splits of one total, the months of a quarter, the practices
of a cluster, a share and what is left of its whole. What is not in the sheet cannot be protected by it.

Left out are groups of one to four and, so that they do not follow by subtraction, further cells: for every cell left
out there is another table that fits everything shown and differs in that cell. Noughts are shown, but where a sheet
says `noughts_too`. Why so, and what this does not promise: docs/adr/0021-suppression.md.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

SMALLEST = 5  # the smallest group that is shown
# Of the search for another table: where it finds none, more is left out.
MOST_STEPS = 400
MOST_CHANGED = 60
ALL = "all"

Key = Hashable
Sum = tuple[Key, tuple[Key, ...]]  # a cell and the cells it is the sum of


class NotSafeError(Exception):
    """However much is left out: with what is known elsewhere, a small group can be worked out."""


@dataclass(frozen=True)
class Sheet:
    """`known` stand elsewhere, so that leaving them out would protect nobody. `free` are on no page: what is left of
    one cell beside another, which nobody asks for. `hidden` are left out elsewhere, however large. `noughts_too` says
    that a nought may be left out for another cell.
    """

    cells: Mapping[Key, int] = field(default_factory=dict)
    sums: tuple[Sum, ...] = ()
    known: frozenset[Key] = frozenset()
    free: frozenset[Key] = frozenset()
    hidden: frozenset[Key] = frozenset()
    noughts_too: bool = False

    def __or__(self, other: "Sheet") -> "Sheet":
        """Both laid side by side; a key in both is one cell."""
        differ = [key for key in self.cells.keys() & other.cells.keys() if self.cells[key] != other.cells[key]]
        if differ:
            raise ValueError(f"Not the same number in both: {differ}")
        return Sheet(
            {**self.cells, **other.cells},
            tuple(dict.fromkeys(self.sums + other.sums)),
            self.known | other.known,
            self.free | other.free,
            self.hidden | other.hidden,
            self.noughts_too or other.noughts_too,
        )

    def numbered(self, numbers: Mapping[Key, int]) -> "Sheet":
        """With these numbers for keys, which are looked up far more often than there are cells."""
        return Sheet(
            {numbers[key]: count for key, count in self.cells.items()},
            tuple((numbers[total], tuple(numbers[part] for part in parts)) for total, parts in self.sums),
            frozenset(numbers[key] for key in self.known),
            frozenset(numbers[key] for key in self.free),
            frozenset(numbers[key] for key in self.hidden),
            self.noughts_too,
        )

    @classmethod
    def whole(cls, total: Key, parts: Mapping[Key, int]) -> "Sheet":
        """Parts and what they come to."""
        return cls({**parts, total: sum(parts.values())}, ((total, tuple(parts)),))

    @classmethod
    def table(cls, counts: Mapping[tuple[Hashable, Hashable], int], *, of: Hashable = "") -> "Sheet":
        """A table by (row, column) with both margins: (of, row, ALL), (of, ALL, column) and (of, ALL, ALL)."""
        rows, columns = dict.fromkeys(row for row, _ in counts), dict.fromkeys(column for _, column in counts)
        sheet = cls()
        for row in rows:
            parts = {(of, row, column): counts.get((row, column), 0) for column in columns}
            sheet |= cls.whole((of, row, ALL), parts)
        for column in columns:
            parts = {(of, row, column): counts.get((row, column), 0) for row in rows}
            sheet |= cls.whole((of, ALL, column), parts)
        for margins in ([(of, row, ALL) for row in rows], [(of, ALL, column) for column in columns]):
            sheet |= cls.whole((of, ALL, ALL), {key: sheet.cells[key] for key in margins})
        return sheet


def suppressed(sheet: Sheet) -> dict[Key, int | None]:
    """Every cell as it may be shown: None where it is left out."""
    out = left_out(sheet)
    return {key: None if key in out else number for key, number in sheet.cells.items()}


def left_out(sheet: Sheet) -> set[Key]:
    """Raises NotSafeError where something is known elsewhere and nothing more can be left out."""
    keys = sorted(sheet.cells, key=repr)
    return {keys[number] for number in _left_out(sheet.numbered({key: at for at, key in enumerate(keys)}))}


def _left_out(sheet: Sheet) -> set[int]:
    """A table that shows one cell to be safe stays so when more is left out: each is looked for once."""
    web = Web(sheet)
    small = {key for key, number in sheet.cells.items() if 0 < number < SMALLEST}
    out = small - sheet.known | sheet.free | sheet.hidden
    safe, unsure = set(), sorted(out - sheet.free)
    while True:
        more = web.beside_lone_ones(out)
        while unsure and not more:
            key = unsure[-1]
            if key in safe or key not in web.sums_of:
                unsure.pop()
            elif another := web.another_table(out, key):
                safe |= another.keys()
            else:
                more = web.near(key, out)
                if sheet.known and not more and not web.another_table(out, key, 10 * MOST_STEPS):
                    raise NotSafeError
                safe |= set() if more else {key}
        if not more:
            return out
        out |= more
        unsure += sorted(more)


class Web:
    """The cells of a sheet, by number, and the sums that tie them together."""

    def __init__(self, sheet: Sheet):
        self.cells, self.sums = sheet.cells, sheet.sums
        self.known, self.free, self.noughts_too = sheet.known, sheet.free, sheet.noughts_too
        self.members = [[(total, -1), *((part, 1) for part in parts)] for total, parts in sheet.sums]
        self.sums_of = defaultdict(list)
        for number, members in enumerate(self.members):
            for key, sign in members:
                self.sums_of[key].append((number, sign))

    def another_table(self, out: set[int], key: int, most_steps: int = MOST_STEPS) -> dict[int, int] | None:
        """{cell: one up or one down} to another table of whole numbers that fits everything shown, and differs here.

        The change is passed on from sum to sum, through cells left out, until all add up again. Where noughts are
        shown, no cell left out may come to nought. None where no such table was found.
        """
        steps = [0]

        def settle(change: dict[int, int], off: dict[int, int]) -> dict[int, int] | None:
            steps[0] += 1
            if not off:
                return change
            if steps[0] > most_steps or len(change) > MOST_CHANGED:
                return None
            for cell, step, then_off in self._ways_on(out, change, off):
                if found := settle({**change, cell: step}, then_off):
                    return found
            return None

        firsts = (step for step in (1, -1) if self._may_be(key, step))
        return next(filter(None, (settle({key: step}, self._off(key, step, {})) for step in firsts)), None)

    def _ways_on(self, out: set[int], change: dict[int, int], off: dict[int, int]) -> list:
        """(cell, step, what is off then) of each cell that may settle a sum that is off; the most settled first."""
        number, by = next(iter(off.items()))
        ways = []
        for cell, sign in self.members[number]:
            step = -1 if by * sign > 0 else 1
            if cell in out and cell not in change and self._may_be(cell, step):
                ways.append((cell, step, self._off(cell, step, off)))
        return sorted(ways, key=lambda way: len(way[2]))

    def _may_be(self, key: int, step: int) -> bool:
        return self.cells[key] + step >= (0 if self.noughts_too or key in self.free else 1)

    def _off(self, key: int, step: int, off: dict[int, int]) -> dict[int, int]:
        """{sum: by how much its parts come to more than its total} after a further change; none where they add up."""
        then = dict(off)
        for number, sign in self.sums_of[key]:
            then[number] = then.get(number, 0) + sign * step
            if not then[number]:
                del then[number]
        return then

    def beside_lone_ones(self, out: set[int]) -> set[int]:
        """A cell for each sum with only one left out, which would follow from the rest; and so on."""
        more, waiting = set(), list(range(len(self.members)))
        while waiting:
            number = waiting.pop()
            lone = [cell for cell, _ in self.members[number] if cell in out or cell in more]
            if len(lone) == 1 and lone[0] not in self.free:
                found = self._smallest([number], out | more)
                more |= found
                waiting += [other for cell in found for other, _ in self.sums_of[cell]]
        return more

    def near(self, key: int, out: set[int]) -> set[int]:
        """The smallest cell shown that adds up with this one, or else with the cells around it, ever further off."""
        numbers, cells = [], {key}
        while further := [n for n in dict.fromkeys(n for c in cells for n, _ in self.sums_of[c]) if n not in numbers]:
            numbers += further
            if found := self._smallest(further, out):
                return found
            cells = {cell for number in further for cell, _ in self.members[number]}
        return set()

    def _smallest(self, numbers: list[int], out: set[int]) -> set[int]:
        """The smallest cell of these sums that is shown, and no nought where those are; a part rather than a total."""
        near = [
            (sign < 0, self.cells[cell], cell)
            for number in numbers
            for cell, sign in self.members[number]
            if cell not in out and cell not in self.known and (self.cells[cell] or self.noughts_too)
        ]
        return {min(near)[-1]} if near else set()
