"""From when a chart is drawn anew, and what funders ask for."""

from datetime import date

from django import forms

from accounts.fields import PlainCharField
from accounts.forms import OnceForm
from insight.catalogue import TOPICS
from insight.models import Rebaseline


class RebaselineForm(forms.Form):
    """From which month on a chart is drawn anew, and why."""

    month = forms.ChoiceField(
        label="From", error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose a month from the list")
    )
    why = PlainCharField(
        label="What changed",
        max_length=300,
        help_text="For example: “A third link worker started.” Everybody who reads the chart sees it.",
        error_messages={"required": "Enter what changed", "max_length": "Keep it to 300 characters"},
    )

    def __init__(self, data=None, *, months: list[tuple[date, str]], rebaselines: list[Rebaseline]):
        super().__init__(data)
        taken = {rebaseline.month for rebaseline in rebaselines}
        free = [(month, label) for month, label in months[1:] if month not in taken]
        self.fields["month"].choices = [(month.isoformat(), label) for month, label in reversed(free)]

    def clean_month(self):
        return date.fromisoformat(self.cleaned_data["month"])


class AskForm(OnceForm):
    """Something a funder asks for."""

    funder = PlainCharField(
        label="Who asks",
        max_length=100,
        error_messages={"required": "Enter who asks", "max_length": "Keep it to 100 characters"},
    )
    words = PlainCharField(
        label="What they ask for",
        max_length=300,
        help_text="In their words. For example: “600 people supported a year.”",
        error_messages={"required": "Enter what they ask for", "max_length": "Keep it to 300 characters"},
    )
    figure = forms.ChoiceField(
        label="Which of our figures comes near it",
        required=False,
        help_text="It is shown beside it, without saying whether it is enough.",
        error_messages={"invalid_choice": "Choose a figure from the list"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        topics = [(topic.name, [(figure.key, figure.name) for figure in topic.figures]) for topic in TOPICS.values()]
        self.fields["figure"].choices = [("", "None of them"), *topics]
