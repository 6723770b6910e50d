"""Writing hundreds of thousands of rows by COPY, for tables nobody edits by hand."""

import csv
import io
from collections.abc import Iterable
from itertools import islice

from django.db import connection, models

BATCH = 50_000


def upsert(model: type[models.Model], *, keys: list[str], columns: list[str], rows: Iterable[tuple], best: str) -> int:
    """Insert the rows, or update those whose keys are there; return how many there were.

    Of several rows with the same keys the first by `best` (an SQL order) counts. Empty text
    never replaces text: one file may fill what another leaves empty. Run inside a transaction.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    names, on = _quoted(columns), _quoted(keys)
    others = [column for column in columns if column not in keys]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
        count = _copy(cursor, model, columns, rows)
        cursor.execute(
            f"INSERT INTO {table} AS kept ({names}) SELECT DISTINCT ON ({on}) {names} FROM incoming "
            f"ORDER BY {on}, {best} ON CONFLICT ({on}) DO UPDATE SET {_assignments(model, others)} "
            f"WHERE ({_quoted(others, 'kept.')}) IS DISTINCT FROM ({_quoted(others, 'excluded.')})"
        )
        cursor.execute("DROP TABLE incoming")
    return count


def _copy(cursor, model, columns: list[str], rows: Iterable[tuple]) -> int:
    texts = _quoted([column for column in columns if _is_text(model, column)])
    into = f"COPY incoming ({_quoted(columns)}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({texts}))"
    rows, count = iter(rows), 0
    while batch := list(islice(rows, BATCH)):
        buffer = io.StringIO()
        csv.writer(buffer).writerows(batch)
        buffer.seek(0)
        cursor.copy_expert(into, buffer)
        count += len(batch)
    return count


def _assignments(model, columns: list[str]) -> str:
    return ", ".join(
        f"{name} = COALESCE(NULLIF(excluded.{name}, ''), kept.{name})"
        if _is_text(model, column)
        else f"{name} = excluded.{name}"
        for column in columns
        for name in [_quoted([column])]
    )


def _is_text(model, column: str) -> bool:
    return isinstance(model._meta.get_field(column), models.CharField)


def _quoted(columns: list[str], prefix: str = "") -> str:
    return ", ".join(prefix + connection.ops.quote_name(column) for column in columns)
