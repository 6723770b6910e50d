from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import Practice, User
from accounts.moves import MoveNotAllowed, check_revision, move
from assets.enums import NeedKind
from caseload.actions.lone_visit import follow_meeting
from caseload.enums import CASE_MOVES, CaseStatus, Complexity, Verb
from caseload.models import Case, Need, Patient
from caseload.sweep import recheck


def locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends (not against the sweep raising a flag about it)."""
    cases = Case.objects.select_related("organisation", "patient")
    case = cases.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    # Asked for anew: whoever waited for the lock may have waited for that. An open case is nobody's who is anonymised.
    if not case.is_open and Patient.objects.filter(pk=case.patient_id, anonymised_on__isnull=False).exists():
        raise MoveNotAllowed("the person was anonymised")
    return case


def locked_person(case: Case) -> Patient:
    """The person of a case, as the record that counts, held until the transaction ends.

    Raises MoveNotAllowed when they have been anonymised.
    """
    people = Patient.objects.select_for_update(of=("self",), no_key=True)
    person = people.get(pk=case.patient_id)
    person = people.get(pk=person.merged_into_id) if person.merged_into_id else person
    if person.is_anonymised:
        raise MoveNotAllowed("the person was anonymised")
    return person


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
def assign_case(*, case: Case, by: User, worker: User | None, words: str = "", with_meetings: bool = False) -> Case:
    """Give the case to a worker, or to none: back to the unassigned list.

    Meetings stay with whom they were booked with, unless they go along, or nobody is left to hold them.
    """
    case = locked_open(case, "assign")
    if case.worker_id == (worker and worker.pk):
        return case
    if worker and (with_meetings or case.is_nobodys):
        _pass_meetings_on(case, by, worker)
    record_worker(case, worker)
    case.save(update_fields=["worker", "assigned_at"])
    case.hand_overs.end()
    case.events.create(verb=Verb.ASSIGNED if worker else Verb.UNASSIGNED, by=by, about=worker, words=words)
    return settled(case)


def _pass_meetings_on(case: Case, by: User, worker: User) -> None:
    """Another worker holds them. A visit that the one before had planned to make alone is called off."""
    for meeting in case.appointments.booked().filter(worker=case.worker):
        follow_meeting(appointment=meeting, by=by)
        meeting.worker = worker
        meeting.save(update_fields=["worker"])


@transaction.atomic
def assign_cases(
    *, cases: Iterable[Case], by: User, worker: User, words: str = "", with_meetings: bool = False
) -> list[Case]:
    """Give several cases to a worker: all of them, or none. Raises MoveNotAllowed when one has closed."""
    in_one_order = sorted(cases, key=lambda case: case.pk)  # Two people at once wait, never deadlock.
    said = {"by": by, "worker": worker, "words": words, "with_meetings": with_meetings}
    return [assign_case(case=case, **said) for case in in_one_order]


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
def reopen_case(*, case: Case, by: User, worker: User | None, words: str) -> Case:
    """Take up a closed case again, as the same spell. How it had ended stays in its history.

    Raises MoveNotAllowed when it is open, or another case of the person is.
    """
    # The person first, as when a referral opens a case for them: of two at once the second waits, and sees.
    patient = locked_person(case)
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
