from django import forms

from accounts.models import Membership, Organisation, User
from caseload.forms.person import text
from caseload.forms.questions import WorkerChoice, revision
from caseload.models import HandOver
from caseload.models.case import CaseQuerySet


class WhosePeopleForm(forms.Form):
    """For managers: whose people are handed over. Somebody who has left may still have some."""

    whose = WorkerChoice("Whose people?", required=False, empty_label="My own")

    def __init__(self, data, *, workers):
        super().__init__(data, auto_id="whose_%s")
        self.fields["whose"].queryset = workers
        self.is_valid()

    @property
    def chosen(self) -> User | None:
        return self.cleaned_data.get("whose")


class StartHandOverForm(forms.Form):
    """Several people to one colleague; each hand-over is then written and answered by itself."""

    cases = forms.ModelMultipleChoiceField(
        label="Whom do you hand over?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick whom to hand over",
            "invalid_choice": "One of these was passed on or closed meanwhile. Look again, then tick who is left",
            "invalid_pk_value": "Tick whom to hand over",
        },
    )
    receiver = WorkerChoice("To whom?", empty_label="Choose a colleague")

    def __init__(self, *args, cases: CaseQuerySet, giver: User, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = cases
        self.fields["cases"].label_from_instance = lambda case: f"{case.patient.name}, {case.patient.age}"
        self.fields["receiver"].queryset = membership.organisation.link_workers.exclude(pk=giver.pk)


class WriteHandOverForm(forms.Form):
    revision = revision()
    receiver = WorkerChoice("To whom?", empty_label="Choose a colleague")
    stands = text("Where things stand", 5000, rows=6, required="Enter where things stand")
    next_steps = text("What comes next", 5000, rows=4)
    reaching = text(
        "How to reach them, and what works",
        5000,
        rows=4,
        help_text="What no form asks: the best time, what puts them at ease, what has gone wrong before.",
    )

    def __init__(self, *args, organisation: Organisation, giver: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = organisation.link_workers.exclude(pk=giver.pk)

    @staticmethod
    def initial_of(hand_over: HandOver) -> dict:
        return {name: getattr(hand_over, name) for name in WriteHandOverForm.base_fields}


class AcceptForm(forms.Form):
    answer = text("A word to go with it", 2000, rows=2)


class DeclineForm(forms.Form):
    answer = text(
        "Why you cannot take them on",
        2000,
        rows=3,
        required="Enter why you cannot take them on",
        help_text="They go on the waiting list, where everybody sees them, with your word.",
    )
