"""Whoever has everything that is shown, and a computer, cannot work out what is left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.suppression import ALL, SMALLEST, Sheet, left_out, suppressed

MOST = 200


def solutions(sheet, shown):
    """{cell left out: the numbers it may be}: of all tables of whole numbers that fit what is shown.

    Found by bounds, and then by trying. The attacker knows the rules: noughts are shown, so a cell left out is one or
    more. Stops at two numbers a cell.
    """
    unknown = [key for key, number in shown.items() if number is None]
    found = {key: set() for key in unknown}
    for key in unknown:
        for number in _range_of(sheet, shown, key):
            if len(found[key]) < 2 and _fits(sheet, shown | {key: number}):
                found[key].add(number)
    return found


def _range_of(sheet, shown, key):
    low, high = _bounds(sheet, shown)[key]
    return range(low, high + 1)


def _bounds(sheet, shown):
    """Interval of each cell, made narrower sum by sum until nothing changes; None where no table fits."""
    bounds = {key: (1, MOST) if number is None else (number, number) for key, number in shown.items()}
    changed = True
    while changed:
        changed = False
        for total, parts in sheet.sums:
            low, high = (sum(bounds[part][side] for part in parts) for side in (0, 1))
            new = {total: (low, high)}
            for part in parts:
                rest_low, rest_high = low - bounds[part][0], high - bounds[part][1]
                new[part] = (bounds[total][0] - rest_high, bounds[total][1] - rest_low)
            for key, (a, b) in new.items():
                narrow = max(a, bounds[key][0]), min(b, bounds[key][1])
                if narrow[0] > narrow[1]:
                    return None
                changed |= narrow != bounds[key]
                bounds[key] = narrow
    return bounds


def _fits(sheet, shown):
    bounds = _bounds(sheet, shown)
    if bounds is None:
        return False
    open_ = [key for key, (low, high) in bounds.items() if low < high]
    if not open_:
        return True
    key = min(open_, key=lambda k: bounds[k][1] - bounds[k][0])
    low, high = bounds[key]
    known = {k: low if low == high else None for k, (low, high) in bounds.items()}
    return any(_fits(sheet, known | {key: number}) for number in range(low, high + 1))


def recovered(sheet):
    """Cells left out that somebody can work out all the same."""
    return {key: number for key, number in solutions(sheet, suppressed(sheet)).items() if len(number) == 1}


NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 14))


@st.composite
def tables(draw, rows=4, columns=3):
    shape = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    return {(r, c): draw(NUMBERS) for r in range(shape[0]) for c in range(shape[1])}


def two_by_two(numbers):
    return dict(zip([(0, 0), (0, 1), (1, 0), (1, 1)], numbers, strict=True))


@given(tables())
@settings(max_examples=25, deadline=None)
def test_nothing_left_out_of_a_table_with_margins_can_be_worked_out(counts):
    assert recovered(Sheet.table(counts)) == {}


@given(st.lists(NUMBERS, min_size=12, max_size=12), st.sampled_from([2, 3, 4]))
@settings(max_examples=25, deadline=None)
def test_nothing_can_be_worked_out_across_the_splits_of_one_total(numbers, size):
    """The same people by age, by sex and by ethnic group: three splits of one whole."""
    people = sum(numbers)
    sheet = Sheet()
    for name, width in (("age", size), ("sex", 2), ("ethnicity", 3)):
        sheet |= Sheet.whole(ALL, {(name, n): sum(numbers[n::width]) for n in range(width)})
    assert sheet.cells[ALL] == people
    assert recovered(sheet) == {}


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS).map(two_by_two), min_size=3, max_size=3))
@settings(max_examples=15, deadline=None)
def test_nothing_can_be_worked_out_from_months_and_their_quarter(months):
    sheet = Sheet()
    for n, counts in enumerate(months):
        sheet |= Sheet.table(counts, of=n)
    quarter = {cell: sum(counts[cell] for counts in months) for cell in months[0]}
    sheet |= Sheet.table(quarter, of="quarter")
    for _, *cell in Sheet.table(quarter).cells:
        sheet |= Sheet.whole(("quarter", *cell), {(n, *cell): sheet.cells[n, *cell] for n in range(3)})
    assert recovered(sheet) == {}


@given(tables())
@settings(max_examples=25, deadline=None)
def test_no_group_under_five_is_shown_and_no_shown_number_is_changed(counts):
    sheet = Sheet.table(counts)
    shown = suppressed(sheet)
    assert {key for key, number in sheet.cells.items() if 0 < number < SMALLEST} <= left_out(sheet)
    assert {key: number for key, number in shown.items() if number is not None}.items() <= sheet.cells.items()


def test_a_group_alone_in_its_row_takes_another_with_it():
    shown = suppressed(Sheet.whole(ALL, {"a": 3, "b": 20, "c": 9}))
    assert shown == {"a": None, "b": 20, "c": None, ALL: 32}


def test_two_small_groups_that_can_only_be_one_each_take_a_third_with_them():
    """2 left of 22: each would be 1, since noughts are shown."""
    assert suppressed(Sheet.whole(ALL, {"a": 1, "b": 1, "c": 20})) == {"a": None, "b": None, "c": None, ALL: 22}


def test_noughts_are_shown():
    assert suppressed(Sheet.whole(ALL, {"a": 0, "b": 0})) == {"a": 0, "b": 0, ALL: 0}


def test_a_table_without_small_groups_is_shown_whole():
    sheet = Sheet.table({(row, column): 5 + row + column for row in range(3) for column in range(3)})
    assert suppressed(sheet) == sheet.cells


def test_nearly_everybody_is_a_small_group_of_who_is_not():
    """14 of 16 reached says that 2 were not: the share and its rest are one sheet."""
    women, men = {("women", "reached"): 14, ("women", "not"): 2}, {("men", "reached"): 30, ("men", "not"): 9}
    shown = suppressed(Sheet.table(women | men))
    assert shown["", "women", "reached"] is None
    assert shown["", "women", "not"] is None


def test_a_bridge_between_two_blocks_does_not_give_itself_away():
    """Every row and column has two cells left out, and yet one would follow from all the others."""
    counts = {(r, c): 30 for r in range(4) for c in range(4)}
    for cell in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)]:
        counts[cell] = 3
    assert recovered(Sheet.table(counts)) == {}


def test_sheets_that_disagree_are_not_laid_side_by_side():
    with pytest.raises(ValueError, match="Not the same number"):
        Sheet({"a": 1}) | Sheet({"a": 2})
