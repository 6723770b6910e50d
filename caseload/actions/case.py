from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import Practice, User
from accounts.moves import MoveNotAllowed, check_revision, move
from assets.enums import NeedKind
from caseload.enums import (
    CASE_MOVES,
    WHY_OF,
    CaseStatus,
    Complexity,
    Ending,
    EndingHow,
    HoldEnd,
    Verb,
    usual_how,
)
from caseload.models import Case, Need, Patient
from caseload.sweep import recheck

ENDING = ["ending", "ending_how", "ending_agreed", "ending_note", "takes_with", "way_back"]


class MeetingStillBooked(Exception):
    """A case cannot close while a meeting is booked: somebody would turn up to it."""


def locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends (not against the sweep raising a flag about it)."""
    cases = Case.objects.select_related("organisation", "patient")
    return cases.select_for_update(of=("self",), no_key=True).get(pk=case.pk)


def locked_open(case: Case, verb: str) -> Case:
    """As locked. Raises MoveNotAllowed when the case is closed."""
    case = locked(case)
    if not case.is_open:
        raise MoveNotAllowed(f"{verb}: the case is closed")
    return case


def settled(case: Case) -> Case:
    """Clear the case's flags whose facts have just changed."""
    recheck(case.organisation, case.pk, *case.flags.open().values_list("subject_id", flat=True))
    return case


def record_worker(case: Case, worker: User | None) -> None:
    case.worker = worker
    case.assigned_at = timezone.now() if worker else None


@transaction.atomic
def open_case(
    *,
    patient: Patient,
    practice: Practice,
    by: User,
    worker: User | None,
    needs: Iterable[NeedKind],
    what_matters: str,
    follows: Case | None = None,
    words: str = "",
    once: UUID | None = None,
) -> Case:
    """A case for a new spell of support; `follows` is the closed one it comes after, `words` why."""
    case = Case(
        pk=once or uuid4(),
        organisation_id=patient.organisation_id,
        patient=patient,
        practice=practice,
        what_matters=what_matters,
        follows=follows,
    )
    record_worker(case, worker)
    case.save(force_insert=True)
    case.events.create(verb=Verb.OPENED, by=by, about=worker, words=words)
    _add_needs(case, by, needs)
    return case


@transaction.atomic
def join_case(*, case: Case, by: User, needs: Iterable[NeedKind], words: str) -> Case:
    """Another referral for somebody we already support."""
    case = locked(case)
    _add_needs(case, by, needs)
    case.events.create(verb=Verb.JOINED, by=by, words=words)
    return case


def _add_needs(case: Case, by: User, kinds: Iterable[NeedKind]) -> None:
    Need.objects.bulk_create(
        [Need(case=case, kind=kind, on_referral=True, added_by=by) for kind in kinds], ignore_conflicts=True
    )


@transaction.atomic
def assign_case(*, case: Case, by: User, worker: User | None, words: str = "") -> Case:
    """Give the case to a worker, or to none: back to the unassigned list."""
    case = locked_open(case, "assign")
    if case.worker_id == (worker and worker.pk):
        return case
    _pass_meetings_on(case, worker)
    record_worker(case, worker)
    case.save(update_fields=["worker", "assigned_at"])
    case.hand_overs.end()
    case.events.create(verb=Verb.ASSIGNED if worker else Verb.UNASSIGNED, by=by, about=worker, words=words)
    return settled(case)


def _pass_meetings_on(case: Case, worker: User | None) -> None:
    """Meetings booked with somebody who has left would find nobody there."""
    if worker and case.is_nobodys:
        case.appointments.booked().filter(worker=case.worker).update(worker=worker)


@transaction.atomic
def assign_cases(*, cases: Iterable[Case], by: User, worker: User, words: str = "") -> list[Case]:
    """Give several cases to a worker: all of them, or none. Raises MoveNotAllowed when one has closed."""
    in_one_order = sorted(cases, key=lambda case: case.pk)  # Two people at once wait, never deadlock.
    return [assign_case(case=case, by=by, worker=worker, words=words) for case in in_one_order]


@transaction.atomic
def write_what_matters(*, case: Case, by: User, revision: int, what_matters: str) -> Case:
    case = locked(case)
    if case.what_matters == what_matters:
        return case
    check_revision(case, revision)
    case.what_matters = what_matters
    case.save(update_fields=["what_matters", "revision"])
    case.events.create(verb=Verb.WHAT_MATTERS, by=by)
    return case


@transaction.atomic
def uncover_need(*, case: Case, by: User, kind: NeedKind) -> Need:
    """A need nobody named on the referral. One already on the case stays as it is."""
    case = locked_open(case, "uncover_need")
    need, is_new = case.needs.get_or_create(kind=kind, defaults={"on_referral": False, "added_by": by})
    if is_new:
        case.events.create(verb=Verb.NEED_UNCOVERED, by=by, words=NeedKind(kind).label)
    return need


@transaction.atomic
def change_plan(
    *, case: Case, by: User, revision: int, complexity: Complexity, planned_ending_on: date | None
) -> Case:
    """The shape of support. Raises MoveNotAllowed when the case is closed, ChangedMeanwhile when it was changed."""
    case = locked_open(case, "change_plan")
    if (case.complexity, case.planned_ending_on) == (complexity, planned_ending_on):
        return case
    check_revision(case, revision)
    case.complexity, case.planned_ending_on = complexity, planned_ending_on
    case.save(update_fields=["complexity", "planned_ending_on", "revision"])
    case.events.create(verb=Verb.PLAN_CHANGED, by=by)
    return settled(case)


@transaction.atomic
def close_case(
    *,
    case: Case,
    by: User,
    ending: Ending,
    ending_agreed: bool,
    ending_how: EndingHow | None = None,
    ending_note: str = "",
    takes_with: str = "",
    way_back: str = "",
) -> Case:
    """End a spell of support: how and why, what the person takes with them, and the way back.

    Raises MoveNotAllowed when it is closed already, MeetingStillBooked when somebody would turn up.
    """
    case = locked(case)
    if case.appointments.booked().exists():
        raise MeetingStillBooked
    move(case, CASE_MOVES, "close")
    now = timezone.now()
    case.holds.open().update(ended_at=now, end=HoldEnd.CASE_CLOSED)
    case.follow_ups.to_do().update(done_at=now)
    case.questions_links.unused().update(recalled_at=now)
    case.hand_overs.end()
    case.closed_at, case.ending, case.ending_agreed = now, ending, ending_agreed
    case.ending_how = ending_how or usual_how(ending, ending_agreed)
    case.ending_note, case.takes_with, case.way_back = ending_note, takes_with, way_back
    case.save(update_fields=["status", "closed_at", *ENDING])
    case.events.create(verb=Verb.CLOSED, by=by, words=how_it_ended(case))
    return settled(case)


def how_it_ended(case: Case) -> str:
    """For the timeline, where it stays: a case that is reopened no longer says how it had ended."""
    how, why = EndingHow(case.ending_how), Ending(case.ending)
    said = [
        why.label if WHY_OF.get(how) == why else f"{how.label}: {why.label[0].lower()}{why.label[1:]}",
        case.ending_note,
        f"They take with them: {case.takes_with}" if case.takes_with else "",
        f"Way back: {case.way_back}" if case.way_back else "",
    ]
    return "\n\n".join(filter(None, said))


@transaction.atomic
def reopen_case(*, case: Case, by: User, worker: User | None, words: str) -> Case:
    """Take up a closed case again, as the same spell. How it had ended stays in its history.

    Raises MoveNotAllowed when it is open, or another case of the person is.
    """
    # The person first, as when a referral opens a case for them: of two at once the second waits, and sees.
    patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=case.patient_id)
    case = locked(case)
    if patient.cases.open().exclude(pk=case.pk).exists():
        raise MoveNotAllowed("reopen: the person has another open case")
    move(case, CASE_MOVES, "reopen")
    case.closed_at, case.ending, case.ending_how, case.ending_agreed = None, "", "", None
    case.ending_note = case.takes_with = case.way_back = ""
    record_worker(case, worker)
    case.save()
    case.events.create(verb=Verb.REOPENED, by=by, about=worker, words=words)
    return case


def met(case: Case, by: User) -> None:
    """The person has been met: a waiting case becomes active, a held one stays held. The caller holds the lock."""
    if case.status == CaseStatus.WAITING:
        move(case, CASE_MOVES, "meet")
        case.save(update_fields=["status"])
    if not case.events.filter(verb=Verb.MET).exists():
        case.events.create(verb=Verb.MET, by=by)
