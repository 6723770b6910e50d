"""What people said of how they are: fillings of measures, the link to fill one in alone, and licensed wording."""

import uuid
from datetime import timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from caseload.enums import MeasureCode
from caseload.measures import MEASURES, Measure
from caseload.models.case import Case

QUESTIONS_LAST = timedelta(days=14)


def in_a_fortnight():
    return timezone.now() + QUESTIONS_LAST


@keep_history()
class LicensedWording(models.Model):
    """The wording of a measure that is not ours to give, typed in by a service that holds a licence for it.

    While it is in force the measure is offered. Its end takes it off every page; the scores stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="licensed_wordings")
    measure = models.CharField(max_length=20, choices=MeasureCode)
    instruction = models.TextField("what is said before the questions", max_length=1000, blank=True)
    questions = ArrayField(models.CharField(max_length=300))
    answers = ArrayField(models.CharField(max_length=100))
    licence_holder = models.CharField("who holds the licence", max_length=200)
    licence_reference = models.CharField("its reference", max_length=100)
    licensed_on = models.DateField("date of the licence")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "measure"], name="one_wording_per_measure"),
            models.CheckConstraint(
                name="wording_names_its_licence", condition=~Q(licence_holder="") & ~Q(licence_reference="")
            ),
        ]

    def __str__(self):
        return f"Wording of {self.get_measure_display()}"

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None


@keep_history()
class Concern(models.Model):
    """What bothers somebody, in their own words. Its place never goes to another one, so that scores stay its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="concerns")
    place = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300)
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "place"], name="one_concern_per_place"),
            models.CheckConstraint(name="concern_first_or_second", condition=Q(place__in=[1, 2]) & ~Q(words="")),
        ]

    def __str__(self):
        return f"Concern {self.pk}"


class QuestionsLinkQuerySet(models.QuerySet):
    def unused(self):
        """Neither answered nor taken back; at most one of a case."""
        return self.filter(used_at=None, recalled_at=None)


class QuestionsLink(models.Model):
    """A link by which somebody answers on their own phone: once, until a day, while the case is open.

    Nothing but the moments is kept; the address is made from the row's key: caseload/links.py.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questions_links")
    measures = ArrayField(models.CharField(max_length=20, choices=MeasureCode))
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(default=in_a_fortnight)
    used_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionsLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(used_at__isnull=True, recalled_at__isnull=True),
                name="one_link_to_questions_per_case",
            ),
        ]

    def __str__(self):
        return f"Link to questions {self.pk}"

    @property
    def is_live(self) -> bool:
        is_over = self.used_at or self.recalled_at or self.expires_at <= timezone.now()
        return not is_over and self.case.is_open

    @property
    def names(self) -> list[str]:
        """What it asks."""
        return [measure.name for code, measure in MEASURES.items() if code in self.measures]


class QuestionsLinkUse(models.Model):
    """Somebody opened a link to questions, or answered through it. Only ever added to."""

    link = models.ForeignKey(QuestionsLink, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField(default=timezone.now)
    did = models.CharField(max_length=20)
    was_valid = models.BooleanField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"Use of questions {self.pk}"


class FillingQuerySet(models.QuerySet):
    def counted(self):
        """Those nobody has withdrawn."""
        return self.filter(withdrawn_at=None)

    def by_link(self):
        """Those somebody filled in alone, and nobody has withdrawn."""
        return self.counted().filter(by=None)

    def in_order(self):
        """As they were filled in, oldest first."""
        return self.order_by("filled_on", "made_at", "id")


@keep_history()
class Filling(models.Model):
    """One measure filled in at one sitting. What was left out is not in `answers`, and makes no score.

    `answers` is {item: value}, what was said; `scores` is {scale: score}, made of it when it was written
    (caseload/measures.py), so that a table of conversion that changes changes no score already given.
    No `by`: the person alone, through a link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="fillings")
    measure = models.CharField(max_length=20, choices=MeasureCode)
    filled_on = models.DateField(default=timezone.localdate)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey(QuestionsLink, on_delete=models.PROTECT, null=True, blank=True, related_name="fillings")
    answers = models.JSONField(default=dict)
    scores = models.JSONField(default=dict)
    note = models.TextField(max_length=2000, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_why = models.CharField(max_length=300, blank=True)

    objects = FillingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="filling_with_a_worker_or_by_link",
                condition=Q(by__isnull=False, link__isnull=True) | Q(by__isnull=True, link__isnull=False),
            ),
            models.CheckConstraint(name="filling_says_something", condition=~Q(answers={})),
            models.CheckConstraint(
                name="filling_withdrawn_has_who_and_why",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why=""),
            ),
        ]
        indexes = [models.Index(fields=["measure", "case", "filled_on"], name="filling_of_measure")]

    def __str__(self):
        return f"Filling {self.pk}"

    @property
    def definition(self) -> Measure:
        return MEASURES[self.measure]

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
