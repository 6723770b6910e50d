import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import User
from accounts.moves import allowed_moves
from assets.enums import Capacity
from assets.models import Asset
from caseload.models import Case, Need
from referrals.enums import NEEDS_REASON, ONWARD_MOVES, OPEN_ONWARD, OnwardKind, OnwardStatus


class OnwardQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=OPEN_ONWARD)


@keep_history()
class OnwardReferral(models.Model):
    """From a case to a service, and back: what was asked, what the service said, what the person says.

    `shared` is exactly what the service was sent, and all that its link ever shows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="onward_referrals")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="onward_referrals")
    need = models.ForeignKey(Need, on_delete=models.SET_NULL, null=True, blank=True, related_name="onward_referrals")
    kind = models.CharField(max_length=12, choices=OnwardKind)
    status = models.CharField(max_length=20, choices=OnwardStatus, default=OnwardStatus.REQUESTED)
    reason = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)

    consent = models.BooleanField("the person agrees that this service hears of them", default=False)
    shared = models.JSONField(default=dict)
    sent_to = models.EmailField(blank=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    capacity = models.CharField(max_length=40, choices=Capacity, blank=True)
    wait_weeks = models.PositiveSmallIntegerField(null=True, blank=True)

    person_asked_at = models.DateTimeField(null=True, blank=True)
    person_got_there = models.BooleanField(null=True, blank=True)
    person_said = models.TextField("how it was, in their words", max_length=5000, blank=True)

    objects = OnwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="onward_reason_where_one_is_owed", condition=~Q(status__in=NEEDS_REASON) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="onward_shares_only_with_consent",
                condition=Q(consent=True) | Q(shared={}, sent_to="", link_expires_at__isnull=True),
            ),
            models.CheckConstraint(
                name="onward_person_asked_has_when",
                condition=Q(person_asked_at__isnull=False) | Q(person_got_there__isnull=True, person_said=""),
            ),
        ]
        indexes = [models.Index(fields=["status", "asked_at"], name="onward_open")]

    def __str__(self):
        return f"Onward referral {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_ONWARD

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(ONWARD_MOVES, self.status)


class OnwardEvent(models.Model):
    """What passed about an onward referral. No `by`: the service, through its link. Only ever added to."""

    class Verb(models.TextChoices):
        ASK = "ask", "asked"
        ACCEPT = "accept", "accepted"
        REJECT = "reject", "said no"
        START = "start", "said they are going"
        PAUSE = "pause", "put it on hold"
        COMPLETE = "complete", "said they went"
        FAIL = "fail", "said it did not work out"
        CANCEL = "cancel", "called it off"
        ENTER_IN_ERROR = "enter_in_error", "marked it as a mistake"
        QUESTION = "question", "asked a question"
        ANSWER = "answer", "answered"
        CAPACITY = "capacity", "said whether there is room"
        PERSON_SAID = "person_said", "wrote down what the person says"

    onward_referral = models.ForeignKey(OnwardReferral, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20, choices=Verb)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["onward_referral", "-at"], name="onward_event_timeline")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.at:%d/%m/%Y}"


class LinkUse(models.Model):
    """Somebody opened a service's link, or answered through it. Only ever added to."""

    onward_referral = models.ForeignKey(OnwardReferral, on_delete=models.PROTECT, related_name="link_uses")
    at = models.DateTimeField(default=timezone.now)
    did = models.CharField(max_length=20)
    was_valid = models.BooleanField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"Link use {self.pk}"
