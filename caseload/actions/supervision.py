"""What somebody takes to supervision. Whose it is decides who ever sees it; no event of a case tells of it."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.moves import MoveNotAllowed, check_revision, make_once
from caseload.models import Case, Consult, SupervisionItem
from caseload.tasks import tell_colleague


@transaction.atomic
def add_supervision_item(
    *,
    organisation: Organisation,
    by: User,
    words: str,
    case: Case | None = None,
    consult: Consult | None = None,
    once: UUID | None = None,
) -> SupervisionItem:
    said = {"owner": by, "words": words, "case": case, "consult": consult}
    item, _ = make_once(organisation.supervision_items, once, **said)
    return item


@transaction.atomic
def change_supervision_item(*, item: SupervisionItem, by: User, revision: int, words: str) -> SupervisionItem:
    """Raises MoveNotAllowed when it has been taken, ChangedMeanwhile when it says something newer."""
    item = _locked_to_take(item, "change")
    if item.words == words:
        return item
    check_revision(item, revision)
    item.words = words
    item.save(update_fields=["words", "revision"])
    return item


@transaction.atomic
def share_supervision_item(
    *, item: SupervisionItem, by: User, with_whom: User, session_on: date | None = None
) -> SupervisionItem:
    """Let one colleague read it, for a session. Raises MoveNotAllowed when it has been taken."""
    item = _locked_to_take(item, "share")
    is_new_reader = item.shared_with_id != with_whom.pk
    if is_new_reader:
        item.shared_with, item.shared_at = with_whom, timezone.now()
    item.session_on = session_on
    item.save(update_fields=["shared_with", "shared_at", "session_on"])
    if is_new_reader:
        tell_colleague.delay_on_commit(str(with_whom.pk), "shared")
    return item


@transaction.atomic
def unshare_supervision_item(*, item: SupervisionItem, by: User) -> SupervisionItem:
    """Private again. Raises MoveNotAllowed when it has been taken."""
    item = _locked_to_take(item, "unshare")
    item.shared_with = item.shared_at = item.session_on = None
    item.save(update_fields=["shared_with", "shared_at", "session_on"])
    return item


@transaction.atomic
def take_supervision_item(*, item: SupervisionItem, by: User, outcome: str) -> SupervisionItem:
    """It has been talked over: what came of it. Raises MoveNotAllowed when it was taken before, with other words."""
    if SupervisionItem.objects.filter(pk=item.pk, outcome=outcome).exists():
        return item
    item = _locked_to_take(item, "take")
    item.taken_at, item.outcome = timezone.now(), outcome
    item.save(update_fields=["taken_at", "outcome"])
    return item


@transaction.atomic
def remove_supervision_item(*, item: SupervisionItem, by: User) -> None:
    """Off the list: it need not be taken after all. Its row history stays. One that was taken stays as it is."""
    SupervisionItem.objects.to_take().filter(pk=item.pk).delete()


def _locked_to_take(item: SupervisionItem, verb: str) -> SupervisionItem:
    item = SupervisionItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.taken_at:
        raise MoveNotAllowed(f"{verb}: it has been taken")
    return item
