"""Which part of the service, and when: filters on one line, kept in the address."""

from datetime import date
from functools import cached_property

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone
from django.utils.http import urlencode

from accounts.fields import PlainCharField, ShortDateField
from accounts.forms import OnceForm
from accounts.models import Organisation, Practice, User
from caseload.colleagues import with_people
from caseload.enums import Complexity
from caseload.forms.questions import WorkerChoice, laid_out
from caseload.models import Case
from caseload.models.case import CaseQuerySet
from insight.catalogue import BY_TOPIC
from insight.enums import OF_ROWS, ExportFormat, ExportKind, ExportPurpose
from insight.evidence import whole_months
from insight.figure import Figure
from insight.models import Rebaseline
from insight.over_time import last_whole_month
from insight.period import Period
from insight.scope import CLUSTER, EVERYWHERE, Scope, practices_of, scope_at

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


class EvidenceScopeForm(ScopeForm):
    """Whole months only: of shorter stretches, one person more or less would show."""

    def __init__(self, data, *, org: Organisation):
        super().__init__(data, org=org)
        self.fields["period"].choices = [choice for choice in PERIODS if choice[0] != THIS_MONTH]

    @property
    def _period(self) -> Period:
        return whole_months(super()._period, timezone.localdate())


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


class ExportForm(OnceForm):
    """What to export, of when and where, and what for."""

    kind = forms.ChoiceField(
        label="What",
        choices=ExportKind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose what to export"),
    )
    first = ShortDateField(label="From", error_messages={"required": "Enter the first day"})
    last = ShortDateField(label="To", latest=0, error_messages={"required": "Enter the last day"})
    where = forms.ChoiceField(
        label="Where",
        required=False,
        help_text="Of everything by month, all practices are in one file.",
        error_messages={"invalid_choice": "Where: choose from the list"},
    )
    with_names = forms.BooleanField(
        label="With names, dates of birth and NHS or CHI numbers",
        required=False,
        help_text="Only of rows, and only where the purpose cannot do without. Each record counts as opened by you.",
    )
    comes_as = forms.ChoiceField(
        label="As",
        choices=ExportFormat.choices,
        initial=ExportFormat.XLSX,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose what the file is"),
    )
    purpose = forms.ChoiceField(
        label="What is it for?",
        choices=[("", "Choose what it is for"), *ExportPurpose.choices],
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose what it is for"),
    )
    purpose_words = PlainCharField(
        label="In your words",
        max_length=300,
        help_text="Who gets it and why. It stays on the list of exports. Name no patient.",
        error_messages={"required": "Enter who gets it and why", "max_length": "Keep it to 300 characters"},
    )

    helper = laid_out(
        "kind", Row("first", "last", "where"), "with_names", "comes_as", Row("purpose", "purpose_words"), "once"
    )

    def __init__(self, data=None, *, org: Organisation, initial=None):
        year = Period.months_to(last_whole_month(timezone.localdate()), 12)
        super().__init__(data, initial={"first": year.first, "last": year.last} | (initial or {}))
        self.fields["where"].choices = places_of(org)

    def clean(self):
        super().clean()
        said, kind = self.cleaned_data, self.cleaned_data.get("kind")
        first, last = said.get("first"), said.get("last")
        if first and last and first > last:
            self.add_error("last", "Enter a day after the first")
        elif first and last and (last - first).days > MOST_DAYS:
            self.add_error("first", "Choose ten years or less")
        elif first and last and kind and kind not in OF_ROWS:
            whole = whole_months(Period(first, last), timezone.localdate())
            said["first"], said["last"] = whole.first, whole.last
        if kind and kind not in OF_ROWS and said.get("with_names"):
            self.add_error("with_names", "Names are only in exports of rows")
        if kind == ExportKind.FIGURES:
            said["where"] = ""


class WordsForm(OnceForm):
    """What the team wants to say of the sheet, to whoever reads it."""

    words = PlainCharField(
        label="What the team wants to say",
        max_length=3000,
        required=False,
        help_text="Of the service, never of a person: it is printed on the sheet. What is missing, what would help?",
        widget=forms.Textarea({"rows": 5}),
        error_messages={"max_length": "Keep it to 3,000 characters"},
    )


def address_of(period: Period, where: str = "") -> str:
    days = {"period": BETWEEN, "first": period.first.isoformat(), "last": period.last.isoformat()}
    return urlencode(days | ({"where": where} if where else {}))


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


class YearForm(forms.Form):
    """A year, where groups of people stand beside each other. An answer it does not know shows the latest."""

    year = forms.ChoiceField(label="When", required=False, error_messages={"invalid_choice": "Choose from the list"})

    def __init__(self, data, *, years: list[Period]):
        super().__init__(data, auto_id="scope_%s")
        self.years = years
        self.fields["year"].choices = [(year.first.isoformat(), str(year)) for year in years]
        self.is_valid()

    @property
    def chosen(self) -> Period | None:
        asked = self.cleaned_data.get("year")
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
        self.base_fields["figure_key"].choices = [(figure.key, figure.name) for figure in figures]
        super().__init__(data, years=years)

    @property
    def figure(self) -> Figure:
        return self.figures.get(self.cleaned_data.get("figure_key"), next(iter(self.figures.values())))


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
        topics = [(topic, [(figure.key, figure.name) for figure in some]) for topic, some in BY_TOPIC.items()]
        self.fields["figure"].choices = [("", "None of them"), *topics]


class ShareMixForm(forms.Form):
    reader = WorkerChoice("Let somebody see it", empty_label="Choose a colleague or your manager")

    def __init__(self, data=None, *, org: Organisation, owner: User):
        super().__init__(data)
        self.fields["reader"].queryset = org.members.exclude(pk=owner.pk)


def _how_many(complexity: Complexity):
    wrong = f"{complexity.label}: enter a whole number"
    errors = dict.fromkeys(["invalid", "min_value", "max_value"], wrong)
    box = forms.TextInput({"inputmode": "numeric", "class": "nhsuk-input--width-3"})
    return forms.IntegerField(
        label=complexity.label, required=False, min_value=0, max_value=999, widget=box, error_messages=errors
    )


class WhatIfForm(forms.Form):
    """Whose cases, which or how many, to whom. Asks only to be shown."""

    NOBODY = "none"

    whose = forms.ChoiceField(
        label="From whom?", required=False, error_messages={"invalid_choice": "Choose somebody from the list"}
    )
    worker = WorkerChoice("To whom?", empty_label="Choose a worker", required=False)
    light = _how_many(Complexity.LIGHT)
    usual = _how_many(Complexity.USUAL)
    high = _how_many(Complexity.HIGH)
    cases = forms.ModelMultipleChoiceField(
        label="People",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "One of these was passed on or closed meanwhile. Look again, then tick who is left",
            "invalid_pk_value": "Tick the people to move",
        },
    )

    def __init__(self, data=None, *, org: Organisation, cases: CaseQuerySet):
        super().__init__(data)
        self.givers = {str(user.pk): user for user in with_people(cases.open())}
        names = [(pk, user.name) for pk, user in self.givers.items()]
        self.fields["whose"].choices = [("", "Choose a worker"), *names, (self.NOBODY, "Nobody yet")]
        self.fields["worker"].queryset = org.link_workers
        asked = self.data.get("whose", "")
        theirs = cases.open().filter(worker=self.givers.get(asked)) if self._is_known(asked) else cases.none()
        self.fields["cases"].queryset = theirs.with_list_data().by_name()
        self.fields["cases"].label_from_instance = _in_a_line
        self.has_people = self._is_known(asked) and theirs.exists()
        self.is_valid()

    def _is_known(self, asked: str) -> bool:
        return asked == self.NOBODY or asked in self.givers

    @property
    def giver(self) -> User | None:
        return self.givers.get(self._answers.get("whose"))

    @property
    def receiver(self) -> User | None:
        return self._answers.get("worker") if self._answers.get("whose") else None

    @cached_property
    def ticked(self) -> list[Case]:
        return list(self._answers.get("cases") or [])

    @property
    def numbers(self) -> dict[str, int]:
        return {name: self._answers.get(name) or 0 for name in Complexity.values}

    @property
    def _answers(self) -> dict:
        return self.cleaned_data if self.is_bound else {}


def _in_a_line(case: Case) -> str:
    status = case.get_status_display().lower()
    return f"{case.patient.name}: {status}, {case.get_complexity_display().lower()}"
