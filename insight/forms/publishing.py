"""What is made to be passed on: exports, and the words of an evidence sheet."""

from crispy_forms.layout import Row
from django import forms
from django.utils import timezone

from accounts.fields import PlainCharField, ShortDateField
from accounts.forms import OnceForm
from accounts.models import Organisation
from caseload.forms.questions import laid_out
from insight.enums import OF_ROWS, ExportFormat, ExportKind, ExportPurpose
from insight.forms.scope import MOST_DAYS, places_of
from insight.over_time import last_whole_month
from insight.period import Period
from insight.snapshots import half_years, years

NOTHING_ENDED = {
    ExportKind.FIGURES: "Figures are of years from April to March: choose days with a 31 March that is closed",
    ExportKind.EVIDENCE: "Evidence is of half a year: choose days with a 31 March or 30 September that is closed",
}


class ExportForm(OnceForm):
    """What to export, of when and where, and what for."""

    kind = forms.ChoiceField(
        label="What",
        choices=ExportKind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose what to export"),
    )
    first = ShortDateField(
        label="From",
        help_text="Of figures you get each year (April to March) that ended in these days; of evidence, the last "
        "half-year that did.",
        error_messages={"required": "Enter the first day"},
    )
    last = ShortDateField(label="To", latest=0, error_messages={"required": "Enter the last day"})
    where = forms.ChoiceField(
        label="Where",
        required=False,
        help_text="Of figures, all practices are in one file.",
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
        self.org = org
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
            self._take_what_is_closed(Period(first, last), kind)
        if kind and kind not in OF_ROWS and said.get("with_names"):
            self.add_error("with_names", "Names are only in exports of rows")
        if kind == ExportKind.FIGURES:
            said["where"] = ""

    def _take_what_is_closed(self, days: Period, kind: str) -> None:
        """Figures of whole years, evidence of half a year, so that no two files overlap: what ended in these days."""
        closed = (years if kind == ExportKind.FIGURES else half_years)(self.org, timezone.localdate())
        ended = [period for period in closed if days.first <= period.last <= days.last]
        if not ended:
            self.add_error("last", NOTHING_ENDED[kind])
        else:
            newest = ended[0]
            oldest = ended[-1] if kind == ExportKind.FIGURES else newest
            self.cleaned_data |= {"first": oldest.first, "last": newest.last}


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
