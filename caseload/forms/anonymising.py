"""To remove what says who somebody is: why, and the name typed once more."""

from django import forms

from accounts.words import day
from caseload.enums.erasure import WhyAnonymised
from caseload.forms.person import text
from caseload.forms.questions import laid_out, one_of
from caseload.models import Patient


class AnonymiseForm(forms.Form):
    why = one_of(WhyAnonymised.choices, "Why?", "Choose why")
    referrals = forms.ModelMultipleChoiceField(
        queryset=None,
        label="Referrals that are likely theirs and were not taken on. Which are to go too?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(["invalid_choice", "invalid_pk_value", "invalid_list"], "Choose from the list"),
    )
    name = text("Type their name to confirm", 600, required="Type their name to confirm")

    helper = laid_out("why", "referrals", "name")

    def __init__(self, data=None, *, person: Patient, referrals):
        super().__init__(data)
        self.person = person
        self.fields["name"].help_text = f"{person.full_name}. It cannot be taken back."
        offered = self.fields["referrals"]
        offered.queryset = referrals.select_related("practice")
        offered.label_from_instance = _told
        if not offered.queryset.exists():
            del self.fields["referrals"]
            self.helper = laid_out("why", "name")

    def clean_name(self):
        typed = " ".join(self.cleaned_data["name"].split())
        if typed.casefold() != self.person.full_name.casefold():
            raise forms.ValidationError(f"Type {self.person.full_name}, as it stands on the record")
        return typed

    def clean(self):
        super().clean()
        self.cleaned_data["referrals"] = list(self.cleaned_data.get("referrals", []))


def _told(referral) -> str:
    status = referral.get_status_display().lower()
    born = f"{referral.date_of_birth:%-d %B %Y}"
    return f"{referral.full_name}, born {born}: {status}, sent by {referral.practice} {day(referral.submitted_at)}"
