"""Builds the whole demo, in one transaction."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assets.models import AreaDeprivation, Postcode
from caseload.actions import set_flag_aside
from caseload.models import Flag, SweepRun
from caseload.rules import start_of
from caseload.sweep import sweep
from insight.models import EvidenceSheet, Export, Snapshot
from insight.snapshots import close_months
from linkwork.demo.amina import meet_amina_s_people
from linkwork.demo.arrivals import arrive, fill_inbox
from linkwork.demo.colleagues import MADE, talk_among_colleagues
from linkwork.demo.directory import make_directory
from linkwork.demo.keeping import keep_directory, work_backstage
from linkwork.demo.loading import uncollected
from linkwork.demo.people import People
from linkwork.demo.published import publish
from linkwork.demo.referring import Desk
from linkwork.demo.rows import FEW, MANY, Rows
from linkwork.demo.safety import name_leads
from linkwork.demo.sign_ins import AMINA
from linkwork.demo.sites import Founding, Site
from linkwork.demo.sizes import SIZES

INBOXES = {"small": (6, 2), "city": (9, 3), "region": (12, 4)}  # not answered yet: here, and at the second site
SET_ASIDE = 3
KEPT = [Postcode, AreaDeprivation, Flag, SweepRun, Snapshot, EvidenceSheet, Export]

Say = Callable[[str], None]


@uncollected()
@transaction.atomic
def build(*, size: str, seed: int, say: Say) -> dict[str, int]:
    """Returns {model: rows}. The same seed on the same day gives the same rows, but for what the sweep adds."""
    rng, today = Random(f"{size} {seed}"), timezone.localdate()
    rows = Rows(rng)
    with rows.being_written():
        sites = Founding(rng, rows, today, SIZES[size]).sites()
        name_leads(rows, sites)
        make_directory(rng, rows, sites)
        rows.write()
        populate(sites, People(rng, today), rows, size, say)
        keep_directory(rng, rows, sites)
        work_backstage(rng, rows, sites)
    talk_among_colleagues(rows, sites[0])
    say("Checking flags")
    raise_flags(sites)
    for site in sites:
        close_months(site.organisation, today)
    publish(sites[0])
    return {model._meta.label: model.objects.count() for model in [*FEW, *MANY, *MADE, *KEPT]}


def populate(sites: list[Site], people: People, rows: Rows, size: str, say: Say) -> None:
    """A worker at a time, so that at any moment only one worker's rows are held in memory."""
    inboxes, total, done = INBOXES[size], SIZES[size].referrals, 0
    for site, worker, quota in shares(sites, total - sum(inboxes)):
        desk = Desk(site=site, people=people, rng=rows.rng, rows=rows, quota=quota)
        if worker.email == AMINA.email:
            meet_amina_s_people(desk, worker)
        while desk.left:
            arrive(desk, worker)
        rows.write()
        done += quota
        say(f"{done:,} of {total:,} referrals")
    for site, quota in zip(sites, inboxes, strict=True):
        fill_inbox(Desk(site=site, people=people, rng=rows.rng, rows=rows, quota=quota))


def shares(sites: list[Site], referrals: int) -> Iterator[tuple[Site, User, int]]:
    """Everyone's part of the referrals: the same, give or take one."""
    everyone = [(site, worker) for site in sites for worker in site.workers]
    for n, (site, worker) in enumerate(everyone):
        yield site, worker, referrals * (n + 1) // len(everyone) - referrals * n // len(everyone)


def raise_flags(sites: list[Site]) -> None:
    """Those of the night's sweep, whatever the time of day; a few are set aside."""
    for site in sites:
        sweep(site.organisation, now=start_of(site.calendar.today))
        flags = site.organisation.flags.open().filter(case__isnull=False).order_by("rule", "subject_id")
        for flag in flags[4 : 4 + SET_ASIDE]:
            until, reason = site.calendar.today + timedelta(days=14), "In hospital, home in two weeks."
            set_flag_aside(flag=flag, by=site.managers[0], until=until, reason=reason)
