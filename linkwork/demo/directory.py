"""A made-up directory of community assets, for holds to await and meetings to go along to."""

from datetime import time, timedelta
from random import Random

from assets.enums import Capacity, Weekday
from assets.models import Asset, Source, slots_of
from linkwork.demo.calendar import moment
from linkwork.demo.places import DISTRICTS, Spot, nearest, spots_of
from linkwork.demo.rows import Rows
from linkwork.demo.services import KINDS, Kind
from linkwork.demo.sites import Site

SOURCE = "Made-up demo directory"
LICENCE = "Made up for the Linkwork demo: none of it exists. CC0 1.0."


HOURS = ("10:00-12:00", "13:00-15:30", "10:00-16:00", "18:00-20:00")


def make_directory(rng: Random, rows: Rows, sites: list[Site]) -> None:
    """Puts each site's assets where the site looks for them: by the need they answer."""
    source = rows.add(Source(name=SOURCE, licence=LICENCE))
    for site in sites:
        spots = spots_of(site.postcodes)
        districts = site.area.districts
        for k, kind in enumerate(KINDS):
            for n in range(len(districts) // 3):
                district = districts[(k + n * 3) % len(districts)]
                asset = rows.add(_asset(rng, rows, site, source, district, kind))
                _place(rng, asset, DISTRICTS[district], spots)
                _keep(rng, site, kind, asset)
                site.assets.setdefault(kind.answers, []).append(asset)


def _asset(rng: Random, rows: Rows, site: Site, source: Source, district: str, kind: Kind) -> Asset:
    name = f"{district} {kind.name}"
    slug = name.lower().replace(" ", "-").replace("'", "").replace("é", "e")
    days = rng.sample([day.value for day in Weekday][:5], k=rng.randint(1, 3))
    hours = {day: rng.choice(HOURS) for day in days}
    return Asset(
        id=rows.new_id(),
        source=source,
        source_ref=slug,
        name=name,
        address=f"{rng.randint(1, 200)} Made-Up Street",
        town=site.area.town,
        local_authority=f"{site.area.town} City" if site.area.town == "Glasgow" else site.area.town,
        phone=f"{site.area.phone_prefix}{rng.randrange(1000):03}",
        url=f"https://{slug}.example.org/",
        opening_hours=hours,
        open_slots=slots_of(hours),
        description=kind.about,
        need_kinds=[kind.answers, *kind.also],
        groups=list(kind.groups),
        minimum_age=kind.ages[0],
        maximum_age=kind.ages[1],
        languages=list(kind.languages),
        access_features=list(kind.access),
        cost=kind.cost,
        cost_note=kind.cost_note,
        how_to_join=kind.join,
        join_note=kind.join_note,
        threshold=kind.threshold,
        provider=f"{district} Together",
        contact_name="The co-ordinator",
        contact_email=f"{district.lower().replace(' ', '-')}@example.org",
        last_seen_on=site.calendar.today - timedelta(days=rng.randrange(400)),
    )


def _place(rng: Random, asset: Asset, around: Spot, spots: dict[str, Spot]) -> None:
    """Within half a mile of the middle of its district, with the postcode nearest to that."""
    asset.latitude, asset.longitude = (round(at + rng.uniform(-0.006, 0.006), 5) for at in around)
    asset.postcode = nearest(spots, (asset.latitude, asset.longitude))


def _keep(rng: Random, site: Site, kind: Kind, asset: Asset) -> None:
    """How well each is known: most confirmed lately, some never; a few full, waiting or closed."""
    now = moment(site.calendar.today, time(0))
    asset.created_at = site.organisation.created_at
    if rng.random() < 0.85:
        asset.confirmed_at = now - timedelta(days=min(rng.expovariate(1 / 80), 400))
        asset.confirmed_by = rng.choice(site.workers)
    said = rng.random()
    if kind.has_wait and said < 0.7:
        asset.capacity, asset.wait_weeks = Capacity.WAITING_LIST, rng.choice([2, 4, 6, 9, 14, 20])
    elif said < 0.08:
        asset.capacity = Capacity.FULL
    elif said < 0.16 and kind.join != "drop_in":
        asset.capacity = Capacity.ASSESSMENT
    elif said < 0.8:
        asset.capacity = Capacity.ROOM
    if asset.capacity:
        asset.capacity_said_on = site.calendar.today - timedelta(days=rng.randrange(60))
    if rng.random() < 0.06:
        asset.funding_ends_on = site.calendar.today + timedelta(days=rng.randrange(10, 150))
    if rng.random() < 0.03:
        asset.is_closed, asset.closed_year = True, site.calendar.today.year
