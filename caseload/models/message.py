import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from assets.models import Asset
from caseload.enums import Channel, MessageStatus
from caseload.models.case import Case


class ShortlistItem(models.Model):
    """A service put aside for somebody, to talk over, print or send."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="shortlist")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "asset"], name="shortlisted_once")]

    def __str__(self):
        return f"Shortlisted {self.asset_id}"


class Message(models.Model):
    """A text or email to the person, as it was sent. The channel's permission was checked on the way out too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, choices=[(c.value, c.label) for c in (Channel.TEXT, Channel.EMAIL)])
    to = models.CharField(max_length=254)
    body = models.TextField(max_length=20000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    queued_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    ended_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_ended_has_when",
                condition=Q(status=MessageStatus.QUEUED, ended_at__isnull=True)
                | ~Q(status=MessageStatus.QUEUED) & Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Message {self.pk}"
