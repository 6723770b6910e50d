"""How much of what a link worker needs an entry says. Pure: an entry and a day in, points and what is missing out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.words import local_day
from assets.enums import AccessFeature
from assets.models import Asset

HALF_A_YEAR = timedelta(days=183)
SAYS_ENOUGH = 40  # letters of a description


@dataclass(frozen=True)
class Check:
    points: int
    missing: str
    is_met: Callable[[Asset, date], bool]


@dataclass(frozen=True)
class Quality:
    """Points of 100, and what would add how many more: (points, words), most first."""

    score: int
    missing: list[tuple[int, str]]


def _is_confirmed(asset: Asset, today: date) -> bool:
    return asset.confirmed_at is not None and today - local_day(asset.confirmed_at) <= HALF_A_YEAR


CHECKS = [
    Check(15, "what it is, in a sentence or two", lambda asset, _: len(asset.description) >= SAYS_ENOUGH),
    Check(15, "what it helps with", lambda asset, _: bool(asset.need_kinds)),
    Check(15, "a phone number, email or website", lambda asset, _: bool(asset.phone or asset.email or asset.url)),
    Check(10, "where it is", lambda asset, _: bool(asset.postcode) or AccessFeature.ONLINE in asset.access_features),
    Check(10, "when it is on", lambda asset, _: bool(asset.opening_hours or asset.hours_note)),
    Check(10, "how to join", lambda asset, _: bool(asset.how_to_join)),
    Check(10, "somebody who has confirmed it in the last 6 months", _is_confirmed),
    Check(5, "what it costs", lambda asset, _: bool(asset.cost)),
    Check(5, "access for disabled people", lambda asset, _: bool(asset.access_features or asset.access_note)),
    Check(5, "an email address of whoever keeps the entry right", lambda asset, _: bool(asset.contact_email)),
]


def quality_of(asset: Asset, today: date) -> Quality:
    missing = [(check.points, check.missing) for check in CHECKS if not check.is_met(asset, today)]
    return Quality(score=100 - sum(points for points, _ in missing), missing=missing)
