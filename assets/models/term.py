import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import keep_history
from accounts.models import User
from assets.enums import MEANINGS, Vocabulary
from assets.models.source import Source


@keep_history()
class Term(models.Model):
    """A word a publisher puts on its services, and what it means here: as the word reads, until somebody decides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="terms")
    vocabulary = models.CharField(max_length=10, choices=Vocabulary)
    ref = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    parent_ref = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=20, blank=True, help_text="Of an area, as the statistical offices have it.")
    note = models.TextField(blank=True)
    means = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    last_seen_on = models.DateField("last in its source's list on", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "vocabulary", "ref"], name="one_term_per_reference"),
            models.CheckConstraint(
                name="term_decided_by_has_when",
                condition=Q(decided_at__isnull=False) | Q(decided_by__isnull=True),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What it may mean; nothing for an area."""
        return MEANINGS[self.vocabulary].choices if self.vocabulary in MEANINGS else []

    @property
    def means_in_words(self) -> list[str]:
        labels = dict(self.choices)
        return [labels[value] for value in self.means if value in labels]


def terms():
    """Every word of every publisher. They are shared, as the directory is."""
    return Term.objects.select_related("source").order_by("source__name", "vocabulary", "name", "id")
