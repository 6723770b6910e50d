import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership


class CalendarFeed(models.Model):
    """The secret link by which a calendar reads a worker's meetings. Only a fingerprint of the secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="calendar_feeds")
    fingerprint = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(ended_at__isnull=True), name="one_live_calendar_feed"
            ),
        ]

    def __str__(self):
        return f"Calendar feed {self.pk}"
