import re

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from accounts.forms import OnceForm, Reveal
from accounts.models import Organisation, User
from accounts.words import a_list, short_day
from assets.enums import NeedKind
from caseload.enums.colleagues import ConsultOpens
from caseload.forms.person import text
from caseload.forms.questions import laid_out, one_of, ticked
from caseload.models import Case, Consult

TEAM, SOME = "team", "some"
SHORTEST_NAME = 3  # letters; a shorter one is often a word


class Colleagues(forms.ModelMultipleChoiceField):
    """Some of the organisation's people; the form narrows `queryset` in its __init__."""

    def __init__(self, label: str, **kwargs):
        super().__init__(
            queryset=None,
            label=label,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages=dict.fromkeys(["invalid_choice", "invalid_pk_value"], "Choose from the list"),
            **kwargs,
        )

    def narrow(self, organisation: Organisation, by: User) -> None:
        """To colleagues; and say of each who is away just now."""
        self.queryset = organisation.members.exclude(pk=by.pk)
        away = organisation.away.on(timezone.localdate())
        self.until = {each.worker_id: f", away until {short_day(each.last_on)}" for each in away}

    def label_from_instance(self, user: User) -> str:
        return user.name + self.until.get(user.pk, "")


class OpensForm(forms.Form):
    """Which colleagues may open the case from a question."""

    opens = one_of(ConsultOpens.choices, "Who may open the case from it?", "Choose who may open the case")
    may_open = Colleagues("Which of them?")

    helper = laid_out(Reveal("opens", {ConsultOpens.SOME: ["may_open"]}))

    def __init__(self, *args, organisation: Organisation, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["may_open"].narrow(organisation, by)

    def clean(self):
        super().clean()
        if self.cleaned_data.get("opens") != ConsultOpens.SOME:
            self.cleaned_data["may_open"] = []
        elif not self.cleaned_data.get("may_open") and "may_open" not in self.errors:
            self.add_error("may_open", "Tick who may open the case")

    @staticmethod
    def initial_of(consult: Consult) -> dict:
        allowed = [row.user_id for row in consult.colleagues.all() if row.may_open]
        return {"opens": consult.opens, "may_open": allowed}


class AskForm(OnceForm, OpensForm):
    """A question with the least identity it needs. A name in it is pointed out, never refused."""

    question = text(
        "Your question",
        3000,
        rows=6,
        required="Enter your question",
        help_text="As little of the person as it needs: “Somebody of mine, 60s, waiting for housing.” No name.",
    )
    named = ticked("The name is needed in this question")
    whom = one_of(
        [(TEAM, "The whole team"), (SOME, "Particular colleagues")], "Whom do you ask?", "Choose whom to ask"
    )
    asked = Colleagues("Which colleagues?")

    def __init__(self, *args, organisation: Organisation, by: User, case: Case | None = None, **kwargs):
        super().__init__(*args, organisation=organisation, by=by, **kwargs)
        self.case = case
        self.fields["asked"].narrow(organisation, by)
        if case is None:
            for field in ["named", "opens", "may_open"]:
                del self.fields[field]

    @property
    def helper(self) -> FormHelper:
        whom = Reveal("whom", {SOME: ["asked"]})
        if self.case is None:
            return laid_out("question", whom)
        return laid_out("question", "named", whom, Reveal("opens", {ConsultOpens.SOME: ["may_open"]}))

    def clean(self):
        if self.case:
            super().clean()
            self._point_out_a_name()
        self.cleaned_data.pop("named", None)
        if self.cleaned_data.pop("whom", None) != SOME:
            self.cleaned_data["asked"] = []
        elif "asked" not in self.errors:
            # Whoever may open the case is asked too: they could not see the question otherwise.
            asked = {*self.cleaned_data["asked"], *self.cleaned_data.get("may_open", [])}
            self.cleaned_data["asked"] = sorted(asked, key=lambda user: user.name)
            if not asked:
                self.add_error("asked", "Tick whom you ask")

    def _point_out_a_name(self) -> None:
        found = named_in(self.cleaned_data.get("question", ""), self.case)
        if found and not self.cleaned_data.get("named"):
            self.add_error(
                "question",
                f"This says {a_list(f'“{name}”' for name in found)}. Take it out, or tick that it is needed",
            )


def named_in(words: str, case: Case) -> list[str]:
    """The parts of the person's name that stand in these words."""
    person = case.patient
    names = {part for name in [person.preferred_name, person.full_name] for part in name.split()}
    return sorted(n for n in names if len(n) >= SHORTEST_NAME and re.search(rf"\b{re.escape(n)}\b", words, re.I))


def beginning(case: Case) -> str:
    """How a question about somebody may begin: their age in tens, needs and area, never the name."""
    age, hold = case.patient.age, case.hold
    waits_for = hold and f"waiting for help with {hold.get_awaited_need_display().lower()}"
    tens = "under 20" if age < 20 else "90 or over" if age >= 90 else f"{age // 10 * 10}s"
    named = case.needs.exclude(kind=NeedKind.OTHER).order_by("added_at", "id")
    needs = waits_for or a_list(str(need).lower() for need in named)
    return f"Somebody of mine, {', '.join(filter(None, [tens, needs, case.practice.cluster]))}. "


class AnswerForm(OnceForm):
    words = text("Your answer", 5000, rows=4, required="Enter your answer")


class DecideForm(forms.Form):
    decision = text(
        "What you decided",
        3000,
        rows=4,
        required="Enter what you decided",
        help_text="It is yours to decide, with answers or without. It may be that nothing changes.",
    )
