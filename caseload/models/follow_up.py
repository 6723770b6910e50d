import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Membership, Organisation, User


class FollowUpQuerySet(models.QuerySet):
    def to_do(self):
        return self.filter(done_at=None)

    def due(self, day):
        return self.to_do().filter(due_on__lte=day)

    def on_days(self, first: date, last: date):
        return self.filter(due_on__range=(first, last))

    def for_worker(self, user: User):
        """Whose it is to do: theirs by name, or of a case of theirs and given to nobody else."""
        return self.filter(Q(worker=user) | Q(worker=None, case__worker=user))

    def for_worker_of_case(self):
        return self.filter(Q(worker=None) | Q(worker=F("case__worker")))

    def nobodys(self):
        """Still promised, but whoever was to do it has left, or the case is nobody's: also one that has closed."""
        here = Membership.objects.active().filter(
            user=Coalesce(OuterRef("worker_id"), OuterRef("case__worker_id")),
            organisation=Coalesce(OuterRef("organisation_id"), OuterRef("case__organisation_id")),
        )
        return self.to_do().filter(~Exists(here))


@keep_history()
class FollowUp(models.Model):
    """Something to do by a day: for a person, as a missed meeting leaves behind; or of no case, and then somebody's.

    One of a case is for whoever has the case, unless it was handed to a colleague (`worker`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        "caseload.Case", on_delete=models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups_of_no_case"
    )
    worker = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name="who does it"
    )
    due_on = models.DateField()
    about = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="follow_up_of_a_case_or_of_an_organisation",
                condition=Q(case__isnull=False, organisation__isnull=True)
                | Q(case__isnull=True, organisation__isnull=False, worker__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_at=None), name="follow_up_to_do"),
            models.Index(fields=["worker", "due_on"], name="follow_up_of_worker"),
        ]

    def __str__(self):
        return f"Follow-up {self.pk}"

    @property
    def whose(self) -> User | None:
        """Who does it; nobody where the case is nobody's."""
        return self.worker or (self.case and self.case.worker)


def things_to_do(organisation: Organisation) -> FollowUpQuerySet:
    """Everything to do in an organisation, of a case or of none. The whole team sees it, as it sees the cases."""
    return FollowUp.objects.filter(Q(organisation=organisation) | Q(case__organisation=organisation))
