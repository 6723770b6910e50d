"""How large a demo may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Of the whole demo: the second organisation is part of each figure."""

    referrals: int
    workers: int
    practices: int
    days: int


SIZES = {
    "small": Size(referrals=513, workers=3, practices=4, days=560),
    "city": Size(referrals=7_254, workers=20, practices=28, days=3 * 365),
    "region": Size(referrals=50_000, workers=70, practices=70, days=5 * 365),
}
