import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from assets.enums import NeedKind
from assets.models import Asset
from caseload.enums import BackstageKind


@keep_history()
class BackstageWork(models.Model):
    """Work nobody sees: a visit to a group, a partnership meeting, setting something up. Needs no person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="backstage_work")
    worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="backstage_work")
    done_on = models.DateField("day", default=timezone.localdate)
    kind = models.CharField("what it was", max_length=20, choices=BackstageKind)
    minutes = models.PositiveSmallIntegerField()
    asset = models.ForeignKey(
        Asset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="which service"
    )
    gap = models.CharField("the gap it answers", max_length=30, choices=NeedKind, blank=True)
    note = models.TextField(max_length=5000, blank=True)
    logged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="backstage_minutes_of_a_day", condition=Q(minutes__gte=1, minutes__lte=1440)),
        ]
        indexes = [
            models.Index(fields=["worker", "done_on"], name="backstage_of_worker"),
            models.Index(fields=["organisation", "done_on"], name="backstage_by_day"),
        ]

    def __str__(self):
        return f"Back-stage work {self.pk}"

    def may_be_changed_by(self, user: User) -> bool:
        """One's own, on the day it was logged: after that it has been counted."""
        return self.worker_id == user.pk and self.is_changeable_today

    @property
    def is_changeable_today(self) -> bool:
        return timezone.localdate(self.logged_at) == timezone.localdate()
