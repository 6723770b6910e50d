"""What happens to a referral. Each answer is an event, and the practice hears that there is one."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, Practice, User
from accounts.moves import MoveNotAllowed, check_revision, make_once, move
from assets.enums import NeedKind
from caseload import actions as casework
from caseload.enums import Seen
from caseload.models import Case, Patient
from caseload.sweep import recheck
from referrals.enums import REFERRAL_MOVES, DeclineReason
from referrals.models import Referral, ReferralEvent
from referrals.tasks import tell_practice_of_answer

FIRST_RISK_REVIEW = timedelta(weeks=4)


class WaitingListClosed(Exception):
    """The organisation takes no new referrals now."""


class NumberAlreadyKnown(Exception):
    """The organisation already knows somebody with this number; the referral belongs to them."""


@transaction.atomic
def submit_referral(*, practice: Practice, organisation: Organisation, by: User, once: UUID, **fields) -> Referral:
    """Send a referral. The same form again (a double click, a reload) finds the one already sent.

    Raises WaitingListClosed, and SentBefore when the form says something else by now.
    """
    sent = practice.referrals.filter(pk=once).first()
    if sent is None and not organisation.policy.waiting_list_open:
        raise WaitingListClosed
    # Of two clicks at one moment the second waits for the first, and finds its referral.
    referral, is_new = make_once(practice.referrals, once, organisation=organisation, submitted_by=by, **fields)
    if is_new:
        referral.practice_seen_at = referral.first_submitted_at = referral.submitted_at
        referral.save(update_fields=["practice_seen_at", "first_submitted_at"])
        referral.events.create(verb=ReferralEvent.Verb.SUBMIT, by=by)
    return referral


@transaction.atomic
def resubmit_referral(*, referral: Referral, by: User, revision: int, words: str, **fields) -> Referral:
    """Answer the question a referral was returned with, and send it again."""
    referral = _locked(referral)
    check_revision(referral, revision)
    move(referral, REFERRAL_MOVES, "resubmit")
    for field, value in fields.items():
        setattr(referral, field, value)
    referral.submitted_at = timezone.now()
    referral.save()
    referral.events.create(verb=ReferralEvent.Verb.RESUBMIT, by=by, words=words)
    return referral


@transaction.atomic
def withdraw_referral(*, referral: Referral, by: User, words: str = "") -> Referral:
    referral = _locked(referral)
    move(referral, REFERRAL_MOVES, "withdraw")
    referral.save(update_fields=["status"])
    referral.events.create(verb=ReferralEvent.Verb.WITHDRAW, by=by, words=words)
    recheck(referral.organisation, referral.pk)
    return referral


@transaction.atomic
def accept_referral(
    *, referral: Referral, by: User, patient: Patient | None, worker: User | None, answer: str = ""
) -> Case:
    """Take a referral on, for a person we know or a new one (patient None); an open case is joined.

    Raises MoveNotAllowed when it has been answered, NumberAlreadyKnown when "new" is wrong.
    """
    referral = _locked(referral)
    move(referral, REFERRAL_MOVES, "accept")
    referral.patient = _still_on_file(patient) if patient else _new_patient(referral, by)
    referral.case = _case_for(referral, by, worker)
    _answer(referral, by, ReferralEvent.Verb.ACCEPT, answer)
    if referral.risks:
        casework.note_risk(
            case=referral.case,
            by=by,
            text=f"From the referral: {referral.risks}",
            review_on=timezone.localdate() + FIRST_RISK_REVIEW,
        )
    return referral.case


@transaction.atomic
def return_referral(*, referral: Referral, by: User, answer: str) -> Referral:
    """Ask the practice something before deciding."""
    referral = _locked(referral)
    move(referral, REFERRAL_MOVES, "return")
    return _answer(referral, by, ReferralEvent.Verb.RETURN, answer)


@transaction.atomic
def decline_referral(*, referral: Referral, by: User, decline_reason: DeclineReason, answer: str) -> Referral:
    referral = _locked(referral)
    move(referral, REFERRAL_MOVES, "decline")
    referral.decline_reason = decline_reason
    return _answer(referral, by, ReferralEvent.Verb.DECLINE, answer)


@transaction.atomic
def see_sent_referral(*, referral: Referral, by: User) -> None:
    """Somebody at the practice opened it: what is new is new no longer, and it is in the access log."""
    Referral.objects.filter(pk=referral.pk).update(practice_seen_at=timezone.now())
    casework.record_seen(by=by, what=Seen.REFERRAL, record_id=referral.pk, patient=referral.patient)


def _locked(referral: Referral) -> Referral:
    return Referral.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=referral.pk)


def _answer(referral: Referral, by: User, verb: ReferralEvent.Verb, answer: str) -> Referral:
    referral.answered_at, referral.answered_by, referral.answer = timezone.now(), by, answer
    referral.save()
    referral.events.create(verb=verb, by=by, words=answer)
    recheck(referral.organisation, referral.pk)
    # The answer stands when the queue is down: the hourly task tells the practice later.
    tell_practice_of_answer.delay_on_commit(str(referral.pk))
    return referral


def _new_patient(referral: Referral, by: User) -> Patient:
    if referral.number and referral.organisation.patients.on_file().filter(number=referral.number).exists():
        raise NumberAlreadyKnown
    return casework.add_patient(
        organisation=referral.organisation, practice=referral.practice, by=by, details=referral.details
    )


def _still_on_file(patient: Patient) -> Patient:
    """The record that counts, should a colleague have merged it meanwhile."""
    # Locked, so that two referrals for one person accepted at once make one case.
    people = Patient.objects.select_for_update(of=("self",), no_key=True)
    patient = people.get(pk=patient.pk)
    patient = people.get(pk=patient.merged_into_id) if patient.merged_into_id else patient
    if patient.is_anonymised:
        raise MoveNotAllowed("the person was anonymised")
    return patient


def _case_for(referral: Referral, by: User, worker: User | None) -> Case:
    patient = referral.patient
    needs = [NeedKind(kind) for kind in referral.needs]
    case = patient.cases.open().first()
    if case:
        return casework.join_case(case=case, by=by, needs=needs, words=referral.reason)
    return casework.open_case(
        patient=patient, practice=referral.practice, by=by, worker=worker, needs=needs, what_matters=referral.wants
    )
