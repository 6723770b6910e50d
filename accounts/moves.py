"""One way for a record to change status: a table of verbs and a function that obeys it.

The table stands beside the enum it is about: {verb: (statuses it may start from, status it leads to)}.
"""

from uuid import UUID, uuid4

from django.db import IntegrityError
from django.db.models import Manager

Moves = dict[str, tuple[list, str]]


class MoveNotAllowed(Exception):
    """The record is no longer where the move starts: somebody acted first, or a page was stale."""


def allowed_moves(moves: Moves, status: str) -> set[str]:
    return {verb for verb, (starts, _) in moves.items() if status in starts}


def move(record, moves: Moves, verb: str) -> None:
    """Set record.status as the verb says. The caller holds the row's lock, and saves.

    Raises MoveNotAllowed when the verb does not start from the record's status.
    """
    starts, end = moves[verb]
    if record.status not in starts:
        raise MoveNotAllowed(f"{verb}: {record._meta.model_name} is {record.status}")
    record.status = end


class ChangedMeanwhile(Exception):
    """Somebody saved a newer version while this one was being written."""


def check_revision(record, revision: int) -> None:
    """Raise ChangedMeanwhile unless the record is still at the revision the writer started from.

    Counts the revision up. The caller holds the row's lock, and saves.
    """
    if record.revision != revision:
        raise ChangedMeanwhile(f"{record._meta.model_name} is at {record.revision}, not {revision}")
    record.revision += 1


def check_version(record, version: int) -> None:
    """As check_revision, for a record whose versions are counted by its history."""
    if record.history.count() != version:
        raise ChangedMeanwhile(f"{record._meta.model_name} is at {record.history.count()}, not {version}")


class SentBefore(Exception):
    """The page was sent before, with other words: what it made is there, what it says now is not."""


def make_once(rows: Manager, once: UUID | None, **fields) -> tuple:
    """(row, is new) of what a form makes, found again when the same form is sent twice.

    Raises SentBefore when the row of that id says something else, or is not one of these rows.
    """
    try:
        row, is_new = rows.get_or_create(pk=once or uuid4(), defaults=fields)
    except IntegrityError:
        if not rows.model._base_manager.filter(pk=once).exists():
            raise
        raise SentBefore from None
    if any(getattr(row, name) != value for name, value in fields.items()):
        raise SentBefore
    return row, is_new
