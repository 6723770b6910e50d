"""What insight keeps of its own: figures of closed months, and from when a chart's limits are drawn anew."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation, Practice, User


class SnapshotQuerySet(models.QuerySet):
    def of_service(self):
        """Of the whole organisation, not of one of its practices."""
        return self.filter(practice=None)

    def changed_since(self):
        """Months that facts entered since would change."""
        return self.filter(facts_now__isnull=False)


class Snapshot(models.Model):
    """A figure of one month, as it was when the month closed. Only what is known about it since may change.

    A row a practice, and one without of the whole organisation. `value` and `splits` ({split: {category: value}})
    are as Value.to_json makes them; `facts_now` is what differs of them today.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="snapshots")
    month = models.DateField()
    figure = models.CharField(max_length=40)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveSmallIntegerField()
    value = models.JSONField()
    splits = models.JSONField(default=dict)
    taken_at = models.DateTimeField(default=timezone.now)
    facts_now = models.JSONField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "figure", "month", "practice"],
                nulls_distinct=False,
                name="one_snapshot_per_figure_month_and_practice",
            ),
            models.CheckConstraint(name="snapshot_of_a_month_by_its_first_day", condition=Q(month__day=1)),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="closed", exclude=["facts_now", "checked_at"]),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.figure} of {self.month:%m/%Y}"


class Rebaseline(models.Model):
    """From this month on, a chart's mean and limits are worked out anew; somebody says why."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rebaselines")
    figure = models.CharField(max_length=40)
    month = models.DateField("from")
    why = models.CharField("what changed", max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "figure", "month"],
                condition=Q(ended_at__isnull=True),
                name="one_rebaseline_per_figure_and_month",
            ),
            models.CheckConstraint(name="rebaseline_of_a_month_by_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="rebaseline_ended_has_who",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.figure} anew from {self.month:%m/%Y}"
