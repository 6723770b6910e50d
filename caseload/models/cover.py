import uuid
from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User


class AwayQuerySet(models.QuerySet):
    def on(self, day: date):
        return self.filter(first_on__lte=day, last_on__gte=day)

    def now_or_later(self, day: date):
        return self.filter(last_on__gte=day)

    def covered_by(self, user: User, day: date):
        """Those the user covers for that day, by name."""
        return self.on(day).filter(cover=user).select_related("worker").order_by("worker__name", "id")


def _days():
    return Func(F("first_on"), F("last_on"), Value("[]"), function="daterange", output_field=DateRangeField())


@keep_history()
class Away(models.Model):
    """Days somebody is away, both included, and who covers for them. Nobody yet is possible, and said plainly."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="away")
    worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField("first day away")
    last_on = models.DateField("last day away")
    cover = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="who covers"
    )
    note = models.TextField("what the cover should know", max_length=2000, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = AwayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="away_ends_after_it_begins", condition=Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(
                name="away_is_covered_by_another", condition=Q(cover__isnull=True) | ~Q(cover=F("worker"))
            ),
            ExclusionConstraint(
                name="away_once_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("worker", RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["cover", "last_on"], name="away_covered_by")]

    def __str__(self):
        return f"Away {self.pk}"

    @property
    def days(self) -> list[date]:
        return [self.first_on + timedelta(days=n) for n in range((self.last_on - self.first_on).days + 1)]
