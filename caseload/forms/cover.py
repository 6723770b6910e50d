from django import forms
from django.utils import timezone

from accounts.fields import ShortDateField
from accounts.forms import OnceForm
from accounts.models import Membership, User
from accounts.words import short_day
from caseload.forms.person import text
from caseload.forms.questions import TWO_YEARS, WorkerChoice, revision
from caseload.models import Away

A_MONTH_AGO = -31  # written down afterwards, as when somebody has been ill since Monday


def _day(label: str, error: str, earliest: int):
    return ShortDateField(label=label, earliest=earliest, latest=TWO_YEARS, error_messages={"required": error})


class DaysAwayForm(forms.Form):
    """When somebody is away and who covers. Subclasses say who is away."""

    first_on = _day("First day away", "Enter the first day away", A_MONTH_AGO)
    last_on = _day("Last day away", "Enter the last day away", 0)
    cover = WorkerChoice(
        "Who covers?",
        required=False,
        empty_label="Nobody yet",
        help_text="They see these people on their own Today meanwhile, with the same reasons.",
    )
    note = text("What the cover should know", 2000, rows=3)

    def clean(self):
        super().clean()
        first, last = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", f"The last day is before the first, {short_day(first)}")
        cover = self.cleaned_data.get("cover")
        if cover and cover == self.who_is_away():
            self.add_error("cover", "Choose somebody else to cover")

    def who_is_away(self) -> User | None:
        raise NotImplementedError


class AwayForm(OnceForm, DaysAwayForm):
    """A manager may write down anybody's days; a link worker their own."""

    worker = WorkerChoice("Who is away?", empty_label="Choose who is away")
    field_order = ["worker"]

    def __init__(self, *args, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership
        members = membership.organisation.members
        self.fields["worker"].queryset = self.fields["cover"].queryset = members
        if not membership.is_manager:
            del self.fields["worker"]

    def clean(self):
        if not self.membership.is_manager:
            self.cleaned_data["worker"] = self.membership.user
        super().clean()

    def who_is_away(self) -> User | None:
        return self.cleaned_data.get("worker")


class ChangeAwayForm(DaysAwayForm):
    version = revision()

    def __init__(self, *args, away: Away, **kwargs):
        super().__init__(*args, **kwargs)
        self.away = away
        self.fields["cover"].queryset = away.organisation.members.exclude(pk=away.worker_id)
        # What has begun may have begun long ago.
        self.fields["first_on"].earliest = min(A_MONTH_AGO, (away.first_on - timezone.localdate()).days)

    def who_is_away(self) -> User:
        return self.away.worker

    @staticmethod
    def initial_of(away: Away) -> dict:
        now = {name: getattr(away, name) for name in ["first_on", "last_on", "cover", "note"]}
        return now | {"version": away.history.count()}
