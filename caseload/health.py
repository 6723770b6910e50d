"""What /healthz/ answers: 200 when the database, the cache and the sweep are well, 500 when one is not."""

from dataclasses import dataclass

from django.utils import timezone
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from accounts.words import count_of
from caseload.models import AlarmCheck, LoneVisit
from caseload.models.lone_visit import NOT_CHECKED
from caseload.sweep import overdue


@dataclass
class Sweep(HealthCheck):
    """No organisation goes without a finished sweep for 26 hours: nobody would be flagged, and nobody would see it."""

    async def run(self) -> None:
        late = await overdue().acount()
        if late:
            raise ServiceUnavailable(f"No sweep has finished for 26 hours in {count_of(late, 'organisation')}.")


@dataclass
class Alarms(HealthCheck):
    """Overdue lone visits are looked for: nobody would be told, and nobody would see it."""

    async def run(self) -> None:
        check = await AlarmCheck.objects.afirst()
        is_late = (
            check.checked_at < timezone.now() - NOT_CHECKED if check else await LoneVisit.objects.open().aexists()
        )
        if is_late:
            raise ServiceUnavailable("Overdue lone visits have not been looked for in 3 minutes.")


class HealthView(HealthCheckView):
    """JSON whoever asks, and no personal data in it."""

    checks = ["health_check.checks.Database", "health_check.checks.Cache", Sweep, Alarms]

    async def get(self, request, *args, **kwargs):
        await super().get(request, *args, **kwargs)
        return self.render_to_response_json(500 if any(result.error for result in self.results) else 200)
