"""From a referral to a case, and what may follow one: another referral, a return, a second spell."""

from datetime import timedelta

from accounts.models import User
from caseload.models import Case, Patient
from linkwork.demo.lives import come_back, support
from linkwork.demo.onward import hear_back
from linkwork.demo.referring import Desk
from linkwork.demo.story import CaughtUp, Story
from referrals.models import Referral

DECLINED, WITHDRAWN, RETURNED = 0.04, 0.02, 0.04
ANSWERED_BY_WORKER = 0.7
TO_WAITING_LIST = 0.3
REFERRED_AGAIN, COMES_BACK, REFERRED_TWICE = 0.06, 0.035, 0.05


def arrive(desk: Desk, worker: User) -> None:
    """One person is referred; whatever becomes of it, up to today."""
    rng = desk.rng
    day = desk.site.calendar.referral_day(rng)
    referral = desk.send(day, rng.choice(desk.site.practices_of(worker)))
    by = worker if rng.random() < ANSWERED_BY_WORKER else desk.site.managers[0]
    draw = rng.random()
    if draw < DECLINED:
        desk.decline(referral, by)
    elif draw < DECLINED + WITHDRAWN:
        desk.withdraw(referral)
    elif draw > DECLINED + WITHDRAWN + RETURNED or desk.ask(referral, by):
        to = worker if rng.random() > TO_WAITING_LIST else None
        tell(desk, referral, take_on(desk, referral, by, to), worker)


def take_on(desk: Desk, referral: Referral, by: User, to: User | None, patient: Patient | None = None) -> Story:
    """Accept a referral, to a worker or the waiting list (None): a case of a person, new unless they are given."""
    at = desk.soon_after(referral.submitted_at)
    new, ours = desk.rows.new, {"organisation_id": desk.site.organisation.id, "practice_id": referral.practice.id}
    patient = patient or new(Patient, id=desk.rows.new_id(), created_at=at, **ours, **referral.details)
    case = new(Case, id=desk.rows.new_id(), opened_at=at, what_matters=referral.wants, **ours)
    case.patient, case.practice, case.worker, case.assigned_at = patient, referral.practice, to, to and at
    desk.accept(referral, by, at, patient, case)
    story = Story(case=case, site=desk.site, rng=desk.rng, rows=desk.rows, at=at)
    story.open(by, referral.needs)
    if referral.risks:
        story.note_risk(f"From the referral: {referral.risks}", by)
    return story


def tell(desk: Desk, referral: Referral, story: Story, worker: User) -> None:
    """Live the story, with what may come after its end."""
    rng = desk.rng
    try:
        if story.case.worker is None:
            story.wait(rng.randint(2, 9))
            story.assign(worker, desk.site.managers[0])
        support(story)
        if rng.random() < COMES_BACK:
            come_back(story)
    except CaughtUp:
        pass
    hear_back(story)
    news_at = story.news_at if referral.consent_to_share_back else referral.answered_at
    desk.read_by_practice(referral, news_at)
    if desk.left:
        follow_on(desk, story, worker)


def follow_on(desk: Desk, story: Story, worker: User) -> None:
    """Now and then a second referral: joining the open case, or opening another after the end."""
    rng, case = desk.rng, story.case
    if case.is_open and case.worker and rng.random() < REFERRED_TWICE:
        join(desk, story)
    elif not case.is_open and rng.random() < REFERRED_AGAIN:
        day = desk.site.calendar.from_day(story.day + timedelta(days=rng.randint(40, 300)))
        if day < desk.today:
            referral = desk.send(day, case.practice, case.patient.details)
            tell(desk, referral, take_on(desk, referral, worker, worker, case.patient), worker)


def join(desk: Desk, story: Story) -> None:
    day = desk.site.calendar.from_day(story.day + timedelta(days=desk.rng.randint(1, 6)))
    if day >= desk.site.calendar.before_today(3):
        return
    referral = desk.send(day, story.case.practice, story.case.patient.details)
    story.at = desk.soon_after(referral.submitted_at)
    desk.accept(referral, story.worker, story.at, story.case.patient, story.case)
    story.join(story.worker, referral.needs, referral.reason)
    if referral.risks:
        story.note_risk(f"From the referral: {referral.risks}", story.worker)
    desk.read_by_practice(referral, referral.answered_at)


def fill_inbox(desk: Desk) -> None:
    """Sent in the last days and not answered; the first two longer ago than they should be."""
    ages = [7, 5]
    while desk.left:
        age = ages.pop(0) if ages else desk.rng.randint(1, 2)
        desk.send(desk.site.calendar.before_today(age), desk.rng.choice(desk.site.practices))
