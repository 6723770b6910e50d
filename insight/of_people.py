"""Groups of people of a year beside each other: all that any page shows of them, counted together and once.

Each split is laid out by itself: what all of them come to is known, from other pages and from every other split.
docs/adr/0025-groups-of-people.md
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models import Value as RowValue
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from caseload.enums import NOT_AN_ENDING, CaseStatus, Complexity, EndingHow, Outcome
from caseload.models import Appointment, Need
from insight.catalogue import FIGURES
from insight.enums import PublishedKind
from insight.figure import Figure
from insight.groups import Parts, Table, shown_of
from insight.period import Period
from insight.published import once
from insight.scope import Scope
from insight.splits import OF_PEOPLE, SPLITS, Split
from insight.sql import LocalDay
from insight.values import Days, Share, Value

ASKED = ["first_meeting_days", "third_meeting", "came_back", "endings_agreed", "onward_went"]
BESIDE = [*OF_PEOPLE, SPLITS["practice"]]
COMPLEXITY = Split(
    key="complexity",
    name="Complexity, as the case says now",
    labels=dict(Complexity.choices),
    column=lambda figure, period: F("complexity"),
)
NOT_REACHED, OWN_CHOICE, BY_US = "Could not be reached", "Their own choice", "We ended it"
HOWS = {
    EndingHow.AGREED: "Agreed together",
    EndingHow.OWN_CHOICE: OWN_CHOICE,
    EndingHow.DRIFTED: NOT_REACHED,
    EndingHow.BY_US: BY_US,
    EndingHow.MOVED: "Moved or died",
    EndingHow.DIED: "Moved or died",
}
CREAMED = (COMPLEXITY.key, "deprivation")
COLUMNS = list(dict.fromkeys(HOWS.values()))
SHARE: Parts = {"n": [("did", "did not")]}
ENDED: Parts = {
    "n": [tuple(COLUMNS), ("did", "did not")],
    "did": [(HOWS[EndingHow.AGREED], "also agreed")],
    "did not": [(NOT_REACHED, BY_US, "also not agreed")],
}
CAME_IN: Parts = {"n": [("did", "did not"), ("agreed", "otherwise", "open")], "did not": [("none", "met")]}

Cells = Mapping[str, int | None]
Found = Mapping[str, Mapping[str, Cells] | None]  # {split: {category: its cells}}; None: too few people


@dataclass(frozen=True)
class Groups:
    """Of a year: what may be shown. `values` are {figure: {split: {category: value or None}}}."""

    values: Mapping[str, Mapping[str, Mapping[str, Value | None] | None]]
    wholes: Mapping[str, Value]
    endings: Found
    ways_in: Found


def groups_of(organisation: Organisation, year: Period) -> Groups:
    """As they were counted when they were first asked for after the year was closed. Raises NotOfferedError."""
    kept = once(organisation, PublishedKind.GROUPS, year, count_groups).shown

    def values(key: str, found: dict | None) -> dict | None:
        read = FIGURES[key].kind.from_json
        return found and {category: None if value is None else read(value) for category, value in found.items()}

    return Groups(
        {key: {split: values(key, found) for split, found in some.items()} for key, some in kept["values"].items()},
        {key: FIGURES[key].kind.from_json(value) for key, value in kept["wholes"].items()},
        kept["endings"],
        kept["ways_in"],
    )


def count_groups(organisation: Organisation, year: Period) -> dict:
    """As the records are now; what is left out is not in it."""
    scope = Scope(organisation, year)
    endings = {split.key: _endings(split, scope) for split in BESIDE}
    ways_in = {split.key: _ways_in(split, scope) for split in [*BESIDE, COMPLEXITY]}
    shown = {
        "endings_agreed": {split: _shown(table, ENDED, split != "practice") for split, table in endings.items()},
        "third_meeting": {split: _shown(table, CAME_IN, split in CREAMED) for split, table in ways_in.items()},
    }
    values = {key: {split: _shares(found) for split, found in some.items()} for key, some in shown.items()}
    wholes = {"endings_agreed": _whole(endings["practice"]), "third_meeting": _whole(ways_in["practice"])}
    for key in set(ASKED) - values.keys():
        counted = _counted(FIGURES[key], scope)
        values[key] = {split: _shown_values(found) for split, found in counted.items()}
        wholes[key] = FIGURES[key].kind.sum(counted["practice"].values())
    return {
        "values": values,
        "wholes": {key: whole.to_json() for key, whole in wholes.items()},
        "endings": {split.key: shown["endings_agreed"][split.key] for split in OF_PEOPLE},
        "ways_in": {split: shown["third_meeting"][split] for split in CREAMED},
    }


def _counted(figure: Figure, scope: Scope) -> dict[str, dict[str, Value]]:
    """{split: {category: value}}, all in one query."""
    found = figure.count_by(scope, **{f"by_{split.key}": split.column_of(figure, scope.period) for split in BESIDE})
    return {
        split.key: split.merge(_sums(((key[at],), value) for key, value in found.items()))
        for at, split in enumerate(BESIDE)
    }


def _sums(some: Iterable[tuple[tuple, Value]]) -> dict[tuple, Value]:
    values = defaultdict(list)
    for key, value in some:
        values[key].append(value)
    return {key: type(found[0]).sum(found) for key, found in values.items()}


def _shown(table: Table, parts: Parts, is_all_shown: bool) -> dict[str, Cells] | None:
    """By some splits pages show only who did: less is left out for it."""
    if is_all_shown:
        return shown_of(table, parts)
    return shown_of({c: {part: row[part] for part in ("n", "did", "did not")} for c, row in table.items()}, SHARE)


def _whole(table: Table) -> Share:
    return Share(*(sum(row[part] for row in table.values()) for part in ("did", "n")))


def _shares(found: Mapping[str, Cells] | None) -> dict | None:
    return found and {
        category: None if None in (cells["n"], cells["did"], cells["did not"]) else [cells["did"], cells["n"]]
        for category, cells in found.items()
    }


def _shown_values(values: Mapping[str, Value]) -> dict | None:
    """A share is two groups, those who did and those who did not; of days, those who waited are one."""
    table = {category: _parts(value) for category, value in values.items()}
    shown = shown_of(table, SHARE if any("did" in row for row in table.values()) else {})
    return shown and {c: None if None in shown[c].values() else value.to_json() for c, value in values.items()}


def _parts(value: Share | Days) -> dict[str, int]:
    did = {"did": value.hits, "did not": value.n - value.hits} if isinstance(value, Share) else {}
    return {"n": value.n} | did


def _endings(split: Split, scope: Scope) -> Table:
    """By category: all, how it ended, and whether it was agreed."""
    figure, table = FIGURES["endings"], defaultdict(Counter)
    columns = {"by_how": F("ending_how"), "by_agreed": F("ending_agreed")}
    counted = figure.count_by(scope, **columns, by_split=split.column_of(figure, scope.period))
    categories = split.group({raw for *_, raw in counted})
    for (how, is_agreed, raw), value in counted.items():
        said = {"n", HOWS[how], "did" if is_agreed else "did not"}
        said |= {"also agreed"} if is_agreed and how != EndingHow.AGREED else set()
        said |= {"also not agreed"} if not is_agreed and HOWS[how] not in (NOT_REACHED, BY_US) else set()
        table[categories[raw]].update(dict.fromkeys(said, value.n))
    return _filled(table, ["n", *COLUMNS, "did", "did not", "also agreed", "also not agreed"])


def _ways_in(split: Split, scope: Scope) -> Table:
    """By category: everybody taken on 26 weeks before a day of the year, how far they came and how it ended."""
    figure, table = FIGURES["third_meeting"], defaultdict(Counter)
    rows = _how_far(figure.listed(scope)).annotate(by_split=split.column_of(figure, scope.period))
    found = list(rows.values("by_split", "stage", "end").annotate(n=Count("pk"), needs=Sum("uncovered")).order_by())
    categories = split.group({row["by_split"] for row in found})
    for row in found:
        stages = ("did",) if row["stage"] == "third" else ("did not", row["stage"])
        cells = table[categories[row["by_split"]]]
        cells.update(dict.fromkeys(["n", *stages, row["end"]], row["n"]) | {"needs": row["needs"]})
    return _filled(table, ["n", "did", "did not", "none", "met", "agreed", "otherwise", "open", "needs"])


def _filled(table: Mapping[str, Counter], parts: Iterable[str]) -> Table:
    parts = list(parts)
    return {category: {part: counter[part] for part in parts} for category, counter in table.items()}


def _how_far(cases):
    met = Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED).annotate(on=LocalDay("starts_at"))
    later = Need.objects.uncovered_later().filter(case=OuterRef("pk")).order_by().values("case")
    is_closed = Q(status=CaseStatus.CLOSED) & ~Q(ending_how=NOT_AN_ENDING)
    return cases.annotate(
        stage=_one_of(
            When(third_met_on__lte=F("counted_on"), then=RowValue("third")),
            When(Exists(met.filter(on__lte=OuterRef("counted_on"))), then=RowValue("met")),
            default="none",
        ),
        end=_one_of(
            When(is_closed & Q(ending_how=EndingHow.AGREED), then=RowValue("agreed")),
            When(is_closed, then=RowValue("otherwise")),
            default="open",
        ),
        uncovered=Coalesce(Subquery(later.annotate(n=Count("pk")).values("n")), 0),
    )


def _one_of(*whens: When, default: str) -> Case:
    return Case(*whens, default=RowValue(default), output_field=CharField())
