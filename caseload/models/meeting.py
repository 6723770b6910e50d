import uuid
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from caseload.enums import Channel, MissedBarrier, Mode, Outcome, Place, WithWhom
from caseload.models.noted import Noted


class AppointmentQuerySet(models.QuerySet):
    def booked(self, now: datetime | None = None):
        """Still to come."""
        return self.filter(outcome="", starts_at__gte=now or timezone.now())

    def to_log(self):
        """The time has passed and nobody has said how it went."""
        return self.filter(outcome="", starts_at__lt=timezone.now())

    def missed_and_not_reached_since(self):
        """Missed, and the person was neither met nor reached from then on."""
        met = Appointment.objects.filter(
            case=OuterRef("case"), outcome=Outcome.ATTENDED, starts_at__gte=OuterRef("starts_at")
        )
        reached = Contact.objects.filter(case=OuterRef("case"), reached=True, at__gte=OuterRef("starts_at"))
        return self.filter(~Exists(met), ~Exists(reached), outcome=Outcome.MISSED)

    def not_cancelled(self):
        return self.exclude(outcome__in=[Outcome.CANCELLED_BY_PERSON, Outcome.CANCELLED_BY_SERVICE])

    def of_organisation(self, organisation: Organisation):
        return self.filter(case__organisation=organisation)

    def on_days(self, first: date, last: date):
        """Between two local days, both included."""
        return self.filter(starts_at__gte=_midnight(first), starts_at__lt=_midnight(last + timedelta(days=1)))

    def to_see_to(self, day: date):
        """Those of a local day, and those before it of which nobody has said how they went."""
        before = Q(outcome="", starts_at__lt=_midnight(day))
        return self.filter(before | Q(starts_at__gte=_midnight(day), starts_at__lt=_midnight(day + timedelta(days=1))))

    def with_row_data(self):
        """Everything a row of the day shows. Adds met_before: meetings of the case held before this one."""
        before = Appointment.objects.filter(
            case=OuterRef("case"), outcome=Outcome.ATTENDED, starts_at__lt=OuterRef("starts_at")
        )
        held = before.order_by().values("case").annotate(n=Count("pk")).values("n")
        rows = self.select_related("case__patient").prefetch_related("lone_visits")
        return rows.annotate(met_before=Coalesce(Subquery(held), 0))


def _midnight(day: date) -> datetime:
    """The moment a local day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


@keep_history()
class Appointment(Noted):
    """A booked meeting and, afterwards, how it went."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("caseload.Case", on_delete=models.CASCADE, related_name="appointments")
    worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes_planned = models.PositiveSmallIntegerField(default=45)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.IN_PERSON)
    place = models.CharField(max_length=10, choices=Place, blank=True)
    place_detail = models.CharField("where exactly", max_length=200, blank=True)
    accompanied = models.BooleanField("going with them to a service", default=False)

    outcome = models.CharField("how it went", max_length=20, choices=Outcome, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    barrier = models.CharField("what got in the way", max_length=12, choices=MissedBarrier, blank=True)
    note = models.TextField(max_length=20000, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            *Noted.Meta.constraints,
            models.CheckConstraint(
                name="appointment_outcome_has_when_and_who",
                condition=Q(outcome="", outcome_at__isnull=True, outcome_by__isnull=True)
                | ~Q(outcome="") & Q(outcome_at__isnull=False, outcome_by__isnull=False),
            ),
            models.CheckConstraint(
                name="appointment_place_only_in_person",
                condition=(Q(mode=Mode.IN_PERSON) & ~Q(place="")) | (~Q(mode=Mode.IN_PERSON) & Q(place="")),
            ),
            models.CheckConstraint(
                name="appointment_barrier_only_when_missed", condition=Q(barrier="") | Q(outcome=Outcome.MISSED)
            ),
            models.CheckConstraint(
                name="appointment_minutes_only_when_met",
                condition=Q(minutes__isnull=True) | Q(outcome=Outcome.ATTENDED),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "outcome", "starts_at"], name="appointment_of_case"),
            models.Index(fields=["worker", "starts_at"], name="appointment_of_worker"),
            models.Index(fields=["outcome", "starts_at"], name="appointment_by_day"),
        ]

    def __str__(self):
        return f"Appointment {self.pk}"

    @property
    def noted_by_id(self):
        return self.outcome_by_id

    @property
    def note_url(self) -> str:
        return reverse("caseload:meeting_note", args=[self.case_id, self.pk])

    @property
    def ends_at(self):
        return self.starts_at + timedelta(minutes=self.minutes_planned)

    @property
    def is_to_be_gone_to(self) -> bool:
        """In person, and not over."""
        return self.mode == Mode.IN_PERSON and not self.outcome and self.ends_at > timezone.now()

    @property
    def open_lone_visit(self):
        """The visit its worker makes to it alone, planned or under way."""
        return next((visit for visit in self.lone_visits.all() if visit.is_open), None)

    @property
    def roughly_where(self) -> str:
        """Where, without saying which: "at home", "by phone"."""
        if self.mode != Mode.IN_PERSON:
            return f"by {self.get_mode_display().lower()}"
        place = self.get_place_display()
        return place[0].lower() + place[1:]

    @property
    def where(self) -> str:
        """Where, as a row says it: "at home, Partick", "by phone"."""
        exactly = self.place_detail if self.mode == Mode.IN_PERSON else ""
        return ", ".join(filter(None, [self.roughly_where, exactly]))


@keep_history()
class Contact(Noted):
    """Anything unbooked: a call, a text, a letter, somebody dropping in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("caseload.Case", on_delete=models.CASCADE, related_name="contacts")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField(default=timezone.now)
    channel = models.CharField("how", max_length=10, choices=Channel, default=Channel.CALL)
    with_whom = models.CharField("who with", max_length=12, choices=WithWhom, default=WithWhom.PERSON)
    reached = models.BooleanField("reached the person")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(max_length=20000, blank=True)

    class Meta:
        constraints = [
            *Noted.Meta.constraints,
            models.CheckConstraint(
                name="contact_reached_is_with_the_person",
                condition=Q(reached=False) | Q(with_whom=WithWhom.PERSON),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "reached", "at"], name="contact_of_case"),
            models.Index(fields=["at"], name="contact_by_day"),
        ]

    def __str__(self):
        return f"Contact {self.pk}"

    @property
    def noted_by_id(self):
        return self.by_id

    @property
    def note_url(self) -> str:
        return reverse("caseload:contact_note", args=[self.case_id, self.pk])
