from django import forms

from accounts.fields import PlainCharField
from assets.models import AssetQuerySet


class UnconfirmedFilter(forms.Form):
    """Which of the services nobody has confirmed are shown: the oldest first, unless words are asked for."""

    q = PlainCharField(label="What or where", required=False, max_length=100)
    asked = forms.ChoiceField(
        label="Their contact",
        required=False,
        choices=[("", "Anybody"), ("no", "Has not been asked"), ("yes", "Was asked and has not answered")],
    )

    def filter(self, found: AssetQuerySet) -> AssetQuerySet:
        said = self.cleaned_data if self.is_valid() else {}
        if said.get("asked"):
            found = found.filter(**{"reminders_sent__gt" if said["asked"] == "yes" else "reminders_sent": 0})
        if words := said.get("q"):
            found = found.matching(words)
        return found.order_by("sure_at", "name", "id")
