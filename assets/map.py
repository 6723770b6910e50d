"""Positions on a plain drawing: where services lie around a start, with rings for the miles. No tiles, no roads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, hypot, radians

from accounts.words import a_list, count_of
from assets.models import Asset, Place
from assets.models.search import MILES_IN_A_DEGREE, positions_of

SIZE = 600
EDGE = 30
TOO_CLOSE = (72, 24)  # points drawn nearer than this, across and down, would hide each other: they share a label
RINGS = (0.25, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 750)
MOST_LABELLED = 3


@dataclass
class Point:
    x: float
    y: float
    assets: list[tuple[int, Asset]] = field(default_factory=list)

    @property
    def label(self) -> str:
        numbers = [str(number) for number, _ in self.assets]
        return ", ".join(numbers) if len(numbers) <= MOST_LABELLED else f"{numbers[0]} + {len(numbers) - 1}"

    @property
    def label_width(self) -> int:
        return max(22, 9 * len(self.label) + 8)

    @property
    def label_left(self) -> float:
        return -self.label_width / 2

    @property
    def names(self) -> str:
        return a_list(asset.name for _, asset in self.assets)


@dataclass(frozen=True)
class Ring:
    radius: float
    words: str

    @property
    def label_y(self) -> float:
        return SIZE / 2 - self.radius + 14


@dataclass(frozen=True)
class Plot:
    points: list[Point]
    rings: list[Ring]
    has_start: bool
    sentence: str
    placed: set
    size: int = SIZE
    middle: float = SIZE / 2


def plot(numbered: Iterable[tuple[int, Asset]], start: Place | None, start_in_words: str) -> Plot | None:
    """The services whose position is known, numbered as in the list. None when none is."""
    numbered = list(numbered)
    positions = positions_of([asset for _, asset in numbered])
    placed = [(number, asset, positions[asset.pk]) for number, asset in numbered if asset.pk in positions]
    if not placed:
        return None
    centre = start or _middle([position for *_, position in placed])
    offsets = [(number, asset, _miles_away(position, centre)) for number, asset, position in placed]
    far = max(hypot(*miles) for *_, miles in offsets)
    outer = next((ring for ring in RINGS if ring >= far), RINGS[-1])
    scale = (SIZE / 2 - EDGE) / outer
    points: list[Point] = []
    for number, asset, (east, north) in offsets:
        _at(points, SIZE / 2 + east * scale, SIZE / 2 - north * scale).assets.append((number, asset))
    rings = [Ring(outer * scale, _in_miles(outer)), Ring(outer * scale / 2, _in_miles(outer / 2))]
    around = f"around {start_in_words}" if start else "around the middle of them"
    sentence = (
        f"{count_of(len(placed), 'service')} {around}, the farthest {far:.1f} miles away. "
        "North is up; the same numbers are in the list beside this."
    )
    return Plot(points, rings, start is not None, sentence, set(positions))


def _middle(places: list[Place]) -> Place:
    latitudes, longitudes = [place.latitude for place in places], [place.longitude for place in places]
    return Place((min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2)


def _miles_away(place: Place, centre: Place) -> tuple[float, float]:
    """Miles (east, north): flat, which is true enough over a few dozen miles."""
    shrink = cos(radians(centre.latitude))
    east = (place.longitude - centre.longitude) * MILES_IN_A_DEGREE * shrink
    return east, (place.latitude - centre.latitude) * MILES_IN_A_DEGREE


def _at(points: list[Point], x: float, y: float) -> Point:
    """The point already drawn there, or a new one."""
    for point in points:
        if abs(point.x - x) < TOO_CLOSE[0] and abs(point.y - y) < TOO_CLOSE[1]:
            return point
    points.append(Point(round(x, 1), round(y, 1)))
    return points[-1]


def _in_miles(miles: float) -> str:
    return "1 mile" if miles == 1 else f"{miles:g} miles"
