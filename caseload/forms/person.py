"""Who somebody is and how they may be reached: asked alike on a referral and of a person we know."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.text import capfirst

from accounts.enums import Nation
from accounts.fields import BirthDateField, PlainCharField
from accounts.forms import REVEALED, Folded
from assets.postcodes import normalise_postcode
from caseload.enums import Ethnicity, NumberKind, Sex
from caseload.identifiers import VALIDATORS, display_number
from caseload.models import PersonDetails

PHONE = re.compile(r"\+?[\d\s().\-/]+(?:(?:ext|x|#)[.\s]*\d+)?", re.IGNORECASE | re.ASCII)
PERMISSIONS = [
    (name, capfirst(PersonDetails._meta.get_field(name).verbose_name)) for name in PersonDetails.PERMISSIONS
]
NEEDS_PHONE = {"may_call", "may_text", "may_voicemail"}


def usual_number_kind(nation: str) -> NumberKind:
    return NumberKind.CHI if nation == Nation.SCOTLAND else NumberKind.NHS


def text(label: str, max_length: int, *, rows: int = 0, required: bool | str = False, help_text: str = ""):
    """A box for words, of so many rows where one line is too few; `required` is the error when it is empty."""
    return PlainCharField(
        label=label,
        max_length=max_length,
        required=bool(required),
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}) if rows else forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": required or "",
            "max_length": f"{label}: use %(limit_value)d characters or fewer (you have %(show_value)d)",
        },
    )


def one_if_known(label: str, choices: type[TextChoices], unless, wrong: str, **kwargs):
    """One answer or none; none means `unless`."""
    return forms.TypedChoiceField(
        label=label,
        choices=choices.choices,
        coerce=choices,
        empty_value=unless,
        initial=unless,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": wrong},
        **kwargs,
    )


class Asked(Field):
    """Layout: a field needed unless another answers for it, so not marked "(optional)"."""

    def render(self, form, context, **kwargs):
        return super().render(form, context, extra_context=REVEALED, **kwargs)


class PersonForm(forms.Form):
    """Subclasses lay out WHO and HOW_TO_REACH among fields of their own."""

    given_name = text("First name", 300, required="Enter a first name")
    family_name = text("Last name", 300)
    preferred_name = text("Likes to be called", 300)
    pronouns = text("Pronouns", 50)
    date_of_birth = BirthDateField(label="Date of birth")
    number_kind = forms.ChoiceField(
        label="NHS or CHI number",
        choices=[(kind.value, kind.label) for kind in [NumberKind.NHS, NumberKind.CHI, NumberKind.NONE]],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose NHS number, CHI number or neither"),
    )
    number = text("The number", 40, help_text="10 digits, spaces or not. Leave it empty where neither is known.")

    no_fixed_abode = forms.BooleanField(label="No fixed abode", required=False)
    address = text("Address", 500, rows=2)
    postcode = text("Postcode", 20)
    phone = text("Phone", 30)
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        required=False,
        error_messages={
            "invalid": "Enter an email address like name@example.org",
            "max_length": "Email address: use 254 characters or fewer",
        },
    )
    permissions = forms.MultipleChoiceField(
        label="They agree that we may",
        choices=PERMISSIONS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(["invalid_choice", "invalid_list"], "Choose ways from the list"),
    )
    safe_contact_note = text(
        "Safe contact",
        1000,
        rows=2,
        help_text="When or how not to get in touch, and who else may hear. Shown before every call.",
    )
    interpreter_language = text("Interpreter for", 100, help_text="Language, or British Sign Language.")
    access_needs = text("Access needs", 1000, rows=2, help_text="Steps, hearing, sight, reading, memory, pets.")
    sex = one_if_known("Sex", Sex, Sex.NOT_KNOWN, "Choose a sex from the list, or “Not known”")
    ethnicity = one_if_known(
        "Ethnic group", Ethnicity, Ethnicity.NOT_KNOWN, "Choose an ethnic group from the list, or “Not known”"
    )

    WHO = Fieldset(
        "Who",
        Row("given_name", "family_name"),
        Row("preferred_name", "pronouns"),
        "date_of_birth",
        "number_kind",
        Asked("number"),
    )
    HOW_TO_REACH = Fieldset(
        "How to reach them",
        Row("phone", "email"),
        "address",
        Asked("postcode"),
        "no_fixed_abode",
        Asked("permissions", wrapper_class="lw-choices-in-columns"),
        "safe_contact_note",
        Row("interpreter_language", "access_needs"),
    )
    # Counted only to see whether the service reaches everyone alike.
    ABOUT_THEM = Folded("Sex and ethnic group, as they describe themselves", Row("sex", "ethnicity"))
    helper = FormHelper()
    helper.layout = Layout(WHO, HOW_TO_REACH, ABOUT_THEM)

    @staticmethod
    def initial_of(person: PersonDetails) -> dict:
        """What the form starts with for somebody we know of already."""
        return person.details | {
            "permissions": [name for name in PersonDetails.PERMISSIONS if getattr(person, name)],
            "number": display_number(person.number_kind, person.number) if person.number else "",
        }

    @property
    def details(self) -> dict:
        """The cleaned PersonDetails.DETAILS, for an action."""
        given = set(self.cleaned_data["permissions"])
        chosen = {name: name in given for name in PersonDetails.PERMISSIONS}
        return {name: chosen[name] if name in chosen else self.cleaned_data[name] for name in PersonDetails.DETAILS}

    def clean_postcode(self):
        typed = self.cleaned_data["postcode"]
        return normalise_postcode(typed) if typed else ""

    def clean_phone(self):
        typed = self.cleaned_data["phone"]
        if typed and not (PHONE.fullmatch(typed) and sum(c.isdigit() for c in typed) >= 6):
            raise ValidationError("Enter a phone number, like 0141 496 0000")
        return typed

    def clean(self):
        super().clean()
        self._check_number()
        self._check_where_they_live()
        self._check_ways_to_reach_them()

    def _check_number(self):
        kind, number = self.cleaned_data.get("number_kind"), self.cleaned_data.get("number")
        if kind is None or number is None:
            return
        if kind == NumberKind.NONE:
            if number:
                self.add_error("number_kind", "Choose NHS number or CHI number, or clear the number")
            return
        if not number:
            self.add_error("number", f"Enter the {NumberKind(kind).label}, or choose “{NumberKind.NONE.label}”")
            return
        try:
            self.cleaned_data["number"] = VALIDATORS[kind](number)
        except ValidationError as problem:
            self.add_error("number", problem)

    def _check_where_they_live(self):
        if "postcode" in self.errors:
            return
        has_postcode, is_without_home = self.cleaned_data.get("postcode"), self.cleaned_data.get("no_fixed_abode")
        if has_postcode and is_without_home:
            self.add_error("postcode", "Clear the postcode, or untick “No fixed abode”")
        elif not has_postcode and not is_without_home:
            self.add_error("postcode", "Enter a postcode, or tick “No fixed abode”")

    def _check_ways_to_reach_them(self):
        if {"permissions", "phone", "email", "address", "safe_contact_note"} & set(self.errors):
            return
        ways = set(self.cleaned_data["permissions"])
        if not ways and not self.cleaned_data["safe_contact_note"]:
            self.add_error("permissions", "Choose at least one way, or say under “Safe contact” how to reach them")
        if ways & NEEDS_PHONE and not self.cleaned_data["phone"]:
            self.add_error("phone", "Enter a phone number, or untick call, text and voicemail")
        if "may_email" in ways and not self.cleaned_data["email"]:
            self.add_error("email", "Enter an email address, or untick email")
        if "may_post" in ways and not self.cleaned_data["address"]:
            self.add_error("address", "Enter the address to write to, or untick post")
