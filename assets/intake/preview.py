"""An intake as people look at it: how far it is, and row by row what it would do."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from accounts.sheets import csv_text
from assets.enums import MEANINGS, RowState, Weekday
from assets.intake.compare import difference
from assets.models import Asset, Conflict, Intake, StagedRow

LONGEST = 200
STATE_ORDER = [RowState.NEW, RowState.CHANGED, RowState.REJECTED, RowState.GONE, RowState.UNCHANGED]


@dataclass(frozen=True)
class Change:
    label: str
    ours: str
    theirs: str
    is_contested: bool = False


@dataclass(frozen=True)
class Line:
    row: StagedRow
    name: str
    changes: list[Change]
    means: str = ""


@dataclass(frozen=True)
class Versions:
    conflict: Conflict
    label: str
    ours: str
    theirs: str


def progress(intake: Intake) -> dict:
    """Rows by state, how many are done, and of how many."""
    found = dict(intake.rows.values_list("state").annotate(n=Count("pk")))
    counts = [(state, found.get(state, 0)) for state in STATE_ORDER]
    to_write = sum(found.get(state, 0) for state in (RowState.NEW, RowState.CHANGED, RowState.UNCHANGED))
    return {
        "counts": [(state.value, state.label, n) for state, n in counts],
        "read": sum(found.values()),
        "written": intake.rows.filter(applied_at__isnull=False).count(),
        "to_write": to_write,
        "with_remarks": intake.rows.exclude(state=RowState.REJECTED).exclude(reason="").count(),
    }


def rows(intake: Intake, state: str) -> QuerySet:
    found = intake.rows.select_related("asset").order_by("number")
    return found.filter(state=state) if state else found


def as_csv(intake: Intake, state: str) -> str:
    """The rows as a spreadsheet opens them, to send back to whoever made the list."""
    names = ("number", "values__name", "asset__name", "state", "reason")
    found = rows(intake, state).values_list(*names).iterator()
    lines = ([number, name or entry or "", RowState(its).label, reason] for number, name, entry, its, reason in found)
    return csv_text(["Row", "Name", "What becomes of it", "Why"], lines)


def lines(found: list[StagedRow]) -> list[Line]:
    return [
        Line(row, row.values.get("name") or (row.asset.name if row.asset else ""), _changes(row), _meaning(row))
        for row in found
    ]


def _meaning(row: StagedRow) -> str:
    """Of a publisher's word: what it would mean here."""
    about = row.ref.partition(":")[0]
    if about not in MEANINGS or "means" not in row.values:
        return ""
    labels = dict(MEANINGS[about].choices)
    return ", ".join(labels.get(value, value) for value in row.values["means"]) or "nothing here"


def _changes(row: StagedRow) -> list[Change]:
    if row.state != RowState.CHANGED or row.asset is None or row.applied_at:
        return []
    found = difference(row.asset, row.values)
    changes = [_change(row.asset, name, value) for name, value in found.changes.items()]
    return changes + [_change(row.asset, name, theirs[name], True) for name, theirs in found.contested.items()]


def _change(asset: Asset, name: str, theirs, is_contested: bool = False) -> Change:
    return Change(label_of(name), in_words(name, getattr(asset, name)), in_words(name, theirs), is_contested)


def both_versions(conflict: Conflict) -> Versions:
    name, asset = conflict.field, conflict.asset
    ours = "; ".join(in_words(each, getattr(asset, each)) for each in conflict.theirs)
    theirs = "; ".join(in_words(each, value) for each, value in conflict.theirs.items())
    return Versions(conflict, label_of(name), ours, theirs)


def label_of(name: str) -> str:
    label = str(Asset._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def in_words(name: str, value) -> str:
    """A value of a field as people read it."""
    field = Asset._meta.get_field(name)
    if name == "opening_hours":
        text = "; ".join(f"{day.label} {value[day.value]}" for day in Weekday if day.value in (value or {}))
    elif isinstance(value, bool):
        text = "Yes" if value else "No"
    elif isinstance(value, list):
        choices = dict(getattr(field, "base_field", field).flatchoices or [])
        text = ", ".join(choices.get(each, str(each)) for each in value)
    else:
        text = dict(field.flatchoices).get(value, "" if value is None else str(value))
    return (text if len(text) <= LONGEST else f"{text[:LONGEST]}…") or "Nothing"
