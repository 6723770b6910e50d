import json
import string

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from assets.postcodes import NOT_A_POSTCODE, is_postcode, normalise_postcode
from tests.shared_data import shared

INWARD_LETTERS = "".join(c for c in string.ascii_uppercase if c not in "CIKMOV")
POSTCODES = st.from_regex(
    rf"[A-Z]{{1,2}}[0-9][A-Z0-9]? [0-9][{INWARD_LETTERS}]{{2}}", fullmatch=True, alphabet=st.characters(codec="ascii")
)


@given(POSTCODES)
def test_postcode_is_left_as_royal_mail_writes_it(postcode):
    assert normalise_postcode(postcode) == postcode


@given(POSTCODES, st.data())
def test_postcode_survives_any_case_and_spacing(postcode, data):
    spaces = st.text(" \t\u00a0\u200b", max_size=2)
    typed = "".join(data.draw(spaces) + c for c in postcode.lower())

    assert normalise_postcode(typed) == postcode


@given(st.text(max_size=20))
def test_anything_typed_is_a_postcode_or_one_plain_refusal(typed):
    try:
        once = normalise_postcode(typed)
    except ValidationError as error:
        assert error.messages == [NOT_A_POSTCODE]
    else:
        assert normalise_postcode(once) == once


@pytest.mark.parametrize("typed", ["", "G2", "G2 8", "G2 8A", "G2 8AEE", "GG22 28AE", "2G 8AE", "G2 8AO", "Ｇ２ 8AE"])
def test_half_a_postcode_and_lookalikes_are_refused(typed):
    assert not is_postcode(typed)


def vectors(name: str) -> list[dict]:
    return json.loads(shared(f"postcodes/validation_vectors/{name}.json").read_text())["tests"]


def test_published_cases_of_validity_hold():
    assert [is_postcode(case["base"]) for case in vectors("validation")] == [
        case["expected"] for case in vectors("validation")
    ]


def test_published_cases_of_normal_form_hold():
    assert [normalise_postcode(c["base"]) if is_postcode(c["base"]) else None for c in vectors("normalisation")] == [
        case["expected"] for case in vectors("normalisation")
    ]


def test_published_cases_of_the_two_halves_hold():
    for name, half in (("outcodes", 0), ("incodes", 1)):
        for case in vectors(name):
            found = normalise_postcode(case["base"]).split(" ")[half] if is_postcode(case["base"]) else None
            assert found == case["expected"]
