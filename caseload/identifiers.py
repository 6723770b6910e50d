"""NHS and CHI numbers as people type them: ten digits, the last of which checks the rest (modulus 11)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from nhs_number import (
    REGION_EIRE,
    REGION_ENGLAND_WALES_IOM,
    REGION_NORTHERN_IRELAND,
    REGION_SYNTHETIC,
    calculate_checksum,
)

from assets.postcodes import without_spacing
from caseload.enums import NumberKind

# Northern Ireland's Health and Care number is its NHS number by another name.
NHS_REGIONS = [REGION_ENGLAND_WALES_IOM, REGION_NORTHERN_IRELAND, REGION_SYNTHETIC]


def validate_nhs_number(value: str) -> str:
    """The ten digits of an NHS number, or of a Northern Ireland Health and Care number. Raises ValidationError."""
    digits = _ten_digits(value, "an NHS number")
    _check_last_digit(digits, "NHS number")
    if _begins_with_date(digits):
        raise ValidationError("This looks like a CHI number. Choose CHI number, or check the digits", code="kind")
    if REGION_EIRE.contains_number(digits):
        raise ValidationError("This looks like an Irish health number, not an NHS number", code="kind")
    if not _is_in_nhs_range(digits):
        raise ValidationError("Check the NHS number: none has been issued that starts like this", code="range")
    return digits


def validate_chi_number(value: str) -> str:
    """The ten digits of a CHI number, the first six of them a date of birth. Raises ValidationError."""
    digits = _ten_digits(value, "a CHI number")
    _check_last_digit(digits, "CHI number")
    if not _begins_with_date(digits):
        if _is_in_nhs_range(digits):
            raise ValidationError("This looks like an NHS number. Choose NHS number, or check the digits", code="kind")
        raise ValidationError("Check the CHI number: its first six digits are not a date", code="date")
    return digits


VALIDATORS = {NumberKind.NHS: validate_nhs_number, NumberKind.CHI: validate_chi_number}


def display_number(kind: str, digits: str) -> str:
    """Grouped as staff read it out: "999 123 4567" for NHS, "010203 4567" for CHI."""
    if kind == NumberKind.CHI:
        return f"{digits[:6]} {digits[6:]}".strip()
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}".strip()


def _ten_digits(value: str, what: str) -> str:
    digits = without_spacing(value)
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        raise ValidationError(f"Enter {what} with 10 digits", code="digits")
    return digits


def _check_last_digit(digits: str, what: str) -> None:
    # A remainder that calls for a check digit of 10 equals no digit: such a number is never issued.
    if calculate_checksum(digits[:9]) != int(digits[9]):
        raise ValidationError(f"Check the {what}: one of its digits is wrong", code="checksum")


def _begins_with_date(digits: str) -> bool:
    """DDMMYY, the century open. 19YY and 20YY have the same days but for 00, where 2000 is the longer year."""
    try:
        datetime.strptime(digits[:6], "%d%m%y")
    except ValueError:
        return False
    return True


def _is_in_nhs_range(digits: str) -> bool:
    return any(region.contains_number(digits) for region in NHS_REGIONS)
