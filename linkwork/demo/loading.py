"""Many rows into PostgreSQL at once, with everything in place afterwards that writing them singly would have left."""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from operator import attrgetter, itemgetter

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

NULL = "\\N"


@contextmanager
def foreign_keys_set_aside(tables: list[str]) -> Iterator[None]:
    """The foreign keys of these tables are not there meanwhile, and are as they were afterwards.

    Making one checks all rows in a single join, where each row's own check takes as long as writing the row. Only in
    a transaction, so that nobody else ever sees the tables without them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conrelid, conname",
            [tables],
        )
        foreign_keys = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is written so far, or the tables cannot be altered
        for table, name, _ in foreign_keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        for table, name, what in foreign_keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def copy_statement(model: type[models.Model], rows: list, usual: dict | None) -> tuple[str, StringIO]:
    """COPY of these rows: instances, or where it is said what is usual, dicts of what is not."""
    fields = [f for f in model._meta.concrete_fields if not f.generated and not isinstance(f, models.AutoField)]
    values_of = (itemgetter if usual else attrgetter)(*[field.attname for field in fields])
    columns = zip(*(values_of(usual | row if usual else row) for row in rows), strict=True)
    lines = StringIO()
    csv.writer(lines).writerows(zip(*map(as_csv, fields, columns), strict=True))
    lines.seek(0)
    names = ", ".join(f'"{field.column}"' for field in fields)
    return f"COPY {model._meta.db_table} ({names}) FROM STDIN (FORMAT csv, NULL '{NULL}')", lines


def as_csv(field: models.Field, column: Iterable) -> Iterable:
    """A column at a time: asking of every single value what it is would take longer than writing it."""
    if isinstance(field, models.JSONField):
        column = [value and json.dumps(value) for value in column]
    if isinstance(field, ArrayField):
        column = [f"{{{','.join(value)}}}" for value in column]
    return [NULL if value is None else value for value in column] if field.null else column


def write_history() -> None:
    """What the triggers of accounts.history would have written of every row, in a statement a model."""
    for model in apps.get_models():
        if tracked := getattr(model, "pgh_tracked_model", None):
            columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if not f.name.startswith("pgh_"))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {model._meta.db_table} ({columns}, pgh_created_at, pgh_label, pgh_obj_id) "
                    f"SELECT {columns}, now(), 'insert', id FROM {tracked._meta.db_table}"
                )


def analyze(tables: list[str]) -> None:
    """Lets PostgreSQL plan with what is there now.

    Of these tables by name: of the whole database it would lock the catalogs all databases share, until the end of
    the transaction, and two demos being loaded side by side would wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
