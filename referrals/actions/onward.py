"""Referring on: from a case to a service, and everything a worker does about it afterwards."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import MoveNotAllowed, SentBefore, move
from assets.actions import close_asset
from assets.actions.capacity import note_capacity, note_threshold
from assets.enums import Capacity
from assets.models import Asset
from caseload.actions.case import locked, locked_open
from caseload.enums import Verb as CaseVerb
from caseload.models import Case, Need
from caseload.sweep import recheck
from referrals.enums import ONWARD_MOVES, OnwardKind
from referrals.links import LASTS
from referrals.models import OnwardEvent, OnwardReferral, capacity_in_words
from referrals.tasks import tell_service

Verb = OnwardEvent.Verb
A_MOMENT = timedelta(minutes=10)


class ServiceGone(Exception):
    """The service closed, was merged into another entry or left the directory while it was being chosen."""


class NotAgreed(Exception):
    """The person has not agreed, or agrees no longer, that this service hears of them."""


@transaction.atomic
def refer_on(
    *,
    case: Case,
    by: User,
    asset: Asset,
    kind: OnwardKind,
    once: UUID,
    need: Need | None = None,
    consent: bool = False,
    shared: dict | None = None,
    sent_to: str = "",
) -> OnwardReferral:
    """Signpost, refer or go along. With `sent_to` the service gets a message with its link.

    A signpost tells the service nothing. Raises MoveNotAllowed when the case is closed, ServiceGone,
    NotAgreed for a referral without consent, and SentBefore where the same page had asked for something else.
    """
    case = locked_open(case, "refer_on")
    if twin := OnwardReferral.objects.filter(pk=once).first():
        if (twin.case_id, twin.asset_id, twin.kind, twin.need) != (case.pk, asset.pk, kind, need):
            raise SentBefore
        return twin
    if not Asset.objects.filter(pk=asset.pk, is_closed=False, is_listed=True, merged_into=None).exists():
        raise ServiceGone
    if kind == OnwardKind.REFERRAL and not consent:
        raise NotAgreed
    is_told = consent and kind != OnwardKind.SIGNPOST
    onward = case.onward_referrals.create(
        pk=once,
        asset=asset,
        need=need,
        kind=kind,
        asked_by=by,
        consent=is_told,
        shared=shared or {} if is_told else {},
        sent_to=sent_to if is_told else "",
        link_expires_at=timezone.now() + LASTS if is_told and sent_to else None,
    )
    onward.events.create(verb=Verb.ASK, by=by)
    case.events.create(verb=CaseVerb.REFERRED_ON, by=by, words=asset.name)
    if onward.sent_to:
        tell_service.delay_on_commit(str(onward.pk))
    return onward


@transaction.atomic
def hear_from_service(
    *,
    onward: OnwardReferral,
    by: User | None,
    verb: str,
    words: str = "",
    capacity: Capacity | str = "",
    wait_weeks: int | None = None,
) -> OnwardReferral:
    """What the service says: through its link (`by` None), or to a worker who writes it down.

    `verb` is a move, or one of absent, question and capacity, which move nothing. Where the service has
    not said yes and the move needs it, the yes is recorded first. The same said twice in a row is one.
    Raises MoveNotAllowed; and through the link NotAgreed once the link is good for nothing.
    """
    onward = _locked(onward)
    if by is None and not onward.link_is_live:
        raise NotAgreed
    if _is_twin(onward, by, verb, words, capacity_in_words(capacity, wait_weeks)):
        return onward
    if verb in ONWARD_MOVES:
        _walk(onward, by, verb, words)
    elif verb != Verb.CAPACITY:
        _record(onward, by, verb, words)
    if capacity:
        _hear_capacity(onward, by, capacity, wait_weeks)
    return _settled(onward)


@transaction.atomic
def record_link_use(*, onward: OnwardReferral, by: None, did: str, was_valid: bool) -> None:
    """Somebody opened the link or said something through it; nobody knows who, so that `by` is None."""
    onward.link_uses.create(did=did, was_valid=was_valid)


@transaction.atomic
def call_off(*, onward: OnwardReferral, by: User, reason: str, is_mistake: bool = False) -> OnwardReferral:
    """Take it back, as no longer wanted or as a mistake. The link says so from now on. Raises MoveNotAllowed."""
    onward = _locked(onward)
    _walk(onward, by, "enter_in_error" if is_mistake else "cancel", reason)
    return _settled(onward)


@transaction.atomic
def end_consent(*, onward: OnwardReferral, by: User) -> OnwardReferral:
    """The person no longer agrees that the service hears of them: its link dies, and what was open is called off.

    What had been sent stays in the row's history.
    """
    onward = _locked(onward)
    if not onward.consent:
        return onward
    onward.consent, onward.shared, onward.sent_to, onward.link_expires_at = False, {}, "", None
    onward.save(update_fields=["consent", "shared", "sent_to", "link_expires_at"])
    _record(onward, by, Verb.CONSENT_ENDED)
    if onward.is_open:
        _walk(onward, by, "cancel", "They no longer agree.")
    return _settled(onward)


@transaction.atomic
def answer_question(*, onward: OnwardReferral, by: User, words: str) -> OnwardReferral:
    """Answer what the service asked. It reads the answer at its link, which is sent again."""
    onward = _locked(onward)
    if onward.question is None:
        raise MoveNotAllowed("answer: there is no question")
    _record(onward, by, Verb.ANSWER, words)
    if onward.sent_to and onward.case.is_open:
        _renew(onward, by)
    return onward


@transaction.atomic
def resend_link(*, onward: OnwardReferral, by: User, sent_to: str) -> OnwardReferral:
    """A new link, good for as long again; the one before is good no more. Raises NotAgreed, MoveNotAllowed."""
    onward = _locked(onward)
    if not onward.consent:
        raise NotAgreed
    if not onward.is_open or not onward.case.is_open:
        raise MoveNotAllowed("resend: it is over")
    onward.sent_to = sent_to
    return _renew(onward, by)


@transaction.atomic
def ask_person(*, onward: OnwardReferral, by: User, got_there: bool | None, said: str = "") -> OnwardReferral:
    """What the person says of it. Of a signpost nobody else knows, so that their word closes the loop."""
    onward = _locked(onward)
    if not onward.may_ask_person:
        raise MoveNotAllowed(f"ask_person: it is {onward.status}")
    just_said = [(event.verb, event.words) for event in _just_now(onward, by)]
    if (Verb.PERSON_SAID, said) in just_said and onward.person_got_there == got_there:
        return onward
    onward.person_asked_at, onward.person_got_there, onward.person_said = timezone.now(), got_there, said
    onward.save(update_fields=["person_asked_at", "person_got_there", "person_said"])
    _record(onward, by, Verb.PERSON_SAID, said)
    if got_there and onward.is_signpost and onward.is_open:
        _walk(onward, by, "complete", "")
    return _settled(onward)


@transaction.atomic
def put_in_directory(
    *,
    onward: OnwardReferral,
    by: User,
    capacity: Capacity | str = "",
    wait_weeks: int | None = None,
    threshold: str = "",
    is_gone: bool = False,
) -> OnwardReferral:
    """What was learnt by asking becomes what the directory says, on a worker's word."""
    onward = _locked(onward)
    if capacity:
        _note_capacity(onward, by, capacity, wait_weeks)
    service = onward.asset.counts_as
    if threshold and threshold != service.threshold:
        note_threshold(asset=service, by=by, threshold=threshold)
    if is_gone and not service.is_closed:
        close_asset(asset=service, by=by)
    if capacity or threshold or is_gone:
        onward.events.create(verb=Verb.LEARNT, by=by)
    return onward


def _locked(onward: OnwardReferral) -> OnwardReferral:
    """As it is now, held with its case until the transaction ends: always the case first, so that none deadlocks."""
    case = locked(onward.case)
    onward = OnwardReferral.objects.select_for_update(of=("self",)).select_related("asset").get(pk=onward.pk)
    onward.case = case
    return onward


def _walk(onward: OnwardReferral, by: User | None, verb: str, words: str) -> None:
    """Make the move; over "accept" where the service never said yes and the move starts from there."""
    if verb not in onward.allowed_moves and verb in onward.moves_within_reach:
        _step(onward, by, "accept", "")
    _step(onward, by, verb, words)


def _step(onward: OnwardReferral, by: User | None, verb: str, words: str) -> None:
    move(onward, ONWARD_MOVES, verb)
    onward.reason, onward.moved_at = words, timezone.now()
    onward.save(update_fields=["status", "reason", "moved_at"])
    _record(onward, by, verb, words)


def _record(onward: OnwardReferral, by: User | None, verb: str, words: str = "") -> None:
    event = onward.events.create(verb=verb, by=by, words=words)
    said = f"{onward.asset.name}: {event.get_verb_display()}"
    onward.case.events.create(verb=CaseVerb.ONWARD_MOVED, by=by, words=said)


def _hear_capacity(onward: OnwardReferral, by: User | None, capacity: str, wait_weeks: int | None) -> None:
    onward.capacity, onward.wait_weeks = capacity, wait_weeks if capacity == Capacity.WAITING_LIST else None
    onward.save(update_fields=["capacity", "wait_weeks"])
    _record(onward, by, Verb.CAPACITY, onward.capacity_words)
    _note_capacity(onward, by, capacity, wait_weeks)


def _note_capacity(onward: OnwardReferral, by: User | None, capacity: str, wait_weeks: int | None) -> None:
    """Into the directory, with its source, and with nothing of the person."""
    how = "said by the service when it was asked about a place" if by is None else "heard by asking about a place"
    words = f"{capacity_in_words(capacity, wait_weeks)}: {how}"
    note_capacity(asset=onward.asset.counts_as, by=by, capacity=capacity, wait_weeks=wait_weeks, words=words)


def _is_twin(onward: OnwardReferral, by: User | None, verb: str, words: str, room: str) -> bool:
    """Exactly this was said a moment ago: a second click, or the page sent again."""
    said = [(event.verb, event.words) for event in _just_now(onward, by)]
    now = [(verb, words)] if verb != Verb.CAPACITY else []
    now += [(Verb.CAPACITY, room)] if room else []
    return said[-len(now) :] == now


def _just_now(onward: OnwardReferral, by: User | None) -> list[OnwardEvent]:
    a_moment_ago = timezone.now() - A_MOMENT
    return [event for event in onward.all_events if event.by == by and event.at > a_moment_ago]


def _renew(onward: OnwardReferral, by: User) -> OnwardReferral:
    onward.link_expires_at = timezone.now() + LASTS
    onward.save(update_fields=["sent_to", "link_expires_at"])
    onward.events.create(verb=Verb.RENEW, by=by)
    tell_service.delay_on_commit(str(onward.pk))
    return onward


def _settled(onward: OnwardReferral) -> OnwardReferral:
    """Clear the flags whose facts have just changed."""
    recheck(onward.case.organisation, onward.pk, onward.case.pk)
    return onward
