from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Row
from django import forms
from django.db.models import Count, Q

from accounts.forms import Folded, OnceForm
from accounts.models import Organisation, Practice, User
from accounts.words import count_of
from assets.enums import NeedKind
from caseload.enums import OPEN_STATUSES
from caseload.forms.person import PersonForm, one_if_known, text, usual_number_kind
from caseload.models import Patient
from referrals.enums import DeclineReason, ReferralStatus, Route, Urgency
from referrals.models import Referral

NEW = "new"
YES_OR_NO = [("yes", "Yes"), ("no", "No")]
WAITING_LIST = "waiting_list"


class ReferralForm(PersonForm):
    """What a practice says of a person: who, how to reach them, why, risks, consent."""

    reason = text("Why now, in your words", 5000, rows=5, required="Enter why you are referring them now")
    needs = forms.MultipleChoiceField(
        label="Help with",
        choices=NeedKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one kind of help",
            **dict.fromkeys(["invalid_choice", "invalid_list"], "Choose kinds of help from the list"),
        },
    )
    wants = text("What they want themselves", 5000, rows=2, help_text="In their words, if they said.")
    urgency = forms.ChoiceField(
        label="How soon",
        choices=Urgency.choices,
        initial=Urgency.ROUTINE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose how soon they need to be met"),
    )
    route = one_if_known(
        "Whose idea was this?", Route, Route.PRACTICE, "Choose whose idea this referral was from the list"
    )
    risks = text("Risks to know before meeting them", 2000, rows=2, help_text="To them, or to whoever visits.")
    consent_to_refer = forms.BooleanField(
        label="They agree to this referral",
        error_messages={"required": "Ask them first, then tick that they agree to this referral"},
    )
    consent_to_share_back = forms.TypedChoiceField(
        label="Do they agree that we tell you how it goes?",
        help_text="If not, you will hear whether we accept, and nothing after.",
        choices=YES_OR_NO,
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose whether they agree that we tell you"),
    )

    SECTIONS = [
        PersonForm.WHO,
        PersonForm.HOW_TO_REACH,
        Fieldset("Why", "reason", Field("needs", wrapper_class="lw-choices-in-columns"), "wants", "urgency"),
        Fieldset("Risks", "risks"),
        Folded("Whose idea it was, their sex and ethnic group", "route", Row("sex", "ethnicity")),
        Fieldset("Consent", "consent_to_refer", "consent_to_share_back"),
    ]
    OWN = ["needs", "reason", "wants", "urgency", "route", "risks", "consent_to_refer", "consent_to_share_back"]
    helper = FormHelper()
    helper.layout = Layout(*SECTIONS)

    @property
    def sent(self) -> dict:
        """What an action keeps as sent."""
        return self.details | {name: self.cleaned_data[name] for name in self.OWN}


class ReferForm(OnceForm, ReferralForm):
    """A new referral from a practice to one of the organisations that serve it and take referrals now.

    `matches` are the practice's own referrals of what is likely the same person.
    """

    organisation = forms.ChoiceField(
        label="Who to",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose who to send it to"),
    )
    send_anyway = forms.BooleanField(label="This is a new referral: send it as well", required=False)

    helper = FormHelper()
    helper.layout = Layout("organisation", *ReferralForm.SECTIONS)

    def __init__(self, data=None, *, practice: Practice, organisations: list[Organisation]):
        super().__init__(data)
        self.practice, self.matches = practice, []
        self.organisations = {str(organisation.pk): organisation for organisation in organisations}
        self.fields["organisation"].choices = [(key, place.name) for key, place in self.organisations.items()]
        self.fields["number_kind"].initial = usual_number_kind(practice.nation)
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = organisations[0].pk

    def clean_organisation(self):
        return self.organisations[self.cleaned_data["organisation"]]

    def clean(self):
        super().clean()
        identity = ["given_name", "family_name", "preferred_name", "date_of_birth", "number"]
        if set(identity) & set(self.errors):
            return
        person = Referral(**{name: self.cleaned_data[name] for name in identity})
        sent = self.practice.referrals.exclude(pk=self.cleaned_data.get("once"))
        self.matches = list(sent.like(person).exclude(status=ReferralStatus.WITHDRAWN).with_list_data()[:5])
        if self.matches and not self.cleaned_data["send_anyway"]:
            self.add_error("send_anyway", "You may have sent this already. If not, tick that it is a new referral")


class ResubmitForm(ReferralForm):
    """The answer to the question a referral was returned with, and the referral put right."""

    revision = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Open this page again"})
    words = text("Your answer", 5000, rows=4, required="Enter an answer to the question")

    helper = FormHelper()
    helper.layout = Layout("words", *ReferralForm.SECTIONS)

    def __init__(self, data=None, *, referral: Referral):
        initial = self.initial_of(referral) | {name: getattr(referral, name) for name in self.OWN}
        initial["consent_to_share_back"] = "yes" if referral.consent_to_share_back else "no"
        super().__init__(data, initial=initial | {"revision": referral.revision})


class WithdrawForm(forms.Form):
    words = text("Why, if it helps them to know", 5000, rows=2)


class SentFilter(forms.Form):
    SHOW = [("open", "Open"), ("news", "With news"), ("all", "All")]

    q = text("Name", 100)
    show = forms.ChoiceField(label="Show", choices=SHOW, required=False)

    def filter(self, referrals):
        self.is_valid()
        narrow = {"": referrals.open_for_practice, "open": referrals.open_for_practice, "news": referrals.with_news}
        found = narrow.get(self.cleaned_data.get("show", ""), referrals.all)()
        return found.named(self.cleaned_data.get("q", ""))


class InboxFilter(forms.Form):
    SHOW = [("", "To answer"), ("answered", "Answered")]

    show = forms.ChoiceField(label="Show", choices=SHOW, required=False)
    urgency = forms.ChoiceField(label="How soon", choices=[("", "Any"), *Urgency.choices], required=False)
    practice = forms.ChoiceField(label="Practice", required=False)

    def __init__(self, data=None, *, org: Organisation):
        super().__init__(data)
        practices = org.practices.order_by("name", "id")
        self.fields["practice"].choices = [("", "Any"), *((str(place.pk), place.name) for place in practices)]

    def filter(self, referrals):
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if chosen.pop("show", "") == "answered":
            return referrals.answered().filter(**chosen)
        return referrals.submitted().oldest_first().filter(**chosen)


class AcceptForm(forms.Form):
    """Who the person is, and who takes them on.

    `matches` are the patients of the organisation who are likely the same person, with open_cases. Where
    one has the same number it is them; where there are others, somebody has to choose.
    """

    person = forms.ChoiceField(
        label="Who is this?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose who this is"),
    )
    worker = forms.ChoiceField(
        label="Who takes it?",
        initial=WAITING_LIST,
        help_text="An open case keeps its worker.",
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose somebody from the list"),
    )
    answer = text("Words for the practice", 5000, rows=2)

    def __init__(self, data=None, *, referral: Referral, org: Organisation, user: User, matches: list[Patient]):
        super().__init__(data)
        self.matches = {str(patient.pk): patient for patient in matches}
        same = [key for key, patient in self.matches.items() if referral.number and patient.number == referral.number]
        people = [(key, _known(self.matches[key])) for key in same or self.matches]
        self.fields["person"].choices = people if same else [*people, (NEW, "Somebody new to us")]
        self.fields["person"].initial = same[0] if same else None if people else NEW
        cases = Count("cases", Q(cases__organisation=org, cases__status__in=OPEN_STATUSES), distinct=True)
        self.workers = {str(worker.pk): worker for worker in org.link_workers.annotate(open_cases=cases)}
        self.fields["worker"].choices = [
            (WAITING_LIST, "The waiting list"),
            *((key, _with_load(worker, user)) for key, worker in self.workers.items()),
        ]
        self.fields["answer"].help_text = f"{referral.submitted_by} will read this."

    def clean_person(self):
        return self.matches.get(self.cleaned_data["person"])

    def clean_worker(self):
        return self.workers.get(self.cleaned_data["worker"])


def _known(patient: Patient) -> str:
    case = next(iter(patient.open_cases), None)
    if case is None:
        return f"{patient.name}, whom we know"
    return f"{patient.name}, who has an open case{f' with {case.worker}' if case.worker else ''}"


def _with_load(worker: User, user: User) -> str:
    return f"{'Me' if worker == user else worker.name} ({count_of(worker.open_cases, 'open case')})"


class ReturnForm(forms.Form):
    answer = text("Your question", 5000, rows=4, required="Enter your question to the practice")

    def __init__(self, data=None, *, referral: Referral):
        super().__init__(data)
        self.fields["answer"].help_text = f"{referral.submitted_by} will read this."


class DeclineForm(forms.Form):
    decline_reason = forms.ChoiceField(
        label="Reason",
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose a reason"),
    )
    answer = text(
        "What to tell the practice", 5000, rows=4, required="Enter what the practice should know, or could try"
    )

    def __init__(self, data=None, *, referral: Referral):
        super().__init__(data)
        self.fields["answer"].help_text = f"{referral.submitted_by} will read the reason and this."
