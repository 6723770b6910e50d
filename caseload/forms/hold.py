from datetime import timedelta

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone

from accounts.forms import OnceForm
from assets.enums import NeedKind
from assets.models import directory
from caseload.enums import HoldBarrier, HoldEnd, HoldPurpose
from caseload.forms.person import text
from caseload.forms.questions import LATER, day_to_come, laid_out, one_of
from caseload.models import Case

FOUR_WEEKS = timedelta(days=28)
MATCHES_SHOWN = 8


class HoldForm(OnceForm):
    """What a hold is for, what is awaited, what blocks it and when it is looked at again."""

    purpose = one_of(HoldPurpose.choices, "What the hold is for", "Choose what the hold is for")
    awaited_need = one_of(
        [("", "Choose a kind of help"), *NeedKind.choices],
        "Help with",
        "Choose what help is awaited",
        widget=forms.Select,
    )
    service = text("From which service", 300, help_text="Part of its name. Leave this empty where none is known.")
    awaited_asset = forms.ChoiceField(label="Which of these?", required=False, widget=forms.HiddenInput)
    barrier = one_of(
        [("", "Choose what is in the way"), *HoldBarrier.choices],
        "What stands in the way",
        "Choose what stands in the way",
        widget=forms.Select,
    )
    review_on = day_to_come("Look at this again on", "Enter the day to look at this again", LATER)
    note = text("Note", 5000, rows=3)

    helper = laid_out("purpose", Row("awaited_need", "barrier"), "service", "awaited_asset", "review_on", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.matches = self._matching(self["service"].value() or "") if self.is_bound else {}
        if self.matches:
            self.fields["awaited_asset"].choices = [
                *[(pk, ", ".join(filter(None, [asset.name, asset.town]))) for pk, asset in self.matches.items()],
            ]
        if len(self.matches) > 1:
            self.fields["awaited_asset"].widget = forms.RadioSelect(choices=self.fields["awaited_asset"].choices)

    @staticmethod
    def initial_of(case: Case) -> dict:
        need = case.needs.order_by("added_at", "id").first()
        return {"awaited_need": need and need.kind, "review_on": timezone.localdate() + FOUR_WEEKS}

    @staticmethod
    def _matching(words: str) -> dict:
        words = words.replace("\x00", "").strip()
        found = directory().open().matching(words)[:MATCHES_SHOWN] if words else []
        return {str(asset.pk): asset for asset in found}

    def clean(self):
        super().clean()
        service = self.cleaned_data.pop("service", "")
        chosen = self.matches.get(self.cleaned_data.get("awaited_asset"))
        named = [asset for asset in self.matches.values() if asset.name.lower() == service.lower()]
        if not chosen and len(self.matches) == 1:
            chosen = next(iter(self.matches.values()))
        elif not chosen and len(named) == 1:
            chosen = named[0]
        if service and not self.matches:
            self.add_error("service", "Nothing in the directory is called that. Try another name, or clear it")
        elif service and not chosen:
            self.add_error("awaited_asset", "Choose which one is meant, or clear the name above")
        self.cleaned_data["awaited_asset"] = chosen


class ReviewHoldForm(OnceForm):
    note = text("How things stand", 5000, rows=4, required="Enter how things stand")
    next_review_on = day_to_come("Look at this again on", "Enter the day to look at this again", LATER)

    @staticmethod
    def initial_now() -> dict:
        return {"next_review_on": timezone.localdate() + FOUR_WEEKS}


class EndHoldForm(forms.Form):
    end = one_of(
        [(end.value, end.label) for end in HoldEnd if end != HoldEnd.CASE_CLOSED],
        "How did the hold end?",
        "Choose how the hold ended",
    )
    end_note = text("Note", 5000, rows=3)
