"""What goes into an export, table by table, and the file made of it. docs/adr/0024-exports.md says who may have what.

Numbers are suppressed always: an export is made to be passed on. Figures are of years that are over, as their months
were kept, so that what is left out is the same in every file (insight/yearly.py).
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from accounts.sheets import not_a_formula
from accounts.words import local_day
from insight.catalogue import FIGURES, TOPIC_OF
from insight.enums import ExportFormat, ExportKind
from insight.evidence_sheet import LEFT_OUT, last_words, sheet_of
from insight.export_rows import COLUMNS, rows_of
from insight.models import Export
from insight.period import Period
from insight.scope import Scope, scope_at
from insight.snapshots import close_months, years
from insight.suppression import SMALLEST
from insight.values import Days, Minutes, Paired, Share, Value
from insight.yearly import Row, rows_of_year

FIGURE_COLUMNS = {
    "Topic": "What the figure is about.",
    "Figure": "Its name; what it counts is said below.",
    "Year": "April to March; of how things stood, its last day.",
    "Split by": "What it is split up by, months too; empty for all of it.",
    "Which": "Which part of the split.",
    "Number": "How many were counted; of a share those who did, of change those with a pair of scores.",
    "Of": "For a share: of how many. For change: of how many with any score.",
    "Better": "For change between two scores of one person: how many were better.",
    "The same": "How many were the same.",
    "Worse": "How many were worse.",
    "Median": "For lengths of time: half took no longer. Days, or minutes for the length of meetings.",
    "90th centile": "For lengths of time: nine in ten took no longer.",
    "Hours": "For time spent: hours, rounded.",
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
    close_months(scope.organisation, timezone.localdate())
    for year in years(scope.organisation, timezone.localdate()):
        if scope.period.first <= year.first and year.last <= scope.period.last:
            for row in rows_of_year(Scope(scope.organisation, year)):
                yield _row(row, year)
                if not row.split:
                    on_step()


def _row(row: Row, year: Period) -> list:
    named = {"Topic": TOPIC_OF[row.figure.key].name, "Figure": row.figure.name, "Year": str(year)}
    said = named | {"Split by": row.split, "Which": row.which} | _numbers(row.value)
    return [said.get(column, "") for column in FIGURE_COLUMNS]


def _numbers(value: Value | None) -> dict[str, object]:
    """{column: what it says}; all of a group left out is left out."""
    if value is None:
        return {"Number": LEFT_OUT}
    if isinstance(value, Share):
        return {"Number": value.hits, "Of": value.n}
    if isinstance(value, Paired):
        changes = {"Better": value.better, "The same": value.same, "Worse": value.worse}
        return {"Number": value.pairs, "Of": value.n} | changes
    if isinstance(value, Days) and value.n >= SMALLEST:
        return {"Number": value.n, "Median": value.median, "90th centile": value.centile_90}
    if isinstance(value, Minutes):
        return {"Number": value.n, "Hours": round(value.minutes / 60)}
    return {"Number": value.n}


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
