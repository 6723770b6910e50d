from django import forms

from accounts.forms import OnceForm
from accounts.models import Organisation, User
from caseload.forms.person import text
from caseload.forms.questions import SOON, WorkerChoice, day_to_come, revision
from caseload.models import SupervisionItem


def _what_to_take():
    return text(
        "What you want to take",
        5000,
        rows=6,
        required="Enter what you want to take",
        help_text="Only you read this until you share it.",
    )


class SupervisionForm(OnceForm):
    words = _what_to_take()


class ChangeSupervisionForm(forms.Form):
    revision = revision()
    words = _what_to_take()


class ShareForm(forms.Form):
    with_whom = WorkerChoice("With whom?", empty_label="Choose your manager or a colleague")
    session_on = day_to_come("For the session on", "Enter a day", SOON, required=False)

    def __init__(self, *args, organisation: Organisation, owner: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["with_whom"].queryset = organisation.members.exclude(pk=owner.pk)

    @staticmethod
    def initial_of(item: SupervisionItem) -> dict:
        return {"with_whom": item.shared_with, "session_on": item.session_on}


class TakenForm(forms.Form):
    outcome = text("What came of it", 5000, rows=5, required="Enter what came of it")
