import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.enums import Role
from accounts.history import keep_history
from accounts.models import Membership, Organisation, SafeguardingLead, User
from accounts.moves import allowed_moves
from caseload.enums import Seen
from caseload.enums.safety import CONCERN_MOVES, ConcernOutcome, ConcernStatus, ConcernVerb
from caseload.models.case import Case
from caseload.models.person import AccessLog, Patient


def _is_lead(user: User) -> Q:
    """As Organisation.safeguarding_leads, of whichever organisation each concern is of."""
    here = {"organisation": OuterRef("organisation_id")}
    named = SafeguardingLead.objects.current().filter(
        Exists(Membership.objects.active().filter(user=OuterRef("user"), organisation=OuterRef("organisation"))),
        **here,
    )
    managers = Membership.objects.active().filter(user=user, role=Role.MANAGER, **here)
    return Q(Exists(named.filter(user=user))) | Q(~Exists(named)) & Q(Exists(managers))


class SafeguardingQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Whoever raised it, the organisation's safeguarding leads, and those a lead lets read it. Nobody else."""
        here = Membership.objects.active().filter(user=user, organisation=OuterRef("organisation_id"))
        readers = SafeguardingReader.objects.current().filter(concern=OuterRef("pk"), user=user)
        return self.filter(Exists(here)).filter(Q(raised_by=user) | Q(Exists(readers)) | _is_lead(user))

    def open(self):
        return self.filter(status=ConcernStatus.OPEN)

    def open_first(self):
        return self.select_related("raised_by", "patient").order_by("-status", "-raised_at", "id")


@keep_history()
class SafeguardingConcern(models.Model):
    """A safeguarding concern. Its words do not change; what follows is added to its log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="safeguarding_concerns")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="safeguarding_concerns"
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="safeguarding_concerns"
    )
    about_whom = models.CharField("who it is about", max_length=300, blank=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    happened = models.TextField("what was seen or heard", max_length=10000)
    wishes = models.TextField("what the person wants to happen", max_length=5000, blank=True)
    is_immediate_danger = models.BooleanField("somebody is in immediate danger")
    status = models.CharField(max_length=10, choices=ConcernStatus, default=ConcernStatus.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=ConcernOutcome, blank=True)
    outcome_note = models.TextField(max_length=5000, blank=True)

    objects = SafeguardingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="safeguarding_is_about_somebody", condition=Q(patient__isnull=False) | ~Q(about_whom="")
            ),
            models.CheckConstraint(
                name="safeguarding_closed_has_when_who_and_outcome",
                condition=Q(status=ConcernStatus.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                & ~Q(outcome="")
                | Q(status=ConcernStatus.OPEN, closed_at__isnull=True, closed_by__isnull=True, outcome=""),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "status", "-raised_at"], name="safeguarding_list")]

    def __str__(self):
        return f"Concern {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status == ConcernStatus.OPEN

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(CONCERN_MOVES, self.status)

    @property
    def about(self) -> str:
        names = [self.patient.name if self.patient else "", self.about_whom]
        return ", ".join(filter(None, names))

    @property
    def readings(self):
        """Who opened it, latest first."""
        seen = AccessLog.objects.filter(what=Seen.SAFEGUARDING, record_id=self.pk)
        return seen.select_related("by").order_by("-at", "-id")


class SafeguardingEntry(models.Model):
    """What was done about a concern, and who was told when. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(SafeguardingConcern, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField("when it was", default=timezone.now)
    written_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20, choices=ConcernVerb)
    told = models.CharField("who was told", max_length=300, blank=True)
    about = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.TextField(max_length=5000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="safeguarding_told_says_whom",
                condition=~Q(verb=ConcernVerb.TOLD) | ~Q(told=""),
            )
        ]
        indexes = [models.Index(fields=["concern", "at"], name="safeguarding_log")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.at:%d/%m/%Y}"


class SafeguardingReaderQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)


class SafeguardingReader(models.Model):
    """A colleague whom a lead lets read one concern."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(SafeguardingConcern, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SafeguardingReaderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "user"], condition=Q(ended_at__isnull=True), name="a_reader_of_a_concern_once"
            )
        ]

    def __str__(self):
        return f"Reader {self.pk}"
