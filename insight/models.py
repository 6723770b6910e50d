"""What insight keeps of its own: figures of closed months, small groups as they were counted once, from when a chart's
limits are drawn anew, evidence sheets with their words, what was exported, what funders ask for, and whom a worker
shows the mix of their work."""

import uuid
from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, Practice, User
from insight.enums import OF_ROWS, ExportFormat, ExportKind, ExportPurpose, ExportState, PublishedKind
from insight.period import Period

EXPORTS_KEPT = timedelta(days=7)


class SnapshotQuerySet(models.QuerySet):
    def of_service(self):
        """Of the whole organisation, not of one of its practices."""
        return self.filter(practice=None)

    def changed_since(self):
        """Months that facts entered since would change."""
        return self.filter(facts_now__isnull=False)


class Snapshot(models.Model):
    """A figure of one month, as it was when the month closed. Only what is known about it since may change.

    A row a practice, and one without of the whole organisation. `value` and `splits` ({split: {category: value}})
    are as Value.to_json makes them; `facts_now` is what differs of them today.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="snapshots")
    month = models.DateField()
    figure = models.CharField(max_length=40)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveSmallIntegerField()
    value = models.JSONField()
    splits = models.JSONField(default=dict)
    taken_at = models.DateTimeField(default=timezone.now)
    facts_now = models.JSONField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "figure", "month", "practice"],
                nulls_distinct=False,
                name="one_snapshot_per_figure_month_and_practice",
            ),
            models.CheckConstraint(name="snapshot_of_a_month_by_its_first_day", condition=Q(month__day=1)),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "-checked_at"], condition=Q(checked_at__isnull=False), name="snapshot_checked"
            ),
            models.Index(
                fields=["organisation", "-month"], condition=Q(facts_now__isnull=False), name="snapshot_changed"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="closed", exclude=["facts_now", "checked_at"]),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.figure} of {self.month:%m/%Y}"


class Published(models.Model):
    """Small groups of a period beside each other, counted once when it is over and never again.

    Counted again after a fact was corrected, two counts would tell of whoever it was about. What is left out is not in
    `shown` (insight/evidence.py, insight/of_people.py). docs/adr/0021-suppression.md
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="published")
    what = models.CharField(max_length=10, choices=PublishedKind)
    first = models.DateField()
    last = models.DateField()
    shown = models.JSONField()
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "what", "first", "last"], name="published_once"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="as_counted"),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.what} to {self.last:%m/%Y}"


class Rebaseline(models.Model):
    """From this month on, a chart's mean and limits are worked out anew; somebody says why."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rebaselines")
    figure = models.CharField(max_length=40)
    month = models.DateField("from")
    why = models.CharField("what changed", max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "figure", "month"],
                condition=Q(ended_at__isnull=True),
                name="one_rebaseline_per_figure_and_month",
            ),
            models.CheckConstraint(name="rebaseline_of_a_month_by_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="rebaseline_ended_has_who",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.figure} anew from {self.month:%m/%Y}"


class EvidenceSheet(models.Model):
    """An evidence sheet as it was kept: its figures as they were shown, and the team's words. Never changed.

    Other words make another row, so that each version says who wrote it and when. `where` is the place as its address
    names it, "" everywhere; `shown` is what pages, PDF and CSV are made from (insight/evidence.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence_sheets")
    first = models.DateField()
    last = models.DateField()
    where = models.CharField(max_length=220, blank=True)
    words = models.TextField("what the team wants to say", max_length=3000, blank=True)
    shown = models.JSONField()
    kept_at = models.DateTimeField(default=timezone.now)
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="evidence_of_days_in_order", condition=Q(first__lte=models.F("last"))),
        ]
        indexes = [models.Index(fields=["organisation", "-kept_at"], name="evidence_latest")]
        triggers = [
            pgtrigger.ReadOnly(name="as_kept"),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"Evidence sheet {self.pk}"


class ExportQuerySet(models.QuerySet):
    def latest_first(self):
        return self.select_related("asked_by").defer("content").order_by("-asked_at", "id")

    def with_times_taken(self):
        return self.annotate(times_taken=Count("fetches"))

    def to_forget(self):
        """Whose file is kept no longer."""
        return self.filter(status=ExportState.READY, expires_at__lte=timezone.now())

    def with_names(self):
        """Files that are kept, or will be, and say who people are."""
        return self.filter(with_names=True, status__in=[ExportState.MAKING, ExportState.READY])

    def forget(self) -> int:
        """The files go; that they were asked for, by whom and what for, stays."""
        return self.update(status=ExportState.GONE, content=None)

    def under_way(self):
        return self.filter(status=ExportState.MAKING)


class Export(models.Model):
    """A file somebody asked for: what, what for, and how far it is. The file goes after a week, the row stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="exports")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    kind = models.CharField("what", max_length=10, choices=ExportKind)
    comes_as = models.CharField("as", max_length=4, choices=ExportFormat, default=ExportFormat.XLSX)
    first = models.DateField()
    last = models.DateField()
    where = models.CharField(max_length=220, blank=True)
    with_names = models.BooleanField(default=False)
    purpose = models.CharField("what for", max_length=20, choices=ExportPurpose)
    purpose_words = models.CharField("what exactly for", max_length=300)

    status = models.CharField(max_length=10, choices=ExportState, default=ExportState.MAKING)
    steps_done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="export_ready_has_a_file_and_an_end",
                condition=Q(status=ExportState.READY, content__isnull=False, expires_at__isnull=False)
                | ~Q(status=ExportState.READY) & Q(content__isnull=True),
            ),
            models.CheckConstraint(name="export_says_what_for", condition=~Q(purpose_words="")),
            models.CheckConstraint(
                name="export_with_names_is_of_rows", condition=Q(with_names=False) | Q(kind__in=OF_ROWS)
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="export_latest")]
        triggers = [
            pgtrigger.ReadOnly(
                name="as_asked",
                fields=[
                    "organisation",
                    "asked_by",
                    "asked_at",
                    "kind",
                    "first",
                    "last",
                    "where",
                    "with_names",
                    "purpose",
                    "purpose_words",
                ],
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"Export {self.pk}"

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    @property
    def purpose_in_words(self) -> str:
        return f"{self.get_purpose_display()}: {self.purpose_words}"

    @property
    def state_in_words(self) -> str:
        is_over = self.status == ExportState.READY and not self.is_there
        return str(ExportState.GONE.label if is_over else self.get_status_display())

    @property
    def is_there(self) -> bool:
        return self.status == ExportState.READY and self.expires_at > timezone.now()

    @property
    def is_under_way(self) -> bool:
        return self.status == ExportState.MAKING

    @property
    def is_of_rows(self) -> bool:
        return self.kind in OF_ROWS

    @property
    def file_name(self) -> str:
        """Says what it is and of when, and nothing of anybody."""
        ends = "zip" if self.comes_as == ExportFormat.CSV else self.comes_as
        return f"linkwork-{self.kind}-{self.first:%Y-%m-%d}-to-{self.last:%Y-%m-%d}.{ends}"


class ExportFetch(models.Model):
    """That somebody took an export's file, and when. Only ever added to."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="fetches")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"Fetched {self.at:%d/%m/%Y}"


class FunderAsk(models.Model):
    """Something a funder asks of the service, in words; `figure`, where one of ours comes near it. Never a target."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="funder_asks")
    funder = models.CharField("who asks", max_length=100)
    words = models.CharField("what they ask for", max_length=300)
    figure = models.CharField("the figure nearest to it", max_length=40, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="funder_ask_ended_has_who",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Asked by {self.funder}"


class MixShareQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)

    def readable_by(self, user: User):
        """Shared with them, and not taken back, by somebody who still works there."""
        here = self.filter(owner__memberships__organisation=F("organisation"), owner__memberships__is_active=True)
        return here.current().filter(reader=user)


@keep_history()
class MixShare(models.Model):
    """A worker lets one colleague see the mix of their own work, until they take that back. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mix_shares")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MixShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "owner", "reader"],
                condition=Q(ended_at__isnull=True),
                name="a_mix_shared_once_with_each",
            ),
            models.CheckConstraint(name="mix_shared_with_another", condition=~Q(owner=F("reader"))),
        ]

    def __str__(self):
        return f"Mix share {self.pk}"
