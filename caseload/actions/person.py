from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, Practice, User
from accounts.moves import MoveNotAllowed, check_revision, check_version, make_once
from caseload.actions.case import locked_person
from caseload.enums import Seen, Verb
from caseload.enums.safety import RiskKind
from caseload.models import AccessLog, Case, Patient, RiskNote


@transaction.atomic
def add_patient(*, organisation: Organisation, practice: Practice, by: User, details: dict) -> Patient:
    """A person new to the organisation. Their row history names `by`, from the request."""
    return Patient.objects.create(organisation=organisation, practice=practice, **details)


@transaction.atomic
def change_details(*, case: Case, by: User, revision: int, **details) -> Patient:
    patient = locked_person(case)
    if patient.details == details:
        return patient
    check_revision(patient, revision)
    for field in Patient.DETAILS:
        setattr(patient, field, details[field])
    patient.save()
    case.events.create(verb=Verb.DETAILS_CHANGED, by=by)
    return patient


@transaction.atomic
def note_risk(
    *,
    case: Case,
    by: User,
    text: str,
    review_on: date,
    kind: RiskKind = RiskKind.ON_VISIT,
    once: UUID | None = None,
) -> RiskNote:
    said = {"kind": kind, "text": text, "review_on": review_on}
    risk, is_new = make_once(locked_person(case).risk_notes, once, noted_by=by, **said)
    if is_new:
        case.events.create(verb=Verb.RISK_NOTED, by=by, words=f"{RiskKind(kind).label}: {text}")
    return risk


@transaction.atomic
def review_risk(
    *, case: Case, risk: RiskNote, by: User, version: int, kind: RiskKind, text: str, review_on: date | None
) -> RiskNote:
    """Keep a risk with a new review date, or end it (no date).

    Raises MoveNotAllowed when it has ended, ChangedMeanwhile when somebody has reviewed it since.
    """
    risk = RiskNote.objects.select_for_update().get(pk=risk.pk)
    if risk.ended_at:
        raise MoveNotAllowed("the risk note has ended")
    if (risk.kind, risk.text, risk.review_on) == (kind, text, review_on) and risk.history.count() > version:
        return risk
    check_version(risk, version)
    risk.kind, risk.text = kind, text
    risk.reviewed_at, risk.reviewed_by = timezone.now(), by
    if review_on:
        risk.review_on = review_on
    else:
        risk.ended_at = timezone.now()
    risk.save()
    found = "" if review_on else "It has passed. "
    case.events.create(verb=Verb.RISK_REVIEWED, by=by, words=f"{found}{RiskKind(kind).label}: {text}")
    return risk


def record_seen(*, by: User, what: Seen, record_id: UUID, patient: Patient | None = None) -> None:
    """Write down that somebody opened a person's record."""
    AccessLog.objects.create(by=by, what=what, record_id=record_id, patient=patient)


def record_people_seen(*, by: User, people: Iterable[Patient]) -> None:
    """As record_seen, of several people whose details stand on one page."""
    AccessLog.objects.bulk_create(
        [AccessLog(by=by, what=Seen.DETAILS, record_id=patient.pk, patient=patient) for patient in people]
    )
