import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from assets.models import Asset
from caseload.enums import Channel, MessageStatus, Occasion
from caseload.models.case import Case

WRITTEN = (Channel.TEXT, Channel.EMAIL, Channel.LETTER)
LATELY = timedelta(days=28)


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


class MessageQuerySet(models.QuerySet):
    def stuck(self, now: datetime):
        """Could not be sent lately, and nothing was written by that way since."""
        later = self.model.objects.filter(
            case=OuterRef("case"), channel=OuterRef("channel"), queued_at__gt=OuterRef("queued_at")
        )
        return self.filter(~Exists(later), status=MessageStatus.FAILED, ended_at__gte=now - LATELY)

    def electronic(self):
        """Without letters: those are told of by the contact that each is as well."""
        return self.exclude(channel=Channel.LETTER)

    def newest_first(self):
        return self.order_by("-queued_at", "-id")


class Message(models.Model):
    """A text, email or letter to the person, as it was sent. The channel's permission was checked on the way out too.

    That it was sent says nothing of whether it was read: a message never counts as having reached somebody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, choices=[(c.value, c.label) for c in WRITTEN])
    to = models.CharField(max_length=600)
    sender = models.CharField(max_length=30, blank=True, help_text="The name it shows as from.")
    about = models.CharField(max_length=100, blank=True, help_text="A few words for the timeline.")
    body = models.TextField(max_length=20000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    queued_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    ended_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_ended_has_when",
                condition=Q(status=MessageStatus.QUEUED, ended_at__isnull=True)
                | ~Q(status=MessageStatus.QUEUED) & Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-queued_at"], name="message_of_case"),
            models.Index(fields=["queued_at"], condition=Q(status=MessageStatus.QUEUED), name="message_on_its_way"),
        ]

    def __str__(self):
        return f"Message {self.pk}"

    @property
    def is_letter(self) -> bool:
        return self.channel == Channel.LETTER

    @property
    def has_failed(self) -> bool:
        return self.status == MessageStatus.FAILED

    @property
    def state_in_words(self) -> str:
        """Sent; or could not be sent, and why. A letter is for somebody to post."""
        if self.is_letter:
            return "To print and post"
        said = self.get_status_display()
        return f"{said}: {self.failure}" if self.failure else said


@keep_history()
class MessageTemplate(models.Model):
    """An organisation's own words to begin a message with. caseload/wording.py says what may stand in them.

    Those that come with Linkwork are no rows until somebody changes them (wording.templates_of).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="message_templates")
    name = models.CharField(max_length=100)
    occasion = models.CharField("for", max_length=20, choices=Occasion)
    body = models.TextField("words", max_length=1000)
    is_offered = models.BooleanField("offered to link workers", default=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    def __str__(self):
        return self.name
