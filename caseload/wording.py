"""The words of messages to people: templates, what stands for something in them, what a locked phone shows."""

import re
from collections.abc import Iterable
from uuid import UUID, uuid5

from accounts.lock_screen import gives_away, shown_of
from accounts.models import Organisation, User
from accounts.words import day_and_time
from caseload.enums import Occasion
from caseload.models import Case, MessageTemplate

FIRST_NAME, WORKER, WHEN, PHONE = "first_name", "worker", "when", "phone"
# What may stand in a template, and what it becomes.
PLACEHOLDERS = {
    FIRST_NAME: "what they like to be called",
    WORKER: "the first name of whoever writes",
    WHEN: "when the next meeting is",
    PHONE: "the phone number on our settings page",
}
EXAMPLE = {FIRST_NAME: "Sam", WORKER: "Amina", WHEN: "tomorrow 10:30", PHONE: "0141 496 0000"}
IN_BRACES = re.compile(r"{([^{}]*)}")

# What a message is about, on the timeline.
ABOUT = {
    Occasion.AFTER_MISSED: "a way back after a missed meeting",
    Occasion.MEETING: "the next meeting",
    Occasion.HOLDING: "thinking of them",
    Occasion.WAY_BACK: "the way back",
    Occasion.ANY: "",
}

# What comes with Linkwork. An organisation changes them, or adds its own.
SHIPPED = {
    "after_missed": (
        Occasion.AFTER_MISSED,
        "No worries about missing each other",
        "Hello {first_name}, it is {worker}. No worries that we missed each other. I hope you are all right. Nothing "
        "changes: whenever you like, we find another time. Text back, or ring me on {phone}.",
    ),
    "after_missed_again": (
        Occasion.AFTER_MISSED,
        "Still here, no need to explain",
        "Hello {first_name}, {worker} here. I am thinking of you. There is no need to explain anything, and your "
        "place is kept. A time, a day or a way to talk that suits you better is easy to find. I am on {phone}.",
    ),
    "meeting": (
        Occasion.MEETING,
        "When we meet",
        "Hello {first_name}, it is {worker}. We meet {when}. If that does not suit any more, let me know on {phone} "
        "and we find another time.",
    ),
    "holding": (
        Occasion.HOLDING,
        "Thinking of you",
        "Hello {first_name}, it is {worker}. No news yet, and I have not forgotten you. How are you getting on? Ring "
        "or text me on {phone} any time; otherwise I will be in touch.",
    ),
    "way_back": (
        Occasion.WAY_BACK,
        "The way back",
        "Hello {first_name}, it is {worker}. It was good to walk beside you for a while. If things change, ring "
        "{phone} and say we know each other. No forms, no going back to the start.",
    ),
}


def templates_of(organisation: Organisation) -> list[MessageTemplate]:
    """Its own, and those that come with Linkwork and were not changed; by occasion, then name."""
    own = {template.pk: template for template in organisation.message_templates.select_related("changed_by")}
    shipped = {(template := _shipped(organisation, key)).pk: template for key in SHIPPED}
    places = {occasion: place for place, occasion in enumerate(Occasion.values)}
    return sorted((shipped | own).values(), key=lambda t: (places[t.occasion], t.name.lower(), str(t.pk)))


def offered_by(organisation: Organisation) -> list[MessageTemplate]:
    return [template for template in templates_of(organisation) if template.is_offered]


def shipped_id(organisation: Organisation, key: str) -> UUID:
    """The same each time, so that a template is found whether or not it has become a row."""
    return uuid5(organisation.pk, key)


def _shipped(organisation: Organisation, key: str) -> MessageTemplate:
    occasion, name, body = SHIPPED[key]
    return MessageTemplate(
        pk=shipped_id(organisation, key), organisation=organisation, occasion=occasion, name=name, body=body
    )


def unknown_in(words: str) -> list[str]:
    """What stands in braces and means nothing here, as it stands there."""
    return [found.group() for found in IN_BRACES.finditer(words) if found.group(1) not in PLACEHOLDERS]


def values_for(case: Case, by: User) -> dict[str, str]:
    """What each placeholder becomes; empty where that is not known."""
    meeting = case.appointments.booked().order_by("starts_at", "id").first()
    return {
        FIRST_NAME: case.patient.short_name,
        WORKER: by.first_name,
        WHEN: day_and_time(meeting.starts_at) if meeting else "",
        PHONE: phone_of(case.organisation),
    }


def filled(words: str, values: dict[str, str]) -> str:
    """With what each placeholder becomes. One whose value is not known stays, for the writer to see."""
    return IN_BRACES.sub(lambda found: values.get(found.group(1)) or found.group(), words)


def left_in(words: str) -> list[str]:
    return [found.group() for found in IN_BRACES.finditer(words)]


def phone_of(organisation: Organisation) -> str:
    return organisation.policy.message_phone or organisation.phone


def sender_of(organisation: Organisation, by: User) -> str:
    """The name a message shows as from: the organisation's choice, or the worker's first name. Never what we are."""
    return organisation.policy.message_sender or by.first_name


def subject_of(sender: str) -> str:
    return f"A message from {sender}"


def given_away(case: Case, body: str) -> str:
    """What the beginning of a message, as a locked phone shows it, would say of somebody. Empty: nothing."""
    return gives_away(shown_of(body), _names_around(case))


def _names_around(case: Case) -> Iterable[str]:
    """Of services and offices: a name alone says what somebody goes there for."""
    yield from (case.organisation.name, case.practice.name)
    yield from (item.asset.name for item in case.shortlist.select_related("asset"))
    yield from (onward.asset.name for onward in case.onward_referrals.select_related("asset"))
    yield from (hold.awaited_asset.name for hold in case.holds.select_related("awaited_asset") if hold.awaited_asset)
