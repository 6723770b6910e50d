import json
from calendar import isleap

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from nhs_number import calculate_checksum

from caseload.enums import NumberKind
from caseload.identifiers import NHS_REGIONS, display_number, validate_chi_number, validate_nhs_number
from tests.shared_data import shared


def checked(nine: str) -> str | None:
    """The nine digits and their check digit; None where no digit would do."""
    check = calculate_checksum(nine)
    return None if check == 10 else f"{nine}{check}"


def numbers(start: int, end: int):
    return st.integers(start, end).map(lambda n: checked(f"{n:09}")).filter(bool)


NHS_NUMBERS = st.one_of(numbers(400_000_000, 499_999_999), numbers(600_000_000, 799_999_999)) | numbers(
    999_000_000, 999_999_999
)
CHI_NUMBERS = st.builds(lambda day, rest: checked(f"{day:%d%m%y}{rest:03}"), st.dates(), st.integers(0, 999)).filter(
    bool
)


def refusal(validate, typed: str) -> str:
    with pytest.raises(ValidationError) as caught:
        validate(typed)
    return caught.value.messages[0]


@given(NHS_NUMBERS)
def test_nhs_number_reads_back_from_how_it_is_shown(number):
    assert validate_nhs_number(display_number(NumberKind.NHS, number)) == number


@given(CHI_NUMBERS)
def test_chi_number_reads_back_from_how_it_is_shown(number):
    assert validate_chi_number(display_number(NumberKind.CHI, number)) == number


@given(st.one_of(NHS_NUMBERS, CHI_NUMBERS), st.integers(0, 9), st.integers(1, 9))
def test_any_one_wrong_digit_is_caught(number, place, shift):
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert refusal(validate_nhs_number, wrong) == "Check the NHS number: one of its digits is wrong"
    assert refusal(validate_chi_number, wrong) == "Check the CHI number: one of its digits is wrong"


@given(st.one_of(NHS_NUMBERS, CHI_NUMBERS), st.integers(0, 8))
def test_any_two_neighbours_swapped_are_caught(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    if swapped != number:
        assert refusal(validate_nhs_number, swapped) == "Check the NHS number: one of its digits is wrong"


@given(st.text(max_size=30))
def test_anything_typed_is_ten_digits_or_a_plain_refusal(typed):
    for validate in (validate_nhs_number, validate_chi_number):
        try:
            digits = validate(typed)
        except ValidationError as error:
            assert len(error.messages) == 1
        else:
            assert (len(digits), digits.isdigit(), digits.isascii()) == (10, True, True)


@pytest.mark.parametrize(
    "typed", ["999 000 0018", "999-000-0018", " 9990000018 ", "999\u00a0000\u20110018", "\u200e9990000018\u200b"]
)
def test_spaces_hyphens_and_what_copying_brings_are_forgiven(typed):
    assert validate_nhs_number(typed) == "9990000018"


@pytest.mark.parametrize("typed", ["", "999000001", "99900000180", "99900000l8", "٩٩٩٠٠٠٠٠١٨", "999.000.0018"])
def test_nhs_number_without_ten_digits_is_refused(typed):
    assert refusal(validate_nhs_number, typed) == "Enter an NHS number with 10 digits"


def test_chi_number_without_ten_digits_is_refused():
    assert refusal(validate_chi_number, "010101111") == "Enter a CHI number with 10 digits"


def test_chi_number_typed_as_nhs_number_is_named():
    assert (
        refusal(validate_nhs_number, "0101011113")
        == "This looks like a CHI number. Choose CHI number, or check the digits"
    )


def test_nhs_number_typed_as_chi_number_is_named():
    assert (
        refusal(validate_chi_number, "4000000632")
        == "This looks like an NHS number. Choose NHS number, or check the digits"
    )


def test_irish_number_is_named():
    assert refusal(validate_nhs_number, "8453035113") == "This looks like an Irish health number, not an NHS number"


@pytest.mark.parametrize("number", ["0000000000", checked("312000000"), checked("555000000"), checked("870000001")])
def test_number_nobody_has_been_given_is_refused(number):
    assert refusal(validate_nhs_number, number) == "Check the NHS number: none has been issued that starts like this"


def test_northern_ireland_number_is_taken_as_nhs_number():
    assert validate_nhs_number("346 295 0622") == "3462950622"


@pytest.mark.parametrize("first_six", ["011301", "300201", "000101", "310401", "010001"])
def test_chi_number_without_a_date_is_refused(first_six):
    number = next(filter(None, (checked(f"{first_six}{n:03}") for n in range(1000))))

    assert refusal(validate_chi_number, number) == "Check the CHI number: its first six digits are not a date"


@pytest.mark.parametrize("year", range(100))
def test_chi_number_of_29_february_needs_a_leap_year_in_either_century(year):
    number = next(filter(None, (checked(f"2902{year:02}{n:03}") for n in range(1000))))

    if isleap(1900 + year) or isleap(2000 + year):
        assert validate_chi_number(number) == number
    else:
        assert refusal(validate_chi_number, number) == "Check the CHI number: its first six digits are not a date"


def test_shown_numbers_are_grouped_as_staff_read_them():
    assert display_number(NumberKind.NHS, "9990000018") == "999 000 0018"
    assert display_number(NumberKind.CHI, "0101011113") == "010101 1113"
    assert display_number(NumberKind.NONE, "") == ""


def test_published_cases_of_validity_hold():
    cases = json.loads(shared("identifiers/nhs_number_cases.json").read_text())["is_valid"]

    for case in cases:
        digits = case["input"].replace(" ", "")
        in_range = digits.isdigit() and any(region.contains_number(digits) for region in NHS_REGIONS)
        assert is_refused(validate_nhs_number, case["input"]) != (case["valid"] and in_range)


def test_published_cases_of_region_hold():
    cases = json.loads(shared("identifiers/nhs_number_cases.json").read_text())["is_valid_for_region"]

    for case in cases:
        validate = {"SCOTLAND": validate_chi_number, "ENGLAND_WALES_IOM": validate_nhs_number}[case["region"]]
        synthetic = case["input"].startswith("9")
        assert is_refused(validate, case["input"]) != (
            case["valid"] or (synthetic and validate is validate_nhs_number)
        )


def is_refused(validate, typed: str) -> bool:
    try:
        validate(typed)
    except ValidationError:
        return True
    return False
