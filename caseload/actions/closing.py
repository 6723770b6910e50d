"""The end of a spell of support."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import move
from caseload.actions.case import locked, settled
from caseload.actions.need import settle_need
from caseload.enums import (
    CASE_MOVES,
    WHY_OF,
    Ending,
    EndingHow,
    HoldBarrier,
    HoldEnd,
    NeedOutcome,
    Verb,
    usual_how,
)
from caseload.models import Case

ENDING = ["ending", "ending_how", "ending_agreed", "ending_note", "takes_with", "way_back"]


class MeetingStillBooked(Exception):
    """A case cannot close while a meeting is booked: somebody would turn up to it."""


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
    need_outcome: NeedOutcome | str = "",
    barrier: HoldBarrier | str = "",
) -> Case:
    """End a spell of support: how and why, what the person takes with them, and the way back.

    Of a case that is held, `need_outcome` says what became of the need it waited for (unmet: and the barrier).
    Raises MoveNotAllowed when it is closed already, MeetingStillBooked when somebody would turn up.
    """
    case = locked(case)
    if case.appointments.booked().exists():
        raise MeetingStillBooked
    move(case, CASE_MOVES, "close")
    now = timezone.now()
    _end_hold_of(case, by, need_outcome, barrier)
    case.follow_ups.to_do().update(done_at=now)
    case.questions_links.unused().update(recalled_at=now)
    case.hand_overs.end()
    case.closed_at, case.ending, case.ending_agreed = now, ending, ending_agreed
    case.ending_how = ending_how or usual_how(ending, ending_agreed)
    case.ending_note, case.takes_with, case.way_back = ending_note, takes_with, way_back
    case.save(update_fields=["status", "closed_at", *ENDING])
    case.events.create(verb=Verb.CLOSED, by=by, words=how_it_ended(case))
    return settled(case)


def _end_hold_of(case: Case, by: User, need_outcome: NeedOutcome | str, barrier: HoldBarrier | str) -> None:
    hold = case.holds.open().first()
    if hold is None:
        return
    hold.ended_at, hold.end, hold.need_outcome = timezone.now(), HoldEnd.CASE_CLOSED, need_outcome
    hold.save(update_fields=["ended_at", "end", "need_outcome"])
    if need_outcome:
        settle_need(case=case, by=by, kind=hold.awaited_need, outcome=need_outcome, barrier=barrier)


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
