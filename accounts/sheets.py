"""Lists as a spreadsheet opens them."""

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse


def csv_text(header: list[str], rows: Iterable[list]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([not_a_formula(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def csv_file(name: str, text: str) -> HttpResponse:
    """To download. With the mark that tells Excel the text is UTF-8."""
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def not_a_formula(cell: str) -> str:
    """A spreadsheet runs what begins like this; these words may come from strangers."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
