"""What goes into an export, table by table, and the file made of it. docs/adr/0024-exports.md says who may have what.

Numbers are suppressed always: an export is made to be passed on. Each month is laid out by itself, with its splits and
what they come to; no total over months is given, so what is left out of a month is the same in every export of it.
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.formats import date_format
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from accounts.sheets import not_a_formula
from accounts.words import local_day
from insight.catalogue import FIGURES
from insight.enums import ExportFormat, ExportKind
from insight.evidence_sheet import LEFT_OUT, last_words, sheet_of
from insight.export_rows import COLUMNS, rows_of
from insight.figure import Figure
from insight.models import Export
from insight.period import Period
from insight.scope import Scope, scope_at
from insight.snapshots import counted_now
from insight.splits import SPLITS
from insight.suppression import ALL, SMALLEST, Sheet, suppressed
from insight.values import Days, Minutes, Paired, Share, Value

FIGURE_COLUMNS = {
    "Topic": "What the figure is about.",
    "Figure": "Its name; what it counts is said below.",
    "Month": "The calendar month; of how things stood, its last day.",
    "Split by": "What it is split up by; empty for all of it.",
    "Which": "Which part of the split.",
    "Number": "How many were counted; of a share those who did, of change those with a pair of scores.",
    "Of": "For a share: of how many. For change: of how many with any score.",
    "Better": "For change between two scores of one person: how many were better.",
    "The same": "How many were the same.",
    "Worse": "How many were worse.",
    "Median": "For lengths of time: half took no longer. Days, or minutes for the length of meetings.",
    "90th centile": "For lengths of time: nine in ten took no longer.",
    "Hours": "For time spent: hours, rounded.",
    "As it was closed": "Yes: kept when the month was closed, and never changed since. No: as the records are now.",
}


@dataclass(frozen=True)
class Table:
    name: str
    header: list[str]
    rows: Iterable[list] = field(default_factory=list)


def steps_of(export: Export) -> int:
    """About how many steps it takes: for saying how far it is."""
    return len(FIGURES) if export.kind == ExportKind.FIGURES else 1


def tables(export: Export, on_step: Callable[[], None]) -> Iterator[Table]:
    scope = scope_at(export.organisation, Period(export.first, export.last), export.where)
    if export.kind == ExportKind.FIGURES:
        yield Table("Figures", list(FIGURE_COLUMNS), _figures(scope, on_step))
        definitions = [[figure.name, figure.definition] for figure in FIGURES.values()]
        yield _definitions(export, [*FIGURE_COLUMNS.items(), *definitions])
    elif export.kind == ExportKind.EVIDENCE:
        sheet = sheet_of(scope)
        yield Table("Unmet need", ["About", "Words"], _words_of(sheet, last_words(scope)))
        for table in sheet["tables"]:
            rows = [[row["label"], *(number for _, number in row["cells"])] for row in table["rows"]]
            yield Table(table["name"], [table["of"], *table["columns"]], rows)
        yield _definitions(export, [["How it is counted", line] for line in sheet["about"]])
    else:
        columns = COLUMNS[export.kind](export.with_names)
        yield Table(export.get_kind_display(), list(columns), rows_of(export, scope, columns, on_step))
        yield _definitions(export, [[name, column.meaning] for name, column in columns.items()])


def _words_of(sheet: dict, words: str) -> list[list[str]]:
    said = [["Where", sheet["where"]], ["When", sheet["period"]], ["Counted", sheet["counted"]]]
    said += [["What the team says", words]] if words else []
    said += [["In words", line] for line in sheet["sentences"]]
    return said + [["What is not known", line] for line in sheet["unknown"]]


def _definitions(export: Export, said: Iterable) -> Table:
    about = [
        ["Organisation", export.organisation.name],
        ["Asked for by", f"{export.asked_by}, {date_format(local_day(export.asked_at), 'j F Y')}"],
        ["What for", f"{export.get_purpose_display()}: {export.purpose_words}"],
        ["When", str(Period(export.first, export.last))],
    ]
    if not export.is_of_rows:
        about.append([LEFT_OUT, f"Left out: fewer than {SMALLEST}, or what such a group could be worked out from."])
    return Table("Definitions", ["What", "What it means"], [*about, *map(list, said)])


def _figures(scope: Scope, on_step: Callable[[], None]) -> Iterator[list]:
    for figure in FIGURES.values():
        for month, is_kept, whole, split_up in _months(figure, scope):
            yield from _rows_of_month(figure, scope, month, is_kept, whole, split_up)
        on_step()


def _months(figure: Figure, scope: Scope) -> Iterator[tuple[Period, bool, Value, dict[str, dict[str, Value]]]]:
    """Each month of the scope with its splits: as it was kept when it closed, or as it is now."""
    found = scope.organisation.snapshots.of_service().filter(figure=figure.key, month__in=scope.period.months)
    kept = {snapshot.month: snapshot for snapshot in found}
    open_months = set() if figure.is_only_now else set(scope.period.months) - kept.keys()
    said = counted_now(figure, scope.organisation, open_months) | kept
    for month, snapshot in sorted(said.items()):
        value = figure.kind.from_json
        split_up = {key: {c: value(v) for c, v in some.items()} for key, some in snapshot.splits.items()}
        yield Period.month(month), month in kept, value(snapshot.value), split_up


def _rows_of_month(figure, scope, month, is_kept, whole, split_up) -> Iterator[list]:
    shown = suppressed(sheet_of_month(whole, split_up))
    start = {"Topic": figure.topic, "Figure": figure.name, "Month": date_format(month.first, "F Y")}
    start["As it was closed"] = "Yes" if is_kept else "No"
    yield _row(start | _numbers(whole, shown, ALL))
    for key, categories in split_up.items():
        for category, label, value in SPLITS[key].labelled(categories, scope.organisation):
            named = {"Split by": SPLITS[key].name, "Which": label}
            yield _row(start | named | _numbers(value, shown, (key, category)))


def _row(said: dict) -> list:
    return [said.get(column, "") for column in FIGURE_COLUMNS]


def sheet_of_month(whole: Value, split_up: dict[str, dict[str, Value]]) -> Sheet:
    """A figure of a month with all its splits: each comes to the whole, unless its parts overlap.

    So does each number a value is made of: those of a share who did, and those who did not.
    """
    keyed = {ALL: whole} | {(key, c): v for key, some in split_up.items() for c, v in some.items()}
    cells, sums = {}, []
    for key, value in keyed.items():
        made_of = {(name, key): n for name, n in _made_of(value).items()}
        cells |= {key: value.n} | made_of
        if made_of:
            sums.append((key, tuple(made_of)))
    for split, categories in split_up.items():
        if categories and not SPLITS[split].overlaps:
            parts = [(split, category) for category in categories]
            sums.append((ALL, tuple(parts)))
            sums += [((name, ALL), tuple((name, part) for part in parts)) for name in _made_of(whole)]
    return Sheet(cells, tuple(sums))


def _made_of(value: Value) -> dict[str, int]:
    """Groups of people that come to all of them."""
    if isinstance(value, Share):
        return {"did": value.hits, "did not": value.n - value.hits}
    if isinstance(value, Paired):
        unpaired = value.n - value.pairs
        return {"better": value.better, "same": value.same, "worse": value.worse, "unpaired": unpaired}
    return {}


def _numbers(value: Value, shown: dict, key) -> dict[str, object]:
    """{column: what it says}; all of a group left out is left out."""
    n, made_of = shown[key], {name: shown[name, key] for name in _made_of(value)}
    if n is None or None in made_of.values():
        return {"Number": LEFT_OUT}
    if isinstance(value, Share):
        return {"Number": made_of["did"], "Of": n}
    if isinstance(value, Paired):
        changes = {"Better": made_of["better"], "The same": made_of["same"], "Worse": made_of["worse"]}
        return {"Number": value.pairs, "Of": n} | changes
    if isinstance(value, Days) and n >= SMALLEST:
        return {"Number": n, "Median": value.median, "90th centile": value.centile_90}
    if isinstance(value, Minutes):
        return {"Number": n, "Hours": round(value.minutes / 60)}
    return {"Number": n}


def file_of(export: Export, on_step: Callable[[], None] = lambda: None) -> tuple[bytes, int]:
    """(the file, how many rows its first table has)."""
    writer = {ExportFormat.XLSX: _xlsx, ExportFormat.CSV: _zipped}[export.comes_as]
    counted = []
    content = writer(_counting(tables(export, on_step), counted))
    return content, counted[0]


def _counting(some: Iterable[Table], counted: list[int]) -> Iterator[Table]:
    for table in some:
        rows = [list(map(_cell, row)) for row in table.rows]
        counted.append(len(rows))
        yield Table(table.name, [_cell(name) for name in table.header], rows)


def _cell(value):
    """Numbers and days as they are; words so that no spreadsheet runs them."""
    return not_a_formula(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value


def _xlsx(some: Iterable[Table]) -> bytes:
    book, taken = Workbook(write_only=True), defaultdict(int)
    for table in some:
        sheet = book.create_sheet(_sheet_name(table.name, taken))
        sheet.freeze_panes = "A2"
        for row in (table.header, *table.rows):
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet_name(name: str, taken: dict[str, int]) -> str:
    """At most 31 characters, none of them one a spreadsheet forbids, and each once."""
    short = "".join(c for c in name if c not in "[]:*?/\\")[:28]
    taken[short] += 1
    return short if taken[short] == 1 else f"{short} {taken[short]}"


def _zipped(some: Iterable[Table]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, table in enumerate(some, start=1):
            text = io.StringIO()
            csv.writer(text).writerows([table.header, *table.rows])
            name = "".join(c if c.isalnum() else "-" for c in table.name.lower())
            archive.writestr(f"{number}-{name}.csv", text.getvalue().encode("utf-8-sig"))
    return file.getvalue()
