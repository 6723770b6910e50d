"""Keeping the directory true: what people who use it say of an entry, and what became of that."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation, User
from assets.enums import AssetVerb, ProblemKind
from assets.models.asset import Asset

# What a person may change, in the order it is shown. What follows from these (hours of the week, where it is) follows.
CORRECTABLE = [
    "name", "provider", "description", "need_kinds", "groups", "minimum_age", "maximum_age", "languages",
    "address", "town", "postcode", "local_authority",
    "phone", "email", "url",
    "opening_hours", "hours_note",
    "cost", "cost_note", "how_to_join", "join_note", "access_features", "access_note",
    "capacity", "wait_weeks", "threshold", "funding_ends_on",
    "contact_name", "contact_email", "charity_number",
]  # fmt: skip


class AssetEvent(models.Model):
    """The history of an entry: who did what, when. Only ever added to. No `by`: the service or its feed."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20, choices=AssetVerb)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["asset", "-at"], name="asset_event_timeline")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.at:%d/%m/%Y}"


class LocalNote(models.Model):
    """What it is really like, who to ask for. The team's own: never published, never shown to others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="local_notes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="local_notes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(max_length=2000)

    def __str__(self):
        return f"Local note {self.pk}"


class ProblemQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)


class Problem(models.Model):
    """Somebody found that an entry is wrong, and could not put it right themselves. No `by`: the service said so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="problems")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="problems")
    kind = models.CharField(max_length=20, choices=ProblemKind)
    words = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.TextField(max_length=2000, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="problem_by_somebody_of_an_organisation_or_the_service",
                condition=Q(by__isnull=True, organisation__isnull=True)
                | Q(by__isnull=False, organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="problem_settled_has_when_and_who",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Problem {self.pk}"

    @classmethod
    def of_directory(cls) -> ProblemQuerySet:
        """Those of every organisation: an entry is everybody's, and so is what is wrong with it."""
        return cls.objects.select_related("asset__merged_into", "organisation")


class Merge(models.Model):
    """Two entries that were one. What was on the second is kept here, so that it can be taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="merged_away")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filled = models.JSONField(
        default=dict, help_text="Fields of the kept entry that were empty and taken from the other."
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self):
        return f"Merge {self.pk}"

    @classmethod
    def of_directory(cls) -> models.QuerySet:
        return cls.objects.select_related("kept__merged_into", "gone")


class NotTheSame(models.Model):
    """Somebody looked at a proposed duplicate and it is not one: it is not proposed again."""

    first = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="not_the_same_said_once")]

    def __str__(self):
        return f"Not the same {self.pk}"
