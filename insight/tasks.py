import structlog
from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from accounts.models import Organisation
from insight.snapshots import check_closed_months, close_months

logger = structlog.get_logger(__name__)


@shared_task
def close_months_everywhere() -> None:
    """Nightly: a month that was missed is closed the next night."""
    for organisation_id in Organisation.objects.order_by("id").values_list("pk", flat=True):
        close_months_of.delay(str(organisation_id))


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True)
def close_months_of(organisation_id: str) -> None:
    """Keep the figures of closed months, then say where facts entered since would change one."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        logger.info("organisation_gone", organisation_id=organisation_id)
        return
    today = timezone.localdate()
    kept, differ = close_months(organisation, today), check_closed_months(organisation, today)
    logger.info("months_closed", organisation_id=organisation_id, kept=kept, differ=differ)
