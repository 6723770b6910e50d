import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from accounts.moves import allowed_moves
from caseload.enums.colleagues import HAND_OVER_MOVES, UNDER_WAY, HandOverStatus
from caseload.models.case import Case


class HandOverQuerySet(models.QuerySet):
    def under_way(self):
        return self.filter(status__in=UNDER_WAY)

    def end(self):
        """The case has closed or changed hands another way."""
        self.under_way().update(status=HandOverStatus.CALLED_OFF, answered_at=timezone.now())

    def offered_to(self, user: User):
        return self.filter(status=HandOverStatus.OFFERED, receiver=user)

    def concerning(self, user: User):
        """The user's own, from either side; one that is being written is not the receiver's yet."""
        to_read = Q(receiver=user) & ~Q(status=HandOverStatus.PREPARING)
        return self.filter(Q(giver=user) | Q(made_by=user) | to_read)

    def visible_to(self, user: User):
        """Of cases the user may see: the whole team's, as with cover."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def with_row_data(self):
        return self.select_related("case__patient", "case__worker", "giver", "receiver", "made_by")


@keep_history()
class HandOver(models.Model):
    """One case on its way from a worker to another. Until it is accepted, the case stays where it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="hand_overs")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hand_overs")
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=HandOverStatus, default=HandOverStatus.PREPARING)
    stands = models.TextField("where things stand", max_length=5000, blank=True)
    next_steps = models.TextField("what comes next", max_length=5000, blank=True)
    reaching = models.TextField("how to reach them, and what works", max_length=5000, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField("what the receiver said", max_length=2000, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status__in=UNDER_WAY), name="one_hand_over_under_way_per_case"
            ),
            models.CheckConstraint(name="hand_over_to_another", condition=~Q(giver=F("receiver"))),
            models.CheckConstraint(
                name="hand_over_offered_says_where_things_stand",
                condition=Q(status__in=[HandOverStatus.PREPARING, HandOverStatus.CALLED_OFF])
                | Q(offered_at__isnull=False) & ~Q(stands=""),
            ),
            models.CheckConstraint(
                name="hand_over_answered_has_when",
                condition=Q(status__in=UNDER_WAY, answered_at__isnull=True)
                | ~Q(status__in=UNDER_WAY) & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="hand_over_declined_has_a_word",
                condition=~Q(status=HandOverStatus.DECLINED) | ~Q(answer=""),
            ),
        ]
        indexes = [models.Index(fields=["receiver", "status"], name="hand_over_to")]

    def __str__(self):
        return f"Hand-over {self.pk}"

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(HAND_OVER_MOVES, self.status)

    def is_offered_to(self, user: User) -> bool:
        return self.status == HandOverStatus.OFFERED and self.receiver_id == user.pk

    @property
    def write_url(self) -> str:
        return reverse("caseload:write_hand_over", args=[self.case_id, self.pk])

    @property
    def pack(self) -> str:
        """What the giver wrote, as one piece."""
        parts = [self.stands, self.next_steps and f"Next: {self.next_steps}"]
        return "\n\n".join(filter(None, [*parts, self.reaching and f"Reaching them: {self.reaching}"]))
