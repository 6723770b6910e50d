"""What if cases moved; and who may see the mix of somebody's work."""

from functools import cached_property

from django import forms

from accounts.models import Organisation, User
from caseload.colleagues import with_people
from caseload.enums import Complexity
from caseload.forms.questions import WorkerChoice
from caseload.models import Case
from caseload.models.case import CaseQuerySet


class ShareMixForm(forms.Form):
    reader = WorkerChoice("Let somebody see it", empty_label="Choose a colleague or your manager")

    def __init__(self, data=None, *, org: Organisation, owner: User):
        super().__init__(data)
        self.fields["reader"].queryset = org.members.exclude(pk=owner.pk)


def _how_many(complexity: Complexity):
    wrong = f"{complexity.label}: enter a whole number"
    errors = dict.fromkeys(["invalid", "min_value", "max_value"], wrong)
    box = forms.TextInput({"inputmode": "numeric", "class": "nhsuk-input--width-3"})
    return forms.IntegerField(
        label=complexity.label, required=False, min_value=0, max_value=999, widget=box, error_messages=errors
    )


class WhatIfForm(forms.Form):
    """Whose cases, which or how many, to whom. Asks only to be shown."""

    NOBODY = "none"

    whose = forms.ChoiceField(
        label="From whom?", required=False, error_messages={"invalid_choice": "Choose somebody from the list"}
    )
    worker = WorkerChoice("To whom?", empty_label="Choose a worker", required=False)
    light = _how_many(Complexity.LIGHT)
    usual = _how_many(Complexity.USUAL)
    high = _how_many(Complexity.HIGH)
    cases = forms.ModelMultipleChoiceField(
        label="People",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "One of these was passed on or closed meanwhile. Look again, then tick who is left",
            "invalid_pk_value": "Tick the people to move",
        },
    )

    def __init__(self, data=None, *, org: Organisation, cases: CaseQuerySet):
        super().__init__(data)
        self.givers = {str(user.pk): user for user in with_people(cases.open())}
        names = [(pk, user.name) for pk, user in self.givers.items()]
        self.fields["whose"].choices = [("", "Choose a worker"), *names, (self.NOBODY, "Nobody yet")]
        self.fields["worker"].queryset = org.link_workers
        asked = self.data.get("whose", "")
        theirs = cases.open().filter(worker=self.givers.get(asked)) if self._is_known(asked) else cases.none()
        self.fields["cases"].queryset = theirs.with_list_data().by_name()
        self.fields["cases"].label_from_instance = _in_a_line
        self.has_people = self._is_known(asked) and theirs.exists()
        self.is_valid()

    def _is_known(self, asked: str) -> bool:
        return asked == self.NOBODY or asked in self.givers

    @property
    def giver(self) -> User | None:
        return self.givers.get(self._answers.get("whose"))

    @property
    def receiver(self) -> User | None:
        return self._answers.get("worker") if self._answers.get("whose") else None

    @cached_property
    def ticked(self) -> list[Case]:
        return list(self._answers.get("cases") or [])

    @property
    def numbers(self) -> dict[str, int]:
        return {name: self._answers.get(name) or 0 for name in Complexity.values}

    @property
    def _answers(self) -> dict:
        return self.cleaned_data if self.is_bound else {}


def _in_a_line(case: Case) -> str:
    status = case.get_status_display().lower()
    return f"{case.patient.name}: {status}, {case.get_complexity_display().lower()}"
