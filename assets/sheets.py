"""Spreadsheets as the CSV text they would be saved as: what somebody has at hand is more often that."""

import csv
import io
import zipfile
import zlib
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 100_000_000, 100_000, 300
# What the workbook reader raises, depending on where a file is damaged.
DAMAGE = (
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class NotASheet(Exception):
    """The message is for whoever chose the file."""


def is_spreadsheet(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except DAMAGE:
        return False


def as_csv(content: bytes) -> str:
    """The first sheet with anything on it. Raises NotASheet."""
    if not is_spreadsheet(content):
        raise NotASheet("This is a zip file, not a list. Unpack it first.")
    try:
        _check_size(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            if text := _text_of(sheet):
                return text
    except DAMAGE:
        raise NotASheet("This spreadsheet is damaged or locked. Save the sheet as CSV, and choose that.") from None
    raise NotASheet("The file is empty.")


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise NotASheet("This spreadsheet holds too much to be read.")


def _text_of(sheet) -> str:
    sheet.reset_dimensions()  # what a sheet says of its own size need not be true
    text = io.StringIO()
    writer, is_empty = csv.writer(text), True
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)):
        if number >= MOST_ROWS:
            raise NotASheet(f"This spreadsheet has more than {MOST_ROWS:,} rows.")
        cells = [_as_typed(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        is_empty = is_empty and not any(cells)
        writer.writerow(cells)
    return "" if is_empty else text.getvalue()


def _as_typed(value) -> str:
    """As it stands in the cell: 2017, not 2017.0; 2017-04-01, not with midnight behind it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
