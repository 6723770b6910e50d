"""One way for a record to change status: a table of verbs and a function that obeys it.

The table stands beside the enum it is about: {verb: (statuses it may start from, status it leads to)}.
"""

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
