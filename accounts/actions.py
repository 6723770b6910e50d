from django.db import transaction

from accounts.models import Organisation, Policy, User
from accounts.moves import ChangedMeanwhile


@transaction.atomic
def change_policy(*, organisation: Organisation, by: User, based_on: int | None, **settings) -> Policy:
    """Add a version of the organisation's settings; none where nothing differs.

    `based_on` is the version the writer started from, None for the defaults. Raises ChangedMeanwhile
    when somebody has saved a newer one since.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    current = organisation.policy
    if current.pk != based_on:
        raise ChangedMeanwhile(f"settings are at {current.pk}, not {based_on}")
    if all(getattr(current, name) == value for name, value in settings.items()):
        return current
    return organisation.policies.create(made_by=by, **settings)
