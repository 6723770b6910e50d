"""Days away, and who covers."""

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import Membership, Organisation, User
from accounts.moves import check_version, make_once
from caseload.models import Away
from caseload.tasks import tell_colleague


class AwayAlready(Exception):
    """Somebody is away once at a time."""


@transaction.atomic
def plan_away(
    *,
    organisation: Organisation,
    by: User,
    worker: User,
    first_on: date,
    last_on: date,
    cover: User | None = None,
    note: str = "",
    once: UUID | None = None,
) -> Away:
    """Write down days away. Raises AwayAlready when some of them are written down."""
    _once_at_a_time(organisation, worker, first_on, last_on, once)
    said = {"worker": worker, "first_on": first_on, "last_on": last_on, "cover": cover, "note": note, "made_by": by}
    away, is_new = make_once(organisation.away, once, **said)
    if is_new:
        _tell(cover, by)
    return away


@transaction.atomic
def change_away(
    *, away: Away, by: User, version: int, first_on: date, last_on: date, cover: User | None, note: str
) -> Away:
    """Raises AwayAlready as plan_away does, ChangedMeanwhile when somebody changed it since."""
    _once_at_a_time(away.organisation, away.worker, first_on, last_on, away.pk)
    away = Away.objects.select_for_update(of=("self",)).get(pk=away.pk)
    if (away.first_on, away.last_on, away.cover, away.note) == (first_on, last_on, cover, note):
        return away
    check_version(away, version)
    is_new_cover = away.cover_id != (cover and cover.pk)
    away.first_on, away.last_on, away.cover, away.note = first_on, last_on, cover, note
    away.save(update_fields=["first_on", "last_on", "cover", "note"])
    if is_new_cover:
        _tell(cover, by)
    return away


@transaction.atomic
def remove_away(*, away: Away, by: User) -> None:
    """They are not away after all. The row history keeps that it was planned."""
    Away.objects.filter(pk=away.pk).delete()


def _once_at_a_time(organisation: Organisation, worker: User, first_on: date, last_on: date, besides) -> None:
    # Their membership first: of two at once the second waits, and sees.
    Membership.objects.select_for_update().get(organisation=organisation, user=worker)
    if organisation.away.filter(worker=worker, first_on__lte=last_on, last_on__gte=first_on).exclude(pk=besides):
        raise AwayAlready


def _tell(cover: User | None, by: User) -> None:
    if cover and cover != by:
        tell_colleague.delay_on_commit(str(cover.pk), "covering")
