from datetime import date, timedelta

from django import forms
from django.utils import timezone

from accounts.models import Membership, User
from caseload.diary import monday_of
from caseload.forms.questions import WorkerChoice

A_YEAR = timedelta(days=366)


class WeekForm(forms.Form):
    """Which week, and whose. What it does not know is this week, and one's own."""

    whose = WorkerChoice("Whose week", required=False)

    def __init__(self, data, *, membership: Membership):
        super().__init__(data)
        self.membership = membership
        self.fields["whose"].queryset = membership.organisation.members
        self.fields["whose"].empty_label = None
        self.initial["whose"] = membership.user
        self.is_valid()

    @property
    def worker(self) -> User:
        return self.cleaned_data.get("whose") or self.membership.user

    @property
    def monday(self) -> date:
        today = timezone.localdate()
        try:
            asked = date.fromisoformat(self.data.get("from", ""))
        except ValueError:
            asked = today
        return monday_of(asked if abs(asked - today) < A_YEAR * 5 else today)
