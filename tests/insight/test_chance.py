"""Chance, against worked examples that others have published."""

import pytest

from insight.chance import between, differs, funnel_limits, of_median, wilson


@pytest.mark.parametrize(
    "hits, n, interval",
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0.0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_the_interval_of_a_share_is_that_of_newcombe_1998(hits, n, interval):
    """Table I of Statistics in Medicine 17:857-72, method 3."""
    assert wilson(hits, n) == pytest.approx(interval, abs=0.00006)


@pytest.mark.parametrize(
    "one, other, interval",
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ],
)
def test_the_interval_of_a_difference_is_that_of_newcombe_1998(one, other, interval):
    """Table II of Statistics in Medicine 17:873-90, method 10."""
    assert between(one, other) == pytest.approx(interval, abs=0.00006)


@pytest.mark.parametrize("n, ranks", [(10, (2, 9)), (12, (3, 10)), (15, (4, 12)), (20, (6, 15)), (100, (40, 61))])
def test_the_interval_of_a_median_has_the_ranks_of_campbell_and_gardner_1988(n, ranks):
    """BMJ 296:1454-6, the exact table; 100 as its formula gives it."""
    assert of_median({value: 1 for value in range(1, n + 1)}) == ranks


def test_a_median_of_five_has_no_interval():
    assert of_median({1: 2, 7: 3}) is None


def test_ties_count_as_often_as_they_are():
    assert of_median({3: 4, 5: 12, 9: 4}) == (5, 5)


def test_the_limits_of_a_funnel_lie_between_hits_of_the_binomial_table():
    """Of 20 at a half, tables give P(at most 5) 0.0207 and P(at most 6) 0.0577: 2.5 in 100 lies between."""
    low, high = funnel_limits(0.5, 20, 0.05)
    expected = (6 - (0.0577 - 0.025) / (0.0577 - 0.0207)) / 20
    assert low == pytest.approx(expected, abs=0.0002)
    assert high == pytest.approx((14 - (0.9793 - 0.975) / (0.9793 - 0.9423)) / 20, abs=0.0002)


def test_the_limits_of_a_funnel_close_as_it_grows():
    near = funnel_limits(0.3, 40_000, 0.05)
    assert near == pytest.approx((0.3 - 1.96 * 0.00229, 0.3 + 1.96 * 0.00229), abs=0.0001)
    assert funnel_limits(0.0, 12, 0.05) == (0, 0)


def test_a_difference_that_chance_makes_is_none():
    assert not differs((5, 10), (60, 100))
    assert differs((5, 100), (60, 100))
    assert not differs((0, 0), (60, 100))
