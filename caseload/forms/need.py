from django import forms

from accounts.forms import Reveal
from assets.enums import NeedKind
from caseload.enums import HoldBarrier, NeedOutcome
from caseload.forms.person import text
from caseload.forms.questions import laid_out, one_of
from caseload.models import Case


def barrier_question():
    """What stood in the way of a need that is unmet; see check_barrier."""
    return one_of(
        [("", "Choose what stood in the way"), *HoldBarrier.choices],
        "What stood in the way",
        "Choose what stood in the way",
        required=False,
        widget=forms.Select,
    )


class SettleNeedForm(forms.Form):
    """What became of a need. Unmet, it says what stood in the way."""

    kind = one_of([], "Which need?", "Choose which need", widget=forms.Select)
    outcome = one_of(NeedOutcome.choices, "What became of it?", "Choose met, partly met or unmet")
    barrier = barrier_question()
    note = text("Note", 2000, rows=3, help_text="What was looked for, and what would have helped. Name nobody.")

    helper = laid_out("kind", Reveal("outcome", {NeedOutcome.UNMET: ["barrier"]}), "note")

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        named = list(case.needs.order_by("added_at", "id").values_list("kind", flat=True))
        theirs = [(kind, NeedKind(kind).label) for kind in named]
        others = [choice for choice in NeedKind.choices if choice[0] not in named]
        self.fields["kind"].choices = [("", "Choose a need"), *theirs, *others]

    def clean(self):
        super().clean()
        check_barrier(self, "outcome")


def check_barrier(form: forms.Form, outcome: str) -> None:
    """An unmet need says what stood in the way; of no other is it asked."""
    if form.cleaned_data.get(outcome) != NeedOutcome.UNMET:
        form.cleaned_data["barrier"] = ""
    elif not form.cleaned_data.get("barrier") and "barrier" not in form.errors:
        form.add_error("barrier", "Choose what stood in the way")
