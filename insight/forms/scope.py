"""Which part of the service, and when: filters on one line, kept in the address."""

from functools import cached_property

from django import forms
from django.utils import timezone
from django.utils.http import urlencode

from accounts.fields import ShortDateField
from accounts.models import Organisation, Practice
from insight.figure import Figure
from insight.over_time import last_whole_month
from insight.period import Period
from insight.scope import CLUSTER, EVERYWHERE, Scope, practices_of, scope_at
from insight.snapshots import half_years

BETWEEN, THIS_MONTH = "between", "this"
PERIODS = [
    ("12", "Last 12 months"),
    ("24", "Last 24 months"),
    ("3", "Last 3 months"),
    ("1", "Last month"),
    (THIS_MONTH, "This month so far"),
    (BETWEEN, "Between two days"),
]
MOST_DAYS = 3660  # ten years


def places_of(org: Organisation, practices: list[Practice] | None = None) -> list[tuple]:
    """Everywhere, a cluster or a practice, to choose from."""
    practices = list(practices_of(org)) if practices is None else practices
    clusters = sorted({practice.cluster for practice in practices if practice.cluster})
    return [
        ("", EVERYWHERE),
        ("Clusters", [(f"{CLUSTER}{name}", name) for name in clusters]),
        ("Practices", [(str(practice.pk), practice.name) for practice in practices]),
    ]


class ScopeForm(forms.Form):
    """An answer it does not know is said, and everything of the last 12 months shown."""

    period = forms.ChoiceField(
        label="When", choices=PERIODS, required=False, error_messages={"invalid_choice": "When: choose from the list"}
    )
    first = ShortDateField(label="From", required=False)
    last = ShortDateField(label="To", required=False)
    where = forms.ChoiceField(
        label="Where", required=False, error_messages={"invalid_choice": "Where: choose from the list"}
    )

    def __init__(self, data, *, org: Organisation):
        super().__init__(data, auto_id="scope_%s")
        self.org, self.practices = org, list(practices_of(org))
        self.fields["where"].choices = places_of(org, self.practices)
        self.is_valid()

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if self.cleaned_data.get("period") != BETWEEN or {"first", "last"} & set(self.errors):
            return
        if not first or not last:
            self.add_error("last" if first else "first", "Enter both days")
        elif first > last:
            self.add_error("last", "Enter a day after the first")
        elif last > timezone.localdate():
            self.add_error("last", "Enter today or a day before")
        elif (last - first).days > MOST_DAYS:
            self.add_error("first", "Choose ten years or less")

    @cached_property
    def scope(self) -> Scope:
        return scope_at(self.org, self._period, self.cleaned_data.get("where", ""), self.practices)

    @property
    def _period(self) -> Period:
        today, chosen = timezone.localdate(), self.cleaned_data.get("period") or "12"
        if chosen == BETWEEN and not {"first", "last"} & set(self.errors):
            return Period(self.cleaned_data["first"], self.cleaned_data["last"])
        if chosen == THIS_MONTH:
            return Period(today.replace(day=1), today)
        return Period.months_to(last_whole_month(today), int(chosen) if chosen.isdigit() else 12)

    @property
    def address_before(self) -> str:
        return address_of(self.scope.before.period, self.cleaned_data.get("where", ""))

    @property
    def address(self) -> str:
        """What it was asked, to put after a "?"."""
        return address_of(self.scope.period, self.cleaned_data.get("where", ""))


class EvidenceScopeForm(forms.Form):
    """Half a year that is closed, and where. An answer it does not know is said, and the latest shown, everywhere."""

    half_year = forms.ChoiceField(
        label="When", required=False, error_messages={"invalid_choice": "When: choose from the list"}
    )
    where = forms.ChoiceField(
        label="Where", required=False, error_messages={"invalid_choice": "Where: choose from the list"}
    )

    def __init__(self, data, *, org: Organisation):
        super().__init__(data, auto_id="scope_%s")
        self.org, self.practices = org, list(practices_of(org))
        self.half_years = half_years(org, timezone.localdate())
        self.fields["half_year"].choices = [
            (half_year.first.isoformat(), str(half_year)) for half_year in self.half_years
        ]
        self.fields["where"].choices = places_of(org, self.practices)
        self.is_valid()

    @cached_property
    def scope(self) -> Scope | None:
        """None where no half-year is closed yet."""
        asked = self.cleaned_data.get("half_year")
        found = [half_year for half_year in self.half_years if half_year.first.isoformat() == asked] or self.half_years
        return scope_at(self.org, found[0], self.cleaned_data.get("where", ""), self.practices) if found else None

    @property
    def address(self) -> str:
        """What it was asked, to put after a "?"."""
        return urlencode({"half_year": self.scope.period.first.isoformat(), "where": self.scope.asked})


class MixForm(forms.Form):
    """How far back a practice looks."""

    months = forms.ChoiceField(
        label="When",
        choices=[("12", "Last 12 months"), ("24", "Last 24 months"), ("3", "Last 3 months")],
        required=False,
        error_messages={"invalid_choice": "When: choose from the list"},
    )

    @property
    def period(self) -> Period:
        asked = self.cleaned_data.get("months") if self.is_valid() else ""
        return Period.months_to(last_whole_month(timezone.localdate()), int(asked or 12))


def address_of(period: Period, where: str = "") -> str:
    days = {"period": BETWEEN, "first": period.first.isoformat(), "last": period.last.isoformat()}
    return urlencode(days | ({"where": where} if where else {}))


class YearForm(forms.Form):
    """A year, where groups of people stand beside each other. An answer it does not know shows the latest."""

    year = forms.ChoiceField(label="When", required=False, error_messages={"invalid_choice": "Choose from the list"})

    def __init__(self, data, *, years: list[Period]):
        super().__init__(data, auto_id="scope_%s")
        self.years = years
        self.fields["year"].choices = [(year.first.isoformat(), str(year)) for year in years]

    @cached_property
    def answers(self) -> dict:
        self.is_valid()
        return self.cleaned_data

    @property
    def chosen(self) -> Period | None:
        asked = self.answers.get("year")
        found = (year for year in self.years if year.first.isoformat() == asked)
        return next(found, self.years[0] if self.years else None)

    @property
    def is_latest(self) -> bool:
        return self.chosen in self.years[:1]


class EquityForm(YearForm):
    """Which figure, of which year."""

    figure_key = forms.ChoiceField(
        label="What", required=False, error_messages={"invalid_choice": "What: choose from the list"}
    )
    field_order = ["figure_key", "year"]

    def __init__(self, data, *, years: list[Period], figures: list[Figure]):
        self.figures = {figure.key: figure for figure in figures}
        super().__init__(data, years=years)
        self.fields["figure_key"].choices = [(figure.key, figure.name) for figure in figures]

    @property
    def figure(self) -> Figure:
        return self.figures.get(self.answers.get("figure_key"), next(iter(self.figures.values())))
