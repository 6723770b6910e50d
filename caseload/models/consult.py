import uuid

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from caseload.enums import Seen
from caseload.enums.colleagues import ConsultOpens
from caseload.models.case import Case
from caseload.models.person import AccessLog


class ConsultQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Whoever asks or is asked; and whoever has the case now, for it is part of its record."""
        return self.filter(Q(asked_by=user) | Q(to_team=True) | Q(case__worker=user) | _named(user))

    def open(self):
        return self.filter(closed_at=None)

    def asked_of(self, user: User):
        """Open, asked of the user by somebody else, and neither answered nor passed by."""
        answered = ConsultAnswer.objects.filter(consult=OuterRef("pk"), by=user)
        return (
            self.open()
            .filter(Q(to_team=True) | _named(user))
            .exclude(asked_by=user)
            .filter(~Exists(answered), ~_named(user, passed_at__isnull=False))
        )

    def with_reader(self, user: User):
        """What the user may see of each. Adds leads_to_case: whether it may lead them to the case, and its person."""
        return self.annotate(
            leads_to_case=models.Case(
                models.When(case=None, then=False),
                models.When(
                    Q(asked_by=user)
                    | Q(case__worker=user)
                    | Q(opens=ConsultOpens.ASKED)
                    | (Q(opens=ConsultOpens.SOME) & _named(user, may_open=True)),
                    then=True,
                ),
                default=False,
                output_field=models.BooleanField(),
            )
        )

    def with_row_data(self, user: User):
        """Everything a row shows. Adds answers_given, and new_answers: those since the user last opened it."""
        opened = AccessLog.objects.filter(what=Seen.CONSULT, record_id=OuterRef("consult_id"), by=user)
        answers = ConsultAnswer.objects.filter(consult=OuterRef("pk")).order_by().values("consult")
        counted = answers.annotate(n=Count("pk")).values("n")
        unread = answers.exclude(by=user).filter(~Exists(opened.filter(at__gte=OuterRef("at"))))
        return (
            self.with_reader(user)
            .select_related("asked_by", "case__patient")
            .prefetch_related(Prefetch("colleagues", ConsultColleague.objects.select_related("user").order_by("id")))
            .annotate(
                answers_given=Coalesce(Subquery(counted), 0),
                new_answers=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0),
            )
        )


def _named(user: User, **more):
    return Exists(ConsultColleague.objects.filter(consult=OuterRef("pk"), user=user, **more))


@keep_history()
class Consult(models.Model):
    """A question to colleagues, their answers, and what the one who asked decided. Nothing waits on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consults")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="consults")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    question = models.TextField(max_length=3000)
    to_team = models.BooleanField("asked of the whole team")
    opens = models.CharField("who may open the case from it", max_length=10, choices=ConsultOpens)
    decision = models.TextField("what was decided", max_length=3000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConsultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consult_closed_has_a_decision",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, decision="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(decision=""),
            ),
            models.CheckConstraint(
                name="consult_without_a_case_opens_none",
                condition=Q(case__isnull=False) | Q(opens=ConsultOpens.NOBODY),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "closed_at", "-asked_at"], name="consult_list")]

    def __str__(self):
        return f"Consult {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def may_be_closed_by(self, user: User) -> bool:
        """Whose decision it is: the one who asked, or who has the case now. Read with its case."""
        return user.pk == self.asked_by_id or bool(self.case and self.case.worker_id == user.pk)

    @property
    def asked_whom(self) -> list[str]:
        """["the team"], or the names of those asked. Read from prefetched colleagues."""
        return ["the team"] if self.to_team else sorted(row.user.name for row in self.colleagues.all())


@keep_history()
class ConsultColleague(models.Model):
    """A colleague a question names: asked, or allowed to open the case from it, or who has nothing to add."""

    id = models.BigAutoField(primary_key=True)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="colleagues")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    may_open = models.BooleanField("may open the case from it", default=False)
    passed_at = models.DateTimeField("has nothing to add", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consult", "user"], name="a_colleague_once_per_consult")]

    def __str__(self):
        return f"Colleague {self.pk}"


class ConsultAnswer(models.Model):
    """What a colleague said. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consult = models.ForeignKey(Consult, on_delete=models.CASCADE, related_name="answers")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField(max_length=5000)

    class Meta:
        indexes = [models.Index(fields=["consult", "at"], name="consult_answer_of")]

    def __str__(self):
        return f"Answer {self.pk}"
