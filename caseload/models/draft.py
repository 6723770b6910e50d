import uuid
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation, User


class DraftQuerySet(models.QuerySet):
    def live(self):
        return self.filter(ended_at=None)

    def of_organisation(self, organisation: Organisation):
        return self.filter(case__organisation=organisation)

    def untouched_since(self, moment: datetime):
        return self.filter(written_at__lt=moment)

    def taken_over(self, draft_id: UUID | None, as_written: datetime | None):
        """One whose words another form has taken, unless its own tab has written on since."""
        return self.live().filter(pk=draft_id, written_at=as_written)

    def end(self) -> int:
        """The words go at once."""
        return self.update(ended_at=timezone.now(), words={}, base={})


class Draft(models.Model):
    """Words typed into a form on a case and not sent yet. For its author alone: no history, no timeline, no log.

    One row for each form that was open: two tabs of one form have a row each. Once it is sent or discarded the
    words go at once; the empty row stays until it is swept, so that a save still under way cannot bring them back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # chosen by the browser
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    case = models.ForeignKey("caseload.Case", on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField("address of the form", max_length=300)
    words = models.JSONField(default=dict)  # name of the box: what is in it
    base = models.JSONField(default=dict)  # name of the box: what the page had in it before
    written_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_ended_has_no_words", condition=Q(ended_at__isnull=True) | Q(words={}, base={})
            ),
        ]
        indexes = [models.Index(fields=["author", "case"], name="draft_of_author")]

    def __str__(self):
        return f"Draft {self.pk}"

    @property
    def length(self) -> int:
        """In words."""
        return sum(len(words.split()) for words in self.words.values())
