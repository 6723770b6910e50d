"""Chance, against worked examples that others have published."""

from fractions import Fraction
from math import comb

import pytest

from insight.chance import between, differs, funnel_limits, of_median, wilson

# Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in
# Medicine 1998;17:857-72, Table I, method 3 (score, without continuity correction), 95 %.
ONE_SHARE = [
    ((81, 263), (0.2553, 0.3662)),
    ((15, 148), (0.0624, 0.1605)),
    ((0, 20), (0.0, 0.1611)),
    ((1, 29), (0.0061, 0.1718)),
]
# Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
# Statistics in Medicine 1998;17:873-90, Table II, examples (a) to (h), method 10 (score, without correction), 95 %.
TWO_SHARES = {
    "a": ((56, 70), (48, 80), (0.0524, 0.3339)),
    "b": ((9, 10), (3, 10), (0.1705, 0.8090)),
    "c": ((6, 7), (2, 7), (0.0582, 0.8062)),
    "d": ((5, 56), (0, 29), (-0.0381, 0.1926)),
    "e": ((0, 10), (0, 20), (-0.1611, 0.2775)),
    "f": ((0, 10), (0, 10), (-0.2775, 0.2775)),
    "g": ((10, 10), (0, 20), (0.6791, 1.0)),
    "h": ((10, 10), (0, 10), (0.6075, 1.0)),
}
# Nair, "Table of confidence interval for the median in samples from any continuous population", Sankhya 1940;4:551-8,
# for 95 %, as Jarrard, "Scientific Methods" (2001), Table 5, gives it: the k-th value from either end, of 6 to 65.
NAIR = """
1 1 1 2 2 2 3 3 3 4 4 5 5 5 6 6 6 7 7 8
8 8 9 9 10 10 10 11 11 12 12 13 13 13 14 14 15 15 16 16
16 17 17 18 18 19 19 19 20 20 21 21 22 22 22 23 23 24 24 25
"""


@pytest.mark.parametrize("share, interval", ONE_SHARE)
def test_the_interval_of_a_share_is_that_of_newcombe_1998(share, interval):
    assert wilson(*share) == pytest.approx(interval, abs=0.00005)


@pytest.mark.parametrize("one, other, interval", TWO_SHARES.values(), ids=TWO_SHARES)
def test_the_interval_of_a_difference_is_that_of_newcombe_1998(one, other, interval):
    assert between(one, other) == pytest.approx(interval, abs=0.00005)


def test_the_interval_of_a_median_has_the_ranks_of_nair_1940():
    published = [(rank, n + 1 - rank) for n, rank in enumerate(map(int, NAIR.split()), 6)]
    assert [of_median(dict.fromkeys(range(1, n + 1), 1)) for n in range(6, 66)] == published


@pytest.mark.parametrize("n", [100, 200, 201, 400])
def test_the_interval_of_a_median_of_many_has_the_ranks_of_the_formula_of_campbell_and_gardner_1988(n):
    """BMJ 1988;296:1454-6: n/2 less, and 1 + n/2 plus, 1.96 times half the root of n, to the nearest whole number."""
    reach = 1.96 * n**0.5 / 2
    assert of_median(dict.fromkeys(range(1, n + 1), 1)) == (round(n / 2 - reach), round(1 + n / 2 + reach))


def test_a_median_of_five_has_no_interval():
    assert of_median({1: 2, 7: 3}) is None


def test_ties_count_as_often_as_they_are():
    assert of_median({3: 4, 5: 12, 9: 4}) == (5, 5)


def spiegelhalter(share: Fraction, n: int, p: Fraction) -> float:
    """Statistics in Medicine 2005;24:1185-202, appendix A.1.1: (r - alpha) / n, in exact numbers.

    r is the smallest number of hits with P(R <= r) of at least p, and alpha (P(R <= r) - p) / P(R = r).
    """
    chances = [comb(n, hits) * share**hits * (1 - share) ** (n - hits) for hits in range(n + 1)]
    r = next(hits for hits in range(n + 1) if sum(chances[: hits + 1]) >= p)
    return float((r - (sum(chances[: r + 1]) - p) / chances[r]) / n)


@pytest.mark.parametrize("share, n", [("1/2", 20), ("3/10", 9), ("1/8", 60), ("9/10", 144)])
@pytest.mark.parametrize("outside", ["1/20", "1/500"])
def test_the_limits_of_a_funnel_are_those_of_spiegelhalter_2005(share, n, outside):
    share, outside = Fraction(share), Fraction(outside)
    ends = [spiegelhalter(share, n, outside / 2), spiegelhalter(share, n, 1 - outside / 2)]
    assert funnel_limits(float(share), n, float(outside)) == pytest.approx([max(end, 0) for end in ends], abs=1e-9)


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
