"""Closed months beside what is known now, in words. The figures themselves stay as they were kept."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Organisation
from insight.catalogue import FIGURES
from insight.figure import Figure
from insight.splits import SPLITS
from insight.values import Value


@dataclass(frozen=True)
class Change:
    month: date
    figure: Figure
    kept: Value
    now: Value
    splits: list[str]

    @property
    def is_of_total(self) -> bool:
        return self.kept != self.now


def changed_since(organisation: Organisation) -> list[Change]:
    """Newest month first. Of groups of people it says only that they changed, not by how many."""
    rows = organisation.snapshots.of_service().changed_since().order_by("-month", "id")
    return [_change(row) for row in rows if row.figure in FIGURES]


def _change(row) -> Change:
    figure = FIGURES[row.figure]
    kept, now = figure.kind.from_json(row.value), figure.kind.from_json(row.facts_now["value"])
    names = [SPLITS[key].name.lower() for key in row.facts_now["splits"] if key in SPLITS]
    return Change(row.month, figure, kept, now, sorted(names))
