"""The wording of licensed measures, typed in by whoever holds the licence. Row history keeps each change."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.moves import ChangedMeanwhile
from caseload.enums import MeasureCode
from caseload.models import LicensedWording


@transaction.atomic
def keep_wording(
    *, organisation: Organisation, by: User, measure: MeasureCode, version: int, **wording
) -> LicensedWording:
    """Offer a licensed measure in these words, or change them. `by` confirms the licence.

    `version` is how often it had been saved when its writer opened it, 0 for the first time: ChangedMeanwhile
    when a colleague has saved it since.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    kept = organisation.licensed_wordings.filter(measure=measure).first()
    wording |= {"confirmed_by": by, "ended_at": None}
    if kept is None:
        return organisation.licensed_wordings.create(measure=measure, **wording)
    if all(getattr(kept, name) == value for name, value in wording.items()):
        return kept
    if kept.history.count() != version:
        raise ChangedMeanwhile("the wording was changed meanwhile")
    for name, value in (wording | {"confirmed_at": timezone.now()}).items():
        setattr(kept, name, value)
    kept.save()
    return kept


@transaction.atomic
def end_wording(*, organisation: Organisation, by: User, measure: MeasureCode) -> None:
    """The licence is over: the measure is offered no more. Scores already given stay."""
    organisation.licensed_wordings.filter(measure=measure, ended_at=None).update(ended_at=timezone.now())
