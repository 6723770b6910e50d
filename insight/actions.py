"""Insight writes nothing of casework: only its own snapshots, and from when a chart is drawn anew."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from insight.models import Rebaseline


@transaction.atomic
def rebaseline(*, organisation: Organisation, by: User, figure: str, month: date, why: str) -> Rebaseline:
    """Work out a chart's limits anew from a month on. The same month again keeps what was said first."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = organisation.rebaselines.filter(figure=figure, month=month, ended_at=None).first()
    return found or organisation.rebaselines.create(figure=figure, month=month, why=why, made_by=by)


@transaction.atomic
def end_rebaseline(*, rebaseline: Rebaseline, by: User) -> None:
    """Draw the chart through again. That it was drawn anew, by whom and why, is kept."""
    still_so = Rebaseline.objects.select_for_update().filter(pk=rebaseline.pk, ended_at=None)
    still_so.update(ended_at=timezone.now(), ended_by=by)
