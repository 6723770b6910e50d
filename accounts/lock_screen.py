"""What anybody who glances at a locked phone would learn: the sender's name and how a message begins."""

import re
from collections.abc import Iterable

SHOWN = 40

# Health, the services around it, and what people are helped with: beginnings of words, so that "counsel" is any of
# counsellor and counselling.
BEGINNINGS = (
    "abus addict alcohol anorexi anxi asylum autis bailiff bereave bipolar cancer carer clinic counsel debt dementia "
    "depress detox diabet diagnos disab doctor domestic drinking drug dying evict gambl grief homeless hospi housing "
    "immigra lgbt lonel medic mental nurse obes patient poverty pregnan prescri prison probation psych recovery "
    "refuge rehab relapse safeguard schizo self-harm sexual suicid surgeon surger symptom therap trauma treatment "
    "violen welfare wellbeing well-being"
)
# And these as they stand.
AS_THEY_STAND = (
    "appointments?|benefits?|court|eating|food|gps?|health|hiv|link workers?|nhs|pain|practice|social|support|"
    "universal credit"
)
GIVES_AWAY = re.compile(rf"\b(?:(?:{BEGINNINGS.replace(' ', '|')})[\w-]*|(?:{AS_THEY_STAND})\b)", re.IGNORECASE)


def shown_of(words: str) -> str:
    """What a lock screen shows of a message: its beginning, on one line."""
    return " ".join(words.split())[:SHOWN]


def gives_away(words: str, names: Iterable[str] = ()) -> str:
    """The first of these words that says something of a person, or of these names; empty where none does."""
    named = next((name for name in names if name and name.lower() in words.lower()), "")
    found = GIVES_AWAY.search(words)
    return named or (found.group() if found else "")
