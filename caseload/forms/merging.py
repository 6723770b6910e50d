"""Two records of one person: which facts hold, and how one knows."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from caseload.forms.person import PERMISSIONS, text
from caseload.forms.questions import one_of, revision
from caseload.models import Case, Patient
from caseload.two_records import facts_of, may_be_two, open_cases_of

FURTHEST = ["holding", "active", "waiting"]


class MergePeopleForm(forms.Form):
    """Asks only for what differs. Two open cases: which goes on. Doubts: that somebody has looked into them."""

    kept_revision = revision()
    other_revision = revision()
    why = text(
        "How do you know that they are one person?",
        300,
        required="Enter how you know, like “Same number and address; she says so”",
        help_text="It stands on the timeline.",
    )

    def __init__(self, data=None, *, kept: Patient, other: Patient):
        revisions = {"kept_revision": kept.revision, "other_revision": other.revision}
        super().__init__(data, initial=revisions)
        self.doubts = list(may_be_two(kept, other))
        self.differ = [fact for fact in facts_of(kept, other) if fact.is_different]
        to_choose = [fact for fact in self.differ if fact.is_to_choose]
        self.facts = {f"fact_{fact.key}": fact for fact in to_choose if not fact.is_permission}
        self.permissions = [fact.key for fact in to_choose if fact.is_permission]
        self.cases = {str(case.pk): case for case in open_cases_of(kept, other)}
        for name, fact in self.facts.items():
            self.fields[name] = one_of(fact.choices, fact.label, f"{fact.label}: choose one", initial=fact.usual)
        if self.permissions:
            self.fields["permissions"] = self._ask_what_they_agree_to()
        if self.has_two_cases:
            self._ask_which_goes_on()
        if self.doubts:
            self.fields["sure"] = forms.BooleanField(
                label="I have looked into this: they are one person",
                error_messages={"required": "Look into it first, then tick that they are one person"},
            )
        self.helper = FormHelper()
        hidden = ["kept_revision", "other_revision"]
        rest = [name for name in ("goes_on", "why", "sure") if name in self.fields]
        differing = [*self.facts, *(["permissions"] if self.permissions else [])]
        what_holds = [Fieldset("Where the two differ, what is right?", *differing)] if differing else []
        self.helper.layout = Layout(*hidden, *what_holds, *rest)

    @property
    def has_two_cases(self) -> bool:
        return len(self.cases) == 2

    @property
    def merged(self) -> dict:
        """What merge_people takes of it."""
        facts = {}
        for fact in self.differ:
            facts |= fact.values(self.cleaned_data.get(f"fact_{fact.key}", fact.usual))
        facts |= {name: name in self.cleaned_data["permissions"] for name in self.permissions}
        revisions = self.cleaned_data["kept_revision"], self.cleaned_data["other_revision"]
        goes_on = self.cases.get(self.cleaned_data.get("goes_on", ""))
        return {"why": self.cleaned_data["why"], "facts": facts, "revisions": revisions, "goes_on": goes_on}

    def _ask_what_they_agree_to(self):
        """The stricter answer, unless somebody says otherwise."""
        return forms.MultipleChoiceField(
            label="They agree that we may",
            help_text="The two records differ here. Tick only what you know they agree to.",
            choices=[choice for choice in PERMISSIONS if choice[0] in self.permissions],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages=dict.fromkeys(["invalid_choice", "invalid_list"], "Choose ways from the list"),
        )

    def _ask_which_goes_on(self):
        by_how_far = sorted(self.cases.items(), key=lambda item: FURTHEST.index(item[1].status))
        self.fields["goes_on"] = one_of(
            [(key, _told(case)) for key, case in by_how_far],
            "Both have an open case. Which one goes on?",
            "Choose which case goes on",
            initial=by_how_far[0][0],
        )
        self.fields["goes_on"].help_text = (
            "Meetings and calls to come, goals, needs and referrals go along to it. The other is closed and stays to "
            "be read, and counts as no ending."
        )


def _told(case: Case) -> str:
    worker = f"with {case.worker.name}" if case.worker else "nobody’s yet"
    since = f"{case.opened_at:%-d %B %Y}"
    return f"{case.get_status_display()}, {worker}, {case.practice.name}, since {since}"
