"""Writing to the person, and the organisation's own words to begin with."""

from django import forms

from accounts.forms import OnceForm
from accounts.lock_screen import gives_away, shown_of
from accounts.models import User
from caseload.enums import Channel, Occasion
from caseload.forms.person import text
from caseload.forms.questions import laid_out, one_of, revision, ticked
from caseload.models import Case, MessageTemplate
from caseload.perms import address_for
from caseload.wording import EXAMPLE, PLACEHOLDERS, WHEN, filled, given_away, left_in, unknown_in, values_for

WAYS = {
    Channel.TEXT: ("may_text", "text", "a phone number"),
    Channel.EMAIL: ("may_email", "email", "an email address"),
    Channel.LETTER: ("may_post", "write by post", "a postal address"),
}
LONGEST_TEXT = 900
LIVE = {
    "hx-post": "",
    "hx-trigger": "input changed delay:600ms",
    "hx-target": "#preview",
    "hx-vals": '{"step": "preview"}',
}


def unavailable_ways(case: Case) -> list[str]:
    """Why we may not write by each of the other ways."""
    person = case.patient
    return [
        f"{channel.label}: {person.short_name} has not said we may {may}"
        if not getattr(person, permission)
        else f"{channel.label}: we have no {address.removeprefix('a ').removeprefix('an ')}"
        for channel, (permission, may, address) in WAYS.items()
        if not address_for(person, channel)
    ]


def locked_phone_error(word: str) -> str:
    return f"“{word}” would show on a locked phone. Begin with other words: the first 40 letters show"


class WriteForm(OnceForm):
    """Words to the person, by one of the ways they have said we may. Placeholders typed by hand are filled in too."""

    channel = one_of([], "Send it by", "Choose how to send it")
    body = text("What you write", 5000, rows=8, required="Write something first")
    about = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)

    helper = laid_out("channel", "body", "about")

    def __init__(self, *args, case: Case, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.case, self.values = case, values_for(case, by)
        ways = [(channel, address_for(case.patient, channel)) for channel in WAYS]
        ways = [(channel, ", ".join(address.splitlines())) for channel, address in ways if address]
        self.fields["channel"].choices = [(way.value, f"{way.label} to {address}") for way, address in ways]
        if ways:
            self.fields["channel"].initial = ways[0][0].value
        self.fields["body"].widget.attrs |= LIVE

    @property
    def is_possible(self) -> bool:
        return bool(self.fields["channel"].choices)

    def clean_body(self):
        body = filled(self.cleaned_data["body"], self.values)
        for left in left_in(body):
            raise forms.ValidationError(self._why_left(left))
        return body

    @staticmethod
    def _why_left(left: str) -> str:
        if left == f"{{{WHEN}}}":
            return "No meeting is booked, so {when} stands for nothing. Book one first, or use other words"
        if left.strip("{}") in PLACEHOLDERS:
            return f"Nothing is known to put in place of {left}. Write it out, or use other words"
        return f"Take out {left}: it stands for nothing"

    def clean(self):
        super().clean()
        channel, body = self.cleaned_data.get("channel"), self.cleaned_data.get("body", "")
        if channel == Channel.LETTER:
            return
        if word := given_away(self.case, body):
            self.add_error("body", locked_phone_error(word))
        if channel == Channel.TEXT and len(body) > LONGEST_TEXT:
            self.add_error("body", f"A text is {LONGEST_TEXT} characters or fewer (this is {len(body)}). Try an email")


class TemplateForm(forms.Form):
    """An organisation's words to begin a message with."""

    revision = revision()
    name = text("Name", 100, required="Enter a name, as your team will look for it")
    occasion = one_of(Occasion.choices, "For", "Choose what it is for", widget=forms.Select)
    body = text("Words", 1000, rows=6, required="Enter the words")
    is_offered = ticked("Offer it to link workers")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stands_for = "; ".join(f"{{{name}}} is {meaning}" for name, meaning in PLACEHOLDERS.items())
        self.fields["body"].help_text = f"What may stand in them: {stands_for}."

    @staticmethod
    def initial_of(template: MessageTemplate) -> dict:
        return {name: getattr(template, name) for name in ("revision", "name", "occasion", "body", "is_offered")}

    def clean_body(self):
        body = self.cleaned_data["body"]
        if unknown := unknown_in(body):
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise forms.ValidationError(f"{unknown[0]} stands for nothing. These do: {known}")
        if "{" in filled(body, EXAMPLE) or "}" in filled(body, EXAMPLE):
            raise forms.ValidationError("A { or } stands alone. Write {first_name}, with both")
        if word := gives_away(shown_of(filled(body, EXAMPLE))):
            raise forms.ValidationError(locked_phone_error(word))
        return body
