from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import ChangedMeanwhile, MoveNotAllowed, make_once, move
from assets.enums import NeedKind
from assets.models import Asset
from caseload.actions.case import locked, settled
from caseload.actions.need import settle_need
from caseload.enums import CASE_MOVES, NEED_MAY_STAY_OPEN, HoldBarrier, HoldEnd, HoldPurpose, NeedOutcome, Verb
from caseload.models import Case, Hold, HoldReview


@transaction.atomic
def start_hold(
    *,
    case: Case,
    by: User,
    purpose: HoldPurpose,
    awaited_need: NeedKind,
    barrier: HoldBarrier,
    review_on: date,
    awaited_asset: Asset | None = None,
    note: str = "",
    meanwhile: str = "",
    once: UUID | None = None,
) -> Hold:
    """Begin holding. Raises MoveNotAllowed when the case is held already, or closed."""
    case = locked(case)
    if not case.holds.filter(pk=once).exists():
        move(case, CASE_MOVES, "hold")
    hold, is_new = make_once(
        case.holds,
        once,
        purpose=purpose,
        awaited_need=awaited_need,
        awaited_asset=awaited_asset,
        barrier=barrier,
        review_on=review_on,
        note=note,
        meanwhile=meanwhile,
        started_by=by,
    )
    if not is_new:
        return hold
    case.save(update_fields=["status"])
    case.events.create(verb=Verb.HOLD_STARTED, by=by, words=note)
    settled(case)
    return hold


@transaction.atomic
def review_hold(
    *,
    hold: Hold,
    by: User,
    note: str,
    next_review_on: date,
    meanwhile: str | None = None,
    seen: int | None = None,
    once: UUID | None = None,
) -> HoldReview:
    """Look at a hold again, and at what is done meanwhile (None: as before). Raises MoveNotAllowed when it has ended.

    `seen` is how many reviews there were for its writer to read: ChangedMeanwhile when a colleague has added one.
    """
    hold, case = _locked_open(hold)
    if seen is not None and hold.reviews.exclude(pk=once).count() > seen:
        raise ChangedMeanwhile("the hold has been reviewed")
    meanwhile = hold.meanwhile if meanwhile is None else meanwhile
    said = {"note": note, "meanwhile": meanwhile, "next_review_on": next_review_on}
    review, is_new = make_once(hold.reviews, once, by=by, **said)
    if is_new:
        hold.review_on, hold.meanwhile = next_review_on, meanwhile
        hold.save(update_fields=["review_on", "meanwhile"])
        case.events.create(verb=Verb.HOLD_REVIEWED, by=by, words=note)
        settled(case)
    return review


@transaction.atomic
def end_hold(
    *,
    hold: Hold,
    by: User,
    end: HoldEnd,
    need_outcome: NeedOutcome | str = "",
    barrier: HoldBarrier | str = "",
    end_note: str = "",
) -> Hold:
    """End a hold and say what became of the need; the case is active again.

    The need may be left open only after NEED_MAY_STAY_OPEN. Raises MoveNotAllowed when the hold has ended already.
    """
    if not need_outcome and end not in NEED_MAY_STAY_OPEN:
        raise ValueError("say what became of the need")
    hold, case = _locked_open(hold)
    move(case, CASE_MOVES, "end_hold")
    hold.ended_at, hold.end, hold.end_note, hold.need_outcome = timezone.now(), end, end_note, need_outcome
    hold.save(update_fields=["ended_at", "end", "end_note", "need_outcome"])
    case.save(update_fields=["status"])
    case.events.create(verb=Verb.HOLD_ENDED, by=by, words=end_note)
    if need_outcome:
        settle_need(case=case, by=by, kind=hold.awaited_need, outcome=need_outcome, barrier=barrier, note=end_note)
    settled(case)
    return hold


def _locked_open(hold: Hold) -> tuple[Hold, Case]:
    case = locked(hold.case)
    hold = Hold.objects.get(pk=hold.pk)
    if not hold.is_open:
        raise MoveNotAllowed("the hold has ended")
    return hold, case
