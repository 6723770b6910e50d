from uuid import UUID

from crispy_forms.layout import Row
from django import forms

from accounts.forms import OnceForm, Reveal
from caseload.enums import GoalStatus, WhoDoes
from caseload.forms.person import text
from caseload.forms.questions import laid_out, one_of, perhaps_one_of, revision, ticked
from caseload.models import Goal

UNKNOWN = "Open the case again, then put the goals in order"


class NextStep(forms.Form):
    """The next small thing, and who does it."""

    next_step = text("The next step", 300, help_text="Small enough to be done soon. It stands on the one-page plan.")
    step_by = perhaps_one_of(WhoDoes.choices, "Who does it", "Choose who")

    STEP = Row("next_step", "step_by")

    def clean(self):
        super().clean()
        has_step = self.cleaned_data.get("next_step")
        if has_step and not self.cleaned_data.get("step_by") and "step_by" not in self.errors:
            self.add_error("step_by", "Choose who does the next step")
        if not has_step:
            self.cleaned_data["step_by"] = ""


class EditGoalForm(NextStep):
    revision = revision()
    words = text("What they want, in their own words", 1000, rows=3, required="Enter the goal in their words")
    is_private = ticked(
        "Leave it off the printed plan", help_text="Where others at home might read it and should not."
    )

    helper = laid_out("revision", "words", NextStep.STEP, "is_private")

    @staticmethod
    def initial_of(goal: Goal) -> dict:
        return {name: getattr(goal, name) for name in ["revision", "words", "next_step", "step_by", "is_private"]}


class GoalForm(OnceForm, EditGoalForm):
    """As first written down."""

    revision = None
    helper = laid_out("once", "words", NextStep.STEP, "is_private")


class ProgressForm(OnceForm, NextStep):
    """What they say of a goal. Reached and let go are theirs to say too."""

    revision = revision()
    words = text("What they say about it", 2000, rows=3, required="Enter what they say about it")
    status = one_of(GoalStatus.choices, "How it stands, as they see it", "Choose how it stands")

    helper = laid_out("once", "revision", "words", Reveal("status", {GoalStatus.OPEN: [NextStep.STEP]}))

    @staticmethod
    def initial_of(goal: Goal) -> dict:
        return {name: getattr(goal, name) for name in ["revision", "status", "next_step", "step_by"]}


class IdList(forms.CharField):
    """Ids with commas between them, as a list."""

    def clean(self, value):
        try:
            return [UUID(part) for part in super().clean(value).split(",")]
        except ValueError:
            raise forms.ValidationError(UNKNOWN) from None


class OrderGoalsForm(forms.Form):
    """The order as it was shown, and as the person gives it."""

    seen = IdList(error_messages={"required": UNKNOWN})
    order = IdList(error_messages={"required": UNKNOWN})
