import uuid

from django.db import models
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from caseload.enums.safety import BeyondKind
from caseload.models.case import Case


@keep_history()
class BeyondUsual(models.Model):
    """Work beyond the usual for somebody: what, why, and with whom it was agreed. Seen as work, not as fault."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="beyond_usual")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField()
    kind = models.CharField(max_length=20, choices=BeyondKind)
    what = models.TextField("what was done", max_length=2000)
    why = models.TextField(max_length=2000)
    agreed_with = models.CharField("agreed with", max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    logged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["case", "-done_on"], name="beyond_usual_of_case")]

    def __str__(self):
        return f"Beyond the usual {self.pk}"

    @property
    def agreed_words(self) -> str:
        return f"Agreed with {self.agreed_with}" if self.agreed_with else "Not agreed with anybody yet"


def beyond_usual_of(organisation: Organisation):
    """Of the whole service, latest first: by day, never by who did most."""
    notes = BeyondUsual.objects.filter(case__organisation=organisation)
    return notes.select_related("case__patient", "by").order_by("-done_on", "-logged_at", "id")
