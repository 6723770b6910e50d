import uuid

from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import User
from accounts.words import local_day, short_day, span
from assets.enums import NeedKind
from assets.models import Asset
from caseload.enums import HoldBarrier, HoldEnd, HoldPurpose, NeedOutcome
from caseload.models.noted import Noted


class HoldQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)

    def due_review(self, day):
        return self.open().filter(review_on__lte=day)

    def ended(self):
        return self.exclude(ended_at=None)

    def with_board_data(self):
        """Everything a row of the board shows, in two queries."""
        latest = HoldReview.objects.select_related("by").order_by("hold", "-at", "-id").distinct("hold")
        return self.select_related(
            "case__patient", "case__worker", "case__practice", "awaited_asset__merged_into"
        ).prefetch_related(Prefetch("reviews", latest, to_attr="latest_reviews"))


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
        indexes = [
            models.Index(fields=["started_at"], name="hold_by_start"),
            models.Index(fields=["ended_at"], name="hold_by_end"),
        ]

    def __str__(self):
        return f"Hold {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def last_look(self) -> "HoldReview | None":
        """The latest look at it, asked for when needed."""
        return self.reviews.select_related("by").order_by("-at", "-id").first()

    @property
    def latest_review(self) -> "HoldReview | None":
        """The latest look at it. The hold comes with_board_data()."""
        return next(iter(self.latest_reviews), None)

    @property
    def lasted_days(self) -> int:
        """Days from its start to its end, or to today."""
        return (local_day(self.ended_at or timezone.now()) - local_day(self.started_at)).days

    @property
    def lasted(self) -> str:
        return span(self.lasted_days) if self.lasted_days else "under a day"

    @property
    def service(self) -> Asset | None:
        """The service awaited, as the directory has it now: that it was merged into, where it was."""
        return self.awaited_asset and self.awaited_asset.counts_as

    @property
    def service_now(self) -> str:
        """What the awaited service says of its room and wait, and since when. Empty where it has said nothing."""
        asset = self.service
        if asset is None:
            return ""
        if asset.is_closed:
            return "Closed"
        said_on = f", said {short_day(asset.capacity_said_on)}" if asset.capacity_said_on else ""
        return f"{asset.room_in_words}{said_on}" if asset.room_in_words else ""

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

    @property
    def case(self):
        return self.hold.case

    @property
    def noted_by_id(self):
        return self.by_id

    @property
    def note_url(self) -> str:
        return reverse("caseload:review_note", args=[self.hold.case_id, self.hold_id, self.pk])
