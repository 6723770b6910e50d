import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organisation, User
from caseload.models.case import Case
from caseload.models.person import Patient


class PersonMergeQuerySet(models.QuerySet):
    def standing(self):
        """Not taken back."""
        return self.filter(separated_at=None)


class PersonMerge(models.Model):
    """That two records were found to be of one person: what moved, and what became of what differed.

    `moved` is {field of a model: [keys of rows that named the other record]}; `came_along` the same of what went from
    the open case that was ended to the one that goes on. `changed` is {field: [before, after]} of the kept record, and
    `about` the same of what is kept about the person. Enough to take it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="person_merges")
    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merged_away")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.CharField("how you know", max_length=300)

    moved = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    about = models.JSONField(default=dict)
    ended_case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_status = models.CharField(max_length=10, blank=True)
    came_along = models.JSONField(default=dict)

    separated_at = models.DateTimeField(null=True, blank=True)
    separated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="merge_of_two_people", condition=~Q(kept=F("gone"))),
            models.CheckConstraint(name="merge_says_how_one_knows", condition=~Q(why="")),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(separated_at__isnull=True), name="merged_away_once_at_a_time"
            ),
            models.CheckConstraint(
                name="merge_separated_has_who",
                condition=Q(separated_at__isnull=True, separated_by__isnull=True)
                | Q(separated_at__isnull=False, separated_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Merge {self.pk}"
