from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.moves import make_once
from caseload.actions.case import locked
from caseload.enums import Verb
from caseload.enums.safety import BeyondKind
from caseload.models import BeyondUsual, Case


@transaction.atomic
def log_beyond(
    *,
    case: Case,
    by: User,
    done_on: date,
    kind: BeyondKind,
    what: str,
    why: str,
    agreed_with: str = "",
    minutes: int | None = None,
    once: UUID | None = None,
) -> BeyondUsual:
    """Work beyond the usual, on a closed case too: people ring back."""
    case = locked(case)
    said = {"done_on": done_on, "kind": kind, "what": what, "why": why, "agreed_with": agreed_with, "minutes": minutes}
    note, is_new = make_once(case.beyond_usual, once, by=by, **said)
    if is_new:
        case.events.create(verb=Verb.BEYOND_USUAL, by=by)
    return note
