"""The organisations, practices and staff of the demo."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import count
from random import Random

from django.contrib.auth.hashers import make_password

from accounts.enums import Nation, Role
from accounts.models import Membership, Organisation, Policy, Practice, User
from assets.enums import NeedKind
from assets.models import Asset, Postcode
from linkwork.demo.calendar import Calendar, Diary, moment
from linkwork.demo.people import BRITISH, COMMUNITIES, GATESHEAD, GLASGOW, SCOTTISH, Area
from linkwork.demo.places import DISTRICTS, make_up_places, nearest, spots_of
from linkwork.demo.rows import Rows
from linkwork.demo.sign_ins import AMINA, BEN, EILIDH, MO, OPERATOR, PASSWORD, PRIYA, STRANGER, SignIn
from linkwork.demo.sizes import Size


@dataclass
class Site:
    """One organisation with everybody and everything around it."""

    organisation: Organisation
    area: Area
    calendar: Calendar
    postcodes: list[str]
    managers: list[User]
    workers: list[User] = field(default_factory=list)
    practices: list[Practice] = field(default_factory=list)
    staff: dict[Practice, list[User]] = field(default_factory=dict)
    diaries: dict[User, Diary] = field(default_factory=dict)
    assets: dict[NeedKind, list[Asset]] = field(default_factory=dict)

    def practices_of(self, worker: User) -> list[Practice]:
        """Every practice has a worker, and most workers have two practices or more."""
        n, many = self.workers.index(worker), len(self.practices)
        mine = {n % many, (n + 1) % many, *range(n, many, len(self.workers))}
        return [self.practices[i] for i in sorted(mine)]


class Founding:
    """Makes the two sites: a large one in Glasgow, a small one in Gateshead, one practice served by both."""

    def __init__(self, rng: Random, rows: Rows, today: date, size: Size):
        self.rng, self.rows, self.today, self.size = rng, rows, today, size
        self.began_at = moment(today - timedelta(days=size.days + 30), time(9))
        self.password = make_password(PASSWORD)
        self.numbers = count(1)

    def sites(self) -> list[Site]:
        few_workers, few_practices = max(1, self.size.workers // 8), max(1, self.size.practices // 8)
        eilidh = self.user(EILIDH)
        near = self.site("Wellpark Link Workers", Nation.SCOTLAND, GLASGOW, [self.user(MO), eilidh])
        far = self.site("Tyneside Community Links", Nation.ENGLAND, GATESHEAD, [eilidh])
        self.employ(near, [AMINA, BEN], self.size.workers - few_workers)
        self.employ(far, [STRANGER], few_workers)
        self.open_practices(near, [PRIYA], self.size.practices - few_practices)
        self.open_practices(far, [], few_practices)
        shared = near.practices[1]
        self.serve(far, shared, near.staff[shared])
        self.user(OPERATOR, is_staff=True, is_superuser=True)
        return [near, far]

    def site(self, name: str, nation: Nation, area: Area, managers: list[User]) -> Site:
        phone = f"{area.phone_prefix}100"
        organisation = self.rows.add(
            Organisation(id=self.rows.new_id(), name=name, nation=nation, phone=phone, created_at=self.began_at)
        )
        for manager in managers:
            self.member(manager, Role.MANAGER, organisation=organisation)
        self.policies(organisation, managers[0])
        calendar = Calendar(self.today, nation, self.size.days)
        return Site(organisation, area, calendar, known_postcodes(area), managers)

    def policies(self, organisation: Organisation, manager: User) -> None:
        """As written at first, and as the team changed it a year ago."""
        first = {
            "organisation": organisation,
            "made_by": manager,
            "waiting_list_note": "First meetings within 2 weeks.",
        }
        self.rows.add(Policy(**first, made_at=self.began_at, suggested_meetings=8, hold_no_contact_days=42))
        first["waiting_list_note"] = "First meetings in about 2 weeks. Ring us if it cannot wait."
        self.rows.add(Policy(**first, made_at=self.began_at + timedelta(days=self.size.days // 2)))

    def employ(self, site: Site, known: list[SignIn], how_many: int) -> None:
        site.workers = [self.user(sign_in) for sign_in in known[:how_many]]
        site.workers += [self.colleague() for _ in range(how_many - len(site.workers))]
        for worker in site.workers:
            self.member(worker, Role.LINK_WORKER, organisation=site.organisation)
            site.diaries[worker] = Diary(site.calendar, self.rng)

    def open_practices(self, site: Site, known: list[SignIn], how_many: int) -> None:
        spots = spots_of(site.postcodes)
        for n in range(how_many):
            district = site.area.districts[n % len(site.area.districts)]
            kind = ("Health Centre", "Medical Practice", "Surgery", "Family Practice", "Group Practice")
            practice = self.rows.add(
                Practice(
                    id=self.rows.new_id(),
                    name=f"{district} {kind[n // len(site.area.districts) % len(kind)]}",
                    ods_code=f"{'S' if site.organisation.nation == Nation.SCOTLAND else 'Z'}99{n:03}",
                    nation=site.organisation.nation,
                    cluster=f"{site.area.town} {('North East', 'North West', 'South')[n % 3]}",
                    list_size=self.rng.randrange(2_800, 11_500),
                    is_deep_end=n % 4 == 0,
                    postcode=nearest(spots, DISTRICTS[district]),
                    phone=f"{site.area.phone_prefix}{200 + n:03}",
                )
            )
            staff = [self.user(sign_in) for sign_in in known[n : n + 1]] + [self.colleague()]
            for one in staff:
                self.member(one, Role.PRACTICE_STAFF, practice=practice)
            self.serve(site, practice, staff)

    def serve(self, site: Site, practice: Practice, staff: list[User]) -> None:
        site.practices.append(practice)
        site.staff[practice] = staff
        self.rows.add(Organisation.practices.through(organisation=site.organisation, practice=practice))

    def colleague(self) -> User:
        """Somebody who works here, whom the table of sign-ins does not name."""
        given = self.rng.choice([*SCOTTISH["f"], *SCOTTISH["m"], *BRITISH["f"], *BRITISH["m"]])
        community = self.rng.choice(COMMUNITIES)
        family = self.rng.choice([*SCOTTISH["last"], *SCOTTISH["last"], *community.last])
        return self.user(SignIn(f"{given} {family}", f"colleague{next(self.numbers)}@linkwork.example", ""))

    def user(self, sign_in: SignIn, **more) -> User:
        return self.rows.add(
            User(
                id=self.rows.new_id(),
                email=sign_in.email,
                name=sign_in.name,
                password=self.password,
                joined_at=self.began_at,
                **more,
            )
        )

    def member(self, user: User, role: Role, **place) -> None:
        self.rows.add(Membership(id=self.rows.new_id(), user=user, role=role, **place))


def known_postcodes(area: Area) -> list[str]:
    """Of a loaded postcode directory if there is one; else made up."""
    inside = rf"^{area.postcode_area}[0-9]"
    loaded = Postcode.objects.filter(ended_on=None, postcode__regex=inside).order_by("postcode")
    if not loaded.exists():
        make_up_places(area)
    return list(loaded.values_list("postcode", flat=True)[:3000])
