from datetime import timedelta

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone

from accounts.forms import OnceForm, Reveal
from assets.enums import NeedKind
from caseload.enums import NEED_MAY_STAY_OPEN, HoldBarrier, HoldEnd, HoldPurpose, NeedOutcome
from caseload.forms.need import barrier_question, check_barrier
from caseload.forms.person import text
from caseload.forms.questions import LATER, day_to_come, laid_out, one_of, revision
from caseload.forms.service import NamesService
from caseload.models import Case, Hold

MEANWHILE = "A call every two weeks, going along to a group, a claim to fill in. Holding is work too."
STILL_OPEN = "open"
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
    meanwhile = text("What we do meanwhile", 2000, rows=2, help_text=MEANWHILE)
    note = text("Note", 5000, rows=3)

    helper = laid_out(
        "purpose", Row("awaited_need", "barrier"), "service", "awaited_asset", "review_on", "meanwhile", "note"
    )

    @staticmethod
    def initial_of(case: Case) -> dict:
        need = case.needs.order_by("added_at", "id").first()
        return {"awaited_need": need and need.kind, "review_on": timezone.localdate() + FOUR_WEEKS}


class ReviewHoldForm(OnceForm):
    seen = revision()
    note = text("How things stand", 5000, rows=4, required="Enter how things stand")
    meanwhile = text("What we do meanwhile", 2000, rows=2, help_text=MEANWHILE)
    next_review_on = day_to_come("Look at this again on", "Enter the day to look at this again", LATER)

    @staticmethod
    def initial_of(hold: Hold) -> dict:
        return {
            "seen": hold.reviews.count(),
            "meanwhile": hold.meanwhile,
            "next_review_on": timezone.localdate() + FOUR_WEEKS,
        }


def need_outcome_question(choices, **kwargs):
    """What became of the need a hold waited for; see ask_of_need."""
    return one_of(choices, "What became of the need?", "Choose what became of the need", **kwargs)


def ask_of_need(form: forms.Form, hold: Hold) -> None:
    need = hold.get_awaited_need_display().lower()
    form.fields["need_outcome"].label = f"What became of the need for help with {need}?"


class EndHoldForm(forms.Form):
    """How a hold ended, and what became of the need it waited for."""

    end = one_of(
        [(end.value, end.label) for end in HoldEnd if end != HoldEnd.CASE_CLOSED],
        "How did the hold end?",
        "Choose how the hold ended",
    )
    need_outcome = need_outcome_question([*NeedOutcome.choices, (STILL_OPEN, "Still open")])
    barrier = barrier_question()
    end_note = text("Note", 5000, rows=3)

    helper = laid_out("end", Reveal("need_outcome", {NeedOutcome.UNMET: ["barrier"]}), "end_note")

    def __init__(self, *args, hold: Hold, **kwargs):
        super().__init__(*args, initial={"barrier": hold.barrier}, **kwargs)
        ask_of_need(self, hold)

    def clean(self):
        super().clean()
        outcome, end = self.cleaned_data.get("need_outcome"), self.cleaned_data.get("end")
        if outcome == STILL_OPEN:
            self.cleaned_data["need_outcome"] = ""
            if end and end not in NEED_MAY_STAY_OPEN:
                self.add_error("need_outcome", f"{HoldEnd(end).label}: choose met, partly met or unmet")
        check_barrier(self, "need_outcome")
