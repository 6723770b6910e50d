from django.db import models

from assets.enums import FeedKind


class Source(models.Model):
    """Who publishes a list, and on what terms it may be passed on."""

    name = models.CharField(max_length=200, unique=True)
    url = models.URLField(max_length=500, blank=True)
    licence = models.TextField(blank=True, help_text="Without one, nothing from this source is published onward.")
    kind = models.CharField("comes as", max_length=10, choices=FeedKind, default=FeedKind.CSV)
    mapping = models.JSONField(
        default=dict, blank=True, help_text="Which column holds what: remembered from last time."
    )

    def __str__(self):
        return self.name

    @property
    def may_be_published(self) -> bool:
        return bool(self.licence)


def sources():
    """Every publisher. They are shared, as the directory is."""
    return Source.objects.order_by("name", "id")
