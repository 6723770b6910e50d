"""Whether support reaches everybody alike: every "time to" and "reached" by groups of people, with its uncertainty."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Organisation
from accounts.words import count_of
from insight.catalogue import FIGURES
from insight.chance import funnel_limits, of_median, wilson
from insight.figure import Figure
from insight.groups import families, in_a_sentence, standing_out
from insight.of_people import ASKED, BESIDE, Groups
from insight.splits import Split
from insight.values import Days, Share

CURVE = 24  # points of a funnel's curves
LIKELY, NEARLY_ALL = 0.05, 0.002  # of units that are all alike, so many lie outside


@dataclass(frozen=True)
class Row:
    """A group: its share in per cent or median in days, and where it lies but for chance. None: left out."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    shown: str


@dataclass(frozen=True)
class Section:
    """Groups that may be compared, none where too few people are in them. `whole` is of everybody, `named` who differs
    by more than chance.
    """

    title: str
    split: Split
    rows: list[Row]
    whole: float | None
    named: list[str]
    funnel: "Funnel | None" = None

    @property
    def sentence(self) -> str:
        return in_a_sentence(self.named)


@dataclass(frozen=True)
class Funnel:
    """Where shares of so many people lie by chance: (n, low, high) of 95 and of 99.8 in 100."""

    likely: list[tuple[float, float, float]]
    nearly_all: list[tuple[float, float, float]]
    outside: set[str]  # labels of those beyond


def sections(figure: Figure, groups: Groups, organisation: Organisation) -> list[Section]:
    """All splits of one figure."""
    whole = groups.wholes[figure.key]
    return [
        _section(split, values and {c: values[c] for c in family}, whole, organisation)
        for split, values in ((split, groups.values[figure.key][split.key]) for split in BESIDE)
        for family in (families(split, values) if values is not None else [None])
        if family or values is None
    ]


def _section(split: Split, values: Mapping | None, whole: Share | Days, organisation: Organisation) -> Section:
    if values is None:
        return Section(split.name, split, [], None, [])
    labelled = split.labelled(values, organisation)
    labels = {category: label for category, label, _ in labelled}
    open_ = {category: value for category, _, value in labelled if value is not None}
    funnel = None
    if split.key == "practice" and isinstance(whole, Share) and open_:
        funnel = _funnel(whole, {labels[category]: value for category, value in open_.items()})
        named = [label for label in labels.values() if label in funnel.outside]
    else:
        named = [labels[c] for c in standing_out(split, {c: _as_share(value, whole) for c, value in open_.items()})]
    title = labelled[0][1].split(":")[0] if split.key == "deprivation" else ""
    title = f"{split.name}: {title}" if title else split.name
    rows = [_row(label, value) for _, label, value in labelled]
    return Section(title, split, rows, whole.number, named, funnel)


def _as_share(value: Share | Days, whole: Share | Days) -> tuple[int, int]:
    """(hits, n); of days, how many waited longer than the median of all."""
    if isinstance(value, Share):
        return value.hits, value.n
    return sum(rows for days, rows in value.tally.items() if days > whole.median), value.n


def _row(label: str, value: Share | Days | None) -> Row:
    if value is None:
        return Row(label, None, None, None, None, "–")
    if isinstance(value, Days):
        low, high = of_median(value.tally) or (None, None)
        between = f"{low} to {high}" if low is not None else "too few to say"
        said = f"{count_of(value.number, value.noun)} ({between}), of {value.n:,}"
        return Row(label, value.number, low, high, value.n, said)
    low, high = (100 * limit for limit in wilson(value.hits, value.n))
    said = f"{value.number:.0f}% ({low:.0f} to {high:.0f}), {value.hits:,} of {value.n:,}"
    return Row(label, value.number, low, high, value.n, said)


def _funnel(whole: Share, values: Mapping[str, Share]) -> Funnel:
    share, most = whole.hits / whole.n, max((value.n for value in values.values()), default=0)
    sizes = sorted({max(round(most * step / CURVE), 1) for step in range(1, CURVE + 1)})
    likely, nearly_all = ([(n, *funnel_limits(share, n, out)) for n in sizes] for out in (LIKELY, NEARLY_ALL))
    outside = set()
    for label, value in values.items():
        low, high = funnel_limits(share, value.n, NEARLY_ALL)
        if not low <= value.hits / value.n <= high:
            outside.add(label)
    return Funnel(likely, nearly_all, outside)


def asked() -> list[Figure]:
    return [FIGURES[key] for key in ASKED]
