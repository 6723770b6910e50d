from django.db import models
from django.db.models import Count, Max, Q

from accounts.history import keep_history
from accounts.models import User
from assets.enums import FeedKind


@keep_history()
class Source(models.Model):
    """Who publishes a list, and on what terms it may be passed on. Who found those out is kept beside."""

    name = models.CharField(max_length=200, unique=True)
    url = models.URLField(max_length=500, blank=True)
    licence = models.TextField(blank=True, help_text="Without one, nothing from this source is published onward.")
    licence_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    licence_at = models.DateTimeField(null=True, blank=True, editable=False)
    kind = models.CharField("comes as", max_length=10, choices=FeedKind, default=FeedKind.CSV)
    mapping = models.JSONField(
        default=dict, blank=True, help_text="Which column holds what: remembered from last time."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="source_licence_by_only_with_when",
                condition=Q(licence_at__isnull=False) | Q(licence_by__isnull=True),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def may_be_published(self) -> bool:
        return bool(self.licence)


def sources():
    """Every publisher. They are shared, as the directory is."""
    return Source.objects.order_by("name", "id")


def with_what_they_gave(found: models.QuerySet) -> models.QuerySet:
    """How many entries are theirs, and when any was last in their list."""
    return found.annotate(entries=Count("assets"), last_seen_on=Max("assets__last_seen_on"))
