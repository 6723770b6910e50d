from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.fields import DayMonthYearField
from caseload.forms.person import text
from caseload.forms.questions import laid_out, revision, ticked
from caseload.measures import Measure
from caseload.models import LicensedWording

NOT_CONFIRMED = "Tick that your licence lets you use the wording here, or leave this page"


class LicenceForm(forms.Form):
    """The wording of a licensed measure, and the licence to use it. `version` is how often it was saved before."""

    version = revision()
    licence_holder = text("Who holds the licence", 200, required="Enter who holds the licence")
    licence_reference = text("Its reference", 100, required="Enter the reference of the licence")
    licensed_on = DayMonthYearField(
        label="Date of the licence", error_messages={"required": "Enter the date of the licence"}
    )
    is_confirmed = ticked("Our licence covers using this wording in a system of our own, and on people’s own phones")
    instruction = text("What is said before the questions", 1000, rows=2)

    def __init__(self, data=None, *, measure: Measure, **kwargs):
        super().__init__(data, **kwargs)
        values = sorted(value for value, _ in measure.items[0].answers)
        questions = [f"question_{n}" for n in range(1, len(measure.items) + 1)]
        answers = [f"answer_{value}" for value in values]
        for n, name in enumerate(questions, start=1):
            self.fields[name] = text(f"Question {n}", 300, required=f"Enter question {n}")
        for value, name in zip(values, answers, strict=True):
            self.fields[name] = text(f"Answer scored {value}", 100, required=f"Enter the answer scored {value}")
        licence = ["licence_holder", "licence_reference", "licensed_on", "is_confirmed"]
        self.helper = laid_out(
            Fieldset("The licence", *licence),
            Fieldset("The questions, word for word", "instruction", *questions),
            Fieldset("The answers, word for word", *answers),
        )
        self.questions, self.answers = questions, answers

    def clean_licensed_on(self):
        if self.cleaned_data["licensed_on"] > timezone.localdate():
            raise ValidationError("The date of the licence is still to come")
        return self.cleaned_data["licensed_on"]

    def clean_is_confirmed(self):
        if not self.cleaned_data["is_confirmed"]:
            raise ValidationError(NOT_CONFIRMED)
        return True

    @property
    def said(self) -> dict:
        """What the action takes."""
        given = self.cleaned_data
        same = ["version", "licence_holder", "licence_reference", "licensed_on", "instruction"]
        return {name: given[name] for name in same} | {
            "questions": [given[name] for name in self.questions],
            "answers": [given[name] for name in self.answers],
        }

    @staticmethod
    def initial_of(measure: Measure, wording: LicensedWording | None) -> dict:
        if wording is None:
            return {"version": 0}
        values = sorted(value for value, _ in measure.items[0].answers)
        same = {
            name: getattr(wording, name)
            for name in ["licence_holder", "licence_reference", "licensed_on", "instruction"]
        }
        questions = {f"question_{n}": text for n, text in enumerate(wording.questions, start=1)}
        answers = {f"answer_{value}": words for value, words in zip(values, wording.answers, strict=True)}
        return same | questions | answers | {"version": wording.history.count()}
