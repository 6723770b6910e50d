import uuid
from datetime import datetime, timedelta

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.enums import Role
from accounts.history import keep_history
from accounts.models import Membership, Organisation, User
from accounts.moves import allowed_moves
from caseload.enums import Channel, MessageStatus
from caseload.enums.safety import VISIT_MOVES, VISIT_OPEN, VisitStatus, VisitVerb
from caseload.models.case import Case
from caseload.models.meeting import Appointment

SOON = timedelta(minutes=30)
NOT_CHECKED = timedelta(minutes=3)


class LoneVisitQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The worker, their watcher and the organisation's managers."""
        here = Membership.objects.active().filter(user=user, organisation=OuterRef("organisation_id"))
        return self.filter(Exists(here)).filter(
            Q(worker=user) | Q(watcher=user) | Q(Exists(here.filter(role=Role.MANAGER)))
        )

    def open(self):
        return self.filter(status__in=VISIT_OPEN)

    def watched_by(self, user: User):
        return self.open().filter(watcher=user).select_related("worker").order_by("expected_back_at", "id")

    def overdue(self, now: datetime):
        return self.open().filter(expected_back_at__lte=now)

    def to_alarm(self, now: datetime):
        """Overdue, and nobody has been told yet; or told, and nobody has answered in time."""
        return self.overdue(now).filter(Q(alarm_at=None) | Q(alarm_again_at__lte=now))

    def alarmed(self):
        """Those an alarm was ever raised over."""
        return self.filter(Exists(LoneVisitEvent.objects.filter(visit=OuterRef("pk"), verb=VisitVerb.ALARM)))

    def on_page_of(self, membership: Membership, now: datetime):
        """What stands across every page: one's own visit under way, and the alarms one is to answer."""
        own = Q(worker=membership.user_id, starts_at__lte=now + SOON)
        is_told = Q() if membership.is_manager else Q(watcher=membership.user_id)
        return self.open().filter(own | Q(expected_back_at__lte=now) & is_told)

    def with_watch(self):
        """Adds what was said last about the alarm (answer, answered_at, answered_by_name), whether a message of it
        failed (is_unsent), and when alarms were last looked for (checked_at)."""
        answers = LoneVisitEvent.objects.filter(
            visit=OuterRef("pk"), verb=VisitVerb.ANSWERED, at__gte=OuterRef("alarm_at")
        ).order_by("-at", "-id")
        failed = AlarmMessage.objects.filter(
            visit=OuterRef("pk"), round=OuterRef("rounds"), status=MessageStatus.FAILED
        )
        return self.select_related("worker", "watcher").annotate(
            answer=Subquery(answers.values("words")[:1]),
            answered_at=Subquery(answers.values("at")[:1]),
            answered_by_name=Subquery(answers.values("by__name")[:1]),
            is_unsent=Exists(failed),
            checked_at=Subquery(AlarmCheck.objects.values("checked_at")[:1]),
        )


@keep_history()
class LoneVisit(models.Model):
    """A visit somebody makes alone: where, until when, and who raises the alarm when they are not back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="lone_visits")
    worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lone_visits")
    watcher = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="who to call")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="lone_visits")
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="lone_visits"
    )
    where = models.CharField(max_length=600, help_text="Often somebody's address: shown to others only when overdue.")
    phone = models.CharField("phone on this visit", max_length=30)
    note = models.TextField(max_length=1000, blank=True)
    starts_at = models.DateTimeField()
    expected_back_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=VisitStatus, default=VisitStatus.PLANNED)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True)
    alarm_again_at = models.DateTimeField(null=True, blank=True)
    rounds = models.PositiveSmallIntegerField("times the alarm was sent", default=0)

    objects = LoneVisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lone_visit_ends_after_it_starts", condition=Q(expected_back_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="lone_visit_ended_has_when",
                condition=Q(status__in=VISIT_OPEN, ended_at__isnull=True)
                | ~Q(status__in=VISIT_OPEN) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(name="lone_visit_watched_by_another", condition=~Q(watcher=F("worker"))),
            models.UniqueConstraint(
                fields=["worker"], condition=Q(status=VisitStatus.OUT), name="out_on_one_visit_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["appointment"], condition=Q(status__in=VISIT_OPEN), name="one_open_lone_visit_per_appointment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "expected_back_at"], condition=Q(ended_at=None), name="lone_visit_open"
            ),
            models.Index(fields=["worker", "-starts_at"], name="lone_visit_of_worker"),
        ]

    def __str__(self):
        return f"Lone visit {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in VISIT_OPEN

    @property
    def is_out(self) -> bool:
        return self.status == VisitStatus.OUT

    @property
    def is_back(self) -> bool:
        return self.status == VisitStatus.BACK

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.expected_back_at <= timezone.now()

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(VISIT_MOVES, self.status)

    @property
    def is_unchecked(self) -> bool:
        """Nobody looks for alarms: the schedule or the worker is down. Comes with with_watch()."""
        return self.checked_at is None or self.checked_at < timezone.now() - NOT_CHECKED


class LoneVisitEvent(models.Model):
    """What happened on a lone visit. Only ever added to. No `by` means Linkwork itself."""

    visit = models.ForeignKey(LoneVisit, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20, choices=VisitVerb)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["visit", "-at"], name="lone_visit_event_latest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.at:%d/%m/%Y}"


class AlarmMessage(models.Model):
    """One message of an alarm to one colleague, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(LoneVisit, on_delete=models.CASCADE, related_name="messages")
    round = models.PositiveSmallIntegerField()
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=[(c.value, c.label) for c in (Channel.TEXT, Channel.EMAIL)])
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "round", "to", "channel"], name="alarm_sent_once_a_round"),
            models.CheckConstraint(
                name="alarm_message_ended_has_when",
                condition=Q(status=MessageStatus.QUEUED, ended_at__isnull=True)
                | ~Q(status=MessageStatus.QUEUED) & Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at"], condition=Q(status=MessageStatus.QUEUED), name="alarm_message_queued")
        ]

    def __str__(self):
        return f"Alarm message {self.pk}"


class AlarmCheck(models.Model):
    """When overdue lone visits were last looked for: one row, so that its silence shows."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_alarm_check", condition=Q(id=1))]

    def __str__(self):
        return f"Checked {self.checked_at:%d/%m/%Y %H:%M}"
