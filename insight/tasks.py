import structlog
from celery import shared_task
from django.db import DatabaseError, OperationalError
from django.db.models import F
from django.utils import timezone

from accounts.models import Organisation
from assets.tasks import alone
from insight.enums import ExportState
from insight.evidence import evidence_of
from insight.exporting import file_of, steps_of
from insight.models import EXPORTS_KEPT, Export
from insight.of_people import groups_of
from insight.snapshots import check_closed_months, close_months, half_years, years

logger = structlog.get_logger(__name__)


@shared_task
def close_months_everywhere() -> None:
    """Nightly: a month that was missed is closed the next night."""
    for organisation_id in Organisation.objects.order_by("id").values_list("pk", flat=True):
        close_months_of.delay(str(organisation_id))


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True)
def close_months_of(organisation_id: str) -> None:
    """Keep the figures of closed months, then say where facts entered since would change one; count small groups."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        logger.info("organisation_gone", organisation_id=organisation_id)
        return
    today = timezone.localdate()
    kept, differ = close_months(organisation, today), check_closed_months(organisation, today)
    for half_year in half_years(organisation, today)[::-1]:
        evidence_of(organisation, half_year)
    for year in years(organisation, today):
        groups_of(organisation, year)
    logger.info("months_closed", organisation_id=organisation_id, kept=kept, differ=differ)


@shared_task
def make_export(export_id: str) -> None:
    """Make the file. Made already, or being made by another worker: nothing to do. Killed half-way, it begins anew."""
    with alone(export_id) as is_alone:
        export = Export.objects.under_way().filter(pk=export_id).select_related("organisation", "asked_by").first()
        if export is None or not is_alone:
            return
        own = Export.objects.under_way().filter(pk=export.pk)
        own.update(steps=steps_of(export), steps_done=0)
        try:
            content, rows = file_of(export, on_step=lambda: own.update(steps_done=F("steps_done") + 1))
        except DatabaseError:
            raise
        except Exception:
            own.update(status=ExportState.FAILED, ended_at=timezone.now())
            raise
        now = timezone.now()
        ended = {"status": ExportState.READY, "ended_at": now, "expires_at": now + EXPORTS_KEPT}
        own.update(content=content, rows=rows, steps_done=F("steps"), **ended)
        logger.info("export_made", export_id=export_id, rows=rows)


@shared_task
def go_on_with_exports() -> None:
    """Every few minutes: those whose worker was killed; and files kept long enough go."""
    for export_id in Export.objects.under_way().order_by("asked_at", "id").values_list("pk", flat=True):
        make_export.delay(str(export_id))
    Export.objects.to_forget().forget()
