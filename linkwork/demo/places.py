"""Where the demo's districts and postcodes are: to about half a mile, read off a map of public places."""

from collections.abc import Iterable
from math import cos, hypot, radians

from assets.models import Postcode

Spot = tuple[float, float]  # latitude, longitude

DISTRICTS: dict[str, Spot] = {
    "Partick": (55.870, -4.310), "Govan": (55.862, -4.313), "Parkhead": (55.851, -4.200),
    "Easterhouse": (55.865, -4.107), "Maryhill": (55.892, -4.291), "Govanhill": (55.838, -4.257),
    "Drumchapel": (55.906, -4.372), "Dennistoun": (55.860, -4.215), "Springburn": (55.881, -4.230),
    "Pollok": (55.822, -4.343), "Castlemilk": (55.805, -4.233), "Possilpark": (55.883, -4.257),
    "Ibrox": (55.851, -4.306), "Shettleston": (55.850, -4.163), "Anderston": (55.860, -4.271),
    "Milton": (55.895, -4.250), "Bensham": (54.953, -1.613), "Saltwell": (54.945, -1.606),
    "Felling": (54.953, -1.571), "Low Fell": (54.930, -1.597), "Dunston": (54.950, -1.641),
    "Teams": (54.955, -1.622), "Leam Lane": (54.941, -1.540), "Whickham": (54.946, -1.674),
}  # fmt: skip
POSTCODES: dict[str, Spot] = {
    "G13 3AE": (55.888, -4.364), "G13 3DA": (55.889, -4.352), "G42 9AS": (55.830, -4.268),
    "G20 6DN": (55.880, -4.285), "G41 2EN": (55.843, -4.277), "G14 9EL": (55.881, -4.348),
    "G11 7RT": (55.874, -4.316), "G52 2PT": (55.858, -4.357), "G52 2JX": (55.856, -4.352),
    "G45 9JG": (55.805, -4.233), "G31 4RE": (55.858, -4.213), "G15 6RF": (55.909, -4.368),
    "G41 2JZ": (55.846, -4.280), "NE8 1HH": (54.957, -1.603), "NE8 2JR": (54.953, -1.618),
    "NE8 3BA": (54.953, -1.601), "NE8 4LN": (54.948, -1.607), "NE9 6SX": (54.925, -1.590),
}  # fmt: skip


def spots_of(postcodes: Iterable[str]) -> dict[str, Spot]:
    """By the postcode directory, where one is loaded."""
    known = Postcode.objects.filter(pk__in=list(postcodes), latitude__isnull=False)
    loaded = {row.postcode: (row.latitude, row.longitude) for row in known.order_by("postcode")}
    return loaded or {postcode: POSTCODES[postcode] for postcode in postcodes if postcode in POSTCODES}


def nearest(spots: dict[str, Spot], here: Spot) -> str:
    shrink = cos(radians(here[0]))
    return min(spots, key=lambda name: hypot(spots[name][0] - here[0], (spots[name][1] - here[1]) * shrink))
