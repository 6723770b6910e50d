"""A case on its way from a worker to another: written, offered, and taken or not, one by one."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import MoveNotAllowed, check_revision, move
from caseload.actions.case import assign_case, locked_open
from caseload.enums import Verb
from caseload.enums.colleagues import HAND_OVER_MOVES
from caseload.models import Case, HandOver
from caseload.tasks import tell_colleague


@transaction.atomic
def prepare_hand_overs(*, cases: Iterable[Case], by: User, receiver: User) -> list[HandOver]:
    """Begin a hand-over of each case from its worker. One under way already stays as it is.

    Raises MoveNotAllowed when one of the cases has closed, or is nobody's, or the receiver's own.
    """
    return [_prepare(case, by, receiver) for case in sorted(cases, key=lambda case: case.pk)]


def _prepare(case: Case, by: User, receiver: User) -> HandOver:
    case = locked_open(case, "hand_over")
    if case.worker_id in (None, receiver.pk):
        raise MoveNotAllowed("hand_over: there is nobody to take it from")
    under_way = case.hand_overs.under_way().first()
    return under_way or case.hand_overs.create(
        organisation=case.organisation, giver=case.worker, receiver=receiver, made_by=by
    )


@transaction.atomic
def offer_hand_over(
    *, hand_over: HandOver, by: User, revision: int, receiver: User, stands: str, next_steps: str, reaching: str
) -> HandOver:
    """Write the pack and offer the case; the receiver is told. It can be written anew until it is answered.

    Raises MoveNotAllowed when it is over or the case has gone elsewhere, ChangedMeanwhile when it was written anew.
    """
    hand_over, case = _locked(hand_over, "write")
    said = {"receiver": receiver, "stands": stands, "next_steps": next_steps, "reaching": reaching}
    if hand_over.offered_at and all(getattr(hand_over, name) == value for name, value in said.items()):
        return hand_over
    check_revision(hand_over, revision)
    move(hand_over, HAND_OVER_MOVES, "write")
    is_new_to_them = hand_over.offered_at is None or hand_over.receiver_id != receiver.pk
    hand_over.offered_at = timezone.now()
    for name, value in said.items():
        setattr(hand_over, name, value)
    hand_over.save()
    if is_new_to_them:
        case.events.create(verb=Verb.HAND_OVER_OFFERED, by=by, about=receiver)
        tell_colleague.delay_on_commit(str(receiver.pk), "handed_over")
    return hand_over


@transaction.atomic
def accept_hand_over(*, hand_over: HandOver, by: User, answer: str = "") -> HandOver:
    """The case is the receiver's from now on, and so are the meetings booked with whoever had it.

    Raises MoveNotAllowed when it is over, or the case has gone elsewhere meanwhile.
    """
    hand_over, case = _locked(hand_over, "accept")
    _answer(hand_over, "accept", answer)
    assign_case(case=case, by=by, worker=hand_over.receiver, words=hand_over.pack, with_meetings=True)
    return _told(hand_over)


@transaction.atomic
def decline_hand_over(*, hand_over: HandOver, by: User, answer: str) -> HandOver:
    """The receiver cannot take it: the case goes on the waiting list, where everybody sees it."""
    hand_over, case = _locked(hand_over, "decline")
    _answer(hand_over, "decline", answer)
    case.events.create(verb=Verb.HAND_OVER_DECLINED, by=by, words=answer)
    assign_case(case=case, by=by, worker=None)
    return _told(hand_over)


@transaction.atomic
def call_off_hand_over(*, hand_over: HandOver, by: User) -> HandOver:
    """The case stays where it is. Called off before, it stays so; raises MoveNotAllowed when it was answered."""
    hand_over = HandOver.objects.select_for_update(of=("self",)).select_related("case").get(pk=hand_over.pk)
    _answer(hand_over, "call_off", "")
    if hand_over.offered_at:
        hand_over.case.events.create(verb=Verb.HAND_OVER_ENDED, by=by)
    return hand_over


def _locked(hand_over: HandOver, verb: str) -> tuple[HandOver, Case]:
    """The case first, then its hand-over, as everywhere. Not where the case has closed or changed hands."""
    case = locked_open(hand_over.case, verb)
    hand_overs = HandOver.objects.select_related("giver", "receiver")
    hand_over = hand_overs.select_for_update(of=("self",)).get(pk=hand_over.pk)
    if case.worker_id != hand_over.giver_id:
        raise MoveNotAllowed(f"{verb}: the case has changed hands")
    return hand_over, case


def _answer(hand_over: HandOver, verb: str, words: str) -> None:
    move(hand_over, HAND_OVER_MOVES, verb)
    hand_over.answered_at, hand_over.answer = timezone.now(), words
    hand_over.save(update_fields=["status", "answered_at", "answer"])


def _told(hand_over: HandOver) -> HandOver:
    tell_colleague.delay_on_commit(str(hand_over.giver_id), "hand_over_answered")
    return hand_over
