import uuid

from django.db import models
from django.db.models import Deferrable, Prefetch, Q
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import User
from accounts.moves import allowed_moves
from caseload.enums import GOAL_MOVES, GoalStatus, WhoDoes


class GoalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=GoalStatus.OPEN)

    def in_their_order(self):
        return self.order_by("rank", "id")

    def with_progress(self):
        """What was said of each, newest first, in one more query."""
        said = GoalProgress.objects.select_related("by").order_by("-at", "-id")
        return self.prefetch_related(Prefetch("progress", said))


@keep_history()
class Goal(models.Model):
    """What the person wants, in their words and at the place they give it; and the next step, with who takes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("caseload.Case", on_delete=models.CASCADE, related_name="goals")
    words = models.TextField("in their words", max_length=1000)
    rank = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=GoalStatus, default=GoalStatus.OPEN)
    next_step = models.CharField(max_length=300, blank=True)
    step_by = models.CharField("who does it", max_length=10, choices=WhoDoes, blank=True)
    is_private = models.BooleanField("leave it off the printed plan", default=False)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = GoalQuerySet.as_manager()

    class Meta:
        constraints = [
            # Deferred: putting goals in another order passes through places that are taken.
            models.UniqueConstraint(
                fields=["case", "rank"], name="one_goal_at_a_place", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="goal_ended_has_when",
                condition=Q(status=GoalStatus.OPEN, ended_at__isnull=True)
                | ~Q(status=GoalStatus.OPEN) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="goal_step_has_who",
                condition=Q(next_step="", step_by="") | ~Q(next_step="") & ~Q(step_by=""),
            ),
        ]

    def __str__(self):
        return f"Goal {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status == GoalStatus.OPEN

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(GOAL_MOVES, self.status)


class GoalProgress(models.Model):
    """What the person says of a goal, and how it stood then. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="progress")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = models.TextField("in their words", max_length=2000)
    status = models.CharField(max_length=10, choices=GoalStatus, default=GoalStatus.OPEN)

    class Meta:
        indexes = [models.Index(fields=["goal", "-at"], name="goal_progress_latest")]

    def __str__(self):
        return f"Progress {self.pk}"
