from django import forms
from django.db.models import Q, QuerySet

from accounts.fields import PlainCharField
from assets.enums import Vocabulary
from assets.models import Term


class WordsFilter(forms.Form):
    """Which of the publishers' words are shown."""

    q = PlainCharField(label="Word", required=False, max_length=100)
    about = forms.ChoiceField(label="About", required=False, choices=[("", "Anything"), *Vocabulary.choices])
    unread = forms.BooleanField(label="Only those that mean nothing here", required=False)

    def filter(self, found: QuerySet) -> QuerySet:
        asked = self.cleaned_data if self.is_valid() else {}
        if words := asked.get("q"):
            found = found.filter(Q(name__icontains=words) | Q(source__name__icontains=words))
        if about := asked.get("about"):
            found = found.filter(vocabulary=about)
        return found.filter(means=[]).exclude(vocabulary=Vocabulary.AREA) if asked.get("unread") else found


class MeansForm(forms.Form):
    """What one word means here. Nothing ticked: nothing."""

    def __init__(self, *args, term: Term, **kwargs):
        super().__init__(*args, initial={"means": term.means}, **kwargs)
        self.fields["means"] = forms.MultipleChoiceField(
            label=f"“{term}” means",
            choices=term.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Services that carry this word are found under these. Tick nothing where it says nothing.",
            error_messages={"invalid_choice": "Choose from the list"},
        )
