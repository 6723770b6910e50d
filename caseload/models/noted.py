from django.conf import settings
from django.db import models
from django.db.models import Q


class Noted(models.Model):
    """A record whose note can be put right. Earlier wordings, with who wrote each and when, are in its row history."""

    note_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    note_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_note_changed_has_when_and_who",
                condition=Q(note_changed_at__isnull=True, note_changed_by__isnull=True)
                | Q(note_changed_at__isnull=False, note_changed_by__isnull=False),
            ),
        ]
