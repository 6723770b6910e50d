from django import forms

from accounts.forms import Reveal
from caseload.actions.shape import OUTLINE
from caseload.forms.case import SUPPORT_PICKS
from caseload.forms.person import text
from caseload.forms.questions import day_to_come, laid_out, one_of, revision
from caseload.models import Case

# What is usual, to be put into words of one's own in a minute.
USUAL = {
    "outline_beginning": "Getting to know each other, every week or two. What matters, and what to try first.",
    "outline_middle": "Trying things, and going along to the first ones. We meet every few weeks.",
    "outline_end": "Meeting less often, then a last look back together. After that, a call brings us back.",
}


class OutlineForm(forms.Form):
    """The shape of the road ahead, agreed with the person."""

    revision = revision()
    outline_beginning = text(
        "The beginning", 1000, rows=2, help_text="It stands on the one-page plan: write it to them, as “you” and “we”."
    )
    outline_middle = text("The middle", 1000, rows=2)
    outline_end = text("The end", 1000, rows=2)

    @staticmethod
    def initial_of(case: Case) -> dict:
        now = {name: getattr(case, name) for name in OUTLINE} if case.has_outline else USUAL
        return now | {"revision": case.revision}


class ReviewEndingForm(forms.Form):
    """What was said when the planned ending came: a new day, or goodbye."""

    revision = revision()
    note = text("What was said", 2000, rows=3, required="Enter what was said")
    what = one_of(
        [("go_on", "We go on, to another day"), ("end", "We end now: close the case next")],
        "What was agreed?",
        "Choose whether you go on or end",
    )
    planned_ending_on = day_to_come("The new planned ending", "Enter the day", SUPPORT_PICKS, required=False)

    helper = laid_out("revision", "note", Reveal("what", {"go_on": ["planned_ending_on"]}))

    def clean(self):
        super().clean()
        self.ends_now = self.cleaned_data.pop("what", None) == "end"
        if self.ends_now:
            self.errors.pop("planned_ending_on", None)
            self.cleaned_data["planned_ending_on"] = None
        elif not self.cleaned_data.get("planned_ending_on") and not self.errors.keys() & {"what", "planned_ending_on"}:
            self.add_error("planned_ending_on", "Enter the new day you agreed")
