from crispy_forms.layout import Field
from django import forms

from accounts.forms import OnceForm, Reveal
from accounts.models import Organisation, User
from accounts.words import count_of, day_and_time
from assets.enums import NeedKind
from caseload.enums import NOT_AN_ENDING, WHY_OF, Complexity, Ending, EndingHow, NeedOutcome
from caseload.forms.hold import ask_of_need, need_outcome_question
from caseload.forms.need import barrier_question, check_barrier
from caseload.forms.person import Asked, text
from caseload.forms.questions import (
    SOON,
    WorkerChoice,
    day_to_come,
    laid_out,
    one_of,
    revision,
    ticked,
    yes_or_no,
)
from caseload.models import Appointment, Case, Hold

WITH_THEM = [EndingHow.AGREED, EndingHow.OWN_CHOICE]
TOLD_BY_HOW = [Ending.DIED, Ending.NOT_REACHED, Ending.OTHER_CASE]
SAID_HOW = [how for how in EndingHow.choices if how[0] != NOT_AN_ENDING]
SUPPORT_PICKS = {"in 4 weeks": 28, "in 12 weeks": 84, "in 6 months": 182}


class WhatMattersForm(forms.Form):
    revision = revision()
    what_matters = text("What matters to them, in their words", 5000, rows=8)


class PlanForm(forms.Form):
    revision = revision()
    complexity = one_of(
        Complexity.choices,
        "What the case asks of its worker",
        "Choose light, usual or high",
        help_text="For sharing work out fairly. It says nothing about the person.",
    )
    planned_ending_on = day_to_come("Planned ending", "Enter a day", SUPPORT_PICKS, required=False)


class NeedForm(forms.Form):
    kind = one_of([], "Which need came to light?", "Choose a kind of need", widget=forms.Select)

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        known = set(case.needs.values_list("kind", flat=True))
        self.fields["kind"].choices = [
            ("", "Choose a kind of need"),
            *(n for n in NeedKind.choices if n[0] not in known),
        ]


class FollowUpForm(OnceForm):
    about = text("What to do", 300, required="Enter what to do")
    due_on = day_to_come("On", "Enter the day to do it", SOON)


class CloseForm(forms.Form):
    """How a spell of support ends, and why. After missed meetings it takes a deliberate extra step (ground rule 1)."""

    ending_how = one_of(SAID_HOW, "How did it end?", "Choose how it ended")
    tried = text("What was tried to reach them", 5000, rows=3, help_text="Calls, texts, a visit, asking the practice.")
    confirmed = ticked("I have weighed this up, and closing is right for them now")
    ending = one_of(
        [why for why in Ending.choices if why[0] not in TOLD_BY_HOW],
        "Why did it end?",
        "Choose why it ended",
        required=False,
        help_text="Where they moved, died or drifted away, leave this open if there is no more to say.",
    )
    ending_note = text("Note", 5000, rows=3)
    takes_with = text(
        "What they take with them", 2000, rows=2, help_text="In their words: what they know, have or do now."
    )
    way_back = text(
        "Way back", 1000, rows=2, help_text="How they take this up again: who to ring, with no new referral."
    )

    helper = laid_out(
        Reveal("ending_how", {EndingHow.DRIFTED: ["tried", "confirmed"]}),
        Asked("ending"),
        "ending_note",
        "takes_with",
        "way_back",
    )

    def clean(self):
        super().clean()
        how, why = self.cleaned_data.get("ending_how"), self.cleaned_data.get("ending")
        tried, confirmed = self.cleaned_data.pop("tried", ""), self.cleaned_data.pop("confirmed", False)
        if how == EndingHow.DRIFTED:
            self._check_deliberate(tried, confirmed)
        if how == EndingHow.DIED:
            self.errors.pop("ending", None)
            self.cleaned_data["ending"] = Ending.DIED
        elif how in WHY_OF:
            self.cleaned_data["ending"] = why or WHY_OF[how]
        elif how and not why and "ending" not in self.errors:
            self.add_error("ending", "Choose why it ended")
        self.cleaned_data["ending_agreed"] = how in WITH_THEM

    def _check_deliberate(self, tried: str, confirmed: bool) -> None:
        if not tried and "tried" not in self.errors:
            self.add_error("tried", "Enter what was tried to reach them")
        if not confirmed:
            self.add_error("confirmed", "Tick that closing is right, or keep the door open and follow up")
        if not self.cleaned_data.get("way_back") and "way_back" not in self.errors:
            self.add_error("way_back", "Enter the way back: missing a meeting shuts nobody out")
        note = self.cleaned_data.get("ending_note", "")
        self.cleaned_data["ending_note"] = "\n\n".join(filter(None, [f"Tried: {tried}", note]))


class CloseHeldForm(CloseForm):
    """As above, and what became of the need the case was held for. Of somebody who died nobody has to say."""

    need_outcome = need_outcome_question(NeedOutcome.choices)
    barrier = barrier_question()

    helper = laid_out(
        Reveal("ending_how", {EndingHow.DRIFTED: ["tried", "confirmed"]}),
        Asked("ending"),
        Reveal("need_outcome", {NeedOutcome.UNMET: ["barrier"]}),
        "ending_note",
        "takes_with",
        "way_back",
    )

    def __init__(self, *args, hold: Hold, **kwargs):
        super().__init__(*args, initial={"barrier": hold.barrier}, **kwargs)
        ask_of_need(self, hold)

    def clean(self):
        super().clean()
        if self.cleaned_data.get("ending_how") == EndingHow.DIED:
            self.errors.pop("need_outcome", None)
        check_barrier(self, "need_outcome")


class ReopenForm(OnceForm):
    """Taken up again: the same spell goes on, or a new one begins with needs chosen anew."""

    spell = one_of(
        [("same", "Where it stopped: the same spell goes on"), ("new", "Afresh: a new spell begins")],
        "How is it taken up again?",
        "Choose whether the same spell goes on or a new one begins",
        initial="same",
    )
    needs = forms.MultipleChoiceField(
        label="What they want help with now",
        choices=NeedKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(["invalid_choice", "invalid_list"], "Choose needs from the list"),
    )
    worker = WorkerChoice("Who takes it up?", required=False, empty_label="Nobody yet")
    words = text("Why it is taken up again", 1000, rows=3, required="Enter why it is taken up again")

    helper = laid_out(
        "once", Reveal("spell", {"new": [Field("needs", wrapper_class="lw-choices-in-columns")]}), "worker", "words"
    )

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = organisation.members

    def clean(self):
        super().clean()
        self.is_new_spell = self.cleaned_data.pop("spell", None) == "new"
        if self.is_new_spell and not self.cleaned_data.get("needs") and "needs" not in self.errors:
            self.add_error("needs", "Choose at least one thing they want help with now")


class AssignForm(forms.Form):
    worker = WorkerChoice("Who takes it?", required=False, empty_label="Nobody yet: back to the waiting list")
    with_meetings = yes_or_no("Do they go along?", "Choose whether the meetings go along")
    words = text("What they should know", 1000, rows=3)
    whose = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = case.organisation.members
        booked = list(case.appointments.booked().filter(worker=case.worker).order_by("starts_at", "id"))
        if booked and not case.is_nobodys:
            self.fields["with_meetings"].label = _do_they_go_along(booked, case.worker)
        else:
            del self.fields["with_meetings"]

    def clean(self):
        super().clean()
        self.cleaned_data.pop("whose", None)
        if not self.cleaned_data.get("worker") and "worker" not in self.errors:
            self.errors.pop("with_meetings", None)  # nobody is there to take them


def _do_they_go_along(booked: list[Appointment], worker: User) -> str:
    when = day_and_time(booked[0].starts_at)
    if len(booked) == 1:
        return f"A meeting is booked with {worker} for {when}. Does it go along?"
    return f"{count_of(len(booked), 'meeting')} are booked with {worker}, the next for {when}. Do they go along?"
