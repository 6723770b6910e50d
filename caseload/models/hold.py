import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import User
from assets.enums import NeedKind
from assets.models import Asset
from caseload.enums import HoldBarrier, HoldEnd, HoldPurpose, NeedOutcome
from caseload.models.noted import Noted


class HoldQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)

    def due_review(self, day):
        return self.open().filter(review_on__lte=day)


@keep_history()
class Hold(models.Model):
    """A period of holding: what it is for, what is awaited, what blocks it, when it is looked at again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("caseload.Case", on_delete=models.CASCADE, related_name="holds")
    purpose = models.CharField("what the hold is for", max_length=20, choices=HoldPurpose)
    awaited_need = models.CharField("help with", max_length=30, choices=NeedKind)
    awaited_asset = models.ForeignKey(
        Asset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="from"
    )
    barrier = models.CharField("what stands in the way", max_length=20, choices=HoldBarrier)
    review_on = models.DateField("review on")
    note = models.TextField(max_length=5000, blank=True)
    meanwhile = models.TextField("what we do meanwhile", max_length=2000, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField("how it ended", max_length=20, choices=HoldEnd, blank=True)
    end_note = models.TextField(max_length=5000, blank=True)
    need_outcome = models.CharField("what became of the need", max_length=10, choices=NeedOutcome, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="one_open_hold_per_case"
            ),
            models.CheckConstraint(
                name="hold_ended_has_how",
                condition=Q(ended_at__isnull=True, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
            ),
            models.CheckConstraint(
                name="hold_need_outcome_only_when_ended",
                condition=Q(need_outcome="") | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Hold {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_review_due(self) -> bool:
        return self.is_open and self.review_on <= timezone.localdate()


@keep_history()
class HoldReview(Noted):
    """A look at a hold: what was said, and the next date. One row a review; the first date is the hold's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="reviews")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(max_length=5000)
    meanwhile = models.TextField("what we do meanwhile", max_length=2000, blank=True)
    next_review_on = models.DateField()

    class Meta:
        constraints = [*Noted.Meta.constraints]
        indexes = [models.Index(fields=["hold", "-at"], name="hold_review_latest")]

    def __str__(self):
        return f"Review {self.pk}"
