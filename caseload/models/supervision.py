import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from caseload.models.case import Case
from caseload.models.consult import Consult


class SupervisionItemQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Whose it is; and, once shared, the one colleague it is shared with. Nobody else, managers included."""
        return self.filter(Q(owner=user) | Q(shared_with=user))

    def to_take(self):
        return self.filter(taken_at=None)


@keep_history()
class SupervisionItem(models.Model):
    """Something somebody wants to take to supervision: private until it is shared for a session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="supervision_items")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    words = models.TextField("what to take", max_length=5000)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consult = models.ForeignKey(Consult, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shared_with = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shared_at = models.DateTimeField(null=True, blank=True)
    session_on = models.DateField("for the session on", null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField("what came of it", max_length=5000, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = SupervisionItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="supervision_shared_has_with_whom_and_when",
                condition=Q(shared_with__isnull=True, shared_at__isnull=True, session_on__isnull=True)
                | Q(shared_with__isnull=False, shared_at__isnull=False),
            ),
            models.CheckConstraint(
                name="supervision_taken_has_what_came_of_it",
                condition=Q(taken_at__isnull=True, outcome="") | Q(taken_at__isnull=False) & ~Q(outcome=""),
            ),
        ]
        indexes = [models.Index(fields=["owner", "taken_at"], name="supervision_of_owner")]

    def __str__(self):
        return f"Supervision item {self.pk}"
