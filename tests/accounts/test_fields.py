from datetime import date, time, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.fields import BirthDateField, DayMonthYearField, ShortDateField, TimeField


def error_of(field, typed):
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return caught.value.messages[0]


@pytest.mark.parametrize(
    "typed", [["27", "3", "1985"], [" 27 ", "03", "1985"], ["27", "March", "1985"], ["27", "mar", "1985"]]
)
def test_a_date_in_three_boxes_is_read(typed):
    assert DayMonthYearField().clean(typed) == date(1985, 3, 27)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (["", "", ""], "Enter a date, like 27 3 1985"),
        (["27", "", "1985"], "Enter the month too"),
        (["", "", "1985"], "Enter the day and the month too"),
        (["29", "2", "2026"], "Enter a real date, like 27 3 1985"),
        (["27", "Smarch", "1985"], "Enter a real date, like 27 3 1985"),
        (["27", "3", "85"], "Enter the year in full, like 1985"),
        (["²", "3", "1985"], "Enter a real date, like 27 3 1985"),
        (["27", "3", "9" * 19], "Enter a real date, like 27 3 1985"),
    ],
)
def test_a_date_that_is_not_one_is_refused_in_plain_words(typed, error):
    assert error_of(DayMonthYearField(), typed) == error


def test_an_optional_date_may_be_left_empty():
    assert DayMonthYearField(required=False).clean(["", "", ""]) is None


@given(st.lists(st.text(max_size=30), min_size=3, max_size=3))
def test_whatever_is_typed_gives_a_date_or_a_plain_error(typed):
    try:
        assert isinstance(DayMonthYearField(required=False).clean(typed), date | None)
    except ValidationError as error:
        assert error.messages[0].startswith("Enter ")


def test_what_was_typed_is_still_there_after_an_error():
    class BirthForm(forms.Form):
        born = BirthDateField()

    form = BirthForm({"born_day": "31", "born_month": "Smarch", "born_year": "1985"})
    assert form["born"].value() == ["31", "Smarch", "1985"]
    assert 'value="Smarch"' in str(form["born"])


def test_a_date_of_birth_is_in_the_past():
    tomorrow = timezone.localdate() + timedelta(days=1)
    typed = [str(tomorrow.day), str(tomorrow.month), str(tomorrow.year)]
    assert error_of(BirthDateField(), typed) == "A date of birth is in the past"
    assert error_of(BirthDateField(), ["1", "1", "1899"]) == "Check the year: it is before 1900"


@pytest.mark.parametrize("typed", ["2026-11-30", "30/11/2026", "30 11 2026", "30 November 2026"])
def test_a_near_date_is_read_as_the_browser_sends_it_or_as_people_type_it(typed):
    assert ShortDateField().clean(typed) == date(2026, 11, 30)


def test_a_near_date_keeps_to_its_bounds():
    today = timezone.localdate()
    assert ShortDateField(earliest=0).clean(today.isoformat()) == today
    assert error_of(ShortDateField(earliest=0), str(today - timedelta(days=1))) == "Choose a day from today on"
    assert error_of(ShortDateField(latest=0), str(today + timedelta(days=1))) == "Choose today or a day before"
    assert error_of(ShortDateField(latest=365), "9999-12-31") == "This date is too far ahead"


def test_quick_picks_carry_dates_counted_from_the_local_today():
    class ReviewForm(forms.Form):
        review_on = ShortDateField(quick_picks={"in 1 week": 7})

    in_a_week = (timezone.localdate() + timedelta(days=7)).isoformat()
    assert f'data-quick-date="{in_a_week}"' in str(ReviewForm()["review_on"])


@pytest.mark.parametrize("typed", ["14:00", "14.00", "1400", "2pm", "2 PM", "2:00pm"])
def test_a_time_is_read_however_it_is_typed(typed):
    assert TimeField().clean(typed) == time(14)


def test_a_time_that_is_not_one_is_refused():
    assert error_of(TimeField(), "25:00") == "Enter a real time, like 10:30"
