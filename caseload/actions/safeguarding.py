"""Safeguarding concerns. None leaves an event on the case: the team's timeline must not tell that there is one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, SafeguardingLead, User
from accounts.moves import make_once, move
from caseload.actions.case import locked_person
from caseload.enums.safety import CONCERN_MOVES, ConcernOutcome, ConcernVerb
from caseload.models import Case, SafeguardingConcern, SafeguardingEntry
from caseload.tasks import tell_colleague


@transaction.atomic
def raise_concern(
    *,
    organisation: Organisation,
    by: User,
    happened: str,
    is_immediate_danger: bool,
    case: Case | None = None,
    about_whom: str = "",
    wishes: str = "",
    told: str = "",
    told_at: datetime | None = None,
    once: UUID | None = None,
) -> SafeguardingConcern:
    """Raise a concern, about somebody we support or anybody else. The leads are told that there is one, no more."""
    said = {"happened": happened, "is_immediate_danger": is_immediate_danger, "wishes": wishes}
    about = {"case": case, "patient": locked_person(case) if case else None, "about_whom": about_whom}
    concern, is_new = make_once(organisation.safeguarding_concerns, once, raised_by=by, **said, **about)
    if is_new:
        concern.log.create(verb=ConcernVerb.RAISED, by=by)
        if told:
            concern.log.create(verb=ConcernVerb.TOLD, by=by, told=told, at=told_at or timezone.now())
        _tell_leads(concern, by)
    return concern


@transaction.atomic
def add_to_concern(
    *,
    concern: SafeguardingConcern,
    by: User,
    verb: ConcernVerb,
    words: str = "",
    told: str = "",
    at: datetime | None = None,
    once: UUID | None = None,
) -> SafeguardingEntry:
    """What was done or heard since, or who was told and when. Also of a closed concern."""
    concern = _locked(concern)
    said = {"verb": verb, "words": words, "told": told}
    entry, is_new = make_once(concern.log, once, by=by, **said, **({"at": at} if at else {}))
    if is_new:
        _tell_leads(concern, by)
    return entry


@transaction.atomic
def let_read(*, concern: SafeguardingConcern, by: User, user: User) -> None:
    """Let a colleague read one concern. Somebody who may already stays as they are."""
    concern = _locked(concern)
    _, is_new = concern.readers.get_or_create(user=user, ended_at=None, defaults={"added_by": by})
    if is_new:
        concern.log.create(verb=ConcernVerb.READER_ADDED, by=by, about=user)
        tell_colleague.delay_on_commit(str(user.pk), "safeguarding")


@transaction.atomic
def end_reading(*, concern: SafeguardingConcern, by: User, user: User) -> None:
    concern = _locked(concern)
    if concern.readers.current().filter(user=user).update(ended_at=timezone.now()):
        concern.log.create(verb=ConcernVerb.READER_ENDED, by=by, about=user)


@transaction.atomic
def close_concern(
    *, concern: SafeguardingConcern, by: User, outcome: ConcernOutcome, outcome_note: str
) -> SafeguardingConcern:
    """Raises MoveNotAllowed when it is closed."""
    concern = _locked(concern)
    move(concern, CONCERN_MOVES, "close")
    concern.closed_at, concern.closed_by = timezone.now(), by
    concern.outcome, concern.outcome_note = outcome, outcome_note
    concern.save()
    words = f"{ConcernOutcome(outcome).label}. {outcome_note}".strip()
    concern.log.create(verb=ConcernVerb.CLOSED, by=by, words=words)
    return concern


@transaction.atomic
def reopen_concern(*, concern: SafeguardingConcern, by: User) -> SafeguardingConcern:
    """Raises MoveNotAllowed when it is open."""
    concern = _locked(concern)
    move(concern, CONCERN_MOVES, "reopen")
    concern.closed_at = concern.closed_by = None
    concern.outcome = concern.outcome_note = ""
    concern.save()
    concern.log.create(verb=ConcernVerb.REOPENED, by=by)
    return concern


@transaction.atomic
def name_lead(*, organisation: Organisation, by: User, user: User) -> SafeguardingLead:
    """Let somebody read every concern of the organisation, from now on."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    lead, _ = organisation.named_leads.get_or_create(user=user, ended_at=None, defaults={"named_by": by})
    return lead


@transaction.atomic
def end_lead(*, lead: SafeguardingLead, by: User) -> SafeguardingLead:
    lead = SafeguardingLead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if lead.ended_at is None:
        lead.ended_at, lead.ended_by = timezone.now(), by
        lead.save(update_fields=["ended_at", "ended_by"])
    return lead


def _locked(concern: SafeguardingConcern) -> SafeguardingConcern:
    concerns = SafeguardingConcern.objects.select_related("organisation")
    return concerns.select_for_update(of=("self",)).get(pk=concern.pk)


def _tell_leads(concern: SafeguardingConcern, by: User) -> None:
    for lead in concern.organisation.safeguarding_leads.exclude(pk=by.pk):
        tell_colleague.delay_on_commit(str(lead.pk), "safeguarding")
