"""Whom support reaches and how it ends, by groups of people: the tables of stereotyping and creaming."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import F

from accounts.models import Organisation
from caseload.enums import Ending, EndingHow
from insight.catalogue import FIGURES
from insight.groups import in_a_sentence, standing_out
from insight.of_people import COLUMNS, COMPLEXITY, NOT_REACHED, OWN_CHOICE, Cells, Groups
from insight.scope import Scope
from insight.splits import OF_PEOPLE, SPLITS, Split
from insight.values import Share

LEFT_OUT = "–"
TOO_FEW = "Too few people to show them by it."


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


def endings(groups: Groups, organisation: Organisation) -> list[Sorted]:
    """How support ended, by each group of people."""

    def row(cells: Cells) -> list[str]:
        return [_number(cells[column]) for column in ("n", *COLUMNS)]

    named = {f"{column}: ": (column, ("n", *COLUMNS)) for column in (NOT_REACHED, OWN_CHOICE)}
    columns = ["Ended", *COLUMNS]
    return [_sorted(split, columns, groups.endings[split.key], row, named, organisation) for split in OF_PEOPLE]


def ways_in(groups: Groups, organisation: Organisation) -> list[Sorted]:
    """Everybody taken on 26 weeks before a day of the year: who was met, and what came of it."""

    def row(cells: Cells) -> list[str]:
        n, met, ended = cells["n"], _less(cells["n"], cells["none"]), _less(cells["n"], cells["open"])
        each = LEFT_OUT if None in (n, cells["needs"]) else f"{cells['needs'] / n:.1f}"
        return [_number(n), _share(met, n), _share(cells["did"], n), _share(cells["agreed"], ended), each]

    columns = ["Taken on", "Met", "Three meetings or more", "Agreed, of those ended", "Needs uncovered later, each"]
    named = {"Three meetings or more: ": ("did", ("n", "none", "met", "did"))}
    splits = (COMPLEXITY, SPLITS["deprivation"])
    return [_sorted(split, columns, groups.ways_in[split.key], row, named, organisation) for split in splits]


def _sorted(
    split: Split,
    columns: list[str],
    found: Mapping[str, Cells] | None,
    row: Callable[[Cells], list[str]],
    named: Mapping[str, tuple[str, tuple[str, ...]]],
    organisation: Organisation,
) -> Sorted:
    """`named` are {what a sentence begins with: (the part it is about, what has to be shown for it)}."""
    if found is None:
        return Sorted(split, [], [], [TOO_FEW])
    labelled = split.labelled(found, organisation)
    labels, sentences = {category: label for category, label, _ in labelled}, []
    for begins, (part, needed) in named.items():
        shares = {c: (cells[part], cells["n"]) for c, cells in found.items() if None not in [cells[p] for p in needed]}
        sentences.append(begins + in_a_sentence(labels[category] for category in standing_out(split, shares)))
    return Sorted(split, columns, [(label, row(cells)) for _, label, cells in labelled], sentences)


def _less(number: int | None, part: int | None) -> int | None:
    return None if None in (number, part) else number - part


def _share(hits: int | None, n: int | None) -> str:
    return LEFT_OUT if None in (hits, n) else str(Share(hits, n))


def _number(number: int | None) -> str:
    return LEFT_OUT if number is None else f"{number:,}"
