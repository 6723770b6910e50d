"""A made-up directory of community assets, for holds to await and meetings to go along to."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from assets.enums import NeedKind, Weekday
from assets.models import Asset, Source
from linkwork.demo.rows import Rows
from linkwork.demo.sites import Site

SOURCE = "Made-up demo directory"
LICENCE = "Made up for the Linkwork demo: none of it exists. CC0 1.0."


@dataclass(frozen=True)
class Kind:
    name: str
    about: str
    answers: NeedKind


KINDS = (
    Kind("Blether Café", "Tea, company and no agenda. Just turn up.", NeedKind.LONELINESS),
    Kind("Lunch Club", "Soup, a main and pudding for £4. Transport can be arranged.", NeedKind.LONELINESS),
    Kind("Repair Shed", "Tools, a stove and people who know how to use both.", NeedKind.WORK_AND_LEARNING),
    Kind("Counselling Project", "Free, one to one, up to 12 sessions. There is a wait.", NeedKind.MENTAL_WELLBEING),
    Kind("Advice Centre", "Benefits and debt advice by appointment.", NeedKind.MONEY_AND_BENEFITS),
    Kind("Housing Help", "Repairs, applications and homelessness. Drop in on Tuesdays.", NeedKind.HOUSING),
    Kind("Health Walks", "Slow, short and sociable, with a leader at the back.", NeedKind.PHYSICAL_ACTIVITY),
    Kind("Breathe Easy Choir", "Singing for people with lung conditions.", NeedKind.LONG_TERM_CONDITION),
    Kind("Carers' Centre", "Somebody to talk to, sitters, help with assessments.", NeedKind.CARING),
    Kind("Bereavement Group", "Six evenings together, and a lunch after.", NeedKind.BEREAVEMENT),
    Kind("Pantry", "£3.50 a week; you choose what you take.", NeedKind.FOOD_AND_FUEL),
    Kind("Playgroup", "Under-fives and whoever brings them.", NeedKind.FAMILY_AND_PARENTING),
    Kind("Welcome House", "English classes, a solicitor on Thursdays, a kitchen.", NeedKind.IMMIGRATION_AND_ASYLUM),
    Kind("Recovery Café", "Saturday evenings, run by people in recovery.", NeedKind.ALCOHOL_AND_DRUGS),
    Kind("Access Group", "Grants, equipment and campaigning by disabled people.", NeedKind.DISABILITY_AND_ACCESS),
    Kind("Community Transport", "Door to door with a ramp. Book two days ahead.", NeedKind.TRANSPORT),
    Kind("Digital Buddies", "Bring the phone, or borrow a tablet.", NeedKind.DIGITAL),
    Kind("Safe Space Project", "Confidential support, at a place you choose.", NeedKind.ABUSE_AND_SAFETY),
    Kind("Law Clinic", "Free advice from student solicitors, Wednesday evenings.", NeedKind.LEGAL),
)
HOURS = ("10:00-12:00", "13:00-15:30", "10:00-16:00", "18:00-20:00")


def make_directory(rng: Random, rows: Rows, sites: list[Site]) -> None:
    """Puts each site's assets where the site looks for them: by the need they answer."""
    source = rows.add(Source(name=SOURCE, licence=LICENCE))
    for site in sites:
        districts = site.area.districts
        for k, kind in enumerate(KINDS):
            for n in range(len(districts) // 3):
                district = districts[(k + n * 3) % len(districts)]
                asset = rows.add(_asset(rng, rows, site, source, f"{district} {kind.name}", kind.about))
                site.assets.setdefault(kind.answers, []).append(asset)


def _asset(rng: Random, rows: Rows, site: Site, source: Source, name: str, about: str) -> Asset:
    slug = name.lower().replace(" ", "-").replace("'", "").replace("é", "e")
    days = rng.sample([day.value for day in Weekday][:5], k=rng.randint(1, 3))
    return Asset(
        id=rows.new_id(),
        source=source,
        source_ref=slug,
        name=name,
        address=f"{rng.randint(1, 200)} Made-Up Street",
        town=site.area.town,
        postcode=rng.choice(site.postcodes),
        local_authority=f"{site.area.town} City" if site.area.town == "Glasgow" else site.area.town,
        phone=f"{site.area.phone_prefix}{rng.randrange(1000):03}",
        url=f"https://{slug}.example.org/",
        opening_hours={day: rng.choice(HOURS) for day in days},
        description=about,
        last_seen_on=site.calendar.today - timedelta(days=rng.randrange(400)),
    )
