from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, Practice, User
from accounts.moves import MoveNotAllowed, check_revision
from caseload.enums import Seen, Verb
from caseload.models import AccessLog, Case, Patient, RiskNote


@transaction.atomic
def add_patient(*, organisation: Organisation, practice: Practice, by: User, details: dict) -> Patient:
    """A person new to the organisation. Their row history names `by`, from the request."""
    return Patient.objects.create(organisation=organisation, practice=practice, **details)


@transaction.atomic
def change_details(*, case: Case, by: User, revision: int, **details) -> Patient:
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=case.patient_id)
    check_revision(patient, revision)
    for field in Patient.DETAILS:
        setattr(patient, field, details[field])
    patient.save()
    case.events.create(verb=Verb.DETAILS_CHANGED, by=by)
    return patient


@transaction.atomic
def note_risk(*, case: Case, by: User, text: str, review_on: date, once: UUID | None = None) -> RiskNote:
    risk, is_new = case.patient.risk_notes.get_or_create(
        pk=once or uuid4(), defaults={"text": text, "review_on": review_on, "noted_by": by}
    )
    if is_new:
        case.events.create(verb=Verb.RISK_NOTED, by=by)
    return risk


@transaction.atomic
def review_risk(*, case: Case, risk: RiskNote, by: User, text: str, review_on: date | None) -> RiskNote:
    """Keep a risk with a new review date, or end it (no date). Raises MoveNotAllowed when it has ended."""
    risk = RiskNote.objects.select_for_update().get(pk=risk.pk)
    if risk.ended_at:
        raise MoveNotAllowed("the risk note has ended")
    risk.text = text
    if review_on:
        risk.review_on = review_on
    else:
        risk.ended_at = timezone.now()
    risk.save()
    case.events.create(verb=Verb.RISK_REVIEWED, by=by)
    return risk


def record_seen(*, by: User, what: Seen, record_id: UUID, patient: Patient | None = None) -> None:
    """Write down that somebody opened a person's record."""
    AccessLog.objects.create(by=by, what=what, record_id=record_id, patient=patient)
