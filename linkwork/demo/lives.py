"""How support goes: the plots, with the rates of DOMAIN's studies. Every plot may be cut short by today."""

from assets.enums import NeedKind
from caseload.enums import Channel, Ending, Outcome
from linkwork.demo import words
from linkwork.demo.draw import Weighted
from linkwork.demo.goals import take_leave
from linkwork.demo.holding import hold
from linkwork.demo.measures import fill_in_again, fill_in_first
from linkwork.demo.meetings import an_asset, meet, miss, somewhere
from linkwork.demo.story import Story

ENGAGED = 0.77
DROPS_OUT = 0.28  # of whom some come back
IS_HELD = 0.62
ACCOMPANIED = 0.75
REACHED = 0.55
GOOD_ENDINGS = Weighted(
    {
        Ending.GOALS_REACHED: 48,
        Ending.CONNECTED: 36,
        Ending.NO_LONGER_WANTED: 6,
        Ending.NOTHING_AVAILABLE: 4,
        Ending.MOVED: 3,
        Ending.PASSED_ON: 2,
        Ending.DIED: 1,
    }
)


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
    """Met, as often as it takes; perhaps held, with some of the meetings meanwhile; ended together."""
    rng = story.rng
    first_contact(story, give_up=False)
    meetings = max(1, min(26, round(rng.lognormvariate(1.26, 0.66))))
    held_after = rng.randint(1, max(1, meetings - 1)) if rng.random() < IS_HELD else 0
    story.goes_along_at = rng.randint(min(2, meetings), meetings) if rng.random() < ACCOMPANIED else 0
    while story.times_met < meetings:
        meet(story)
        if story.times_met == 1:
            fill_in_first(story)
        if rng.random() < 0.05:
            go_quiet(story)
        if rng.random() < 0.01:
            hand_over(story)
        if story.times_met == held_after:
            hold(story, meetings)
    if meetings > 1:
        fill_in_again(story)
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


def hand_over(story: Story) -> None:
    """Another worker takes over; the person knows them by the next meeting."""
    others = [worker for worker in story.site.workers if worker != story.case.worker]
    if others:
        story.wait(story.rng.randint(1, 5))
        story.assign(story.rng.choice(others), story.site.managers[0], story.rng.choice(words.HANDOVERS))


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
    end(story, GOOD_ENDINGS.draw(rng))


def end(story: Story, ending: Ending) -> None:
    rng = story.rng
    asset = an_asset(story, NeedKind(rng.choice(sorted(story.kinds))))
    note = rng.choice(words.ENDING_NOTES[ending]).format(asset=asset.name if asset else "the group")
    agreed = ending not in (Ending.NOT_REACHED, Ending.DIED) and rng.random() < 0.94
    way_back = "" if ending == Ending.DIED else rng.choice(words.WAYS_BACK)
    take_leave(story, ending)
    story.close(ending, agreed=agreed, note=note, way_back=way_back)
