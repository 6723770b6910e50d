"""The shared directory of community assets. It holds no person's data and belongs to no one organisation."""

import uuid
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import User
from accounts.words import count_of, named_day, since
from assets.enums import AccessFeature, Capacity, Cost, Group, HowToJoin, NeedKind, Weekday
from assets.models.hours import OpeningDay, next_session
from assets.models.search import AssetQuerySet, plain_text
from assets.models.source import Source


def choice_array(choices: type[models.TextChoices], verbose_name: str) -> ArrayField:
    one = models.CharField(max_length=40, choices=choices)
    return ArrayField(one, verbose_name=verbose_name, default=list, blank=True)


@keep_history(exclude=("search_text", "open_slots"))
class Asset(models.Model):
    """A community asset: somewhere to go or someone to ask. `source_ref` is what it is called within its source.

    `local_fields` names the fields somebody here corrected: a feed never overwrites those in silence.
    `open_slots` are the hours of the week it is open, Monday 00:00 being 0: kept by `slots_of(opening_hours)`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="assets")
    source_ref = models.CharField(max_length=320)
    name = models.CharField(max_length=300)
    address = models.TextField(blank=True, help_text="A line for each part.")
    town = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    local_authority = models.CharField(max_length=200, blank=True)
    uprn = models.CharField("unique property reference number", max_length=12, blank=True)
    phone = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    url = models.URLField("website", max_length=500, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    provider = models.CharField("run by", max_length=300, blank=True)
    charity_number = models.CharField(max_length=20, blank=True)
    description = models.TextField(blank=True)
    need_kinds = choice_array(NeedKind, "helps with")
    groups = choice_array(Group, "who it is for")
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    access_features = choice_array(AccessFeature, "access")
    access_note = models.TextField(blank=True)
    cost = models.CharField(max_length=10, choices=Cost, blank=True)
    cost_note = models.CharField(max_length=500, blank=True)
    how_to_join = models.CharField(max_length=10, choices=HowToJoin, blank=True)
    join_note = models.TextField(blank=True)
    opening_hours = models.JSONField(default=dict, blank=True, help_text='{"mon": "09:00-19:00"}')
    hours_note = models.TextField(blank=True)
    open_slots = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, editable=False)

    capacity = models.CharField("room", max_length=40, choices=Capacity, blank=True)
    wait_weeks = models.PositiveSmallIntegerField("current wait in weeks", null=True, blank=True)
    threshold = models.CharField("who they take", max_length=500, blank=True)
    capacity_said_on = models.DateField(null=True, blank=True)
    funding_ends_on = models.DateField(null=True, blank=True)

    contact_name = models.CharField("who keeps this entry right", max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    local_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    is_closed = models.BooleanField(default=False)
    closed_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_listed = models.BooleanField(default=True, help_text="Shown in the directory. An import leaves this alone.")
    last_seen_on = models.DateField("last in its source's list on", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    search_text = models.GeneratedField(
        expression=plain_text(
            Concat(
                "name",
                Value(" "),
                "address",
                Value(" "),
                "town",
                Value(" "),
                "local_authority",
                Value(" "),
                "postcode",
                Value(" "),
                "provider",
                Value(" "),
                "description",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_ref"], name="one_asset_per_reference_of_a_source"),
            models.CheckConstraint(
                name="closed_year_only_when_closed", condition=Q(is_closed=True) | Q(closed_year__isnull=True)
            ),
            models.CheckConstraint(
                name="asset_confirmed_by_only_with_when",
                condition=Q(confirmed_at__isnull=False) | Q(confirmed_by__isnull=True),
            ),
            models.CheckConstraint(
                name="asset_place_has_both_or_neither",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="asset_search_text"),
            GinIndex(fields=["need_kinds"], name="asset_need_kinds"),
            GinIndex(fields=["open_slots"], name="asset_open_slots"),
            models.Index(fields=["postcode"], name="asset_postcode"),
            models.Index(fields=["latitude", "longitude"], name="asset_place"),
        ]

    def __str__(self):
        return self.name

    @property
    def counts_as(self) -> "Asset":
        """Itself, or the entry it was merged into: what refers to this one now means that one."""
        return self.merged_into or self

    @property
    def address_lines(self) -> list[str]:
        return [line for line in [*self.address.splitlines(), self.town, self.postcode] if line]

    @property
    def website_name(self) -> str:
        return urlsplit(self.url).hostname or self.url

    @property
    def next_session(self) -> str:
        """today 14:00–16:00. Empty where no hours are known, or it has closed."""
        return "" if self.is_closed else next_session(self.opening_hours)

    @property
    def room_in_words(self) -> str:
        """Waiting list, about 6 weeks. Empty where the service has not said."""
        said = self.get_capacity_display()
        wait = f"about {count_of(self.wait_weeks, 'week')}" if self.wait_weeks else ""
        return ", ".join(filter(None, [said or wait and "A wait", wait]))

    def funding_in_words(self, days: int, today: date | None = None) -> str:
        """Its funding ends on 3 December: where that is within so many days, or has passed and nobody said more."""
        today = today or timezone.localdate()
        if self.is_closed or self.funding_ends_on is None or self.funding_ends_on > today + timedelta(days=days):
            return ""
        ends = "ends" if self.funding_ends_on >= today else "was to end"
        return f"Its funding {ends} on {named_day(self.funding_ends_on, today)}"

    @property
    def ages_in_words(self) -> str:
        """16 and over; up to 25; 18 to 64."""
        if self.minimum_age and self.maximum_age is not None:
            return f"{self.minimum_age} to {self.maximum_age}"
        if self.maximum_age is not None:
            return f"up to {self.maximum_age}"
        return f"{self.minimum_age} and over" if self.minimum_age else ""

    def labels_of(self, field: str) -> list[str]:
        """What an array of choices says, in words; a value nobody knows as it is."""
        known = dict(self._meta.get_field(field).base_field.choices)
        return [str(known.get(value, value)) for value in getattr(self, field)]

    @property
    def needs_in_words(self) -> list[str]:
        return self.labels_of("need_kinds")

    @property
    def groups_in_words(self) -> list[str]:
        return self.labels_of("groups")

    @property
    def access_in_words(self) -> list[str]:
        return self.labels_of("access_features")

    @property
    def why_last(self) -> str:
        """Why it comes after the others, of one that `useful_first` found; empty where it does not."""
        not_confirmed = f"Not confirmed {since(self.confirmed_at)}" if self.confirmed_at else "Never confirmed"
        closed = f"Closed in {self.closed_year}" if self.closed_year else "Closed"
        return {0: "", 1: not_confirmed, 2: "Full", 3: closed}[getattr(self, "last", 0)]

    @property
    def opening_days(self) -> list[OpeningDay]:
        """The whole week in order, or nothing where no hours are known."""
        if not self.opening_hours:
            return []
        return [OpeningDay(day.label, self.opening_hours.get(day.value, "")) for day in Weekday]


def merged_into(asset_id: uuid.UUID) -> uuid.UUID | None:
    """The entry that counts, for one that is out of sight because it was merged."""
    return Asset.objects.filter(pk=asset_id, merged_into__isnull=False).values_list("merged_into", flat=True).first()


def published():
    """What the public feed gives out: listed, not merged away, and from a source that lets it be passed on."""
    return directory().exclude(source__licence="")


def directory():
    """Every asset shown to staff. It is shared, so it hangs from no organisation."""
    return Asset.objects.filter(is_listed=True, merged_into=None).select_related("source").order_by("name", "id")
