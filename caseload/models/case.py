import uuid
from datetime import date, datetime

import pgtrigger
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, Lower
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Membership, Organisation, Practice, User
from accounts.moves import allowed_moves
from assets.enums import NeedKind
from caseload.enums import (
    CASE_MOVES,
    OPEN_STATUSES,
    CaseStatus,
    Complexity,
    Ending,
    EndingHow,
    FlagRule,
    HoldBarrier,
    NeedOutcome,
    Outcome,
    Seen,
    Verb,
)
from caseload.enums.colleagues import UNDER_WAY
from caseload.models.flag import Flag
from caseload.models.follow_up import FollowUp
from caseload.models.hold import Hold, HoldQuerySet
from caseload.models.meeting import Appointment, Contact
from caseload.models.person import AccessLog, Patient, called

PASSING = [Verb.OPENED, Verb.ASSIGNED, Verb.REOPENED]  # What gives a case to a worker.


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The whole team sees the team's cases, so that cover and a colleague's question are simple."""
        return self.filter(
            Exists(Membership.objects.active().filter(user=user, organisation=OuterRef("organisation_id")))
        )

    def open(self):
        return self.filter(status__in=OPEN_STATUSES)

    def waiting(self):
        return self.filter(status=CaseStatus.WAITING)

    def holding(self):
        return self.filter(status=CaseStatus.HOLDING)

    def open_or_promised(self, day: date):
        """Open, or closed with a follow-up due: people do ring back, and are promised something."""
        return self.filter(Q(status__in=OPEN_STATUSES) | Exists(FollowUp.objects.due(day).filter(case=OuterRef("pk"))))

    def unassigned(self):
        """Nobody's: never taken, put back, or their worker has left."""
        return self.open().filter(Q(worker=None) | _worker_has_left())

    def left_behind(self):
        """Whose worker no longer works here. They need nobody to notice: the list is worked out each time."""
        return self.open().filter(_worker_has_left())

    def not_handed_over(self):
        """With no hand-over under way."""
        return self.exclude(hand_overs__status__in=UNDER_WAY)

    def door_open(self):
        """Open cases whose person missed a meeting and has not been reached since."""
        held_open = Appointment.objects.missed_and_not_reached_since().filter(case=OuterRef("pk"))
        return self.open().filter(Exists(held_open)).with_contact_facts()

    def flagged(self, rule: FlagRule):
        return self.filter(Exists(Flag.objects.showing().filter(case=OuterRef("pk"), rule=rule)))

    def holds_now(self) -> HoldQuerySet:
        """The open holds of these cases."""
        return Hold.objects.open().filter(case__in=self.holding())

    def held_for(self, **what):
        """With an open hold like this: held_for(awaited_need=…, barrier=…)."""
        return self.filter(Exists(Hold.objects.open().filter(case=OuterRef("pk"), **what)))

    def review_due(self, day: date):
        return self.filter(Exists(Hold.objects.due_review(day).filter(case=OuterRef("pk"))))

    def meeting_between(self, first: date, last: date):
        """With a meeting still to come between two local days, both included."""
        return self.filter(Exists(Appointment.objects.booked().on_days(first, last).filter(case=OuterRef("pk"))))

    def nothing_booked(self):
        return self.filter(~Exists(Appointment.objects.booked().filter(case=OuterRef("pk"))))

    def practices(self):
        """Those the cases came from, by name."""
        return Practice.objects.filter(Exists(self.order_by().filter(practice=OuterRef("pk")))).order_by("name", "id")

    def in_this_order(self, ids):
        """The cases with these ids, each with what a row shows."""
        found = self.with_list_data().in_bulk(list(ids))
        return [found[pk] for pk in ids if pk in found]

    def found_by(self, typed: str):
        """Whose person is called this, was born on this day, or has this number or phone; or had in another record."""
        known = Patient.objects.not_anonymised().known_by(typed)
        return self.filter(patient__in=known.values(counts_as=Coalesce("merged_into", "pk")))

    def open_first(self):
        """Open cases, then those that have closed, the latest first; each in the order of names."""
        by_name = self.by_name()
        return by_name.order_by(F("closed_at").desc(nulls_first=True), *by_name.query.order_by)

    def by_name(self):
        """In the order of the names people are called by."""
        return self.order_by(Lower(called("patient__")), Lower("patient__family_name"), "id")

    def with_contact_facts(self, now: datetime | None = None):
        """When the person was last met or reached, what is booked, and since when the door is held open.

        Adds first_met_at, last_reached_at, next_appointment_at, last_outcome (of the latest meeting that
        has one; a meeting we called off ourselves says nothing of the person), last_missed_at and
        door_open_since (the first missed meeting since the person was last reached). All are derived, so that
        no copy can disagree with the meetings and contacts themselves.
        """
        meetings = Appointment.objects.filter(case=OuterRef("pk"))
        attended = meetings.filter(outcome=Outcome.ATTENDED)
        missed = meetings.filter(outcome=Outcome.MISSED)
        logged = meetings.exclude(outcome__in=["", Outcome.CANCELLED_BY_SERVICE])
        unanswered = meetings.missed_and_not_reached_since()
        reached = Contact.objects.filter(case=OuterRef("pk"), reached=True)
        return self.annotate(
            first_met_at=Subquery(attended.order_by("starts_at", "id").values("starts_at")[:1]),
            last_reached_at=Greatest(
                Subquery(attended.order_by("-starts_at", "-id").values("starts_at")[:1]),
                Subquery(reached.order_by("-at", "-id").values("at")[:1]),
            ),
            next_appointment_at=Subquery(meetings.booked(now).order_by("starts_at", "id").values("starts_at")[:1]),
            last_outcome=Subquery(logged.order_by("-starts_at", "-id").values("outcome")[:1]),
            last_missed_at=Subquery(missed.order_by("-starts_at", "-id").values("starts_at")[:1]),
            door_open_since=Subquery(unanswered.order_by("starts_at", "id").values("starts_at")[:1]),
        )

    def with_opened_at(self):
        """When its worker last opened the case. Adds opened_by_worker_at."""
        opened = AccessLog.objects.filter(what=Seen.CASE, record_id=OuterRef("pk"), by=OuterRef("worker"))
        return self.annotate(opened_by_worker_at=Subquery(opened.order_by("-at").values("at")[:1]))

    def with_list_data(self):
        """Everything a row of the caseload list shows, in a fixed number of queries."""
        return (
            self.with_contact_facts()
            .select_related("patient", "worker", "practice")
            .annotate(
                worker_has_left=_worker_has_left(),
                meetings_held=Coalesce(
                    Subquery(
                        Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED)
                        .order_by()
                        .values("case")
                        .annotate(n=Count("pk"))
                        .values("n")
                    ),
                    0,
                ),
            )
            .prefetch_related(
                Prefetch(
                    "holds", Hold.objects.open().select_related("awaited_asset__merged_into"), to_attr="open_holds"
                ),
                Prefetch("flags", Flag.objects.showing().order_by("since", "id"), to_attr="showing_flags"),
            )
        )


def _worker_has_left():
    works_here = Membership.objects.active().filter(
        user=OuterRef("worker_id"), organisation=OuterRef("organisation_id")
    )
    return Q(worker__isnull=False) & ~Exists(works_here)


@keep_history()
class Case(models.Model):
    """One spell of support."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="cases")
    status = models.CharField(max_length=10, choices=CaseStatus, default=CaseStatus.WAITING)
    worker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    assigned_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)

    what_matters = models.TextField("what matters to them, in their words", max_length=5000, blank=True)
    complexity = models.CharField(max_length=10, choices=Complexity, default=Complexity.USUAL)
    planned_ending_on = models.DateField("planned ending", null=True, blank=True)
    outline_beginning = models.TextField("the beginning", max_length=1000, blank=True)
    outline_middle = models.TextField("the middle", max_length=1000, blank=True)
    outline_end = models.TextField("the end", max_length=1000, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")

    closed_at = models.DateTimeField(null=True, blank=True)
    ending_how = models.CharField("how it ended", max_length=10, choices=EndingHow, blank=True)
    ending = models.CharField("why it ended", max_length=20, choices=Ending, blank=True)
    ending_agreed = models.BooleanField("agreed with the person", null=True, blank=True)
    ending_note = models.TextField(max_length=5000, blank=True)
    takes_with = models.TextField("what they take with them", max_length=2000, blank=True)
    way_back = models.TextField("way back", max_length=1000, blank=True)

    revision = models.PositiveIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_closed_has_when_and_how",
                condition=Q(status=CaseStatus.CLOSED, closed_at__isnull=False, ending_agreed__isnull=False)
                & ~Q(ending="")
                & ~Q(ending_how="")
                | ~Q(status=CaseStatus.CLOSED)
                & Q(closed_at__isnull=True, ending="", ending_how="", ending_agreed__isnull=True),
            ),
            models.CheckConstraint(
                name="case_not_reached_has_reason_and_way_back",
                condition=~Q(ending=Ending.NOT_REACHED) & ~Q(ending_how=EndingHow.DRIFTED)
                | (~Q(ending_note="") & ~Q(way_back="")),
            ),
            models.CheckConstraint(
                name="case_how_and_why_go_together",
                condition=(~Q(ending=Ending.NOT_REACHED) | Q(ending_how=EndingHow.DRIFTED))
                & (~Q(ending=Ending.DIED) | Q(ending_how=EndingHow.DIED))
                & (~Q(ending_how=EndingHow.DIED) | Q(ending=Ending.DIED))
                & (~Q(ending_how=EndingHow.AGREED) | Q(ending_agreed=True))
                & (~Q(ending_how__in=[EndingHow.DRIFTED, EndingHow.DIED, EndingHow.BY_US]) | Q(ending_agreed=False)),
            ),
            models.CheckConstraint(
                name="case_assigned_has_when",
                condition=Q(worker__isnull=True, assigned_at__isnull=True)
                | Q(worker__isnull=False, assigned_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["patient"], condition=~Q(status=CaseStatus.CLOSED), name="one_open_case_per_patient"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status", "worker"], name="case_list"),
            models.Index(fields=["organisation", "opened_at"], name="case_opened"),
            models.Index(fields=["organisation", "closed_at"], name="case_closed"),
            # Whose a meeting or a call is, without reading its case.
            models.Index(fields=["id"], include=["organisation", "practice"], name="case_whose"),
        ]

    def __str__(self):
        return f"Case {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_nobodys(self) -> bool:
        """Open, and on the unassigned list. Read from with_list_data() where that was used."""
        left = self.__dict__.get("worker_has_left")
        if left is None and self.worker_id and self.is_open:
            left = (
                not Membership.objects.active().filter(organisation=self.organisation_id, user=self.worker_id).exists()
            )
        return self.is_open and (self.worker_id is None or left)

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(CASE_MOVES, self.status)

    @property
    def has_outline(self) -> bool:
        return bool(self.outline_beginning or self.outline_middle or self.outline_end)

    @property
    def hold(self) -> Hold | None:
        """The open hold, if there is one. Read from with_list_data() where that was used."""
        if "open_holds" in self.__dict__:
            return next(iter(self.open_holds), None)
        return self.holds.open().first()

    def note_details_seen(self, by: User) -> None:
        """The row of the access log that pages further left owe, which come to a person through the case alone."""
        self.patient.access_log.create(by=by, what=Seen.DETAILS, record_id=self.patient_id)


class NeedQuerySet(models.QuerySet):
    def uncovered_later(self):
        return self.filter(on_referral=False)


@keep_history()
class Need(models.Model):
    """A kind of need on a case: named on a referral, or uncovered later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=30, choices=NeedKind)
    on_referral = models.BooleanField()
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("what became of it", max_length=10, choices=NeedOutcome, blank=True)
    barrier = models.CharField("what stood in the way", max_length=20, choices=HoldBarrier, blank=True)
    outcome_note = models.TextField(max_length=2000, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="one_need_of_a_kind_per_case"),
            models.CheckConstraint(
                name="need_outcome_has_when_and_who",
                condition=Q(outcome="", outcome_at__isnull=True, outcome_by__isnull=True)
                | ~Q(outcome="") & Q(outcome_at__isnull=False, outcome_by__isnull=False),
            ),
            models.CheckConstraint(
                name="need_unmet_has_barrier",
                condition=Q(outcome=NeedOutcome.UNMET) & ~Q(barrier="")
                | ~Q(outcome=NeedOutcome.UNMET) & Q(barrier=""),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class CaseEventQuerySet(models.QuerySet):
    def passings(self):
        """What gave a case to the worker it is with, by somebody else, since it is with them."""
        given = self.filter(about=F("case__worker"), at__gte=F("case__assigned_at"), verb__in=PASSING)
        return given.exclude(by=F("about"))


class CaseEvent(models.Model):
    """The timeline: who did what, when. Only ever added to. No `by` means Linkwork itself."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20, choices=Verb)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    words = models.TextField(blank=True)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case", "-at"], name="case_event_timeline"),
            models.Index(fields=["at"], condition=Q(verb=Verb.REOPENED), name="case_event_reopened"),
            models.Index(fields=["at"], condition=Q(verb=Verb.CAME_BACK), name="case_event_came_back"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.at:%d/%m/%Y}"
