"""How support goes: the plots, with the rates of DOMAIN's studies. Every plot may be cut short by today."""

from datetime import timedelta

from assets.enums import NeedKind
from caseload.enums import (
    Channel,
    Complexity,
    Ending,
    HoldEnd,
    HoldPurpose,
    MissedBarrier,
    Mode,
    NeedOutcome,
    Outcome,
    Place,
    WithWhom,
)
from caseload.models import Appointment, FollowUp
from linkwork.demo import words
from linkwork.demo.goals import take_leave, talk_of_goals
from linkwork.demo.measures import fill_in_again, fill_in_first
from linkwork.demo.needs import NEEDS, WEIGHTS
from linkwork.demo.onward import perhaps_refer_on
from linkwork.demo.story import CaughtUp, Story

ENGAGED = 0.77
DROPS_OUT = 0.28  # of whom some come back
MISSED, CANCELLED_BY_PERSON, CANCELLED_BY_SERVICE = 0.14, 0.05, 0.02
IS_HELD = 0.62
ACCOMPANIED = 0.75
REACHED = 0.55
UNLOGGED_YET = 0.12
LATE_REVIEW, BY_COLLEAGUE = 0.2, 0.35
PURPOSES = {
    HoldPurpose.WAITING_FOR_SERVICE: 55,
    HoldPurpose.GETTING_READY: 20,
    HoldPurpose.EASING_LOAD: 10,
    HoldPurpose.BEING_ALONGSIDE: 15,
}
GOOD_ENDINGS = {
    Ending.GOALS_REACHED: 48,
    Ending.CONNECTED: 36,
    Ending.NO_LONGER_WANTED: 6,
    Ending.NOTHING_AVAILABLE: 4,
    Ending.MOVED: 3,
    Ending.PASSED_ON: 2,
    Ending.DIED: 1,
}
BECAME = {  # of the need, when a hold ends
    HoldEnd.SERVICE_STARTED: {NeedOutcome.MET: 75, NeedOutcome.PARTLY_MET: 25},
    HoldEnd.BACK_TO_ACTIVE: {"": 70, NeedOutcome.PARTLY_MET: 30},
    HoldEnd.NEED_CHANGED: {"": 60, NeedOutcome.MET: 40},
    HoldEnd.NO_LONGER_WANTED: {"": 40, NeedOutcome.UNMET: 40, NeedOutcome.MET: 20},
    HoldEnd.NO_SERVICE: {NeedOutcome.UNMET: 100},
}
PLACES = {
    Place.PRACTICE: 44,
    Place.HOME: 27,
    Place.COMMUNITY: 20,
    Place.OUTDOORS: 7,
    Place.HOSPITAL: 1,
    Place.OTHER: 1,
}


def support(story: Story) -> None:
    """A whole spell, as far as it has got."""
    draw = story.rng.random()
    if draw > ENGAGED:
        story.rng.choices((said_no, never_reached, settled_by_phone), (42, 30, 28))[0](story)
    elif draw < ENGAGED * DROPS_OUT:
        drop_out(story)
    else:
        go_through(story)


# Plots


def go_through(story: Story) -> None:
    """Met, as often as it takes; perhaps held; ended together."""
    rng = story.rng
    first_contact(story, give_up=False)
    meetings = max(1, min(26, round(rng.lognormvariate(1.26, 0.66))))
    held_after = rng.randint(1, meetings) if rng.random() < IS_HELD else 0
    together = rng.randint(min(2, meetings), meetings) if rng.random() < ACCOMPANIED else 0
    for n in range(1, meetings + 1):
        meet(story, accompanied=n == together)
        if n == 1:
            fill_in_first(story)
        elif n == meetings:
            fill_in_again(story)
        if rng.random() < 0.05:
            go_quiet(story)
        if rng.random() < 0.01:
            hand_over(story)
        if n == held_after:
            hold(story)
    say_goodbye(story)


def drop_out(story: Story) -> None:
    """Met once or twice, then not: the door stays open for months, and only a person closes it, if anyone."""
    rng = story.rng
    first_contact(story, give_up=False)
    for _ in range(rng.choices((1, 2, 3), (58, 29, 13))[0]):
        meet(story)
    if miss(story, reached=0.05) or (rng.random() < 0.4 and miss(story, reached=0.05)):
        meet(story)
        say_goodbye(story)
    else:
        keep_door_open(story)


def never_reached(story: Story) -> None:
    if first_contact(story, give_up=True) and miss(story, reached=0.08):
        meet(story)
        say_goodbye(story)
    else:
        keep_door_open(story)


def said_no(story: Story) -> None:
    rng = story.rng
    first_contact(story, give_up=False)
    if rng.random() < 0.3:
        appointment = story.book(rng.randint(6, 14), **somewhere(story))
        story.until(appointment)
        story.log(appointment, Outcome.CANCELLED_BY_PERSON, note=rng.choice(words.CANCELLED_NOTES))
        story.wait(rng.randint(2, 8))
        story.contact(True, "Would rather not after all. Said how to come back.", minutes=6)
    end(story, Ending.NO_LONGER_WANTED)


def settled_by_phone(story: Story) -> None:
    first_contact(story, give_up=False)
    story.wait(story.rng.randint(4, 15))
    story.contact(True, "Rang with two numbers and what to say. That was all they wanted.", minutes=18)
    end(story, story.rng.choice((Ending.CONNECTED, Ending.PASSED_ON, Ending.MOVED)))


# Parts of plots


def first_contact(story: Story, *, give_up: bool) -> bool:
    """About two attempts. True when the person was reached."""
    rng = story.rng
    story.wait(rng.randint(1, 4))
    for attempt in range(4 if give_up else 7):
        if rng.random() < (0.3 if give_up else REACHED):
            story.contact(True, rng.choice(words.FIRST_CALL_NOTES), minutes=rng.randint(4, 20))
            return True
        channel = Channel.TEXT if attempt == 2 else Channel.CALL
        story.contact(False, rng.choice(words.NOT_REACHED_NOTES), channel=channel)
        story.wait(rng.randint(1, 5))
    if not give_up:
        story.contact(True, rng.choice(words.FIRST_CALL_NOTES), channel=Channel.DROP_IN, minutes=10)
    return not give_up


def meet(story: Story, *, accompanied: bool = False) -> None:
    """Book until they meet. What is missed is followed up, what is cancelled is booked again."""
    rng = story.rng
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
    barrier = rng.choice(MissedBarrier.values) if rng.random() < 0.4 else ""
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


def keep_door_open(story: Story) -> None:
    """Weeks of trying, now and then. Some come back; the others end with a reason and a way back, or are left open."""
    rng = story.rng
    story.wait(rng.randint(5, 14))
    story.contact(False, words.LETTER_NOTE, channel=Channel.LETTER)
    if story.case.patient.may_email and rng.random() < 0.5:
        story.write(Channel.EMAIL, "after_missed_again")
    for _ in range(rng.randint(2, 3)):
        story.wait(rng.randint(10, 21))
        if rng.random() < 0.05:
            story.contact(True, "Rang back. Had been in hospital. Wants to go on.", minutes=12)
            meet(story)
            return say_goodbye(story)
        story.contact(False, rng.choice(words.NOT_REACHED_NOTES), channel=rng.choice((Channel.CALL, Channel.TEXT)))
    story.wait(rng.randint(5, 14))
    end(story, Ending.NOT_REACHED)


def go_quiet(story: Story) -> None:
    """A long gap with nothing booked, then a call."""
    story.wait(story.rng.randint(25, 65))
    story.contact(True, story.rng.choice(words.REACHED_NOTES), minutes=story.rng.randint(4, 15))


def attend(story: Story, appointment: Appointment) -> None:
    rng, is_first = story.rng, story.times_met == 0
    minutes = min(max(5 * round(rng.gauss(45, 9) / 5), 15), 100)
    story.log(appointment, Outcome.ATTENDED, note=meeting_note(story, appointment, is_first), minutes=minutes)
    if is_first:
        settle_in(story)
    elif rng.random() < 0.09:
        story.uncover(rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0])
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
        complexity = rng.choices(Complexity.values, (20, 50, 30))[0]
        ending_on = story.site.calendar.from_day(story.day + timedelta(weeks=rng.randint(8, 16)))
        story.plan(Complexity(complexity), ending_on if rng.random() < 0.8 else None)
    if rng.random() < 0.05:
        story.change_details(phone=f"07700 900{rng.randrange(1000):03}")


def hand_over(story: Story) -> None:
    """Another worker takes over; the person knows them by the next meeting."""
    others = [worker for worker in story.site.workers if worker != story.case.worker]
    if others:
        story.wait(story.rng.randint(1, 5))
        story.assign(story.rng.choice(others), story.site.managers[0], story.rng.choice(words.HANDOVERS))


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
    place = rng.choices(list(PLACES), list(PLACES.values()))[0]
    detail = f"room {rng.randint(1, 4)}" if place == Place.PRACTICE else district(story)
    return {"mode": Mode.IN_PERSON, "place": place, "place_detail": detail}


def district(story: Story) -> str:
    return story.rng.choice(story.site.area.districts)


def an_asset(story: Story, kind: NeedKind):
    some = story.site.assets.get(kind)
    return story.rng.choice(some) if some else None


def hold(story: Story) -> None:
    """Weeks or months of holding, with calls and reviews, most of them in time."""
    rng = story.rng
    purpose = rng.choices(list(PURPOSES), list(PURPOSES.values()))[0]
    kind = rng.choice(sorted(story.kinds))
    note = rng.choice(words.HOLD_NOTES[purpose]).format(need=NeedKind(kind).label.lower())
    asset = an_asset(story, kind) if purpose == HoldPurpose.WAITING_FOR_SERVICE and rng.random() < 0.7 else None
    story.start_hold(
        review_in=rng.randint(21, 35),
        note=note,
        purpose=purpose,
        awaited_need=kind,
        awaited_asset=asset,
        barrier=rng.choice(words.BARRIERS[purpose]),
        meanwhile=rng.choice(words.MEANWHILE) if rng.random() < 0.8 else "",
    )
    until = story.day + timedelta(days=round(rng.lognormvariate(4.2, 0.5)))
    keep_holding(story, until)
    how = rng.choices((HoldEnd.SERVICE_STARTED, HoldEnd.BACK_TO_ACTIVE, HoldEnd.NEED_CHANGED, HoldEnd.NO_LONGER_WANTED,
                       HoldEnd.NO_SERVICE), (50, 20, 10, 10, 10))[0]  # fmt: skip
    became = rng.choices(list(BECAME[how]), list(BECAME[how].values()))[0]
    story.end_hold(how, words.HOLD_END_NOTES[how], became)


def keep_holding(story: Story, until) -> None:
    rng = story.rng
    often = rng.choice((12, 18, 24, 24, 60))
    call_on = story.day + timedelta(days=often)
    look_on = reviewed_on(story)
    while min(call_on, look_on, until) < until:
        if call_on <= look_on:
            story.on(call_on)
            story.contact(True, rng.choice(words.REACHED_NOTES), minutes=rng.randint(3, 18))
            if story.case.patient.may_text and rng.random() < 0.15:
                story.write(Channel.TEXT, "holding")
            call_on = story.day + timedelta(days=often)
        else:
            story.on(look_on)
            by = rng.choice(story.site.workers) if rng.random() < BY_COLLEAGUE else story.worker
            story.look(by)
            story.review(by=by, note=rng.choice(words.REVIEW_NOTES), next_in=rng.randint(21, 35))
            look_on = reviewed_on(story)
    story.on(until)


def reviewed_on(story: Story):
    late = story.rng.randint(4, 30) if story.rng.random() < LATE_REVIEW else -story.rng.randrange(3)
    return story.hold.review_on + timedelta(days=late)


def come_back(story: Story) -> None:
    """They ring some weeks after the ending: the way back is used, and the same spell goes on."""
    rng = story.rng
    story.wait(rng.randint(20, 120))
    text = rng.choice(words.REOPENINGS)
    story.contact(True, text, minutes=rng.randint(5, 15))
    story.reopen(text)
    for _ in range(rng.randint(1, 3)):
        meet(story)
    say_goodbye(story)


def say_goodbye(story: Story) -> None:
    """Ended together, at the last meeting or by a call some weeks on."""
    rng = story.rng
    if rng.random() < 0.5:
        story.wait(rng.randint(5, 15))
        story.contact(True, rng.choice(words.REACHED_NOTES), minutes=rng.randint(4, 15))
    end(story, rng.choices(list(GOOD_ENDINGS), list(GOOD_ENDINGS.values()))[0])


def end(story: Story, ending: Ending) -> None:
    rng = story.rng
    asset = an_asset(story, NeedKind(rng.choice(sorted(story.kinds))))
    note = rng.choice(words.ENDING_NOTES[ending]).format(asset=asset.name if asset else "the group")
    agreed = ending not in (Ending.NOT_REACHED, Ending.DIED) and rng.random() < 0.94
    way_back = "" if ending == Ending.DIED else rng.choice(words.WAYS_BACK)
    take_leave(story, ending)
    story.close(ending, agreed=agreed, note=note, way_back=way_back)
