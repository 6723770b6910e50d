import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation, User
from caseload.enums import FlagRule


class FlagQuerySet(models.QuerySet):
    def open(self):
        return self.filter(cleared_at=None)

    def showing(self):
        """Open and not set aside for now."""
        today = timezone.localdate()
        return self.open().filter(Q(set_aside_until=None) | Q(set_aside_until__lte=today))


class Flag(models.Model):
    """Advice raised by a rule of the sweep: what, since when, and why in one sentence.

    The subject is a case or, for rules of other apps, a record of theirs with this id. Services
    are everybody's, so the same one may be flagged for several organisations.
    Only the fact changing clears a flag; setting it aside hides it until a date.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="flags")
    rule = models.CharField(max_length=30, choices=FlagRule)
    subject_id = models.UUIDField()
    case = models.ForeignKey("caseload.Case", on_delete=models.CASCADE, null=True, related_name="flags")
    since = models.DateField()
    why = models.CharField(max_length=500)
    raised_at = models.DateTimeField(default=timezone.now)
    cleared_at = models.DateTimeField(null=True, blank=True)
    set_aside_until = models.DateField(null=True, blank=True)
    set_aside_reason = models.CharField(max_length=500, blank=True)
    set_aside_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "rule", "subject_id"],
                condition=Q(cleared_at__isnull=True),
                name="one_open_flag_per_rule_and_subject",
            ),
            models.CheckConstraint(
                name="flag_set_aside_has_reason_and_who",
                condition=Q(set_aside_until__isnull=True, set_aside_reason="", set_aside_by__isnull=True)
                | Q(set_aside_until__isnull=False, set_aside_by__isnull=False) & ~Q(set_aside_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "rule"], condition=Q(cleared_at=None), name="flag_open"),
            models.Index(fields=["case"], condition=Q(cleared_at=None), name="flag_open_of_case"),
        ]

    def __str__(self):
        return f"{self.rule} {self.subject_id}"

    @property
    def asks_after_them(self) -> bool:
        """A sign to check on somebody: a worry about them, not about what they did not do."""
        return self.rule == FlagRule.REPEATED_MISSED


class SweepRun(models.Model):
    """One sweep of one organisation. Without a finished one for 26 hours, something is wrong."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sweep_runs")
    as_of = models.DateField()
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-finished_at"], name="sweep_run_latest")]

    def __str__(self):
        return f"Sweep as of {self.as_of:%d/%m/%Y}"
