"""Two records that are of one person: what they say differently, and which of it is usually right."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from caseload.enums import Ethnicity, NumberKind, Sex
from caseload.models import Case, Patient, PersonDetails
from caseload.models.case import CaseQuerySet

KEPT, OTHER, BOTH = "kept", "other", "both"
UNKNOWN = ["", None, False, Sex.NOT_KNOWN, Ethnicity.NOT_KNOWN, NumberKind.NONE]
# What is one fact, and so taken whole: half of an address with the postcode of another is nowhere.
TOGETHER = {
    "number": ["number_kind", "number"],
    "address": ["no_fixed_abode", "address", "postcode"],
}
# Words that do not exclude each other.
MAY_BE_BOTH = ["safe_contact_note", "access_needs"]
NAMES = {"number": "NHS or CHI number", "address": "Address", "practice": "Practice", "phone": "Phone"}


@dataclass(frozen=True)
class Fact:
    """Something the two records say; differently, where one has to choose."""

    key: str
    kept: Patient
    other: Patient

    @property
    def fields(self) -> list[str]:
        return TOGETHER.get(self.key, [self.key])

    @property
    def label(self) -> str:
        if self.key in NAMES:
            return NAMES[self.key]
        name = str(Patient._meta.get_field(self.key).verbose_name)
        return f"May we {name}" if self.is_permission else name[0].upper() + name[1:]

    @property
    def is_permission(self) -> bool:
        return self.key in PersonDetails.PERMISSIONS

    @property
    def is_different(self) -> bool:
        return _values(self.kept, self.fields) != _values(self.other, self.fields)

    @property
    def is_to_choose(self) -> bool:
        """Both say something, and not the same; of permissions each is an answer, also a no."""
        return self.is_different and (self.is_permission or self._is_known(self.kept) and self._is_known(self.other))

    @property
    def usual(self) -> str:
        """What most likely holds: what is known; where both are, both or ours."""
        if self.key in MAY_BE_BOTH and self.kept_says and self.other_says:
            return BOTH
        return KEPT if self._is_known(self.kept) else OTHER

    @property
    def choices(self) -> list[tuple[str, str]]:
        """[(choice, in words)]."""
        both = [(BOTH, "Both")] if self.usual == BOTH else []
        return [(KEPT, self.in_words(self.kept)), (OTHER, self.in_words(self.other)), *both]

    def values(self, choice: str) -> dict:
        """{field: what is kept} for a choice."""
        if choice == BOTH:
            return {self.key: "\n".join([self.kept_says, self.other_says])}
        of = self.other if choice == OTHER else self.kept
        return dict(zip(self.fields, _values(of, self.fields), strict=True))

    @property
    def kept_says(self):
        return getattr(self.kept, self.key)

    @property
    def other_says(self):
        return getattr(self.other, self.key)

    def in_words(self, person: Patient) -> str:
        if self.key == "address":
            no_fixed_abode = "No fixed abode" if person.no_fixed_abode else ""
            return ", ".join(filter(None, [no_fixed_abode, *person.address.splitlines(), person.postcode])) or "None"
        if self.key == "number":
            return person.number_in_words or "None known"
        value = getattr(person, self.key)
        shown = dict(Patient._meta.get_field(self.key).flatchoices).get(value, value)
        if self.key == "date_of_birth":
            return f"{value:%-d %B %Y}"
        return {True: "Yes", False: "No", "": "None", None: "None"}.get(shown, str(shown))

    def _is_known(self, person: Patient) -> bool:
        return any(value not in UNKNOWN for value in _values(person, self.fields))


def _values(person: Patient, fields: list[str]) -> list:
    return [getattr(person, name) for name in fields]


def facts_of(kept: Patient, other: Patient) -> list[Fact]:
    """Everything the two records say of the person, in the order of the details; and which practice."""
    grouped = {field: key for key, fields in TOGETHER.items() for field in fields}
    keys = dict.fromkeys([*(grouped.get(field, field) for field in Patient.DETAILS), "practice"])
    return [Fact(key, kept, other) for key in keys]


def have_two_numbers(kept: Patient, other: Patient) -> bool:
    return bool(kept.number and other.number and kept.number != other.number)


def may_be_two(kept: Patient, other: Patient) -> Iterator[str]:
    """What speaks against the two being one person, in sentences."""
    if have_two_numbers(kept, other):
        yield f"They have two numbers: {kept.number_in_words} and {other.number_in_words}. Nearly everybody has one."
    if kept.date_of_birth != other.date_of_birth:
        born = [f"{person.date_of_birth:%-d %B %Y}" for person in (kept, other)]
        yield f"They were born on two days: {born[0]} and {born[1]}."


def open_cases_of(kept: Patient, other: Patient) -> list[Case]:
    """Their open cases, at most one each; the one that has been open longest first."""
    cases = [case for person in (kept, other) for case in _open(person.cases.all())]
    return sorted(cases, key=attrgetter("opened_at", "pk"))


def _open(cases: CaseQuerySet) -> CaseQuerySet:
    return cases.open().select_related("worker", "practice", "patient")
