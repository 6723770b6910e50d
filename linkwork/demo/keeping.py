"""Work nobody sees, and what a team says of the services it knows: made up day by day."""

from datetime import time, timedelta
from random import Random

from accounts.models import User
from assets.enums import AssetVerb, NeedKind, ProblemKind
from assets.models import AssetEvent, LocalNote, Problem
from caseload.enums import BackstageKind
from caseload.models import BackstageWork
from linkwork.demo.calendar import moment
from linkwork.demo.rows import Rows
from linkwork.demo.sites import Site

# About 15 in 100 of a week of 35 hours.
A_DAY = 0.6
KINDS = {
    BackstageKind.ASSET_DEVELOPMENT: (28, (30, 45, 60, 90)),
    BackstageKind.RELATIONSHIPS: (22, (45, 60, 90)),
    BackstageKind.NEW_GROUP: (8, (60, 90, 120)),
    BackstageKind.TRAINING: (7, (120, 180, 360)),
    BackstageKind.SUPERVISION: (9, (60, 75)),
    BackstageKind.TRAVEL: (14, (20, 30, 45)),
    BackstageKind.ADMIN: (12, (30, 45, 60)),
}
WITH_A_SERVICE = (BackstageKind.ASSET_DEVELOPMENT, BackstageKind.RELATIONSHIPS)
GAPS = (NeedKind.LONELINESS, NeedKind.MENTAL_WELLBEING, NeedKind.TRANSPORT, NeedKind.FAMILY_AND_PARENTING)
NOTES = (
    "Ask for Morag: she remembers everybody. The bell does not work, so knock.",
    "Lovely once you are in, but the stair is hard to find. Meet people at the bus stop the first time.",
    "Busy before Christmas. They ring back on Fridays, not before.",
    "Quiet corner by the window if the room is too much. Say so and they keep it.",
    "The leader speaks Urdu and Punjabi, though the leaflet does not say so.",
)
PROBLEMS = (
    (ProblemKind.WRONG_CONTACT, "The number rings out. Tried on three days."),
    (ProblemKind.FULL, "Nobody new before spring, they said on the phone."),
    (ProblemKind.GONE, "The hall is shut and the sign is down."),
)


def work_backstage(rng: Random, rows: Rows, sites: list[Site]) -> None:
    for site in sites:
        services = [asset for some in site.assets.values() for asset in some]
        for worker in site.workers:
            for day in site.calendar.past:
                if rng.random() < A_DAY:
                    _work(rng, rows, site, worker, day, services)
            _work(rng, rows, site, worker, site.calendar.today, services)


def _work(rng: Random, rows: Rows, site: Site, worker: User, day, services: list) -> None:
    kind = rng.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
    rows.put(
        BackstageWork,
        id=rows.new_id(),
        organisation_id=site.organisation.pk,
        worker_id=worker.pk,
        done_on=day,
        kind=kind,
        minutes=rng.choice(KINDS[kind][1]),
        asset_id=rng.choice(services).pk if kind in WITH_A_SERVICE else None,
        gap=rng.choice(GAPS) if kind == BackstageKind.NEW_GROUP else "",
        logged_at=moment(day, time(8, rng.randrange(60))),
    )


def keep_directory(rng: Random, rows: Rows, sites: list[Site]) -> None:
    """The confirmations behind the dates, a few notes, and problems nobody has settled."""
    for site in sites:
        services = [asset for some in site.assets.values() for asset in some]
        for asset in services:
            if asset.confirmed_at:
                by = asset.confirmed_by
                rows.add(AssetEvent(asset=asset, at=asset.confirmed_at, verb=AssetVerb.CONFIRMED, by=by))
        at = moment(site.calendar.before_today(3), time(11))
        for text, asset in zip(NOTES, rng.sample(services, len(NOTES)), strict=True):
            said = {"organisation": site.organisation, "by": rng.choice(site.workers), "at": at}
            rows.add(LocalNote(id=rows.new_id(), asset=asset, text=text, **said))
        for (kind, words), asset in zip(PROBLEMS, rng.sample(services, len(PROBLEMS)), strict=True):
            said = {"organisation": site.organisation, "by": rng.choice(site.workers), "at": at + timedelta(hours=1)}
            rows.add(Problem(id=rows.new_id(), asset=asset, kind=kind, words=words, **said))
            rows.add(AssetEvent(asset=asset, at=said["at"], verb=AssetVerb.REPORTED, by=said["by"], words=kind.label))
