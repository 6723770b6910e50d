"""Sex, ethnic group and age: counted to see whether the service reaches everyone alike, never required."""

from datetime import date

import pytest

from caseload.enums import AgeBand, Ethnicity, Sex
from tests.caseload.sent import errors, send, url_of
from tests.factories import PatientFactory


@pytest.mark.parametrize(
    "age, band",
    [(0, "0-17"), (17, "0-17"), (18, "18-24"), (24, "18-24"), (25, "25-34"), (84, "75-84"), (85, "85+"), (104, "85+")],
)
def test_an_age_falls_into_one_band(age, band):
    assert AgeBand.of(age) == band


def test_a_band_is_of_the_day_asked_about():
    person = PatientFactory.build(date_of_birth=date(2000, 2, 29))
    assert person.age_band_on(date(2025, 2, 28)) == AgeBand.FROM_18
    assert person.age_band_on(date(2025, 3, 1)) == AgeBand.FROM_25


def test_nobody_has_to_say(sam):
    assert (sam.sex, sam.ethnicity) == (Sex.NOT_KNOWN, Ethnicity.NOT_KNOWN)


def test_what_they_say_is_kept_with_their_details(sign_in, amina, case, sam):
    send(sign_in(amina), url_of("details", case), sex="female", ethnicity="asian", postcode="G31 4EB")
    sam.refresh_from_db()
    assert (sam.sex, sam.ethnicity) == (Sex.FEMALE, Ethnicity.ASIAN)


def test_the_questions_are_folded_away_until_one_has_an_error(sign_in, amina, case):
    client, url = sign_in(amina), url_of("details", case)
    assert b'<details class="nhsuk-details lw-folded">' in client.get(url).content
    answer = send(client, url, sex="x")
    assert b'<details class="nhsuk-details lw-folded" open>' in answer.content
    assert "Choose a sex from the list, or “Not known”" in errors(answer)
