from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.moves import MoveNotAllowed, check_version, make_once
from caseload.actions.case import locked
from caseload.enums import Verb
from caseload.models import Case, FollowUp


@transaction.atomic
def set_follow_up(*, case: Case, by: User, due_on: date, about: str, once: UUID | None = None) -> FollowUp:
    """Something to do for a person; for whoever has the case."""
    case = locked(case)
    follow_up, is_new = make_once(case.follow_ups, once, due_on=due_on, about=about, made_by=by)
    if is_new:
        case.events.create(verb=Verb.FOLLOW_UP_SET, by=by, words=about)
    return follow_up


@transaction.atomic
def add_to_do(
    *, organisation: Organisation, by: User, worker: User, due_on: date, about: str, once: UUID | None = None
) -> FollowUp:
    """Something to do that is about no case. Its row history is the record of changes."""
    to_dos = organisation.follow_ups_of_no_case
    follow_up, _ = make_once(to_dos, once, worker=worker, due_on=due_on, about=about, made_by=by)
    return follow_up


@transaction.atomic
def change_follow_up(
    *, follow_up: FollowUp, by: User, version: int, about: str, due_on: date, worker: User
) -> FollowUp:
    """Another day, other words, or a colleague's to do: a cover, a favour. It stays on its case.

    Raises MoveNotAllowed once it is done, ChangedMeanwhile when somebody else has changed it.
    """
    follow_up = _locked(follow_up)
    if follow_up.done_at:
        raise MoveNotAllowed("it is done")
    if (follow_up.about, follow_up.due_on, follow_up.whose) == (about, due_on, worker):
        return follow_up
    check_version(follow_up, version)
    is_of_its_own_worker = follow_up.case and follow_up.case.worker == worker
    handed_to = worker if worker != follow_up.whose else None
    follow_up.about, follow_up.due_on = about, due_on
    follow_up.worker = None if is_of_its_own_worker else worker
    follow_up.save(update_fields=["about", "due_on", "worker"])
    _record(follow_up, Verb.FOLLOW_UP_CHANGED, by, about=handed_to)
    return follow_up


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: User) -> FollowUp:
    follow_up = _locked(follow_up)
    if follow_up.done_at is None:
        follow_up.done_at = timezone.now()
        follow_up.save(update_fields=["done_at"])
        _record(follow_up, Verb.FOLLOW_UP_DONE, by)
    return follow_up


@transaction.atomic
def take_up_again(*, follow_up: FollowUp, by: User) -> FollowUp:
    """It was marked as done by mistake."""
    follow_up = _locked(follow_up)
    if follow_up.done_at:
        follow_up.done_at = None
        follow_up.save(update_fields=["done_at"])
        _record(follow_up, Verb.FOLLOW_UP_CHANGED, by)
    return follow_up


def _locked(follow_up: FollowUp) -> FollowUp:
    return FollowUp.objects.select_for_update(of=("self",)).select_related("case__worker").get(pk=follow_up.pk)


def _record(follow_up: FollowUp, verb: Verb, by: User, about: User | None = None) -> None:
    if follow_up.case:
        follow_up.case.events.create(verb=verb, by=by, about=about, words=follow_up.about)
