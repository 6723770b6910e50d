from datetime import datetime, timedelta

from crispy_forms.layout import Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.fields import ShortDateField, TimeField
from accounts.forms import OnceForm, Reveal
from accounts.models import Organisation, User
from caseload.enums import Channel, MissedBarrier, Mode, Outcome, Place, WithWhom
from caseload.forms.person import text
from caseload.forms.questions import (
    SOON,
    WorkerChoice,
    day_to_come,
    laid_out,
    minutes,
    one_of,
    perhaps_one_of,
    revision,
    ticked,
)
from caseload.models import Appointment, Case, Patient

A_WEEK = timedelta(days=7)
LATE_ENTRY_DAYS = 92
GET_IN_TOUCH = "Get in touch again"
AFTER_MISSED = "Get in touch after the missed meeting"
HAPPENED = [Outcome.ATTENDED, Outcome.MISSED]

# What each way of getting in touch needs the person's agreement to; a drop-in or a chance meeting needs none.
PERMISSION_FOR = {
    Channel.CALL: "may_call",
    Channel.TEXT: "may_text",
    Channel.EMAIL: "may_email",
    Channel.LETTER: "may_post",
}


def moment(day, time) -> datetime:
    return timezone.make_aware(datetime.combine(day, time))


def is_on_a_day_to_come(appointment: Appointment) -> bool:
    return timezone.localdate(appointment.starts_at) > timezone.localdate()


def mode_question(label: str, **kwargs):
    return one_of(Mode.choices, label, "Choose in person, phone or video", widget=forms.Select, **kwargs)


def place_question():
    choices = [("", "Not in person"), *Place.choices]
    return one_of(choices, "Where, if in person", "Choose where", widget=forms.Select)


def check_place(form: forms.Form) -> None:
    """A meeting in person is somewhere; one by phone or video is nowhere."""
    if form.cleaned_data.get("mode") not in (Mode.IN_PERSON, None):
        form.errors.pop("place", None)
        form.cleaned_data["place"] = ""


class TimedForm(forms.Form):
    """A day and a time of day, which become one moment (`starts_at`)."""

    day = ShortDateField(
        label="Day",
        earliest=-LATE_ENTRY_DAYS,
        latest=365,
        quick_picks=SOON,
        error_messages={"required": "Enter the day"},
    )
    time = TimeField(label="Time")

    def clean(self):
        super().clean()
        if "day" in self.cleaned_data and "time" in self.cleaned_data:
            self.cleaned_data["starts_at"] = moment(self.cleaned_data.pop("day"), self.cleaned_data.pop("time"))


class BookForm(OnceForm, TimedForm):
    worker = WorkerChoice("Who with")
    minutes_planned = minutes("Minutes", initial=45)
    mode = mode_question("How", initial=Mode.IN_PERSON)
    place = place_question()
    place_detail = text("Where exactly", 200)
    accompanied = ticked("Going with them to a service")

    helper = laid_out(
        Row("day", "time", "minutes_planned"),
        Row("mode", "place", "place_detail"),
        "accompanied",
        "worker",
    )

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = organisation.members

    @staticmethod
    def initial_of(case: Case, by: User) -> dict:
        """As last time, with whoever is booking."""
        last = case.appointments.order_by("-starts_at", "-id").first()
        usual = {"worker": by, "day": timezone.localdate() + A_WEEK}
        if last is None:
            return usual
        same = ["mode", "place", "place_detail", "minutes_planned"]
        return usual | {field: getattr(last, field) for field in same} | {"time": timezone.localtime(last.starts_at)}

    @staticmethod
    def asked_for(address: dict) -> dict:
        """A visit to a service together, where the address of the page asks for one."""
        if not address.get("accompanied"):
            return {}
        asked = {name: address.get(name, "") for name in ["place", "place_detail"]}
        return asked | {"accompanied": True, "mode": Mode.IN_PERSON}

    def clean(self):
        super().clean()
        check_place(self)
        if self.cleaned_data.get("mode") != Mode.IN_PERSON:
            self.cleaned_data |= {"place_detail": "", "accompanied": False}


class MoveForm(TimedForm):
    """Another time for a booked meeting."""

    version = revision()

    helper = laid_out("version", Row("day", "time"))

    @staticmethod
    def initial_of(appointment: Appointment) -> dict:
        starts_at = timezone.localtime(appointment.starts_at)
        return {"version": appointment.history.count(), "day": starts_at.date(), "time": starts_at}

    def clean(self):
        super().clean()
        if self.cleaned_data.get("starts_at", timezone.now()) < timezone.now():
            raise ValidationError("Choose a time that is still to come")


class LogMeetingForm(forms.Form):
    """How a booked meeting went, and what is next. What another answer would have asked is not asked."""

    outcome = one_of(Outcome.choices, "How did it go?", "Choose how it went")
    mode = mode_question("How you met")
    place = place_question()
    accompanied = ticked("Went with them to a service")
    minutes = minutes("Minutes together", required=False)
    barrier = perhaps_one_of(MissedBarrier.choices, "What got in the way, if you know", "Not known")
    try_again_on = day_to_come("Follow up on", "Enter a day to follow up: the door stays open", required=False)
    note = text("Note", 20_000, rows=5)
    next = one_of([], "Next", "Choose what is next")
    follow_up_on = day_to_come("Follow up on", "Enter the day to follow up", required=False)
    follow_up_about = text("What about", 300)

    helper = laid_out(
        Reveal(
            "outcome",
            {
                Outcome.ATTENDED: [Row("mode", "place", "minutes"), "accompanied"],
                Outcome.MISSED: ["barrier", "try_again_on"],
            },
        ),
        "note",
        Reveal("next", {"follow_up": ["follow_up_on", "follow_up_about"]}),
    )

    def __init__(self, *args, appointment: Appointment, **kwargs):
        super().__init__(*args, **kwargs)
        self.appointment = appointment
        self.fields["next"].choices = self._next_steps(appointment.case)

    @staticmethod
    def _next_steps(case: Case) -> list[tuple[str, str]]:
        steps = [("nothing", "Nothing for now"), ("follow_up", "Follow up on a day")]
        if case.is_open:
            steps.append(("book", "Book the next meeting"))
        if "hold" in case.allowed_moves:
            steps.append(("hold", "Start a hold"))
        return steps

    @staticmethod
    def initial_of(appointment: Appointment, outcome: str = "") -> dict:
        """As booked, as long as last time; Met, unless the meeting is on a day to come."""
        likely = "" if is_on_a_day_to_come(appointment) else Outcome.ATTENDED
        last = appointment.case.appointments.filter(outcome=Outcome.ATTENDED).order_by("-starts_at", "-id").first()
        return {
            "outcome": outcome if outcome in Outcome.values else likely,
            "mode": appointment.mode,
            "place": appointment.place,
            "accompanied": appointment.accompanied,
            "minutes": (last and last.minutes) or appointment.minutes_planned,
            "try_again_on": timezone.localdate() + A_WEEK,
            "follow_up_on": timezone.localdate() + A_WEEK,
            "next": "nothing",
        }

    def clean_outcome(self):
        outcome = self.cleaned_data["outcome"]
        if outcome in HAPPENED and is_on_a_day_to_come(self.appointment):
            raise ValidationError("This meeting is still to come. Choose who cancelled it, or move it instead")
        return outcome

    def clean(self):
        super().clean()
        outcome = self.cleaned_data.get("outcome")
        if outcome == Outcome.ATTENDED:
            check_place(self)
        if self.cleaned_data.get("next") == "follow_up":
            self._need("follow_up_on")
        elif outcome == Outcome.MISSED:
            self._need("try_again_on")
        for field in self._not_asked():
            self.errors.pop(field, None)

    def _need(self, field: str) -> None:
        if not self.cleaned_data.get(field) and field not in self.errors:
            self.add_error(field, self.fields[field].error_messages["required"])

    def _not_asked(self) -> set[str]:
        """Questions the answers given do not open: what was typed there is nobody's mistake."""
        outcome = self.cleaned_data.get("outcome")
        opened = {
            Outcome.ATTENDED: {"mode", "place", "accompanied", "minutes"},
            Outcome.MISSED: {"barrier", "try_again_on"},
        }
        closed = {field for answer, fields in opened.items() if answer != outcome for field in fields}
        if self.cleaned_data.get("next") != "follow_up":
            closed |= {"follow_up_on", "follow_up_about"}
        elif outcome == Outcome.MISSED:
            closed.add("try_again_on")
        return closed

    @property
    def account(self) -> dict:
        """What actions.log_outcome takes. A meeting that did not happen keeps its mode and place as booked."""
        data, booked = self.cleaned_data, self.appointment
        account = {"outcome": data["outcome"], "note": data["note"], "mode": booked.mode, "place": booked.place}
        if data["outcome"] == Outcome.ATTENDED:
            account |= {field: data[field] for field in ["mode", "place", "minutes"]}
            account["accompanied"] = data["accompanied"] and data["mode"] == Mode.IN_PERSON
        else:
            account["accompanied"] = booked.accompanied
        missed = data["outcome"] == Outcome.MISSED
        if missed:
            account |= {"barrier": data["barrier"], "follow_up_on": data["try_again_on"]}
            account["follow_up_about"] = AFTER_MISSED
        if data["next"] == "follow_up":
            account["follow_up_on"] = data["follow_up_on"]
            account["follow_up_about"] = data["follow_up_about"] or (AFTER_MISSED if missed else GET_IN_TOUCH)
        return account


class ContactForm(OnceForm):
    """Anything unbooked."""

    channel = one_of(Channel.choices, "How", "Choose how", initial=Channel.CALL)
    result = one_of([], "Who did you reach?", "Choose who you reached, or that you did not reach them")
    day = ShortDateField(
        label="Day", earliest=-LATE_ENTRY_DAYS, latest=0, error_messages={"required": "Enter the day"}
    )
    time = TimeField(label="Time")
    minutes = minutes("Minutes", required=False)
    note = text("Note", 20_000, rows=4)
    follow_up_on = day_to_come("Follow up on", "Enter the day to follow up", required=False)
    follow_up_about = text("What about", 300)

    helper = laid_out(
        Row("channel", "result"),
        "note",
        Row("day", "time", "minutes"),
        Row("follow_up_on", "follow_up_about"),
    )

    def __init__(self, *args, person: Patient, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(channel.value, channel_words(channel, person)) for channel in Channel]
        self.fields["result"].choices = [
            ("reached", person.short_name),
            ("not_reached", f"Tried, and did not reach {person.short_name}"),
            (WithWhom.FAMILY.value, WithWhom.FAMILY.label),
            (WithWhom.PROFESSIONAL.value, WithWhom.PROFESSIONAL.label),
        ]

    @staticmethod
    def initial_now() -> dict:
        now = timezone.localtime()
        return {"day": now.date(), "time": now}

    def clean(self):
        super().clean()
        data = self.cleaned_data
        result = data.pop("result", None)
        data["reached"] = result == "reached"
        data["with_whom"] = result if result in WithWhom.values else WithWhom.PERSON
        if data.get("follow_up_on") and not data.get("follow_up_about"):
            data["follow_up_about"] = GET_IN_TOUCH
        if "day" in data and "time" in data:
            data["at"] = moment(data.pop("day"), data.pop("time"))
            if data["at"] > timezone.now():
                self.add_error("time", "Enter a time that has passed")


def channel_words(channel: Channel, person: Patient) -> str:
    """The channel, and beside it that the person has not agreed to it where they have not."""
    permission = PERMISSION_FOR.get(channel)
    if permission is None or getattr(person, permission):
        return channel.label
    return f"{channel.label}: {person.short_name} has not agreed to this"
