"""The shape of support: its outline, the talk about its ending, and a new spell after it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.moves import MoveNotAllowed, check_revision
from assets.enums import NeedKind
from caseload.actions.case import locked, locked_open, locked_person, open_case, settled
from caseload.enums import Verb
from caseload.models import Case

OUTLINE = ["outline_beginning", "outline_middle", "outline_end"]


@transaction.atomic
def agree_outline(
    *, case: Case, by: User, revision: int, outline_beginning: str, outline_middle: str, outline_end: str
) -> Case:
    """Beginning, middle and end, as agreed with the person.

    Raises MoveNotAllowed when the case is closed, ChangedMeanwhile when it was changed.
    """
    case = locked_open(case, "agree_outline")
    outline = dict(zip(OUTLINE, [outline_beginning, outline_middle, outline_end], strict=True))
    if all(getattr(case, name) == words for name, words in outline.items()):
        return case
    check_revision(case, revision)
    for name, words in outline.items():
        setattr(case, name, words)
    case.save(update_fields=[*OUTLINE, "revision"])
    case.events.create(verb=Verb.OUTLINE_AGREED, by=by)
    return case


@transaction.atomic
def review_ending(*, case: Case, by: User, revision: int, note: str, planned_ending_on: date | None) -> Case:
    """What was said about the planned ending, and the new day; none: the support ends now, by closing the case.

    Raises MoveNotAllowed when the case is closed, ChangedMeanwhile when a colleague has reviewed it.
    """
    case = locked_open(case, "review_ending")
    last = case.events.filter(verb=Verb.ENDING_REVIEWED).order_by("-at", "-id").first()
    said_already = last and (last.by_id, last.words) == (by.pk, note)
    if said_already and planned_ending_on in (None, case.planned_ending_on):
        return case
    check_revision(case, revision)
    case.planned_ending_on = planned_ending_on or case.planned_ending_on
    case.save(update_fields=["planned_ending_on", "revision"])
    case.events.create(verb=Verb.ENDING_REVIEWED, by=by, words=note)
    return settled(case)


@transaction.atomic
def begin_new_spell(
    *, case: Case, by: User, worker: User | None, needs: Iterable[NeedKind], words: str, once: UUID | None = None
) -> Case:
    """A new case for the same person after a closed one, with needs chosen anew. The closed one stays as it ended.

    What matters to them stands on it from the start, and so does what is kept about them.
    Raises MoveNotAllowed when the person has an open case.
    """
    patient = locked_person(case)
    if once and (begun := patient.cases.filter(pk=once).first()):
        return begun
    if patient.cases.open().exists():
        raise MoveNotAllowed("begin_new_spell: the person has an open case")
    case = locked(case)
    new = open_case(
        patient=patient,
        practice=patient.practice,
        by=by,
        worker=worker,
        needs=needs,
        what_matters=case.what_matters,
        follows=case,
        once=once,
        words=words,
    )
    case.events.create(verb=Verb.CONTINUED, by=by, about=worker, words=words)
    return new
