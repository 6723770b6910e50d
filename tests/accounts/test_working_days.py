from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Nation
from accounts.working_days import add_working_days, is_working_day, working_days_between

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
NATIONS = st.sampled_from(Nation.values)


@pytest.mark.parametrize(
    ("day", "off_in"),
    [
        (date(2026, 1, 1), ["scotland", "england", "wales", "northern_ireland"]),
        (date(2026, 1, 2), ["scotland"]),
        (date(2026, 3, 17), ["northern_ireland"]),
        (date(2026, 4, 3), ["scotland", "england", "wales", "northern_ireland"]),
        (date(2026, 4, 6), ["england", "wales", "northern_ireland"]),
        (date(2026, 7, 13), ["northern_ireland"]),
        (date(2026, 8, 3), ["scotland"]),
        (date(2026, 8, 31), ["england", "wales", "northern_ireland"]),
        (date(2026, 11, 30), ["scotland"]),
        (date(2026, 11, 24), []),
        # Substitutes, when the day itself falls on a weekend.
        (date(2027, 1, 4), ["scotland"]),
        (date(2024, 12, 2), ["scotland"]),
        (date(2026, 12, 28), ["scotland", "england", "wales", "northern_ireland"]),
        # One-off days, and one that was moved.
        (date(2022, 9, 19), ["scotland", "england", "wales", "northern_ireland"]),
        (date(2023, 5, 8), ["scotland", "england", "wales", "northern_ireland"]),
        (date(2020, 5, 4), []),
        (date(2020, 5, 8), ["scotland", "england", "wales", "northern_ireland"]),
    ],
)
def test_bank_holiday_is_that_of_the_nation(day, off_in):
    assert [nation for nation in Nation.values if not is_working_day(day, nation)] == sorted(
        off_in, key=Nation.values.index
    )


def test_weekend_is_no_working_day():
    assert not is_working_day(date(2026, 11, 21), Nation.WALES)
    assert not is_working_day(date(2026, 11, 22), Nation.WALES)


def test_adding_working_days_steps_over_weekend_and_new_year():
    assert add_working_days(date(2026, 12, 31), 1, Nation.ENGLAND) == date(2027, 1, 4)
    assert add_working_days(date(2026, 12, 31), 1, Nation.SCOTLAND) == date(2027, 1, 5)


def test_taking_working_days_away_steps_back_over_them():
    assert add_working_days(date(2026, 11, 23), -3, Nation.ENGLAND) == date(2026, 11, 18)


def test_adding_none_is_the_same_day():
    assert add_working_days(date(2026, 11, 22), 0, Nation.ENGLAND) == date(2026, 11, 22)


def test_working_days_between_counts_the_last_day_and_not_the_first():
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 23), Nation.ENGLAND) == 1
    assert working_days_between(date(2026, 11, 23), date(2026, 11, 20), Nation.ENGLAND) == 0


@given(DAYS, st.integers(1, 40), NATIONS)
def test_days_added_are_the_days_between(day, count, nation):
    later = add_working_days(day, count, nation)

    assert is_working_day(later, nation)
    assert working_days_between(day, later, nation) == count
