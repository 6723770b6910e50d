"""What /healthz/ answers: 200 when the database, the cache and the sweep are well, 500 when one is not."""

from dataclasses import dataclass

from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from accounts.words import count_of
from caseload.sweep import overdue


@dataclass
class Sweep(HealthCheck):
    """No organisation goes without a finished sweep for 26 hours: nobody would be flagged, and nobody would see it."""

    async def run(self) -> None:
        late = await overdue().acount()
        if late:
            raise ServiceUnavailable(f"No sweep has finished for 26 hours in {count_of(late, 'organisation')}.")


class HealthView(HealthCheckView):
    """JSON whoever asks, and no personal data in it."""

    checks = ["health_check.checks.Database", "health_check.checks.Cache", Sweep]

    async def get(self, request, *args, **kwargs):
        await super().get(request, *args, **kwargs)
        return self.render_to_response_json(500 if any(result.error for result in self.results) else 200)
