import uuid

from crispy_forms.layout import Fieldset
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.html import format_html_join

from accounts.fields import PlainCharField
from accounts.lock_screen import gives_away
from accounts.models import Policy

REVEALED = {"is_revealed": True}


class OnceForm(forms.Form):
    """A form that makes one row however often it is sent.

    `once` is drawn with the page and becomes the primary key of the row the action makes:
    `make_once(case.contacts, once, …)`. A double click, a reload or a second try on a bad
    line finds the row already there. Other words, after going back to the page, are not lost.
    """

    once = forms.UUIDField(
        initial=uuid.uuid4,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid"], "Open this page again, then send it"),
    )

    def was_sent_before(self) -> None:
        """Say so, and let the next try make a row of its own."""
        self.add_error(None, "You have sent this page already. To send what it says now as well, send it once more")
        self.data = self.data.copy()
        self.data["once"] = uuid.uuid4()


class Reveal:
    """Layout: a radio or checkbox question whose answers open further fields.

    `Reveal("outcome", {"missed": ["barrier", "follow_up_on"]})`. Without JavaScript all
    of them show, so the form's clean() asks only for those of the answer given. A revealed
    field is not marked "(optional)"; say so in its label where it is.
    """

    def __init__(self, field: str, opens: dict[str, list]):
        self.field, self.opens = field, opens

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        opened = {
            str(answer): format_html_join(
                "",
                "{}",
                [
                    [render_field(field, form, context, template_pack=template_pack, extra_context=REVEALED)]
                    for field in fields
                ],
            )
            for answer, fields in self.opens.items()
        }
        return render_field(self.field, form, context, template_pack=template_pack, extra_context={"opened": opened})


class Folded(Fieldset):
    """Layout: questions most people need not look at, behind a line that says what they are."""

    template = "%s/layout/folded.html"

    def render(self, form, context, *args, **kwargs):
        asked = {pointer.name for pointer in self.get_field_names()}
        with context.push(is_open=bool(asked & set(form.errors))):
            return super().render(form, context, *args, **kwargs)


class PolicyForm(forms.ModelForm):
    """An organisation's settings. `version` is the one its writer started from."""

    version = forms.IntegerField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": "Open this page again, then save"}
    )
    waiting_list_note = PlainCharField(
        label="What practices read about the wait",
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="For example: “First meetings are about three weeks away.”",
        error_messages={"max_length": "Keep the note to 300 characters"},
    )

    message_sender = PlainCharField(
        label="Name messages to people come from",
        max_length=11,
        required=False,
        help_text="A locked phone shows it, so it should not say what you are. Empty: the worker’s first name.",
        error_messages={"max_length": "Keep the name to 11 characters: phones show no more"},
        validators=[RegexValidator(r"^[A-Za-z0-9 ]*$", "Use letters, numbers and spaces: phones show nothing else")],
    )
    message_phone = PlainCharField(
        label="Phone number given in messages",
        max_length=30,
        required=False,
        help_text="Empty: the organisation’s own number.",
        error_messages={"max_length": "Keep the number to 30 characters"},
    )
    message_reply_to = forms.EmailField(
        label="Where replies to emails go",
        required=False,
        error_messages={"invalid": "Enter an email address, like name@example.org"},
    )

    # setting: (least, most, what is counted)
    RANGES = {
        "suggested_meetings": (1, 50, "meetings"),
        "hold_review_grace_days": (0, 60, "days"),
        "hold_no_contact_days": (1, 365, "days"),
        "hold_long_weeks": (1, 104, "weeks"),
        "open_after_missed_days": (1, 90, "days"),
        "repeated_missed_count": (1, 20, "missed meetings"),
        "waiting_long_days": (1, 365, "days"),
        "unanswered_working_days": (1, 30, "working days"),
        "quiet_days": (1, 365, "days"),
        "onward_unknown_days": (1, 365, "days"),
        "asset_unconfirmed_months": (1, 36, "months"),
        "asset_funding_days": (1, 365, "days"),
        "lone_visit_margin_minutes": (0, 240, "minutes"),
        "alarm_again_minutes": (2, 120, "minutes"),
    }
    NOT_OF_FLAGS = {"suggested_meetings", "lone_visit_margin_minutes", "alarm_again_minutes"}

    lone_visit_procedure = PlainCharField(
        label="What to do when somebody on a lone visit cannot be reached",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Shown with every alarm. For example: “Ring twice. Then ring 101 and say where they went.”",
        error_messages={"max_length": "Keep this to 1,000 characters"},
    )

    class Meta:
        model = Policy
        fields = Policy.SETTINGS

    def __init__(self, data=None, *, policy: Policy):
        super().__init__(data, instance=policy, initial={"version": policy.pk})
        self.fields["suggested_meetings"].help_text = "A guide, shown as “usually about 6”. It never stops a meeting."
        for name, (least, most, counted) in self.RANGES.items():
            field = self.fields[name]
            wrong = f"{field.label}: enter a whole number of {counted} from {least} to {most}"
            field.validators = [MinValueValidator(least, wrong), MaxValueValidator(most, wrong)]
            field.error_messages |= {"required": wrong, "invalid": wrong}
            field.widget = forms.TextInput({"inputmode": "numeric", "class": "nhsuk-input--width-4"})

    def clean_message_sender(self):
        sender = self.cleaned_data["message_sender"]
        if word := gives_away(sender):
            raise forms.ValidationError(
                f"“{word}” on a locked phone would say something of the person. Choose another"
            )
        return sender

    @property
    def thresholds(self) -> list:
        """The fields that decide when somebody is flagged."""
        return [self[name] for name in self.RANGES if name not in self.NOT_OF_FLAGS]

    @property
    def settings(self) -> dict:
        return {name: self.cleaned_data[name] for name in Policy.SETTINGS}

    def catch_up(self, policy: Policy) -> None:
        """Let the next try start from the version its writer has now been shown."""
        self.data = self.data.copy()
        self.data["version"] = policy.pk
