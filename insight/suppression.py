"""Which cells of published tables to leave out, so that no group under five can be worked out from the rest. Pure.

A `Sheet` is everything published together: cells by key, and which cells add up to which. Put in one sheet whatever
a reader may lay side by side: both margins of a table, the splits of one total, the months of a quarter, the practices
of a cluster, a share and what is left of its whole. What is not in the sheet cannot be protected by it.

Left out are groups of one to four and, so that they do not follow by subtraction, further cells: for every cell left
out there is another table that fits everything shown and differs in that cell. Noughts are shown. Why so, and what
this does not promise: docs/adr/0021-suppression.md.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

SMALLEST = 5  # the smallest group that is shown
MOST_STEPS = 4_000  # of the search for another table; where it finds none, more is left out
ALL = "all"

Key = Hashable
Sum = tuple[Key, tuple[Key, ...]]  # a cell and the cells it is the sum of


@dataclass(frozen=True)
class Sheet:
    cells: Mapping[Key, int] = field(default_factory=dict)
    sums: tuple[Sum, ...] = ()

    def __or__(self, other: "Sheet") -> "Sheet":
        """Both laid side by side; a key in both is one cell."""
        differ = [key for key in self.cells.keys() & other.cells.keys() if self.cells[key] != other.cells[key]]
        if differ:
            raise ValueError(f"Not the same number in both: {differ}")
        return Sheet({**self.cells, **other.cells}, tuple(dict.fromkeys(self.sums + other.sums)))

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
    out = {key for key, number in sheet.cells.items() if 0 < number < SMALLEST}
    by_cell = defaultdict(list)
    for total, parts in sheet.sums:
        for key in (total, *parts):
            by_cell[key].append((total, parts))
    while more := _given_away(sheet, out, by_cell):
        out |= more
    return out


def _given_away(sheet: Sheet, out: set[Key], by_cell: Mapping[Key, list[Sum]]) -> set[Key]:
    """Cells to leave out as well, because something left out would follow from what is shown."""
    for total, parts in sheet.sums:
        alone = [key for key in (total, *parts) if key in out]
        if len(alone) == 1 and (more := _next_to(alone[0], sheet, out, [(total, parts)])):
            return more
    for key in sorted(out, key=repr):
        if by_cell[key] and not has_another(sheet.cells, out, by_cell, key):
            return _next_to(key, sheet, out, by_cell[key]) or _anywhere(sheet, out)
    return set()


def _next_to(key: Key, sheet: Sheet, out: set[Key], sums: Iterable[Sum]) -> set[Key]:
    """The smallest cell shown, not nought, that adds up with this one; a part rather than a total."""
    near = [
        (other == total, sheet.cells[other], repr(other), other)
        for total, parts in sums
        for other in (total, *parts)
        if other != key and other not in out and sheet.cells[other]
    ]
    return {min(near)[-1]} if near else set()


def _anywhere(sheet: Sheet, out: set[Key]) -> set[Key]:
    """Everything next to what is left out already: the last resort, on its way to leaving out all."""
    return {
        key
        for total, parts in sheet.sums
        if out & {total, *parts}
        for key in (total, *parts)
        if key not in out and sheet.cells[key]
    }


def has_another(cells: Mapping[Key, int], out: set[Key], by_cell: Mapping[Key, list[Sum]], key: Key) -> bool:
    """Whether another table of whole numbers fits everything shown, and has another number in this cell.

    It is looked for one up or one down: the change is passed on from sum to sum, through cells left out, until all
    add up again. No cell left out may come to nought, since a nought would be shown.
    """
    steps = [0]

    def settle(change: dict[Key, int]) -> bool:
        steps[0] += 1
        if steps[0] > MOST_STEPS:
            return False
        off = next(((s, by) for cell in change for s in by_cell[cell] if (by := _off(s, change))), None)
        if off is None:
            return True
        (total, parts), by = off
        for cell in (total, *parts):
            if cell in out and cell not in change:
                step = _step(cell == total, by)
                if cells[cell] + step >= 1 and settle(change | {cell: step}):
                    return True
        return False

    return any(cells[key] + step >= 1 and settle({key: step}) for step in (1, -1))


def _off(of: Sum, change: Mapping[Key, int]) -> int:
    """By how much the parts come to more than their total after a change."""
    total, parts = of
    return sum(change.get(part, 0) for part in parts) - change.get(total, 0)


def _step(is_total: bool, off: int) -> int:
    """One up or one down, whichever brings the sum nearer to adding up."""
    return (1 if off > 0 else -1) * (1 if is_total else -1)
