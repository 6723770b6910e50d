"""Groups of people beside each other: over which years, which cells are left out, and which stand out.

docs/adr/0025-groups-of-people.md
"""

from collections.abc import Iterable, Mapping
from datetime import date

from accounts.models import Organisation
from accounts.words import a_list
from insight.chance import differs
from insight.period import Period, month_before
from insight.snapshots import first_month
from insight.splits import NOT_KNOWN, Split
from insight.suppression import ALL, Sheet

Table = Mapping[str, Mapping[str, int]]  # {category: {column: people}}
NOTHING_STANDS_OUT = "No difference here is larger than chance would make."


def years(organisation: Organisation, today: date) -> list[Period]:
    """Years from April to March, the newest first: the one we are in so far, in whole quarters.

    No two of them overlap, so that nothing left out of one follows from another.
    """
    first = first_month(organisation)
    found, year = [], today.year - (today.month < 4)
    while first and (starts := date(year, 4, 1)) > month_before(first, 12):
        quarters = min((today.year * 12 + today.month - year * 12 - 4) // 3, 4)
        ends = month_before(starts, 1 - 3 * quarters)
        if quarters and ends >= first:
            found.append(Period(max(starts, first), Period.month(ends).last))
        year -= 1
    return found


def sheet_of(tables: Iterable[tuple[str, Table]]) -> Sheet:
    """Tables of the same people in one sheet: (split, its table). Cells are (split, category, column or ALL).

    Two tables of one split have the same categories, with the same people in each, in other columns.
    """
    cells, sums = {}, {}

    def add_up(total, parts):
        cells.update(parts)
        cells[total] = sum(parts.values())
        sums[total, tuple(parts)] = None

    for split, table in tables:
        columns = list(dict.fromkeys(column for row in table.values() for column in row))
        for category, row in table.items():
            add_up((split, category, ALL), {(split, category, column): row.get(column, 0) for column in columns})
        totals = {}
        for column in [*columns, ALL]:
            parts = {(split, category, column): cells[split, category, column] for category in table}
            # Splits that come to the same share the cell: what one shows tells of the other.
            total = (ALL, column, sum(parts.values()))
            add_up(total, parts)
            totals[total] = cells[total]
        add_up((ALL, ALL, totals.popitem()[1]), totals)
    return Sheet(cells, tuple(sums))


def families(split: Split, categories: Iterable[str]) -> list[list[str]]:
    """Those that may be compared: of deprivation only fifths of one index and edition, so that no nations mix."""
    categories = list(categories)
    if split.key != "deprivation":
        return [categories]
    indexes = dict.fromkeys(category.split(":")[0] for category in categories if category != NOT_KNOWN)
    return [[category for category in categories if category.startswith(f"{index}:")] for index in indexes]


def standing_out(split: Split, shares: Mapping[str, tuple[int, int]]) -> list[str]:
    """Categories whose share (hits, n) differs from the rest of their family by more than chance usually makes."""
    found = []
    for family in families(split, shares):
        hits, n = (sum(shares[category][place] for category in family) for place in (0, 1))
        found += [c for c in family if differs(shares[c], (hits - shares[c][0], n - shares[c][1]))]
    return found


def in_a_sentence(labels: Iterable[str]) -> str:
    labels = list(labels)
    if not labels:
        return NOTHING_STANDS_OUT
    verb = "differs" if len(labels) == 1 else "differ"
    return f"{a_list(labels)} {verb} from the rest by more than chance usually makes; worth asking why."
