"""Groups of people beside each other: which cells are left out, and which stand out. Pure.

docs/adr/0025-groups-of-people.md
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from accounts.words import a_list
from insight.chance import differs
from insight.splits import NOT_KNOWN, Split
from insight.suppression import ALL, NotSafeError, Sheet, suppressed

Table = Mapping[str, Mapping[str, int]]  # {category: {part: people}}
Parts = Mapping[str, Sequence[tuple[str, ...]]]  # {part: the parts it is the sum of, each way}
NOTHING_STANDS_OUT = "No difference here is larger than chance would make."


def shown_of(table: Table, parts: Parts) -> dict[str, dict[str, int | None]] | None:
    """A table as it may be shown: None where a cell is left out, or all of it where too few people are in it.

    What each column comes to is known from elsewhere. `parts` says what a cell of a row is the sum of.
    """
    cells, sums, columns = {}, [], defaultdict(list)
    for category, row in table.items():
        for part, number in row.items():
            cells[category, part] = number
            columns[ALL, part].append((category, part))
        for whole, made_of in parts.items():
            sums += [((category, whole), tuple((category, part) for part in some)) for some in made_of]
    known = {total: sum(cells[cell] for cell in column) for total, column in columns.items()}
    sums += [(total, tuple(column)) for total, column in columns.items()]
    noughts = {cell for total, column in columns.items() for cell in column if not known[total]}
    try:
        shown = suppressed(
            Sheet(cells | known, tuple(sums), known=frozenset(noughts | known.keys()), noughts_too=True)
        )
    except NotSafeError:
        return None
    return {category: {part: shown[category, part] for part in row} for category, row in table.items()}


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
