"""Whom support reaches and how it ends, by groups of people: the tables of stereotyping and creaming."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models import Value as RowValue
from django.db.models.functions import Coalesce

from caseload.enums import CaseStatus, Complexity, Ending, EndingHow, Outcome
from caseload.models import Appointment, Need
from insight.catalogue import FIGURES
from insight.figure import Figure
from insight.groups import Table, in_a_sentence, sheet_of, standing_out
from insight.scope import Scope
from insight.splits import OF_PEOPLE, SPLITS, Split
from insight.sql import LocalDay
from insight.suppression import ALL, suppressed
from insight.values import Share

LEFT_OUT = "–"
NOT_REACHED, OWN_CHOICE = "Could not be reached", "Their own choice"
HOWS = {
    EndingHow.AGREED: "Agreed together",
    EndingHow.OWN_CHOICE: OWN_CHOICE,
    EndingHow.DRIFTED: NOT_REACHED,
    EndingHow.BY_US: "We ended it",
    EndingHow.MOVED: "Moved or died",
    EndingHow.DIED: "Moved or died",
}
COMPLEXITY = Split(
    key="complexity",
    name="Complexity, as the case says now",
    labels=dict(Complexity.choices),
    column=lambda figure, period: F("complexity"),
)


@dataclass(frozen=True)
class Sorted:
    """A table by one split: a row a category, its cells in words, "–" where they are left out."""

    split: Split
    columns: list[str]
    rows: list[tuple[str, list[str]]]
    sentences: list[str]


def how_and_why(scope: Scope) -> list[tuple[str, list[tuple[str, int]]]]:
    """[(how it ended, [(why, people)])]: of the whole service, so nothing is left out."""
    counted = FIGURES["endings"].count_by(scope, by_how=F("ending_how"), by_why=F("ending"))
    found = defaultdict(list)
    for how in EndingHow:
        for why in Ending:
            if (how, why) in counted:
                found[how.label].append((why.label, counted[how, why].n))
    return list(found.items())


def endings(scope: Scope) -> list[Sorted]:
    """How support ended, by each group of people."""
    figure = FIGURES["endings"]
    tables = [(split, _counted_endings(figure, split, scope)) for split in OF_PEOPLE]
    shown = suppressed(sheet_of((split.key, table) for split, table in tables))
    return [_sorted_endings(split, table, shown, scope) for split, table in tables if table]


def _counted_endings(figure: Figure, split: Split, scope: Scope) -> Table:
    columns = {"by_how": F("ending_how"), "by_split": split.column_of(figure, scope.period)}
    counted = figure.count_by(scope, **columns)
    categories = split.group({raw for _, raw in counted})
    table = defaultdict(lambda: dict.fromkeys(HOWS.values(), 0))
    for (how, raw), value in counted.items():
        table[categories[raw]][HOWS[how]] += value.n
    return dict(table)


def _sorted_endings(split: Split, table: Table, shown: Mapping, scope: Scope) -> Sorted:
    columns = list(dict.fromkeys(HOWS.values()))
    labels = {category: label for category, label, _ in split.labelled(table, scope.organisation)}
    rows = [
        (label, [_number(shown[split.key, category, column]) for column in [ALL, *columns]])
        for category, label in labels.items()
    ]
    whole = [c for c in labels if None not in (shown[split.key, c, column] for column in [ALL, *columns])]
    sentences = []
    for column in (NOT_REACHED, OWN_CHOICE):
        shares = {c: (table[c][column], sum(table[c].values())) for c in whole}
        stand_out = [labels[category] for category in standing_out(split, shares)]
        sentences.append(f"{column}: {in_a_sentence(stand_out)}")
    return Sorted(split, ["Ended", *columns], rows, sentences)


def ways_in(scope: Scope) -> list[Sorted]:
    """Everybody taken on 26 weeks before a day of the period: who was met, and what came of it."""
    counted = [(split, *_counted_ways(split, scope)) for split in (COMPLEXITY, SPLITS["deprivation"])]
    shown = suppressed(sheet_of((split.key, table) for split, *tables, _ in counted for table in tables))
    return [_sorted_ways(*each, shown, scope) for each in counted if each[1]]


def _counted_ways(split: Split, scope: Scope) -> tuple[Table, Table, Mapping[str, int]]:
    """People by category and how far they came; by category and how it ended; needs uncovered later by category."""
    figure = FIGURES["third_meeting"]
    by_split = split.column_of(figure, scope.period)
    rows = _how_far(figure.listed(scope)).annotate(by_split=by_split).values("by_split", "stage", "end")
    found = list(rows.annotate(n=Count("pk"), needs=Sum("uncovered")).order_by())
    categories = split.group({row["by_split"] for row in found})
    stages = defaultdict(lambda: {"none": 0, "met": 0, "third": 0})
    ends = defaultdict(lambda: {"agreed": 0, "otherwise": 0, "open": 0})
    needs = defaultdict(int)
    for row in found:
        category = categories[row["by_split"]]
        stages[category][row["stage"]] += row["n"]
        ends[category][row["end"]] += row["n"]
        needs[category] += row["needs"]
    return dict(stages), dict(ends), needs


def _how_far(cases):
    met = Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED).annotate(on=LocalDay("starts_at"))
    later = Need.objects.uncovered_later().filter(case=OuterRef("pk")).order_by().values("case")
    is_closed = Q(status=CaseStatus.CLOSED)
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


def _sorted_ways(split: Split, stages: Table, ends: Table, needs: Mapping, shown: Mapping, scope: Scope) -> Sorted:
    rows = []
    for category, label, _ in split.labelled(stages, scope.organisation):
        cell = {column: shown[split.key, category, column] for column in (ALL, *stages[category], *ends[category])}
        taken_on = cell[ALL]
        per_person = f"{needs[category] / taken_on:.1f}" if taken_on else LEFT_OUT
        met = _less(taken_on, cell["none"])
        ended = _less(taken_on, cell["open"])
        shares = [_share(met, taken_on), _share(cell["third"], taken_on), _share(cell["agreed"], ended)]
        rows.append((label, [_number(taken_on), *shares, per_person]))
    columns = ["Taken on", "Met", "Three meetings or more", "Agreed, of those ended", "Needs uncovered later, each"]
    shares = {c: (row["third"], sum(row.values())) for c, row in stages.items()}
    whole = {c: share for c, share in shares.items() if None not in (shown[split.key, c, s] for s in stages[c])}
    labels = {category: label for category, label, _ in split.labelled(stages, scope.organisation)}
    stand_out = [labels[category] for category in standing_out(split, whole)]
    return Sorted(split, columns, rows, [f"Three meetings or more: {in_a_sentence(stand_out)}"])


def _less(number: int | None, part: int | None) -> int | None:
    return None if None in (number, part) else number - part


def _share(hits: int | None, n: int | None) -> str:
    return LEFT_OUT if None in (hits, n) else str(Share(hits, n))


def _number(number: int | None) -> str:
    return LEFT_OUT if number is None else f"{number:,}"
