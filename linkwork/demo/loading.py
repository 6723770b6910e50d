"""Many rows into PostgreSQL at once, with everything in place afterwards that writing them singly would have left."""

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import repeat

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

MEMORY = "256MB"  # to make an index in


ASIDE = """
    SELECT 1, format('ALTER TABLE %%s DISABLE TRIGGER USER', name), format('ALTER TABLE %%s ENABLE TRIGGER USER', name)
    FROM UNNEST(%s::regclass[]) AS name
    UNION ALL
    SELECT CASE contype WHEN 'f' THEN 2 ELSE 3 END,
        format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype IN ('f', 'p', 'u', 'x') AND ARRAY[conrelid::regclass, confrelid::regclass] && %s::regclass[]
    UNION ALL
    SELECT 4, format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%s::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY 1, 2
"""


@contextmanager
def set_aside(tables: list[str]) -> Iterator[None]:
    """The triggers, keys and indexes of these tables are not there meanwhile, and are as they were afterwards.

    A trigger a row takes longer than all the rest, even if it does nothing. An index made of all rows is sorted once,
    where each row would look for its place; a foreign key checks them in a single join. Only in a transaction, so
    that nobody else ever sees the tables without them.
    """
    with connection.cursor() as cursor:
        cursor.execute(ASIDE, [tables] * 3)
        aside = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is written so far, or the tables cannot be altered
        for _, put_aside, _ in aside:
            cursor.execute(put_aside)
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        for _, _, put_back in reversed(aside):
            cursor.execute(put_back)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def uncollected() -> Iterator[None]:
    """Rows hardly ever point to each other in a circle: to look for that took a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def copy_statement(model: type[models.Model], rows: list[dict], usual: dict) -> tuple[str, StringIO]:
    """COPY of rows, each a dict of its columns, where it has not the usual ones."""
    fields = [f for f in model._meta.concrete_fields if not f.generated and not isinstance(f, models.AutoField)]
    said = set().union(*rows)
    columns = [
        as_text(field, [row.get(field.attname, usual[field.attname]) for row in rows])
        if field.attname in said
        else repeat(*as_text(field, [usual[field.attname]]), len(rows))
        for field in fields
    ]
    lines = "\n".join(map("\t".join, zip(*columns, strict=True)))
    names = ", ".join(f'"{field.column}"' for field in fields)
    return f"COPY {model._meta.db_table} ({names}) FROM STDIN", StringIO(lines)


def as_text(field: models.Field, column: list) -> list[str]:
    """A column as COPY takes it, all of it at once: to ask of every value what it is takes longer than writing it."""
    if isinstance(field, models.JSONField):
        column = map(json.dumps, column)
    if isinstance(field, ArrayField):
        column = [f"{{{','.join(value)}}}" for value in column]
    if isinstance(field, (models.CharField, models.TextField, models.JSONField)):
        return escaped(column)
    return ["\\N" if value is None else str(value) for value in column]


def escaped(column: Iterable[str]) -> list[str]:
    together = "\0".join(column)
    for character, escape in (("\\", r"\\"), ("\n", r"\n"), ("\r", r"\r"), ("\t", r"\t")):
        together = together.replace(character, escape)
    return together.split("\0")


def histories() -> list[type[models.Model]]:
    """Where accounts.history keeps the earlier versions of rows: a model for each model."""
    return [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]


def write_history() -> None:
    """What the triggers of accounts.history would have written of every row, in a statement a model."""
    for model in histories():
        columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if not f.name.startswith("pgh_"))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({columns}, pgh_created_at, pgh_label, pgh_obj_id) "
                f"SELECT {columns}, now(), 'insert', id FROM {model.pgh_tracked_model._meta.db_table}"
            )


def analyze(tables: list[str]) -> None:
    """Lets PostgreSQL plan with what is there now.

    Of these tables by name: of the whole database it would lock the catalogs all databases share, until the end of
    the transaction, and two demos being loaded side by side would wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
