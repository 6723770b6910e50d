"""Questions that several forms ask, each with its plain errors."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from accounts.fields import ShortDateField
from accounts.models import User

A_LONG_DAY = 12 * 60
SOON = {"tomorrow": 1, "in 1 week": 7, "in 2 weeks": 14}
LATER = {"in 2 weeks": 14, "in 4 weeks": 28, "in 12 weeks": 84}
TWO_YEARS = 730


def laid_out(*fields) -> FormHelper:
    helper = FormHelper()
    helper.layout = Layout(*fields)
    return helper


def one_of(choices, label: str, error: str, **kwargs):
    """One answer, as radios unless another widget is given; `error` is what to do when there is none."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=kwargs.pop("widget", forms.RadioSelect),
        error_messages=dict.fromkeys(["required", "invalid_choice"], error),
        **kwargs,
    )


def perhaps_one_of(choices, label: str, unknown: str):
    """One answer from a short list, or none, which `unknown` says in words."""
    return forms.ChoiceField(
        label=label,
        choices=[("", unknown), *choices],
        required=False,
        error_messages={"invalid_choice": "Choose one from the list"},
    )


def yes_or_no(label: str, error: str, **kwargs):
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], error),
        **kwargs,
    )


def ticked(label: str, **kwargs):
    return forms.BooleanField(label=label, required=False, **kwargs)


def minutes(label: str, **kwargs):
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=A_LONG_DAY,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={
            "required": "Enter the minutes, like 45",
            "invalid": "Enter the minutes as a whole number, like 45",
            "min_value": "Enter at least 1 minute",
            "max_value": f"Enter {A_LONG_DAY} minutes or fewer",
        },
        **kwargs,
    )


def day_to_come(label: str, error: str, picks=SOON, **kwargs):
    return ShortDateField(
        label=label,
        earliest=0,
        latest=TWO_YEARS,
        quick_picks=picks,
        error_messages={"required": error},
        **kwargs,
    )


def revision():
    """The version the writer started from: see accounts.moves.check_revision."""
    return forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid", "min_value"], "Open this page again, then change it"),
    )


class WorkerChoice(forms.ModelChoiceField):
    """One of the organisation's people; the form narrows `queryset` in its __init__."""

    def __init__(self, label: str, **kwargs):
        super().__init__(
            queryset=None,
            label=label,
            error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose somebody from the list"),
            **kwargs,
        )

    def label_from_instance(self, user: User) -> str:
        return user.name
