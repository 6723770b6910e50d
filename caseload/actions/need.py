from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assets.enums import NeedKind
from caseload.actions.case import locked
from caseload.enums import HoldBarrier, NeedOutcome, Verb
from caseload.models import Case, Need


@transaction.atomic
def settle_need(
    *, case: Case, by: User, kind: NeedKind, outcome: NeedOutcome, barrier: HoldBarrier | str = "", note: str = ""
) -> Need:
    """Say what became of a need; one nobody had named comes onto the case. Said again, it changes only what differs.

    An unmet need says what stood in the way: it is the evidence of what is missing here.
    """
    case = locked(case)
    need, is_new = case.needs.get_or_create(kind=kind, defaults={"on_referral": False, "added_by": by})
    if is_new:
        case.events.create(verb=Verb.NEED_UNCOVERED, by=by, words=NeedKind(kind).label)
    if (need.outcome, need.barrier, need.outcome_note) == (outcome, barrier, note):
        return need
    need.outcome, need.barrier, need.outcome_note = outcome, barrier, note
    need.outcome_at, need.outcome_by = timezone.now(), by
    need.save()
    case.events.create(verb=Verb.NEED_SETTLED, by=by, words=in_words(need))
    return need


def in_words(need: Need) -> str:
    """Housing: unmet, none exists here. Asked in two towns."""
    said = ", ".join(filter(None, [need.get_outcome_display().lower(), need.get_barrier_display().lower()]))
    return f"{need}: {said}. {need.outcome_note}".strip()
