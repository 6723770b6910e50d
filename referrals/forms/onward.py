"""Referring on, and what is heard back: the worker's forms, and the one a service fills in at its link."""

from crispy_forms.layout import Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError

from accounts.fields import PlainCharField
from accounts.forms import OnceForm, Reveal
from assets.enums import Capacity
from assets.models import Asset
from caseload.forms.person import text
from caseload.forms.questions import laid_out, one_of, perhaps_one_of, ticked, yes_or_no
from caseload.models import Case
from referrals.enums import OnwardKind
from referrals.models import OnwardReferral
from referrals.sharing import Words, channels_of, too_much, what_is_shared

LONGEST_WAIT = 260
NOT_TOLD = "They have not agreed that the service hears of them. Ask them first, or tell them about it instead"
WAYS = [
    (OnwardKind.SIGNPOST, "Tell them about it. The service hears nothing"),
    (OnwardKind.REFERRAL, "Refer them. The service is asked for a place"),
    (OnwardKind.ACCOMPANIED, "Go along with them"),
]


class ServiceSearchForm(forms.Form):
    q = text("Name of the service", 200)

    def filter(self, services):
        return services.open().matching(self.cleaned_data["q"]) if self.is_valid() else services.none()


class ReferOnForm(OnceForm):
    """How, for which need, and exactly what the service is told. `needs_preview` until its writer has seen that."""

    kind = one_of(WAYS, "How?", "Choose how")
    need = perhaps_one_of([], "For which need?", "None of these")
    consent = yes_or_no("Do they agree that this service hears of them?", "Choose whether they agree")
    wants = text("What they would like, in plain words", 1000, rows=3)
    channels = forms.MultipleChoiceField(
        label="How the service may reach them",
        help_text="Tick none to have it arranged through you.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(["invalid_choice", "invalid_list"], "Choose ways they have agreed to"),
    )
    before_contact = text("To know before getting in touch", 300)
    interpreter = ticked("")
    access = ticked("")
    sent_to = forms.EmailField(
        label="The service's email address",
        required=False,
        help_text="It gets a link to answer by. Without an address nothing is sent: ring them instead.",
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"invalid": "Enter an email address, like name@example.org"},
    )

    def __init__(self, data=None, *, case: Case, asset: Asset):
        super().__init__(data)
        self.person, self.asset = case.patient, asset
        self.needs = {str(need.pk): need for need in case.needs.order_by("added_at", "id")}
        self.fields["need"].choices = [("", "None of these"), *((key, str(need)) for key, need in self.needs.items())]
        likely = [key for key, need in self.needs.items() if need.kind in asset.need_kinds]
        self.fields["need"].initial = next(iter(likely or self.needs), "")
        self.fields["sent_to"].initial = asset.email or asset.contact_email
        if case.what_matters:
            self.fields["wants"].help_text = f"What matters to them: “{case.what_matters}” Write only what is needed."
        self.helper = laid_out("kind", "need", Reveal("consent", {"yes": self._what_is_told()}))

    def _what_is_told(self) -> list:
        """The questions about what is shared; those with nothing to share are taken out."""
        reach = channels_of(self.person)
        self.fields["channels"].choices = reach
        # Where there is something to know before ringing them, ringing is a choice, not the usual.
        self.fields["channels"].initial = [] if self.person.safe_contact_note else [channel for channel, _ in reach]
        for name, label, value in [
            ("interpreter", "Needs an interpreter", self.person.interpreter_language),
            ("access", "Access", self.person.access_needs),
        ]:
            if value:
                self.fields[name].label = f"Tell them: {label}: {value}"
            else:
                del self.fields[name]
        if not reach:
            del self.fields["channels"]
        told = ["wants", "channels", "before_contact", "interpreter", "access", "sent_to"]
        return [name for name in told if name in self.fields]

    def clean_need(self):
        return self.needs.get(self.cleaned_data["need"])

    def clean(self):
        super().clean()
        kind, consent = self.cleaned_data.get("kind"), self.cleaned_data.get("consent")
        if kind == OnwardKind.SIGNPOST:
            self.errors.pop("consent", None)  # Nobody hears of them: there is nothing to agree to.
        if kind == OnwardKind.REFERRAL and consent is False:
            self.add_error("consent", NOT_TOLD)
        if not self.is_told:
            for name in ["wants", "channels", "before_contact", "sent_to"]:
                self.errors.pop(name, None)
            return
        if not self.cleaned_data.get("wants") and "wants" not in self.errors:
            self.add_error("wants", "Enter what they would like")
        for name in ["wants", "before_contact"]:
            if found := too_much(self.person, self.cleaned_data.get(name, "")):
                self.add_error(name, f"Leave out {found}: the service does not need it")

    @property
    def is_told(self) -> bool:
        """The service hears something of the person."""
        return bool(self.cleaned_data.get("consent")) and self.cleaned_data.get("kind") != OnwardKind.SIGNPOST

    @property
    def shared(self) -> dict:
        if not self.is_told:
            return {}
        given = self.cleaned_data
        return what_is_shared(
            self.person,
            Words(wants=given["wants"], before_contact=given["before_contact"]),
            channels=given.get("channels", []),
            interpreter=given.get("interpreter", False),
            access=given.get("access", False),
        )

    @property
    def asked(self) -> dict:
        """What actions.refer_on takes."""
        given = self.cleaned_data
        asked = {name: given[name] for name in ["kind", "need", "once"]}
        sent_to = given["sent_to"] if self.is_told else ""
        return asked | {"consent": self.is_told, "shared": self.shared, "sent_to": sent_to}


def room_question():
    return perhaps_one_of(Capacity.choices, "Is there room?", "Not said")


def weeks_question():
    return forms.IntegerField(
        label="Weeks on the waiting list, about",
        required=False,
        min_value=1,
        max_value=LONGEST_WAIT,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "nhsuk-input--width-4"}),
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], "Enter the wait as a whole number of weeks, like 6"
        ),
    )


class HeardForm(forms.Form):
    """What a service says: a move of the loop, a word that moves nothing, and whether there is room."""

    SAYS = {
        "accept": "They can take them",
        "reject": "They cannot take them",
        "start": "They are going there",
        "absent": "They have not come yet",
        "complete": "They went, and it has done its work",
        "pause": "The service has put it on hold",
        "fail": "It did not work out",
        "capacity": "Only whether there is room",
    }
    # verb: (what is asked, the error without an answer)
    WORDS = {
        "reject": ("Why not?", "Enter why they cannot take them"),
        "pause": ("What is it waiting for?", "Enter what it is waiting for"),
        "fail": ("What got in the way?", "Enter what got in the way"),
        "absent": ("Anything to know? (optional)", ""),
    }
    MOVES_NOTHING = ["absent", "capacity"]
    SAYS_WHAT, CHOOSE = "What did you hear?", "Choose what you heard"

    capacity = room_question()
    wait_weeks = weeks_question()

    def __init__(self, data=None, *, onward: OnwardReferral):
        super().__init__(data)
        self.fields["verb"] = one_of(self.says(onward), self.SAYS_WHAT, self.CHOOSE)
        for verb, (question, _) in self.WORDS.items():
            self.fields[f"{verb}_words"] = text(question, 2000, rows=3)
        opens = {verb: [f"{verb}_words"] for verb in self.WORDS}
        self.helper = laid_out(Reveal("verb", opens), Fieldset("Room", Row("capacity", "wait_weeks")))
        self.order_fields(["verb", *(f"{verb}_words" for verb in self.WORDS), "capacity", "wait_weeks"])

    def says(self, onward: OnwardReferral) -> list[tuple[str, str]]:
        allowed = self.allowed(onward) | set(self.MOVES_NOTHING if onward.is_open else ["capacity"])
        return [(verb, said) for verb, said in self.SAYS.items() if verb in allowed]

    def allowed(self, onward: OnwardReferral) -> set[str]:
        return onward.moves_within_reach

    def clean(self):
        super().clean()
        verb = self.cleaned_data.get("verb")
        for other in self.WORDS:
            if other != verb:
                self.errors.pop(f"{other}_words", None)
        question, error = self.WORDS.get(verb, ("", ""))
        if error and not self.cleaned_data.get(f"{verb}_words") and f"{verb}_words" not in self.errors:
            self.add_error(f"{verb}_words", error)
        if verb == "capacity" and not self.cleaned_data.get("capacity"):
            self.add_error("capacity", "Choose whether there is room")
        if self.cleaned_data.get("capacity") != Capacity.WAITING_LIST:
            self.errors.pop("wait_weeks", None)
            self.cleaned_data["wait_weeks"] = None

    @property
    def heard(self) -> dict:
        """What actions.hear_from_service takes."""
        given = self.cleaned_data
        words = given.get(f"{given['verb']}_words", "")
        return {name: given[name] for name in ["verb", "capacity", "wait_weeks"]} | {"words": words}


class LinkForm(HeardForm):
    """The same, said by the service itself."""

    SAYS = {
        "accept": "Yes, we can take them",
        "reject": "No, we cannot take them",
        "start": "They have come",
        "absent": "They have not come",
        "complete": "They have finished, or have what they came for",
        "pause": "It is on hold for now",
        "fail": "It did not work out",
        "question": "I have a question first",
        "capacity": "Only to say whether we have room",
    }
    WORDS = HeardForm.WORDS | {
        "reject": ("Why not?", "Enter why not, so that they can look elsewhere"),
        "question": ("Your question", "Enter your question"),
    }
    MOVES_NOTHING = ["absent", "question", "capacity"]
    SAYS_WHAT, CHOOSE = "What would you like to say?", "Choose what you would like to say"

    def allowed(self, onward: OnwardReferral) -> set[str]:
        """Taking back is for whoever asked. Before a yes only what may follow at once is offered."""
        return (onward.allowed_moves | ({"start"} & onward.moves_within_reach)) - {"cancel", "enter_in_error"}


class CallOffForm(forms.Form):
    reason = text("Why?", 2000, rows=3, required="Enter why")
    is_mistake = ticked("It was entered by mistake")


class AnswerForm(forms.Form):
    words = text("Your answer", 2000, rows=4, required="Enter your answer")

    def __init__(self, data=None, *, onward: OnwardReferral):
        super().__init__(data)
        self.person = onward.case.patient
        self.fields["words"].help_text = f"{onward.asset.name} will read exactly this."

    def clean_words(self):
        if found := too_much(self.person, self.cleaned_data["words"]):
            raise ValidationError(f"Leave out {found}: the service does not need it")
        return self.cleaned_data["words"]


class ResendForm(forms.Form):
    sent_to = forms.EmailField(
        label="Send it to",
        error_messages={
            "required": "Enter the service's email address",
            "invalid": "Enter an email address, like name@example.org",
        },
    )


class AskPersonForm(forms.Form):
    GOT_THERE = {"yes": True, "no": False, "unsure": None}

    got_there = one_of(
        [("yes", "Yes"), ("no", "No"), ("unsure", "They would rather not say, or it is not clear")],
        "Did they get there?",
        "Choose whether they got there",
    )
    said = PlainCharField(
        label="How was it, in their words",
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": "Keep it to 5,000 characters"},
    )

    def clean_got_there(self):
        return self.GOT_THERE[self.cleaned_data["got_there"]]


class DirectoryForm(forms.Form):
    """What everybody may know of the service from now on."""

    capacity = room_question()
    wait_weeks = weeks_question()
    threshold = text("Who they take", 500, help_text="For example: “Over 50, living in the East End.”")
    is_gone = ticked("It no longer runs: mark it as closed")

    helper = laid_out("capacity", "wait_weeks", "threshold", "is_gone")

    def clean(self):
        super().clean()
        if not self.errors and not any(self.cleaned_data[name] for name in ["capacity", "threshold", "is_gone"]):
            raise ValidationError("Enter what you learnt, or cancel")


class OnwardFilter(forms.Form):
    SHOW = {
        "": ("Open", "open"),
        "question": ("With a question", "with_question"),
        "unanswered": ("Not answered yet", "not_answered"),
        "person": ("Person not asked yet", "person_not_asked"),
        "ended": ("Ended", "ended"),
        "all": ("All", "all"),
    }
    WHOSE = [("", "Mine"), ("team", "The team's")]

    show = forms.ChoiceField(label="Show", choices=[(key, words) for key, (words, _) in SHOW.items()], required=False)
    whose = forms.ChoiceField(label="Whose", choices=WHOSE, required=False)
    q = text("Service", 100)

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.user = user

    def filter(self, onward_referrals):
        self.is_valid()
        asked = self.cleaned_data
        found = getattr(onward_referrals, self.SHOW[asked.get("show", "")][1])()
        if asked.get("whose", "") == "":
            found = found.filter(case__worker=self.user)
        return found.filter(asset__name__icontains=asked["q"]) if asked.get("q") else found
