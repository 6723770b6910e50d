"""What to look for in the directory, as a worker would ask it on the phone to someone."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.fields import PlainCharField
from accounts.words import a_list
from assets.enums import AccessFeature, Capacity, Cost, Group, HowToJoin, NeedKind, Weekday
from assets.models import AssetQuerySet
from assets.postcodes import normalise_postcode
from assets.words import terms_of

HOURS = {"morning": range(6, 12), "afternoon": range(12, 17), "evening": range(17, 24)}
TIMES = [("morning", "Morning"), ("afternoon", "Afternoon"), ("evening", "Evening")]
MILES = [(str(n), f"{n} {'mile' if n == 1 else 'miles'}") for n in (1, 2, 5, 10, 25)]
USUAL_MILES = "25"
WAITS = [("2", "2 weeks"), ("4", "4 weeks"), ("8", "8 weeks"), ("12", "12 weeks")]
# Free is within what anyone can pay.
COSTS = [(Cost.FREE.value, "Free"), (Cost.DONATION.value, "Free, or pay what you can")]
HOME = "home"


@dataclass(frozen=True)
class Start:
    """Somewhere to measure from that has a name here: a practice, or where the person lives."""

    value: str
    label: str
    postcode: str


def slots_meant(day: str, time: str) -> list[int]:
    """The hours of the week meant by a day (or "today"), a time of day, or both."""
    today = Weekday.values[timezone.localdate().weekday()]
    days = [today if day == "today" else day] if day else Weekday.values
    return [Weekday.values.index(one) * 24 + hour for one in days for hour in HOURS.get(time, range(24))]


def _wait_under(weeks: str) -> Q:
    return Q(wait_weeks__lt=int(weeks)) | Q(wait_weeks=None, capacity=Capacity.ROOM)


# filter: (what fits, what has not said either way)
FITS: dict[str, tuple[Callable[..., Q], Q]] = {
    "need": (lambda kinds: Q(need_kinds__overlap=kinds), Q(need_kinds=[])),
    "cost": (lambda cost: Q(cost__in={Cost.FREE, cost}), Q(cost="")),
    "access": (lambda features: Q(access_features__contains=features), Q(access_features=[])),
    "age": (
        lambda age: (Q(minimum_age=None) | Q(minimum_age__lte=age)) & (Q(maximum_age=None) | Q(maximum_age__gte=age)),
        Q(minimum_age=None, maximum_age=None),
    ),
    "group": (lambda group: Q(groups__contains=[group]), Q(groups=[])),
    "join": (lambda how: Q(how_to_join=how), Q(how_to_join="")),
    "room": (lambda asked: Q(capacity=Capacity.ROOM), Q(capacity="")),
    "wait": (_wait_under, Q(capacity="", wait_weeks=None)),
}


def _one_of(label: str, choices, anything: str = "Any"):
    return forms.ChoiceField(
        label=label,
        choices=[("", anything), *choices],
        required=False,
        error_messages={"invalid_choice": f"{label}: choose one from the list"},
    )


def _some_of(label: str, choices):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": f"{label}: choose from the list"},
    )


class DirectoryForm(forms.Form):
    """Sent by GET, so that a search can be kept and shared. An answer that cannot be read is said, and asks nothing.

    `starts` are places with a name to measure from; where someone lives is one, so that their postcode
    is never in an address.
    """

    q = PlainCharField(label="What or where", required=False, max_length=100)
    near = PlainCharField(label="Near a postcode", required=False, max_length=12)
    start = _one_of("or near", [], "Anywhere")
    within = _one_of("Within", MILES, "25 miles")
    day = _one_of("Day", [("today", "Today"), *Weekday.choices], "Any day")
    time = _one_of("Time", TIMES, "Any time")
    need = _some_of("Helps with", NeedKind.choices)
    cost = _one_of("Cost", COSTS)
    join = _one_of("How to join", HowToJoin.choices)
    group = _one_of("Meant for", Group.choices, "Anyone")
    age = forms.IntegerField(
        label="Age of the person",
        required=False,
        min_value=0,
        max_value=120,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], "Enter an age in years, like 67"),
    )
    language = PlainCharField(label="Language", required=False, max_length=50)
    wait = _one_of("Wait under", WAITS, "Any wait")
    room = forms.BooleanField(label="Taking people now", required=False)
    access = _some_of("Access", AccessFeature.choices)
    unsaid = forms.BooleanField(label="Also those that do not say", required=False)
    view = forms.ChoiceField(choices=[("", "List"), ("map", "Map")], required=False, widget=forms.HiddenInput)
    case = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    asked = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)

    FIRST = ["q", "near", "start", "within", "day", "time"]
    MORE = ["cost", "join", "group", "age", "language", "wait", "room", "unsaid"]
    TICKED = ["need", "access"]

    def __init__(self, data, *, starts: list[Start] = ()):
        super().__init__(data, auto_id="find_%s")
        self.postcodes = {start.value: start.postcode for start in starts}
        self.fields["start"].choices = [("", "Anywhere"), *((start.value, start.label) for start in starts)]
        self.is_valid()

    def clean_near(self) -> str:
        typed = self.cleaned_data["near"]
        return normalise_postcode(typed) if typed else ""

    def clean_language(self) -> str:
        typed = self.cleaned_data["language"]
        return typed[:1].upper() + typed[1:]

    @property
    def asks(self) -> dict:
        """Every answer that narrows the list."""
        apart = {"case", "asked", "unsaid", "within", "view"}
        answers = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return {name: value for name, value in answers.items() if value or name == "age" and value == 0}

    @property
    def postcode(self) -> str:
        """What to measure from: a postcode as typed, or that of a place chosen."""
        return self.cleaned_data.get("near") or self.postcodes.get(self.cleaned_data.get("start", ""), "")

    @property
    def miles(self) -> int:
        return int(self.cleaned_data.get("within") or USUAL_MILES)

    @property
    def start_in_words(self) -> str:
        """Of where the distances are, without its postcode unless that was typed."""
        if typed := self.cleaned_data.get("near"):
            return typed
        return dict(self.fields["start"].choices)[self.cleaned_data["start"]] if self.postcode else ""

    @property
    def also_means(self) -> tuple[list[str], list[str]]:
        """(other words, kinds of need) that the words typed were taken to mean, too."""
        terms = terms_of(self.cleaned_data.get("q", ""))
        kinds = [term.kind.label for term in terms if term.kind]
        return [other for term in terms for other in term.others], list(dict.fromkeys(kinds))

    @property
    def narrowed_to(self) -> list[str]:
        """The filters folded away that are in use, in words: ["Cost: Free", "Helps with: Caring or Housing"]."""
        used = [(name, self.asks[name]) for name in [*self.TICKED, *self.MORE] if name in self.asks]
        return [self._in_words(name, answer) for name, answer in used]

    def _in_words(self, name: str, answer) -> str:
        field = self.fields[name]
        if answer is True:
            return field.label
        known = {str(value): label for value, label in getattr(field, "choices", [])}
        answers = answer if isinstance(answer, list) else [answer]
        said = a_list([known.get(str(one), one) for one in answers], "and" if name == "access" else "or")
        return f"{field.label}: {said}"

    @property
    def more_count(self) -> int:
        """How many of the filters folded away are in use."""
        return len([name for name in [*self.MORE, *self.TICKED] if name in self.asks])

    @property
    def uses_more(self) -> bool:
        return bool({*self.MORE, *self.TICKED} & {*self.errors})

    @property
    def may_be_unsaid(self) -> bool:
        """Whether a filter leaves out services that have not said either way."""
        slots_asked = self.asks.get("day") or self.asks.get("time")
        return bool(slots_asked or {*FITS} & {*self.asks}) and not self.cleaned_data.get("unsaid")

    def filter(self, assets: AssetQuerySet, unsaid: bool | None = None) -> AssetQuerySet:
        """What fits every answer; with those that have not said, when asked for."""
        unsaid = self.cleaned_data.get("unsaid", False) if unsaid is None else unsaid
        for name in FITS.keys() & self.asks.keys():
            fits, has_not_said = FITS[name]
            fitting = fits(self.asks[name])
            assets = assets.filter(fitting | has_not_said if unsaid else fitting)
        if self.asks.get("day") or self.asks.get("time"):
            open_then = Q(open_slots__overlap=slots_meant(self.asks.get("day", ""), self.asks.get("time", "")))
            assets = assets.filter(open_then | Q(open_slots=[]) if unsaid else open_then)
        if language := self.asks.get("language"):
            assets = assets.speaking(language)
        if words := self.asks.get("q"):
            assets = assets.matching(words)
        return assets.near(self.postcode, within=self.miles) if self.postcode else assets
