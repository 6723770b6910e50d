"""Form fields for dates, times and text as people type them, with plain errors."""

import datetime
import string
import unicodedata
from calendar import month_abbr

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

MONTHS = {month_abbr[n].lower(): n for n in range(1, 13)}
NOT_A_DATE = "Enter a real date, like 27 3 1985"
JOINERS = "\u200c\u200d"  # Persian and Hindi spelling, and joined emoji.


class DayMonthYearWidget(forms.MultiWidget):
    """Day, month and year in three boxes, for dates known by heart."""

    template_name = "nhsuk/widgets/day_month_year.html"
    use_fieldset = True

    def __init__(self, attrs=None):
        boxes = {part: forms.TextInput({"inputmode": "numeric"}) for part in ["day", "month", "year"]}
        super().__init__(boxes, attrs)

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else [None, None, None]


class DayMonthYearField(forms.MultiValueField):
    """A date typed in three boxes. A month may be a number or a name."""

    widget = DayMonthYearWidget
    default_error_messages = {"required": "Enter a date, like 27 3 1985"}

    def __init__(self, **kwargs):
        parts = [forms.CharField(max_length=20) for _ in range(3)]
        super().__init__(parts, require_all_fields=False, **kwargs)

    def clean(self, value):
        typed = [str(part or "").strip() for part in value or [None] * 3]
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        missing = [name for name, part in zip(["day", "month", "year"], typed, strict=True) if not part]
        if missing:
            raise ValidationError(f"Enter the {' and the '.join(missing)} too")
        result = self.compress(typed)
        self.run_validators(result)
        return result

    def compress(self, typed):
        day, month, year = typed
        month = MONTHS.get(month[:3].lower(), month)
        try:
            year = int(year)
            if year < 100:
                raise ValidationError("Enter the year in full, like 1985")
            return datetime.date(year, int(month), int(day))
        except (ValueError, OverflowError):
            raise ValidationError(NOT_A_DATE) from None


class BirthDateField(DayMonthYearField):
    default_error_messages = {"required": "Enter a date of birth, like 27 3 1985"}

    def compress(self, typed):
        born = super().compress(typed)
        if born > timezone.localdate():
            raise ValidationError("A date of birth is in the past")
        if born.year < 1900:
            raise ValidationError("Check the year: it is before 1900")
        return born


class ShortDateInput(forms.DateInput):
    """The browser's own calendar, with buttons for the usual answers beside it (see quick_picks)."""

    input_type = "date"
    template_name = "nhsuk/widgets/short_date.html"
    quick_picks: dict[str, int] = {}

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        today = timezone.localdate()
        context["quick_picks"] = [
            (words, (today + datetime.timedelta(days=days)).isoformat()) for words, days in self.quick_picks.items()
        ]
        return context


class ShortDateField(forms.DateField):
    """A date near today: a meeting, a review, a follow-up.

    earliest and latest are days from today; quick_picks are words → days from today.
    """

    widget = ShortDateInput
    input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d %m %Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"]
    default_error_messages = {"required": "Enter a date", "invalid": "Enter a real date, like 27/3/2026"}

    def __init__(self, *, earliest: int | None = None, latest: int | None = None, quick_picks=None, **kwargs):
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)
        self.widget.quick_picks = quick_picks or {}

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        days = (value - timezone.localdate()).days
        if self.earliest is not None and days < self.earliest:
            near = {0: "Choose a day from today on", 1: "Choose a day after today"}
            raise ValidationError(near.get(self.earliest, "This date is too far back"))
        if self.latest is not None and days > self.latest:
            raise ValidationError("Choose today or a day before" if self.latest == 0 else "This date is too far ahead")


class TimeField(forms.TimeField):
    """A time of day. The browser sends 10:30; 10.30, 1030 and 2pm are understood too."""

    widget = forms.TimeInput({"type": "time"}, format="%H:%M")
    input_formats = ["%H:%M", "%H:%M:%S", "%H.%M", "%H%M", "%I:%M%p", "%I.%M%p", "%I%p", "%I %p"]
    default_error_messages = {"required": "Enter a time, like 10:30", "invalid": "Enter a real time, like 10:30"}


class PlainCharField(forms.CharField):
    """Text as people type and paste it, less what nobody sees: control characters and marks that turn the
    direction of what follows. Those that join letters (Persian, Hindi) stay; text of nothing else is empty."""

    def to_python(self, value):
        lines = str(value or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        seen = "".join(c for c in lines if c == "\n" or not _is_unseen(c))
        return super().to_python(seen.strip(JOINERS + string.whitespace))


def _is_unseen(character: str) -> bool:
    return character not in JOINERS and unicodedata.category(character) in ("Cc", "Cf", "Cs")
