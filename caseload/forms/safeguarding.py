"""A safeguarding concern, and what follows it."""

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone

from accounts.fields import ShortDateField, TimeField
from accounts.forms import OnceForm, Reveal
from accounts.models import Organisation
from caseload.enums.safety import ConcernOutcome, ConcernVerb
from caseload.forms.meeting import LATE_ENTRY_DAYS, moment
from caseload.forms.person import text
from caseload.forms.questions import WorkerChoice, laid_out, one_of, yes_or_no


class WhenForm(forms.Form):
    """A moment that has been: a day and a time, which become `at`."""

    day = ShortDateField(
        label="Day", earliest=-LATE_ENTRY_DAYS, latest=0, required=False, error_messages={"required": "Enter the day"}
    )
    time = TimeField(label="Time", required=False)

    def clean(self):
        super().clean()
        day, time = self.cleaned_data.pop("day", None), self.cleaned_data.pop("time", None)
        if day and time:
            self.cleaned_data["at"] = moment(day, time)
            if self.cleaned_data["at"] > timezone.now():
                self.add_error("time", "Enter a time that has been")
        elif (day or time) and not {"day", "time"} & set(self.errors):
            self.add_error("time" if day else "day", "Enter the time too" if day else "Enter the day too")


class RaiseConcernForm(OnceForm, WhenForm):
    about_whom = text("Who is it about?", 300, required="Enter who it is about")
    happened = text(
        "What did you see or hear?",
        10000,
        rows=7,
        required="Enter what you saw or heard",
        help_text="As it was, in their own words where you can. What you think of it can come later.",
    )
    is_immediate_danger = yes_or_no("Is anybody in immediate danger?", "Say whether anybody is in immediate danger")
    wishes = text("What does the person want to happen?", 5000, rows=2, help_text="Do they know that you write this?")
    told = text("Who have you told?", 300, help_text="A name and where they work: 999, social work, your manager.")

    field_order = ["about_whom", "is_immediate_danger", "happened", "wishes", "told", "day", "time"]
    helper = laid_out("about_whom", "is_immediate_danger", "happened", "wishes", "told", Row("day", "time"))

    def __init__(self, *args, is_about_a_person: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_about_a_person:
            self.fields["about_whom"].required = False
            self.fields["about_whom"].label = "Anybody else it is about"
            self.fields["about_whom"].help_text = "A child, a partner, whoever else is concerned."
        self.fields["day"].label, self.fields["time"].label = "Told on", "At"

    def clean(self):
        super().clean()
        self.cleaned_data["told_at"] = self.cleaned_data.pop("at", None)


class AddToConcernForm(OnceForm, WhenForm):
    verb = one_of(
        [("told", "Somebody was told"), ("did", "Something was done"), ("heard", "Something was seen or heard")],
        "What are you adding?",
        "Say what you are adding",
    )
    told = text("Who was told", 300, help_text="A name and where they work, inside or outside.")
    words = text("In words", 5000, rows=4)

    field_order = ["verb", "told", "words", "day", "time"]
    helper = laid_out(Reveal("verb", {"told": ["told"]}), "words", Row("day", "time"))

    def clean(self):
        super().clean()
        verb = self.cleaned_data.get("verb")
        if verb == ConcernVerb.TOLD and not self.cleaned_data.get("told"):
            self.add_error("told", "Enter who was told")
        elif verb and verb != ConcernVerb.TOLD:
            self.cleaned_data["told"] = ""
            if not self.cleaned_data.get("words"):
                self.add_error("words", "Enter what was done, seen or heard")


class CloseConcernForm(forms.Form):
    outcome = one_of(ConcernOutcome.choices, "What came of it?", "Choose what came of it")
    outcome_note = text("How it stands now", 5000, rows=4, required="Enter how it stands now")


class ReaderForm(forms.Form):
    user = WorkerChoice("Who else may read this", empty_label="Choose a colleague")

    def __init__(self, *args, organisation: Organisation, besides: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = organisation.members.exclude(pk__in=besides)


class LeadForm(forms.Form):
    user = WorkerChoice("Name a safeguarding lead", empty_label="Choose somebody")

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        named = organisation.named_leads.current().values("user")
        self.fields["user"].queryset = organisation.members.exclude(pk__in=named)
