import uuid
from datetime import date

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, Practice, User
from assets.models import deprivation_of
from caseload.enums import AgeBand, Ethnicity, NumberKind, Seen, Sex
from caseload.enums.erasure import WhyAnonymised
from caseload.enums.safety import RiskKind
from caseload.identifiers import display_number
from caseload.typed import birthday, digits, within_the_country

SIMILAR_NAME = 0.4


class PersonQuerySet(models.QuerySet):
    def not_anonymised(self):
        return self.filter(anonymised_on=None)

    def named(self, words: str):
        """Names holding every one of the words, in any order."""
        found = self
        for word in words.lower().split():
            found = found.filter(search_name__contains=word)
        return found

    def known_by(self, typed: str):
        """Called this, born on this day, or with this number or phone: as people type them."""
        born = Q(date_of_birth=day) if (day := birthday(typed)) else Q(pk__in=[])
        if number := digits(typed):
            only_digits = Func("phone", Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
            found = self.annotate(phone_digits=only_digits)
            return found.filter(
                born | Q(number__contains=number) | Q(phone_digits__contains=within_the_country(typed) or number)
            )
        return self.filter(born) if day else self.named(typed)

    def like(self, person: "PersonDetails"):
        """Likely the same person: the same number, or the same date of birth and a similar name."""
        same = Q(number=person.number) if person.number else Q(pk__in=[])
        return (
            self.annotate(name_similarity=TrigramSimilarity("search_name", person.full_name.lower()))
            .filter(same | Q(date_of_birth=person.date_of_birth, name_similarity__gte=SIMILAR_NAME))
            .order_by("-name_similarity", "id")
        )


def called(person: str = "") -> Coalesce:
    """In SQL, what somebody likes to be called, or else their first name; `person` is the way to who it is."""
    return Coalesce(NullIf(f"{person}preferred_name", Value("")), f"{person}given_name")


class PersonDetails(models.Model):
    """Who somebody is and how they may be reached: as the practice sent it, and as we hold it."""

    given_name = models.CharField("first name", max_length=300)
    family_name = models.CharField("last name", max_length=300, blank=True)
    preferred_name = models.CharField("likes to be called", max_length=300, blank=True)
    pronouns = models.CharField(max_length=50, blank=True)
    date_of_birth = models.DateField()
    number_kind = models.CharField("NHS or CHI number", max_length=4, choices=NumberKind)
    number = models.CharField("number", max_length=10, blank=True)

    no_fixed_abode = models.BooleanField("no fixed abode", default=False)
    address = models.TextField(max_length=500, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField("email address", blank=True)

    may_call = models.BooleanField("call", default=False)
    may_text = models.BooleanField("text", default=False)
    may_voicemail = models.BooleanField("leave a voicemail", default=False)
    may_email = models.BooleanField("email", default=False)
    may_post = models.BooleanField("write by post", default=False)
    safe_contact_note = models.TextField("safe contact", max_length=1000, blank=True)
    interpreter_language = models.CharField("interpreter for", max_length=100, blank=True)
    access_needs = models.TextField("access needs", max_length=1000, blank=True)
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.NOT_KNOWN)
    ethnicity = models.CharField("ethnic group", max_length=10, choices=Ethnicity, default=Ethnicity.NOT_KNOWN)

    search_name = models.GeneratedField(
        expression=Lower(Concat("preferred_name", Value(" "), "given_name", Value(" "), "family_name")),
        output_field=models.TextField(),
        db_persist=True,
    )

    PERMISSIONS = ["may_call", "may_text", "may_voicemail", "may_email", "may_post"]
    DETAILS = [
        "given_name",
        "family_name",
        "preferred_name",
        "pronouns",
        "date_of_birth",
        "number_kind",
        "number",
        "no_fixed_abode",
        "address",
        "postcode",
        "phone",
        "email",
        *PERMISSIONS,
        "safe_contact_note",
        "interpreter_language",
        "access_needs",
        "sex",
        "ethnicity",
    ]

    # Said of the row, not of the person: from this day it no longer says who they were.
    anonymised_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_number_has_its_kind",
                condition=Q(number_kind=NumberKind.NONE, number="")
                | Q(~Q(number_kind=NumberKind.NONE), number__regex=r"^\d{10}$"),
            ),
        ]

    @property
    def is_anonymised(self) -> bool:
        return self.anonymised_on is not None

    @property
    def full_name(self) -> str:
        if self.is_anonymised:
            return f"Anonymised on {self.anonymised_on:%-d %B %Y}"
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def name(self) -> str:
        """What to call them on a page: the name they prefer, with their last name."""
        if self.is_anonymised:
            return self.full_name
        return f"{self.preferred_name or self.given_name} {self.family_name}".strip()

    @property
    def short_name(self) -> str:
        """What to call them in a sentence."""
        return "this person" if self.is_anonymised else self.preferred_name or self.given_name

    @property
    def number_in_words(self) -> str:
        """NHS number 999 123 4567, or nothing where none is known."""
        if not self.number:
            return ""
        return f"{self.get_number_kind_display()} {display_number(self.number_kind, self.number)}"

    @property
    def permissions(self) -> list[str]:
        """Ways this person has said we may reach them, in words: ["call", "text"]."""
        return [str(self._meta.get_field(field).verbose_name) for field in self.PERMISSIONS if getattr(self, field)]

    @property
    def details(self) -> dict:
        return {field: getattr(self, field) for field in self.DETAILS}

    def age_on(self, day: date) -> int:
        born = self.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def age_band_on(self, day: date) -> AgeBand:
        return AgeBand.of(self.age_on(day))

    @property
    def age(self) -> int:
        return self.age_on(timezone.localdate())


class PatientQuerySet(PersonQuerySet):
    def on_file(self):
        """Those a list may show: not merged into another record, and not anonymised."""
        return self.not_anonymised().filter(merged_into=None)

    def same_as(self, person: "PersonDetails"):
        """People on file who are likely this one, as they are on file or as they were before a merge."""
        alike = self.not_anonymised().like(person).order_by().values
        return (
            self.on_file()
            .filter(Q(pk__in=alike("pk")) | Q(pk__in=alike("merged_into")))
            .annotate(name_similarity=TrigramSimilarity("search_name", person.full_name.lower()))
            .order_by("-name_similarity", "id")
        )


@keep_history(exclude=("search_name",))
class Patient(PersonDetails):
    """The person, as one organisation knows them. The root of everything personal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="patients")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0)
    # The record that counts, for one that was the second of the same person. Always in one step.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )
    anonymised_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    anonymised_why = models.CharField(max_length=10, choices=WhyAnonymised, blank=True, editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta(PersonDetails.Meta):
        constraints = [
            *PersonDetails.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "number"],
                condition=~Q(number="") & Q(merged_into=None),
                name="one_patient_per_number",
            ),
            models.CheckConstraint(name="patient_merged_into_another", condition=~Q(merged_into=F("pk"))),
            models.CheckConstraint(
                name="patient_anonymised_has_who_and_why",
                condition=Q(anonymised_on__isnull=True, anonymised_by__isnull=True, anonymised_why="")
                | Q(anonymised_on__isnull=False, anonymised_by__isnull=False) & ~Q(anonymised_why=""),
            ),
        ]
        indexes = [
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="patient_search_name"),
            models.Index(fields=["organisation", "date_of_birth"], name="patient_date_of_birth"),
            models.Index(Lower(called()), Lower("family_name"), name="patient_by_name"),
        ]

    def __str__(self):
        return f"Patient {self.pk}"

    @property
    def everyone_opened(self):
        """Who opened this record, or one that was merged into it."""
        return AccessLog.objects.filter(Q(patient=self) | Q(patient__merged_into=self))

    @property
    def known_about(self):
        """Strengths, people and history (About): what is kept, or an empty one."""
        return getattr(self, "about", None) or About(patient=self)

    @property
    def deprivation(self):
        """Deprivation of where they live, its index and edition named; None when it is not known."""
        return deprivation_of(self.postcode) if self.postcode else None


@keep_history()
class About(models.Model):
    """A little about the person, kept from one spell to the next, so that nobody has to tell the story twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="about")
    strengths = models.TextField(max_length=2000, blank=True)
    people = models.TextField("important people", max_length=2000, blank=True)
    story = models.TextField("a little history", max_length=5000, blank=True)
    revision = models.PositiveIntegerField(default=0)

    WORDS = ["strengths", "people", "story"]

    def __str__(self):
        return f"About {self.patient_id}"

    @property
    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.WORDS}


class RiskNoteQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)

    def ended(self):
        return self.exclude(ended_at=None)

    def due_review(self, day: date):
        return self.current().filter(review_on__lte=day)


@keep_history()
class RiskNote(models.Model):
    """A risk or an alert that whoever opens the case should know, with the day to look at it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="risk_notes")
    kind = models.CharField(max_length=10, choices=RiskKind, default=RiskKind.ON_VISIT)
    text = models.TextField(max_length=2000)
    review_on = models.DateField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RiskNoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["review_on"], condition=Q(ended_at=None), name="risk_to_review")]

    def __str__(self):
        return f"Risk note {self.pk}"

    @property
    def is_review_due(self) -> bool:
        return self.review_on <= timezone.localdate()


class AccessLog(models.Model):
    """Who opened whose record, what of it, and when. Only ever added to."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="access_log")
    what = models.CharField(max_length=20, choices=Seen)
    record_id = models.UUIDField(help_text="The case, patient or referral that was opened.")

    class Meta:
        indexes = [models.Index(fields=["record_id", "by", "-at"], name="access_log_record")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"Access {self.pk}"
