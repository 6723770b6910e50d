"""How large a difference chance alone would make. Pure.

* `wilson`: the score interval of a share (Wilson 1927; method 3 of Newcombe, Statistics in Medicine 1998;17:857-72).
* `between`: the interval of a difference of two shares, made of theirs (method 10 of Newcombe, ibid. 873-90).
* `of_median`: the interval of a median between two of the ordered values (Campbell and Gardner, BMJ 1988;296:1454-6).
* `funnel_limits`: where the shares of units of a size lie by chance, if all are alike (Spiegelhalter, Statistics in
  Medicine 2005;24:1185-202, exact binomial limits as in its appendix A.1.1).
"""

from collections.abc import Mapping
from math import ceil, comb, exp, floor, lgamma, log, log1p, sqrt

Z_95 = 1.959964
Z_998 = 3.090232
MOST_EXACT = 200  # values: of more, the ranks of a median's interval come from the normal distribution
Interval = tuple[float, float]


def wilson(hits: int, n: int, z: float = Z_95) -> Interval:
    share, square = hits / n, z * z
    middle = share + square / (2 * n)
    reach = z * sqrt((share * (1 - share) + square / (4 * n)) / n)
    low, high = (middle - reach) / (1 + square / n), (middle + reach) / (1 + square / n)
    return max(low, 0.0), min(high, 1.0)


def between(one: tuple[int, int], other: tuple[int, int], z: float = Z_95) -> Interval:
    """Of the first share less the second; each is (hits, n)."""
    (a, m), (b, n) = one, other
    (low_a, high_a), (low_b, high_b) = wilson(a, m, z), wilson(b, n, z)
    difference = a / m - b / n
    low = difference - sqrt((a / m - low_a) ** 2 + (high_b - b / n) ** 2)
    high = difference + sqrt((high_a - a / m) ** 2 + (b / n - low_b) ** 2)
    return low, high


def differs(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """By more than chance makes in two of a thousand such comparisons."""
    if not one[1] or not other[1]:
        return False
    low, high = between(one, other, Z_998)
    return low > 0 or high < 0


def of_median(tally: Mapping[int, int]) -> Interval | None:
    """Two of the values between which the median lies with at least 95 in 100. None of too few to say."""
    n = sum(tally.values())
    rank = _rank(n)
    return (_at(tally, rank), _at(tally, n + 1 - rank)) if rank else None


def _rank(n: int) -> int:
    """The largest r for which the r-th value from either end enclose the median with 95 in 100; 0 where none does."""
    if n > MOST_EXACT:
        return floor(n / 2 - Z_95 * sqrt(n) / 2 + 0.5)
    below, rank = 0, 0
    while rank < n // 2 and 2 * (below + comb(n, rank)) <= 0.05 * 2**n:
        below += comb(n, rank)
        rank += 1
    return rank


def _at(tally: Mapping[int, int], rank: int) -> int:
    """The value of this rank, counted from 1."""
    reached = 0
    for value in sorted(tally):
        reached += tally[value]
        if reached >= rank:
            return value
    raise IndexError(rank)


def funnel_limits(share: float, n: int, outside: float) -> Interval:
    """Between which a share of n lies by chance but for `outside` (0.05; 0.002), where all have this share."""
    if share in (0, 1):
        return share, share
    return _limit(share, n, outside / 2), _limit(share, n, 1 - outside / 2)


def _limit(share: float, n: int, p: float) -> float:
    """Between the smallest number of hits that at most p would stay below, and the one before."""
    spread = 12 * sqrt(n * share * (1 - share)) + 12
    hits = max(floor(n * share - spread), 0)
    below = 0.0
    while hits < min(ceil(n * share + spread), n):
        chance = _binomial(hits, n, share)
        if below + chance > p:
            break
        below += chance
        hits += 1
    chance = _binomial(hits, n, share)
    part = (below + chance - p) / chance
    return min(max((hits - part) / n, 0.0), 1.0)


def _binomial(hits: int, n: int, share: float) -> float:
    ways = lgamma(n + 1) - lgamma(hits + 1) - lgamma(n - hits + 1)
    return exp(ways + hits * log(share) + (n - hits) * log1p(-share))
