"""A person's details, and the risks to know before a visit."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from accounts.forms import OnceForm, Reveal
from caseload.enums.safety import RiskKind
from caseload.forms.person import PersonForm, text
from caseload.forms.questions import LATER, day_to_come, laid_out, one_of, revision
from caseload.models import Patient

FOUR_WEEKS = timedelta(days=28)


class DetailsForm(PersonForm):
    revision = revision()

    def __init__(self, *args, patient: Patient, **kwargs):
        super().__init__(*args, **kwargs)
        self.patient = patient

    def clean(self):
        super().clean()
        number = self.cleaned_data.get("number")
        others = self.patient.organisation.patients.on_file().exclude(pk=self.patient.pk)
        if number and "number" not in self.errors and others.filter(number=number).exists():
            self.add_error("number", "Somebody else here has this number. Check it, or ask your manager")


KIND = {
    "choices": [
        (RiskKind.ON_VISIT, "A risk to whoever visits, such as a dog"),
        (RiskKind.TO_PERSON, "A risk to the person, such as falling"),
        (RiskKind.ALERT, "An alert, such as “do not ring before noon”"),
    ],
    "label": "What kind is it?",
    "error": "Choose what kind it is",
}


class RiskForm(OnceForm):
    kind = one_of(**KIND)
    text = text("What to know", 2000, rows=3, required="Enter what to know")
    review_on = day_to_come("Look at this again on", "Enter the day to look at this again", LATER)


class ReviewRiskForm(forms.Form):
    version = revision()
    kind = one_of(**KIND)
    text = text("What to know", 2000, rows=3, required="Enter what to know")
    stands = one_of(
        [("yes", "Yes, look at it again"), ("no", "No, it has passed")],
        "Is it still so?",
        "Say whether it is still so",
    )
    review_on = day_to_come("Again on", "Enter the day to look at this again", LATER, required=False)

    helper = laid_out("version", "kind", "text", Reveal("stands", {"yes": ["review_on"]}))

    @staticmethod
    def initial_of(risk) -> dict:
        next_look = timezone.localdate() + FOUR_WEEKS
        return {"version": risk.history.count(), "kind": risk.kind, "text": risk.text, "review_on": next_look}

    def clean(self):
        super().clean()
        stands = self.cleaned_data.pop("stands", None)
        if stands == "no":
            self.errors.pop("review_on", None)
            self.cleaned_data["review_on"] = None
        elif stands and not self.cleaned_data.get("review_on") and "review_on" not in self.errors:
            self.add_error("review_on", "Enter the day to look at this again")
