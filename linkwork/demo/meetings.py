"""Meetings as they go: booked, missed and followed up, cancelled, attended, with what they lead to."""

from datetime import timedelta

from assets.enums import NeedKind
from assets.models import Asset
from caseload.enums import Channel, Complexity, MissedBarrier, Mode, Outcome, Place, WithWhom
from caseload.models import Appointment, FollowUp
from linkwork.demo import words
from linkwork.demo.draw import Weighted
from linkwork.demo.goals import talk_of_goals
from linkwork.demo.needs import NEEDS, WEIGHTS
from linkwork.demo.onward import perhaps_refer_on
from linkwork.demo.story import CaughtUp, Story

MISSED, CANCELLED_BY_PERSON, CANCELLED_BY_SERVICE = 0.14, 0.05, 0.02
UNLOGGED_YET = 0.12
BARRIERS = MissedBarrier.values
COMPLEXITIES = Weighted({Complexity.LIGHT: 20, Complexity.USUAL: 50, Complexity.HIGH: 30})
PLACES = Weighted(
    {
        Place.PRACTICE: 44,
        Place.HOME: 27,
        Place.COMMUNITY: 20,
        Place.OUTDOORS: 7,
        Place.HOSPITAL: 1,
        Place.OTHER: 1,
    }
)


def meet(story: Story) -> None:
    """Book until they meet. What is missed is followed up, what is cancelled is booked again."""
    rng, accompanied = story.rng, story.times_met + 1 == story.goes_along_at
    while True:
        days = rng.randint(5, 16) if story.times_met else rng.randint(3, 9)
        appointment = story.book(days, accompanied=accompanied, **somewhere(story, accompanied))
        wait_for(story, appointment)
        draw = rng.random()
        if draw < MISSED:
            chase(story, log_missed(story, appointment), reached=0.6, at_last=True)
        elif draw < MISSED + CANCELLED_BY_PERSON:
            story.log(appointment, Outcome.CANCELLED_BY_PERSON, note=rng.choice(words.CANCELLED_NOTES))
        elif draw < MISSED + CANCELLED_BY_PERSON + CANCELLED_BY_SERVICE:
            story.log(appointment, Outcome.CANCELLED_BY_SERVICE, note=rng.choice(words.CANCELLED_BY_US_NOTES))
        else:
            return attend(story, appointment)


def miss(story: Story, *, reached: float) -> bool:
    """A meeting that is missed. True when the person was reached afterwards."""
    appointment = story.book(story.rng.randint(7, 18), **somewhere(story))
    wait_for(story, appointment)
    return chase(story, log_missed(story, appointment), reached=reached, at_last=False)


def wait_for(story: Story, appointment: Appointment) -> None:
    story.until(appointment)
    is_recent = appointment.starts_at.date() >= story.site.calendar.before_today(3)
    if is_recent and story.rng.random() < UNLOGGED_YET:
        raise CaughtUp  # nobody has come to writing it up


def log_missed(story: Story, appointment: Appointment) -> FollowUp:
    rng = story.rng
    barrier = rng.choice(BARRIERS) if rng.random() < 0.4 else ""
    note, about = rng.choice(words.MISSED_NOTES), rng.choice(words.FOLLOW_UPS_AFTER_MISSED)
    return story.missed(appointment, barrier=barrier, note=note, days=rng.randint(2, 8), about=about)


def chase(story: Story, follow_up: FollowUp, *, reached: float, at_last: bool) -> bool:
    """Try to reach them. With at_last, somebody does in the end."""
    rng = story.rng
    if story.case.patient.may_text and rng.random() < 0.4:
        story.write(Channel.TEXT, "after_missed", "the number is not in use" if rng.random() < 0.08 else "")
    story.on(follow_up.due_on + timedelta(days=rng.choice((0, 0, 0, 0, 1, 3))))
    for _ in range(5 if at_last else 3):
        is_reached = rng.random() < reached
        note = rng.choice(words.REACHED_NOTES if is_reached else words.NOT_REACHED_NOTES)
        story.contact(is_reached, note, channel=rng.choice((Channel.CALL, Channel.CALL, Channel.TEXT)))
        story.finish(follow_up)
        if is_reached:
            return True
        story.wait(rng.randint(2, 7))
    if at_last:
        story.contact(True, "Dropped in at the practice. All well; it was the phone.", channel=Channel.DROP_IN)
    return at_last


def attend(story: Story, appointment: Appointment) -> None:
    rng, is_first = story.rng, story.times_met == 0
    minutes = min(max(5 * round(rng.gauss(45, 9) / 5), 15), 100)
    story.log(appointment, Outcome.ATTENDED, note=meeting_note(story, appointment, is_first), minutes=minutes)
    if is_first:
        settle_in(story)
    elif rng.random() < 0.09:
        story.uncover(WEIGHTS.draw(rng))
    talk_of_goals(story)
    perhaps_refer_on(story)
    if rng.random() < 0.14:
        speak_for_them(story)
    if (planned := story.case.planned_ending_on) and planned < story.day + timedelta(days=10) and rng.random() < 0.85:
        story.plan(story.case.complexity, story.site.calendar.from_day(story.day + timedelta(weeks=rng.randint(3, 8))))


def settle_in(story: Story) -> None:
    """After the first meeting: what matters, in their words; how much support; when it might end."""
    rng = story.rng
    if rng.random() < 0.5:
        wants = story.case.what_matters or rng.choice(NEEDS[sorted(story.kinds)[0]].wants)
        story.write_what_matters(wants + rng.choice(words.WHAT_MATTERS_LATER))
    if rng.random() < 0.5:
        ending_on = story.site.calendar.from_day(story.day + timedelta(weeks=rng.randint(8, 16)))
        story.plan(COMPLEXITIES.draw(rng), ending_on if rng.random() < 0.8 else None)
    if rng.random() < 0.05:
        story.change_details(phone=f"07700 900{rng.randrange(1000):03}")


def speak_for_them(story: Story) -> None:
    """A call to somebody else on their behalf, and now and then a thing to do."""
    rng = story.rng
    story.contact(False, rng.choice(words.PROFESSIONAL_NOTES), with_whom=WithWhom.PROFESSIONAL, minutes=8)
    if rng.random() < 0.5:
        follow_up = story.follow_up(rng.randint(3, 12), rng.choice(words.FOLLOW_UPS))
        story.on(follow_up.due_on + timedelta(days=rng.choice((0, 0, 1, 4))))
        story.finish(follow_up)


def meeting_note(story: Story, appointment: Appointment, is_first: bool) -> str:
    rng = story.rng
    start = rng.choice(words.FIRST_MEETING) if is_first else f"{rng.choice(words.OPENINGS)} "
    kind = rng.choice(sorted(story.kinds))
    if appointment.accompanied:
        asset = an_asset(story, NeedKind(kind))
        start = rng.choice(words.ACCOMPANIED).format(asset=asset.name if asset else "the group")
    return f"{start}{rng.choice(NEEDS[kind].notes)} {rng.choice(words.CLOSINGS)}".strip()


def somewhere(story: Story, accompanied: bool = False) -> dict:
    rng = story.rng
    if accompanied:
        return {"mode": Mode.IN_PERSON, "place": Place.COMMUNITY, "place_detail": district(story)}
    if rng.random() < 0.17:
        return {"mode": rng.choice((Mode.PHONE, Mode.PHONE, Mode.PHONE, Mode.VIDEO))}
    place = PLACES.draw(rng)
    detail = f"room {rng.randint(1, 4)}" if place == Place.PRACTICE else district(story)
    return {"mode": Mode.IN_PERSON, "place": place, "place_detail": detail}


def district(story: Story) -> str:
    return story.rng.choice(story.site.area.districts)


def an_asset(story: Story, kind: NeedKind) -> Asset | None:
    some = story.site.assets.get(kind)
    return story.rng.choice(some) if some else None
