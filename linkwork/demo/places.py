"""Where the demo's districts are, to about half a mile; and their postcodes, where no directory is loaded."""

from collections.abc import Iterable
from math import cos, hypot, radians

from assets.enums import AreaKind, DecileKind
from assets.models import AreaDeprivation, Postcode
from linkwork.demo.people import Area

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
# Postcodes and data zones that do not exist: nothing is said of any real place.
MADE_UP = {
    "Glasgow": ("G", 16, AreaKind.DZ2022, "S99", "Made-up SIMD"),
    "Gateshead": ("NE", 50, AreaKind.LSOA2021, "E99", "Made-up IMD"),
}
EDITION = "demo"
# Of each district's three postcodes. Every fourth district is as deprived as those the Deep End practices serve.
DECILES = ((1, 1, 2), (2, 4, 6), (3, 5, 8), (1, 7, 10))
APART = ((0.002, -0.002), (-0.002, 0.0), (0.001, 0.003))


def make_up_places(area: Area) -> None:
    """Three postcodes a district, and how deprived they are by a made-up index: where no directory is loaded."""
    letters, first_number, kind, code, index = MADE_UP[area.town]
    places = [(n, m) for n in range(len(area.districts)) for m in range(3)]
    of = {"index": index, "edition": EDITION, "decile_kind": DecileKind.EQUAL_COUNT, "area_kind": kind}
    postcodes, deprivation = [], []
    for n, m in places:
        here = [round(a + b, 5) for a, b in zip(DISTRICTS[area.districts[n]], APART[m], strict=True)]
        postcode = f"{letters}{first_number + n // 4} {n % 4 + 1}{'ABD'[m] * 2}"
        zone = f"{code}{3 * n + m + 1:06}"
        postcodes.append(Postcode(postcode=postcode, latitude=here[0], longitude=here[1], **{kind: zone}))
        decile = DECILES[n % len(DECILES)][m]
        deprivation.append(AreaDeprivation(area_code=zone, decile=decile, rank=100 * decile + n, **of))
    Postcode.objects.bulk_create(postcodes)
    AreaDeprivation.objects.bulk_create(deprivation)


def spots_of(postcodes: Iterable[str]) -> dict[str, Spot]:
    known = Postcode.objects.filter(pk__in=list(postcodes), latitude__isnull=False)
    return {row.postcode: (row.latitude, row.longitude) for row in known.order_by("postcode")}


def nearest(spots: dict[str, Spot], here: Spot) -> str:
    shrink = cos(radians(here[0]))
    return min(spots, key=lambda name: hypot(spots[name][0] - here[0], (spots[name][1] - here[1]) * shrink))
