import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Membership, Organisation, Practice, User
from accounts.moves import allowed_moves
from caseload.enums import OPEN_STATUSES, NeedKind, Verb
from caseload.models import Case, CaseEvent, Patient, PersonDetails, PersonQuerySet
from referrals.enums import REFERRAL_MOVES, DeclineReason, ReferralStatus, Urgency

ANSWERS = ["accept", "return", "decline"]
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

    def open(self):
        """A referral is open until it is answered no, or its case closes."""
        return self.filter(
            Q(status__in=[ReferralStatus.SUBMITTED, ReferralStatus.RETURNED])
            | Q(status=ReferralStatus.ACCEPTED, case__status__in=OPEN_STATUSES)
        )

    def with_news_at(self):
        """When something last happened that the practice may know of and did not do itself.

        Adds news_at: the latest answer, and what became of the case where the person agreed to share that.
        """
        answers = ReferralEvent.objects.filter(referral=OuterRef("pk"), verb__in=ANSWERS)
        shared = {"case__referrals": OuterRef("pk"), "case__referrals__consent_to_share_back": True}
        progress = CaseEvent.objects.filter(verb__in=NEWS_OF_CASE, **shared)
        return self.annotate(
            news_at=Greatest(
                Subquery(answers.order_by("-at", "-id").values("at")[:1]),
                Subquery(progress.order_by("-at", "-id").values("at")[:1]),
            )
        )

    def with_news(self):
        """Something happened since anyone at the practice last opened it."""
        return self.with_news_at().filter(
            Q(news_at__isnull=False) & (Q(practice_seen_at__isnull=True) | Q(practice_seen_at__lt=F("news_at")))
        )


@keep_history(exclude=("search_name", "practice_seen_at"))
class Referral(PersonDetails):
    """What a practice sent, kept as it was sent. What we know since is on the patient and the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="referrals")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=ReferralStatus, default=ReferralStatus.SUBMITTED)

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
        ]

    def __str__(self):
        return f"Referral {self.pk}"

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(REFERRAL_MOVES, self.status)

    @property
    def need_labels(self) -> list[str]:
        return [str(NeedKind(kind).label) for kind in self.needs]


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

    class Meta:
        indexes = [models.Index(fields=["referral", "-at"], name="referral_event_timeline")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.at:%d/%m/%Y}"
