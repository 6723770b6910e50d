from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import check_version
from caseload.actions.case import locked
from caseload.enums import Verb
from caseload.models.noted import Noted


@transaction.atomic
def put_note_right(*, record: Noted, by: User, version: int, note: str) -> Noted:
    """Other words for a note. What it said stays in the row history, and the timeline says that it was changed.

    Raises ChangedMeanwhile when the record is no longer what its writer has read.
    """
    case = locked(record.case)
    record = type(record).objects.get(pk=record.pk)
    if record.note == note:
        return record
    check_version(record, version)
    record.note, record.note_changed_at, record.note_changed_by = note, timezone.now(), by
    record.save(update_fields=["note", "note_changed_at", "note_changed_by"])
    case.events.create(verb=Verb.NOTE_CHANGED, by=by)
    return record
