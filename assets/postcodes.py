"""UK postcodes: their form, not whether Royal Mail delivers there."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Outward: area letters, district digit, maybe a further digit or letter. Inward: a digit
# and two letters, which are never C, I, K, M, O or V.
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
NOT_A_POSTCODE = "Enter a full UK postcode, like G2 8AE"


def without_spacing(value: str) -> str:
    """What was typed, less the spaces, hyphens and invisible characters that come with copying."""
    return "".join(c for c in value if not c.isspace() and unicodedata.category(c) not in ("Cf", "Pd"))


def normalise_postcode(value: str) -> str:
    """The postcode as Royal Mail writes it: "g28ae" gives "G2 8AE". Raises ValidationError."""
    match = POSTCODE.fullmatch(without_spacing(value).upper())
    if match is None:
        raise ValidationError(NOT_A_POSTCODE, code="postcode")
    return f"{match[1]} {match[2]}"


def is_postcode(value: str) -> bool:
    try:
        normalise_postcode(value)
    except ValidationError:
        return False
    return True


def district_of(value: str) -> str:
    """G31, of G31 4AB, or where no more is known than that; nothing of what is neither."""
    if DISTRICT.fullmatch(value):
        return value
    return normalise_postcode(value).split(" ")[0] if is_postcode(value) else ""
