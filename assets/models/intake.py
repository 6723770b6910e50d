"""Bringing feeds in: read, looked at, then written, in steps that can be taken up again."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.moves import allowed_moves
from assets.enums import INTAKE_MOVES, FeedKind, IntakeState, RowState
from assets.models.asset import Asset
from assets.models.source import Source


class ImportRun(models.Model):
    """What one import of one file did: the event row of `actions.import_assets`."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="import_runs")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=300)
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()
    rejected = models.JSONField(default=list)

    def __str__(self):
        return f"{self.file_name}, {self.made_at:%d/%m/%Y}"


class Intake(models.Model):
    """One reading of one feed, from the first page to the last row written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="intakes")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="intakes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField("comes as", max_length=10, choices=FeedKind, default=FeedKind.CSV)
    status = models.CharField(max_length=10, choices=IntakeState, default=IntakeState.READING)
    file_name = models.CharField(max_length=300, blank=True)
    content = models.BinaryField(null=True, help_text="The file; a feed is read page by page instead.")
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    next_page = models.CharField(max_length=2000, blank=True, help_text="Where reading goes on after a stop.")
    pages_read = models.PositiveIntegerField(default=0)
    rows_said = models.PositiveIntegerField(null=True, blank=True, help_text="What the feed says it holds.")
    failure = models.TextField(blank=True)

    def __str__(self):
        return f"Intake {self.pk}"

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(INTAKE_MOVES, self.status)


class StagedRow(models.Model):
    """One record of a feed as it was read, and what bringing it in would do or did."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="The line of the file, or the place in the feed.")
    ref = models.CharField(max_length=320, blank=True)
    state = models.CharField(max_length=10, choices=RowState)
    reason = models.CharField(max_length=500, blank=True)
    values = models.JSONField(default=dict)
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intake", "number"], name="one_staged_row_per_number")]
        indexes = [models.Index(fields=["intake", "state", "number"], name="staged_row_by_state")]

    def __str__(self):
        return f"Row {self.number}"


class ConflictQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)


class Conflict(models.Model):
    """A feed says otherwise than somebody here corrected. Ours stays until a person chooses."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="conflicts")
    field = models.CharField(max_length=40)
    theirs = models.JSONField()
    seen_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    took_theirs = models.BooleanField(null=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "field"], condition=Q(settled_at__isnull=True), name="one_open_conflict_per_field"
            ),
        ]

    def __str__(self):
        return f"Conflict {self.pk}"


def open_conflicts():
    """What feeds and people here say differently. The directory is shared, and so are these."""
    return Conflict.objects.open().select_related("asset__source")
