import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case as CaseWhen
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Membership, Organisation, Practice, User
from accounts.moves import allowed_moves
from accounts.words import clock, day_and_time, local_day
from accounts.working_days import working_days_between
from assets.enums import NeedKind
from caseload.enums import OPEN_STATUSES, Outcome, Verb
from caseload.models import Appointment, Case, CaseEvent, Hold, Patient, PersonDetails, PersonQuerySet
from referrals.enums import REFERRAL_MOVES, DeclineReason, ReferralStatus, Route, Urgency

ANSWERS = ["accept", "return", "decline"]
LAST_SAID = Coalesce("answered_at", "submitted_at")
NEWS_OF_CASE = [Verb.MET, Verb.HOLD_STARTED, Verb.CLOSED, Verb.REOPENED]


class ReferralQuerySet(PersonQuerySet):
    def visible_to(self, user: User):
        """Everyone in the organisation it was sent to, and everyone at the practice that sent it."""
        mine = Membership.objects.active().filter(user=user)
        return self.filter(
            Q(Exists(mine.filter(organisation=OuterRef("organisation_id"))))
            | Q(Exists(mine.filter(practice=OuterRef("practice_id"))))
        )

    def submitted(self):
        """In the inbox: sent and not answered."""
        return self.filter(status=ReferralStatus.SUBMITTED)

    def not_ended(self):
        """Somebody still has to answer: the organisation, or the practice a question."""
        return self.filter(status__in=[ReferralStatus.SUBMITTED, ReferralStatus.RETURNED])

    def practice_not_told(self):
        """Whose latest answer the practice has not been told of."""
        told = ReferralEvent.objects.filter(
            referral=OuterRef("pk"), verb=ReferralEvent.Verb.PRACTICE_TOLD, at__gte=OuterRef("answered_at")
        )
        return self.filter(~Exists(told), answered_at__isnull=False)

    def oldest_first(self):
        return self.order_by("submitted_at", "id")

    def answered(self):
        """Out of the inbox, the latest answer first."""
        return self.exclude(status=ReferralStatus.SUBMITTED).order_by(LAST_SAID.desc(), "id")

    def open(self):
        """A referral is open until it is answered no, or its case closes."""
        return self.filter(
            Q(status__in=[ReferralStatus.SUBMITTED, ReferralStatus.RETURNED])
            | Q(status=ReferralStatus.ACCEPTED, case__status__in=OPEN_STATUSES)
        )

    def open_for_practice(self):
        """Open, as far as the practice may know: where nothing more is shared, an acceptance is the last word."""
        return self.open().exclude(status=ReferralStatus.ACCEPTED, consent_to_share_back=False)

    def with_news_at(self):
        """When something last happened that the practice may know of and did not do itself.

        Adds news_at: the latest answer, and what became of the case where the person agreed to share that;
        and has_news: that was since anyone at the practice last opened it.
        """
        answers = ReferralEvent.objects.filter(referral=OuterRef("pk"), verb__in=ANSWERS)
        shared = {"case__referrals": OuterRef("pk"), "case__referrals__consent_to_share_back": True}
        progress = CaseEvent.objects.filter(verb__in=NEWS_OF_CASE, **shared)
        unseen = Q(practice_seen_at__isnull=True) | Q(practice_seen_at__lt=F("news_at"))
        return self.annotate(
            news_at=Greatest(
                Subquery(answers.order_by("-at", "-id").values("at")[:1]),
                Subquery(progress.order_by("-at", "-id").values("at")[:1]),
            )
        ).annotate(has_news=CaseWhen(When(Q(news_at__isnull=False) & unseen, then=True), default=False))

    def with_news(self):
        """Something happened since anyone at the practice last opened it."""
        return self.with_news_at().filter(has_news=True)

    def news_first(self):
        return self.with_news_at().order_by("-has_news", Greatest("news_at", "submitted_at").desc(), "id")

    def with_first_met_at(self):
        """When the person was first met after the referral was sent."""
        met = Appointment.objects.filter(
            case=OuterRef("case_id"), outcome=Outcome.ATTENDED, starts_at__gte=OuterRef("submitted_at")
        )
        return self.annotate(first_met_at=Subquery(met.order_by("starts_at", "id").values("starts_at")[:1]))

    def with_list_data(self):
        """Everything a row says about what became of it, in a fixed number of queries."""
        return (
            self.with_first_met_at()
            .select_related("organisation", "practice", "submitted_by", "answered_by", "case__worker")
            .prefetch_related(Prefetch("case__holds", Hold.objects.open(), to_attr="open_holds"))
        )


@keep_history(exclude=("search_name", "practice_seen_at"))
class Referral(PersonDetails):
    """What a practice sent, kept as it was sent. What we know since is on the patient and the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="referrals")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    first_submitted_at = models.DateTimeField(default=timezone.now)  # stays when it is sent again
    status = models.CharField(max_length=10, choices=ReferralStatus, default=ReferralStatus.SUBMITTED)

    route = models.CharField("whose idea it was", max_length=12, choices=Route, default=Route.PRACTICE)
    needs = ArrayField(models.CharField(max_length=30, choices=NeedKind), default=list)
    reason = models.TextField("why now, in your words", max_length=5000)
    wants = models.TextField("what the person wants", max_length=5000, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    risks = models.TextField(max_length=2000, blank=True)
    consent_to_refer = models.BooleanField("The person agrees to this referral")
    consent_to_share_back = models.BooleanField("The person agrees that we tell you how it goes")

    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField("what the practice reads", max_length=5000, blank=True)
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")

    practice_seen_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = ReferralQuerySet.as_manager()

    class Meta(PersonDetails.Meta):
        constraints = [
            *PersonDetails.Meta.constraints,
            models.CheckConstraint(name="referral_with_consent", condition=Q(consent_to_refer=True)),
            models.CheckConstraint(
                name="referral_accepted_has_case",
                condition=Q(status=ReferralStatus.ACCEPTED, patient__isnull=False, case__isnull=False)
                | ~Q(status=ReferralStatus.ACCEPTED) & Q(patient__isnull=True, case__isnull=True),
            ),
            models.CheckConstraint(
                name="referral_declined_has_reason",
                condition=(Q(status=ReferralStatus.DECLINED) & ~Q(decline_reason=""))
                | (~Q(status=ReferralStatus.DECLINED) & Q(decline_reason="")),
            ),
            models.CheckConstraint(
                name="referral_answered_has_when_and_who",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]
        indexes = [
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="referral_search_name"),
            models.Index(fields=["organisation", "status", "submitted_at"], name="referral_inbox"),
            models.Index(fields=["practice", "-submitted_at"], name="referral_of_practice"),
            models.Index(fields=["organisation", "first_submitted_at"], name="referral_came_in"),
            models.Index("organisation", LAST_SAID.desc(), "id", name="referral_last_said"),
        ]

    def __str__(self):
        return f"Referral {self.pk}"

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(REFERRAL_MOVES, self.status)

    @property
    def working_days_waiting(self) -> int:
        """Working days since it was sent, for one that waits for an answer."""
        return working_days_between(local_day(self.submitted_at), timezone.localdate(), self.organisation.nation)

    @property
    def days_waiting(self) -> int:
        """Days since the case was opened, for a person who waits to be met."""
        return (timezone.localdate() - local_day(self.case.opened_at)).days

    @property
    def need_labels(self) -> list[str]:
        return [str(NeedKind(kind).label) for kind in self.needs]

    @property
    def latest_event(self) -> "ReferralEvent | None":
        """The last thing somebody did with it."""
        return self.events.by_people().order_by("-at", "-id").first()

    @property
    def latest_in_words(self) -> str:
        event = self.latest_event
        return event.in_words if event else f"It is marked “{self.get_status_display()}”"

    def was_last(self, verb: str, by: User) -> bool:
        """The last thing that happened is this, by them: a second click finds the first has done it."""
        event = self.latest_event
        return event is not None and (event.verb, event.by_id) == (verb, by.pk)


class ReferralEventQuerySet(models.QuerySet):
    def by_people(self):
        return self.exclude(verb=ReferralEvent.Verb.PRACTICE_TOLD).select_related("by")


class ReferralEvent(models.Model):
    """What passed between practice and organisation about a referral. Only ever added to."""

    class Verb(models.TextChoices):
        SUBMIT = "submit", "sent the referral"
        ACCEPT = "accept", "accepted it"
        RETURN = "return", "returned it with a question"
        DECLINE = "decline", "declined it"
        RESUBMIT = "resubmit", "answered and sent it again"
        WITHDRAW = "withdraw", "withdrew it"
        PRACTICE_TOLD = "practice_told", "told the practice there is news"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20, choices=Verb)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    objects = ReferralEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["referral", "-at"], name="referral_event_timeline")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.at:%d/%m/%Y}"

    @property
    def in_words(self) -> str:
        """Ben Taylor accepted it at 10:42; yesterday 10:42 when it was another day."""
        is_today = local_day(self.at) == timezone.localdate()
        return f"{self.by} {self.get_verb_display()} {f'at {clock(self.at)}' if is_today else day_and_time(self.at)}"
