"""What people say of an entry: corrections, problems, notes; and what the service itself says, by its link."""

import re
from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.fields import PlainCharField, ShortDateField
from accounts.forms import OnceForm, Reveal
from assets.enums import AccessFeature, Capacity, Cost, Group, HowToJoin, NeedKind, ProblemKind, Weekday
from assets.models import CORRECTABLE, Asset
from assets.postcodes import normalise_postcode

TIMES = re.compile(r"(\d{1,2})[:.]?(\d\d)?\s*(am|pm)?\s*(?:-|–|to|until)\s*(\d{1,2})[:.]?(\d\d)?\s*(am|pm)?")
NOT_TIMES = "Enter times like 10:00-12:30, with a comma between two"
MOST_WEEKS = 520
HOURS = [f"hours_{day}" for day in Weekday.values]
TEN_YEARS = 3650


def text_box(label: str, most: int, *, rows: int = 0, required: str = "", help_text: str = "") -> PlainCharField:
    return PlainCharField(
        label=label,
        max_length=most,
        required=bool(required),
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}) if rows else forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": required, "max_length": f"{label}: use {most:,} characters or fewer"},
    )


def one_of(choices, label: str, unknown: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", unknown), *choices],
        required=False,
        error_messages={"invalid_choice": "Choose one from the list"},
    )


def any_of(choices, label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list"},
    )


def number(label: str, most: int, counted: str) -> forms.IntegerField:
    wrong = f"{label}: enter a whole number of {counted} from 0 to {most}"
    return forms.IntegerField(
        label=label,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "class": "nhsuk-input--width-4"}),
        validators=[MinValueValidator(0, wrong), MaxValueValidator(most, wrong)],
        error_messages={"invalid": wrong},
    )


def email_address(label: str, help_text: str = "") -> forms.EmailField:
    return forms.EmailField(
        label=label,
        required=False,
        help_text=help_text,
        error_messages={"invalid": "Enter an email address, like name@example.org"},
    )


def in_columns(name: str) -> Field:
    return Field(name, wrapper_class="lw-choices-in-columns")


def times_of(typed: str) -> str:
    """ "10-12.30, 2pm to 4pm" as "10:00-12:30, 14:00-16:00". Raises ValidationError."""
    spans = []
    for part in filter(None, (part.strip().lower() for part in typed.split(","))):
        match = TIMES.fullmatch(part)
        if match is None:
            raise ValidationError(NOT_TIMES)
        start, end = _clock(*match.groups()[:3]), _clock(*match.groups()[3:])
        if start >= end:
            raise ValidationError("The end is after the beginning: write 2pm as 14:00")
        spans.append(f"{start}-{end}")
    return ", ".join(spans)


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        hours = hours % 12 + 12 * (half == "pm")
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise ValidationError(NOT_TIMES)
    return f"{hours:02}:{minutes:02}"


class CorrectForm(forms.Form):
    """Everything a person may change of an entry. `seen` is the version its writer began with."""

    seen = forms.DateTimeField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid"], "Open this page again, then correct it"),
    )
    name = text_box("Name", 300, required="Enter the name")
    provider = text_box("Run by", 300)
    description = text_box("What it is", 20_000, rows=5)
    need_kinds = any_of(NeedKind.choices, "Helps with")
    groups = any_of(Group.choices, "Only for")
    minimum_age = number("Youngest age", 120, "years")
    maximum_age = number("Oldest age", 120, "years")
    languages = text_box("Languages besides English", 500, help_text="With commas between them.")
    address = text_box("Address", 1000, rows=3)
    town = text_box("Town", 200)
    postcode = text_box("Postcode", 12)
    local_authority = text_box("Council area", 200)
    phone = text_box("Phone", 100)
    email = email_address("Email")
    url = forms.URLField(
        label="Website",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Enter a web address, like https://example.org"},
    )
    hours_note = text_box("About the times", 2000, rows=2)
    cost = one_of(Cost.choices, "Cost", "Not known")
    cost_note = text_box("About the cost", 500)
    how_to_join = one_of(HowToJoin.choices, "How to join", "Not known")
    join_note = text_box("About joining", 2000, rows=2)
    access_features = any_of(AccessFeature.choices, "Access")
    access_note = text_box("About access", 2000, rows=2)
    capacity = one_of(Capacity.choices, "Is there room?", "Not known")
    wait_weeks = number("Wait in weeks", MOST_WEEKS, "weeks")
    threshold = text_box("Who they take", 500, help_text="What somebody must be or have to be taken on.")
    funding_ends_on = ShortDateField(label="Funding ends on", required=False, earliest=-TEN_YEARS, latest=TEN_YEARS)
    contact_name = text_box("Who keeps this entry right", 200)
    contact_email = email_address(
        "Their email", "They are asked once a year whether it is still right. It is not published."
    )
    charity_number = text_box("Charity number", 20)
    confirm = forms.BooleanField(label="Everything else is right too", required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for day in Weekday:
            self.fields[f"hours_{day.value}"] = text_box(day.label, 100)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.layout = Layout(
            "seen",
            Fieldset("What it is", "name", "provider", "description", in_columns("need_kinds")),
            Fieldset("Who it is for", in_columns("groups"), Row("minimum_age", "maximum_age", "languages"),
                     "threshold"),
            Fieldset("Where", "address", Row("town", "postcode", "local_authority"), in_columns("access_features"),
                     "access_note"),
            Fieldset("Getting in touch", Row("phone", "email"), "url"),
            Fieldset("When", HTML(f"<p>{NOT_TIMES}. Empty for not open.</p>"), Row(*HOURS[:4]), Row(*HOURS[4:]),
                     "hours_note"),
            Fieldset("Joining", Row("how_to_join", "cost"), "join_note", "cost_note"),
            Fieldset("Room and money", Row("capacity", "wait_weeks", "funding_ends_on")),
            Fieldset("Who keeps it right", Row("contact_name", "contact_email", "charity_number")),
            "confirm",
        )  # fmt: skip
        return helper

    @staticmethod
    def initial_of(asset: Asset) -> dict:
        hours = {f"hours_{day}": asset.opening_hours.get(day, "") for day in Weekday.values}
        rest = {name: getattr(asset, name) for name in CORRECTABLE if name != "opening_hours"}
        return rest | hours | {"languages": ", ".join(asset.languages), "seen": asset.updated_at.isoformat()}

    def clean_postcode(self) -> str:
        typed = self.cleaned_data["postcode"]
        return normalise_postcode(typed) if typed else ""

    def clean_languages(self) -> list[str]:
        return [language for part in self.cleaned_data["languages"].split(",") if (language := part.strip()[:100])]

    def clean(self):
        super().clean()
        for name in HOURS:
            if name in self.cleaned_data:
                try:
                    self.cleaned_data[name] = times_of(self.cleaned_data[name])
                except ValidationError as error:
                    self.add_error(name, error)
        youngest, oldest = self.cleaned_data.get("minimum_age"), self.cleaned_data.get("maximum_age")
        if None not in (youngest, oldest) and youngest > oldest:
            self.add_error("maximum_age", "The oldest age is at least the youngest")

    @property
    def corrected(self) -> dict:
        """The fields of the entry as the form has them. A day without times is left out."""
        hours = {day: said for day in Weekday.values if (said := self.cleaned_data[f"hours_{day}"])}
        return {name: self.cleaned_data[name] for name in CORRECTABLE if name != "opening_hours"} | {
            "opening_hours": hours
        }

    def catch_up(self, asset: Asset) -> None:
        """Let the next try start from the version its writer has now been shown."""
        self.data = self.data.copy()
        self.data["seen"] = asset.updated_at.isoformat()


class ReportForm(OnceForm):
    kind = forms.ChoiceField(
        label="What is wrong?",
        choices=ProblemKind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose what is wrong"),
    )
    words = text_box(
        "What you know of it", 2000, rows=3, help_text="Everybody who keeps the directory reads this. Name nobody."
    )


class SettleForm(forms.Form):
    outcome = text_box("What came of it", 2000, rows=3, required="Enter what came of it")
    close = forms.BooleanField(
        label="It no longer runs: mark it as closed", required=False, help_text="It stays in the directory, as closed."
    )

    def __init__(self, *args, asset: Asset, **kwargs):
        super().__init__(*args, **kwargs)
        if asset.is_closed:
            del self.fields["close"]


class NoteForm(OnceForm):
    text = text_box("Note", 2000, rows=4, required="Enter a note", help_text="What it is really like, who to ask for.")


class EditNoteForm(forms.Form):
    text = text_box("Note", 2000, rows=4, required="Enter a note")


class MergeForm(forms.Form):
    """Which of two entries is kept. The choices are the two themselves."""

    kept = forms.ChoiceField(
        label="Which one is kept?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose which one is kept"),
    )

    def __init__(self, *args, first: Asset, second: Asset, **kwargs):
        super().__init__(*args, **kwargs)
        self.both = {str(asset.pk): asset for asset in (first, second)}
        self.fields["kept"].choices = [(key, f"{asset.name} ({asset.source})") for key, asset in self.both.items()]

    @property
    def kept_and_gone(self) -> tuple[Asset, Asset]:
        kept = self.cleaned_data["kept"]
        return self.both[kept], next(asset for key, asset in self.both.items() if key != kept)


class ServiceForm(forms.Form):
    """What a service says of its own entry, by its link: still right, or what has changed."""

    answer = forms.ChoiceField(
        label="Is it still right?",
        choices=[("right", "Still right"), ("changed", "Something has changed"), ("gone", "It no longer runs")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose one"),
    )
    words = text_box("What has changed?", 2000, rows=3)
    capacity = one_of(Capacity.choices, "Is there room now?", "No change")
    wait_weeks = number("Wait in weeks", MOST_WEEKS, "weeks")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(Reveal("answer", {"changed": ["words"]}), "capacity", "wait_weeks")

    def clean(self):
        super().clean()
        said = self.cleaned_data
        if said.get("answer") == "changed" and not said.get("words") and not said.get("capacity"):
            self.add_error("words", "Enter what has changed, or whether there is room")
        if said.get("wait_weeks") is not None and not said.get("capacity"):
            self.add_error("capacity", "Choose whether there is room as well")


def as_typed(value) -> str:
    """A value as a person reads it back: what the entry says now."""
    if isinstance(value, list | dict):
        return ", ".join(map(str, value)) or "empty"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value) if value not in (None, "") else "empty"
