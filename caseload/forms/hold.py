from datetime import timedelta

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone

from accounts.forms import OnceForm
from assets.enums import NeedKind
from caseload.enums import HoldBarrier, HoldEnd, HoldPurpose
from caseload.forms.person import text
from caseload.forms.questions import LATER, day_to_come, laid_out, one_of, revision
from caseload.forms.service import NamesService
from caseload.models import Case, Hold

FOUR_WEEKS = timedelta(days=28)


class HoldForm(OnceForm, NamesService):
    """What a hold is for, what is awaited, what blocks it and when it is looked at again."""

    named_as = "awaited_asset"

    purpose = one_of(HoldPurpose.choices, "What the hold is for", "Choose what the hold is for")
    awaited_need = one_of(
        [("", "Choose a kind of help"), *NeedKind.choices],
        "Help with",
        "Choose what help is awaited",
        widget=forms.Select,
    )
    barrier = one_of(
        [("", "Choose what is in the way"), *HoldBarrier.choices],
        "What stands in the way",
        "Choose what stands in the way",
        widget=forms.Select,
    )
    review_on = day_to_come("Look at this again on", "Enter the day to look at this again", LATER)
    note = text("Note", 5000, rows=3)

    helper = laid_out("purpose", Row("awaited_need", "barrier"), "service", "awaited_asset", "review_on", "note")

    @staticmethod
    def initial_of(case: Case) -> dict:
        need = case.needs.order_by("added_at", "id").first()
        return {"awaited_need": need and need.kind, "review_on": timezone.localdate() + FOUR_WEEKS}


class ReviewHoldForm(OnceForm):
    seen = revision()
    note = text("How things stand", 5000, rows=4, required="Enter how things stand")
    next_review_on = day_to_come("Look at this again on", "Enter the day to look at this again", LATER)

    @staticmethod
    def initial_of(hold: Hold) -> dict:
        return {"seen": hold.reviews.count(), "next_review_on": timezone.localdate() + FOUR_WEEKS}


class EndHoldForm(forms.Form):
    end = one_of(
        [(end.value, end.label) for end in HoldEnd if end != HoldEnd.CASE_CLOSED],
        "How did the hold end?",
        "Choose how the hold ended",
    )
    end_note = text("Note", 5000, rows=3)
