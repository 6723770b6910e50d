"""Going on a visit alone, and answering for somebody who is not back."""

from datetime import timedelta

from crispy_forms.layout import Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.fields import ShortDateField, TimeField
from accounts.forms import OnceForm
from accounts.models import Organisation, User
from caseload.forms.meeting import moment
from caseload.forms.person import PHONE, text
from caseload.forms.questions import WorkerChoice, laid_out, one_of

A_DAY = timedelta(days=1)
LONGEST = timedelta(hours=16)


def check_phone(typed: str) -> str:
    if typed and not (PHONE.fullmatch(typed) and sum(c.isdigit() for c in typed) >= 6):
        raise ValidationError("Enter a phone number, like 07700 900123")
    return typed


class LoneVisitForm(OnceForm):
    """Where, when, expected back, and who is called."""

    where = text(
        "Where are you going?",
        600,
        required="Enter where you are going",
        help_text="As somebody would need it who has to find you. Others see it only when you are not back.",
    )
    day = ShortDateField(
        label="Day", earliest=0, latest=28, quick_picks={}, error_messages={"required": "Enter the day"}
    )
    time = TimeField(label="Setting out at")
    back = TimeField(label="Back by", error_messages={"required": "Enter when you expect to be back, like 15:30"})
    watcher = WorkerChoice("Who watches for you", empty_label="Choose a colleague")
    phone = text("Your phone on this visit", 30, required="Enter the number they ring first")
    note = text("Anything else they should know", 1000, rows=2, help_text="The car you are in, who else is there.")

    helper = laid_out("where", Row("day", "time", "back"), "watcher", "phone", "note")

    def __init__(self, *args, organisation: Organisation, worker: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["watcher"].queryset = organisation.members.exclude(pk=worker.pk)

    @staticmethod
    def initial_of(proposed: dict) -> dict:
        start, end = timezone.localtime(proposed["starts_at"]), timezone.localtime(proposed["expected_back_at"])
        return proposed | {"day": start.date(), "time": start, "back": end}

    def clean_phone(self):
        return check_phone(self.cleaned_data["phone"])

    def clean(self):
        super().clean()
        if not {"day", "time", "back"} <= set(self.cleaned_data):
            return
        day, time, back = (self.cleaned_data.pop(name) for name in ("day", "time", "back"))
        start, end = moment(day, time), moment(day, back)
        if end.timestamp() <= start.timestamp():
            end = moment(day + A_DAY, back)  # Past midnight.
        if end <= timezone.now():
            self.add_error("back", "Enter a time that is still to come")
        elif end.timestamp() - start.timestamp() > LONGEST.total_seconds():
            self.add_error("back", "Enter when you expect to be back: this would be more than 16 hours")
        self.cleaned_data |= {"starts_at": start, "expected_back_at": end}


class AnswerAlarmForm(forms.Form):
    """What somebody did about a colleague who is not back."""

    words = text(
        "What did you do?",
        2000,
        rows=3,
        required="Enter what you did",
        help_text="For example: “Rang, she is safe and on the bus.” Do not name whom they visited.",
    )
    is_safe = one_of(
        [("yes", "Yes, they are safe: end the alarm"), ("no", "Not yet, I am on it")],
        "Do you know that they are safe?",
        "Say whether you know that they are safe",
    )

    helper = laid_out("words", "is_safe")

    def clean_is_safe(self):
        return self.cleaned_data["is_safe"] == "yes"


class LongerForm(forms.Form):
    """“I need longer”: so many minutes more than the time that was seen."""

    minutes = forms.TypedChoiceField(choices=[(15, "15"), (30, "30")], coerce=int)
    expected = forms.DateTimeField()


class PhoneForm(forms.Form):
    phone = text(
        "Your mobile", 30, help_text="Alarms come here by text as well as by e-mail. Leave it empty for e-mail alone."
    )

    def clean_phone(self):
        return check_phone(self.cleaned_data["phone"])
