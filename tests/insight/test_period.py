from datetime import UTC, date, datetime

import pytest

from insight.period import Period

D = date


def utc(*when):
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    "first, last, before",
    [
        (D(2026, 10, 1), D(2026, 10, 31), (D(2026, 9, 1), D(2026, 9, 30))),
        (D(2024, 2, 1), D(2024, 2, 29), (D(2024, 1, 1), D(2024, 1, 31))),
        (D(2025, 11, 1), D(2026, 10, 31), (D(2024, 11, 1), D(2025, 10, 31))),
        (D(2026, 3, 1), D(2026, 3, 29), (D(2026, 1, 31), D(2026, 2, 28))),
        (D(2026, 11, 26), D(2026, 11, 26), (D(2026, 11, 25), D(2026, 11, 25))),
    ],
)
def test_the_period_before_is_as_long(first, last, before):
    assert Period(first, last).before == Period(*before)


def test_a_day_begins_and_ends_by_the_clock_on_the_wall():
    """On 29 March 2026 the clocks go forward: 23 hours. On 25 October back: 25."""
    spring, autumn = Period(D(2026, 3, 29), D(2026, 3, 29)), Period(D(2026, 10, 25), D(2026, 10, 25))
    assert (spring.starts_at, spring.ends_at) == (utc(2026, 3, 29, 0), utc(2026, 3, 29, 23))
    assert (autumn.starts_at, autumn.ends_at) == (utc(2026, 10, 24, 23), utc(2026, 10, 26, 0))


def test_a_period_falls_into_parts_of_months():
    parts = list(Period(D(2026, 1, 20), D(2026, 3, 2)).by_month())
    assert parts == [
        Period(D(2026, 1, 20), D(2026, 1, 31)),
        Period(D(2026, 2, 1), D(2026, 2, 28)),
        Period(D(2026, 3, 1), D(2026, 3, 2)),
    ]


@pytest.mark.parametrize(
    "first, last, said",
    [
        (D(2026, 10, 1), D(2026, 10, 31), "October 2026"),
        (D(2026, 1, 1), D(2026, 10, 31), "January to October 2026"),
        (D(2025, 11, 1), D(2026, 10, 31), "November 2025 to October 2026"),
        (D(2026, 3, 3), D(2026, 4, 9), "3 March to 9 April 2026"),
    ],
)
def test_a_period_says_itself(first, last, said):
    assert str(Period(first, last)) == said
