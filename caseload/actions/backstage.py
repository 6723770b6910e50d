"""Work nobody sees, logged as quickly as a contact. Its row history is the record of changes."""

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import Organisation, User
from accounts.moves import MoveNotAllowed, make_once
from assets.models import Asset
from caseload.enums import BackstageKind
from caseload.models import BackstageWork


@transaction.atomic
def log_backstage(
    *,
    organisation: Organisation,
    by: User,
    kind: BackstageKind,
    minutes: int,
    done_on: date,
    asset: Asset | None = None,
    gap: str = "",
    note: str = "",
    once: UUID | None = None,
) -> BackstageWork:
    said = {"kind": kind, "minutes": minutes, "done_on": done_on, "asset": asset, "gap": gap, "note": note}
    work, _ = make_once(organisation.backstage_work, once, worker=by, **said)
    return work


@transaction.atomic
def edit_backstage(*, work: BackstageWork, by: User, **said) -> BackstageWork:
    """Put right what one logged oneself, on the same day. Raises MoveNotAllowed after that."""
    work = BackstageWork.objects.select_for_update(of=("self",)).get(pk=work.pk)
    if not work.may_be_changed_by(by):
        raise MoveNotAllowed("logged on another day, or by somebody else")
    for name, value in said.items():
        setattr(work, name, value)
    work.save(update_fields=list(said))
    return work
