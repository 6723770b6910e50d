import structlog
from celery import shared_task
from django.db import OperationalError

from accounts.models import Organisation, User
from caseload.sweep import overdue, sweep

logger = structlog.get_logger(__name__)


@shared_task
def sweep_every_organisation() -> None:
    """Nightly."""
    for organisation_id in Organisation.objects.order_by("id").values_list("pk", flat=True):
        sweep_organisation.delay(str(organisation_id))


@shared_task
def sweep_overdue_organisations() -> None:
    """Hourly: makes up for a sweep that failed, or a night that beat slept through."""
    for organisation_id in overdue().order_by("id").values_list("pk", flat=True):
        sweep_organisation.delay(str(organisation_id))


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True)
def sweep_organisation(organisation_id: str, by_id: str | None = None) -> None:
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        logger.info("organisation_gone", organisation_id=organisation_id)
        return
    counts = sweep(organisation, by=User.objects.filter(pk=by_id).first())
    logger.info("swept", organisation_id=organisation_id, counts=counts)
