"""The questions of a measure, put to somebody. Each has "Leave out", and that is what is chosen at first."""

from crispy_forms.layout import Field
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.fields import ShortDateField
from accounts.forms import REVEALED, OnceForm
from accounts.models import User
from accounts.words import short_day
from caseload.enums import MeasureCode
from caseload.fillings import PLACES
from caseload.forms.meeting import LATE_ENTRY_DAYS
from caseload.forms.person import text
from caseload.forms.questions import laid_out, revision
from caseload.forms.shortlist import SendShortlistForm
from caseload.links import url_of
from caseload.measures import Answers, Item, Measure
from caseload.models import Case, Filling, QuestionsLink

WHAT_BOTHERS = {1: "What bothers you most, in your own words?", 2: "Anything else that bothers you?"}
LEAVE_OUT = ("", "Leave out")
CONCERN_IN_PERSON = "Their own concern is asked face to face or on the phone: a link shows nobody’s words."
OTHER_CONCERN = "A colleague has written down another concern meanwhile. Open this page again to see it"
NOTHING_YET = "Nothing is filled in. Choose an answer, or go back: leaving it all out is fine"


class Question(Field):
    """Layout: a question nobody has to answer, which says so by its last choice, not by "(optional)"."""

    def render(self, form, context, template_pack=TEMPLATE_PACK, extra_context=None, **kwargs):
        extra = {**REVEALED, **(extra_context or {})}
        return super().render(form, context, template_pack=template_pack, extra_context=extra, **kwargs)


class Said:
    """Layout: what is said of a measure among its questions, by a template of its own."""

    def __init__(self, template: str, measure: Measure):
        self.template, self.measure = template, measure

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        return render_to_string(f"caseload/includes/{self.template}.html", {"measure": self.measure})


class QuestionsForm(forms.Form):
    """The questions of one measure or several. `concerns` are those already named: {place: words}.

    With `rewording` their words may be changed as well.
    """

    def __init__(self, data=None, *, measures: list[Measure], concerns: dict[int, str], rewording=False, **kwargs):
        super().__init__(data, **kwargs)
        self.measures, self.known = measures, {} if rewording else concerns
        asked = [question for measure in measures for question in self._asked(measure)]
        notices = {m.notice: Said("measure_notice", m) for m in measures if m.notice}  # each once
        self.helper = laid_out(*asked, *notices.values(), *[name for name in self.base_fields if name != "once"])

    def _asked(self, measure: Measure) -> list:
        asked = [Said("measure_instruction", measure)] if measure.instruction else []
        for item in measure.items:
            place, label = PLACES.get(item.key), item.text
            if place:
                self.fields[words_of(place)] = text(WHAT_BOTHERS[place], 300)
                asked.append(Question(words_of(place)))
            if place in self.known:
                label = f"“{self.known[place]}”: how much does this bother you now?"
                self.fields[words_of(place)].widget = forms.HiddenInput()  # What is scored is what was shown.
                self.fields[words_of(place)].initial = self.known[place]
            self.fields[name_of(measure, item)] = answer_field(item, label)
            drawn_as = "lw-scale" if item.answers[0][1].isdigit() else "lw-answers"
            asked.append(Question(name_of(measure, item), wrapper_class=drawn_as))
        return asked

    def clean(self):
        data = super().clean()
        for item, place in PLACES.items():
            score, words = data.get(f"{MeasureCode.CONCERN}_{item}"), data.get(words_of(place), "")
            if self.known.get(place, words) != words:
                self.add_error(None, OTHER_CONCERN)
            elif words and score is None and place not in self.known:
                self.add_error(f"{MeasureCode.CONCERN}_{item}", "Choose how much it bothers you, from 0 to 6")
            elif score is not None and not words and words_of(place) in self.fields:
                self.add_error(words_of(place), "Write down what it is that bothers you")
        if not self.errors and not any(self.answers.values()):
            raise ValidationError(NOTHING_YET)
        return data

    @property
    def answers(self) -> dict[str, Answers]:
        """{measure: {item: value}}, without what was left out."""
        return {
            measure.code: {
                item.key: value
                for item in measure.items
                if (value := self.cleaned_data.get(name_of(measure, item))) is not None
            }
            for measure in self.measures
        }

    @property
    def concerns(self) -> dict[int, str]:
        """What was scored, in the words it was asked in."""
        return {place: words for place in PLACES.values() if (words := self.cleaned_data.get(words_of(place)))}


def name_of(measure: Measure, item: Item) -> str:
    return f"{measure.code}_{item.key}"


def words_of(place: int) -> str:
    return f"concern_{place}_words"


def answer_field(item: Item, label: str) -> forms.TypedChoiceField:
    first, last = item.ends
    ends = f"{item.answers[0][0]} is “{first.lower()}”, {item.answers[-1][0]} is “{last.lower()}”." if first else ""
    return forms.TypedChoiceField(
        label=label,
        choices=[*item.answers, LEAVE_OUT],
        coerce=int,
        empty_value=None,
        initial="",
        required=False,
        help_text=ends,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the answers, or leave it out"},
    )


class WithWorker(QuestionsForm):
    """What a worker adds: the day, a note, and a score made with a licence holder's own tool."""

    filled_on = ShortDateField(
        label="Filled in on",
        earliest=-LATE_ENTRY_DAYS,
        latest=0,
        quick_picks={"today": 0, "yesterday": -1},
        error_messages={"required": "Enter the day it was filled in"},
    )
    note = text("Note", 2000, rows=2)

    def __init__(self, data=None, *, measure: Measure, case: Case, **kwargs):
        concerns = {concern.place: concern.words for concern in case.concerns.order_by("place")}
        super().__init__(data, measures=[measure], concerns=concerns, **kwargs)
        if measure.code == MeasureCode.ACTIVATION:
            self.helper.layout.insert(len(self.helper.layout) - len(self.base_fields), "typed_score")
            self.fields["typed_score"] = typed_score()

    @property
    def answers(self) -> dict[str, Answers]:
        answers, typed = super().answers, self.cleaned_data.get("typed_score")
        if typed is not None:
            answers[MeasureCode.ACTIVATION]["typed_score"] = typed
        return answers

    @property
    def said(self) -> dict:
        """What the actions take."""
        own = {name: self.cleaned_data[name] for name in self.base_fields}
        return own | {"answers": self.answers[self.measures[0].code], "concerns": self.concerns}


def typed_score() -> forms.FloatField:
    wrong = "Enter the score as a number from 0 to 100, like 55.1"
    return forms.FloatField(
        label="Score from the licence holder’s tool",
        min_value=0,
        max_value=100,
        required=False,
        help_text="From 0 to 100. Linkwork does not work it out.",
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "nhsuk-input--width-5"}),
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], wrong),
    )


class FillInForm(OnceForm, WithWorker):
    @staticmethod
    def initial_now() -> dict:
        return {"filled_on": timezone.localdate()}


class PutRightForm(WithWorker):
    version = revision()
    why = text("What was wrong", 300, required="Enter what was wrong")

    @staticmethod
    def initial_of(filling: Filling, case: Case) -> dict:
        given = {f"{filling.measure}_{key}": value for key, value in filling.answers.items()}
        words = {words_of(concern.place): concern.words for concern in case.concerns.order_by("place")}
        row = {"filled_on": filling.filled_on, "note": filling.note, "version": filling.history.count()}
        return given | words | row | {"typed_score": filling.answers.get("typed_score")}


class WithdrawForm(forms.Form):
    why = text("Why", 300, required="Enter why it is withdrawn", help_text="It stays to be read, and counts nowhere.")


class SendQuestionsForm(SendShortlistForm):
    """A text or email with the link in it."""

    body = text("What it says", 1000, rows=5, required="Enter what it says")

    @staticmethod
    def initial_of(case: Case, by: User, link: QuestionsLink) -> dict:
        body = (
            f"Hello {case.patient.short_name}, it is {by.first_name}. Here are the few questions we talked about. "
            f"Leave out any you like. The page works once, until {short_day(link.expires_at)}: {url_of(link)}"
        )
        return {"body": body}


class LinkQuestionsForm(forms.Form):
    """What to ask by a link. `replaces` is the link its writer sees, which the new one ends."""

    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    measures = forms.MultipleChoiceField(
        label="What to ask",
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose what to ask"),
    )

    def __init__(self, data=None, *, measures: list[Measure], current: QuestionsLink | None):
        asked = current.measures if current else []
        super().__init__(data, initial={"replaces": current and current.pk, "measures": asked})
        self.fields["measures"].choices = [(measure.code, measure.name) for measure in measures]
        if MeasureCode.CONCERN not in [measure.code for measure in measures]:
            self.fields["measures"].help_text = CONCERN_IN_PERSON
