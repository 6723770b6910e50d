"""What a service is told of a person: the least it needs, and in one place, so that nothing else can slip in."""

import re
from dataclasses import dataclass

from caseload.models import Patient

# How they may be reached: what they must have agreed to, where it leads to, and what the service reads.
CHANNELS = {
    "call": ("may_call", "phone", "Ring"),
    "text": ("may_text", "phone", "Text"),
    "email": ("may_email", "email", "Email"),
}


@dataclass(frozen=True)
class Words:
    """What the worker chose to say: what they would like, and what to know before getting in touch."""

    wants: str
    before_contact: str = ""


def channels_of(person: Patient) -> list[tuple[str, str]]:
    """(channel, "Ring 0141 496 0000") of each way the person has agreed to, and has."""
    return [
        (channel, _reach(person, channel))
        for channel, (permission, where, _) in CHANNELS.items()
        if getattr(person, permission) and getattr(person, where)
    ]


def _reach(person: Patient, channel: str) -> str:
    _, where, verb = CHANNELS[channel]
    voicemail = ". Leave no voicemail" if channel == "call" and not person.may_voicemail else ""
    return f"{verb} {getattr(person, where)}{voicemail}"


def what_is_shared(
    person: Patient, words: Words, *, channels: list[str], interpreter: bool = False, access: bool = False
) -> dict:
    """Exactly what the service reads: {"name", "wants", "reach": […], …}, with nothing the worker did not choose."""
    permitted = dict(channels_of(person))
    shared = {
        "name": person.short_name,
        "wants": words.wants,
        "reach": [permitted[channel] for channel in channels if channel in permitted],
        "before_contact": words.before_contact,
        "interpreter": person.interpreter_language if interpreter else "",
        "access": person.access_needs if access else "",
    }
    return {key: value for key, value in shared.items() if value}


def too_much(person: Patient, text: str) -> str:
    """What in these words identifies the person beyond their first name; nothing when they are fit to send."""
    digits, squeezed = re.sub(r"\D", "", text), re.sub(r"\W", "", text).lower()
    if person.number and person.number in digits:
        return f"their {person.get_number_kind_display()}"
    if person.postcode and re.sub(r"\W", "", person.postcode).lower() in squeezed:
        return "their postcode"
    line = next(iter(person.address.splitlines()), "")
    if line and re.sub(r"\W", "", line).lower() in squeezed:
        return "their address"
    return ""
