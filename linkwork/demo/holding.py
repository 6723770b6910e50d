"""How people are held: weeks or months with calls, meetings and reviews, for what is not to be had yet."""

from datetime import date, timedelta

from assets.enums import NeedKind
from caseload.enums import Channel, HoldEnd, HoldPurpose, NeedOutcome
from linkwork.demo import words
from linkwork.demo.draw import Weighted
from linkwork.demo.meetings import an_asset, meet
from linkwork.demo.story import Story

LATE_REVIEW, BY_COLLEAGUE = 0.2, 0.35
CALLS_EVERY = (12, 18, 24, 24, 60)  # days
BOOKS_EVERY = (9, 14, 21, 28, 400)  # days; one in five is only called
PURPOSES = Weighted(
    {
        HoldPurpose.WAITING_FOR_SERVICE: 55,
        HoldPurpose.GETTING_READY: 20,
        HoldPurpose.EASING_LOAD: 10,
        HoldPurpose.BEING_ALONGSIDE: 15,
    }
)
ENDS = Weighted(
    {
        HoldEnd.SERVICE_STARTED: 50,
        HoldEnd.BACK_TO_ACTIVE: 20,
        HoldEnd.NEED_CHANGED: 10,
        HoldEnd.NO_LONGER_WANTED: 10,
        HoldEnd.NO_SERVICE: 10,
    }
)
BECAME = {  # of the need, when a hold ends
    HoldEnd.SERVICE_STARTED: Weighted({NeedOutcome.MET: 75, NeedOutcome.PARTLY_MET: 25}),
    HoldEnd.BACK_TO_ACTIVE: Weighted({"": 70, NeedOutcome.PARTLY_MET: 30}),
    HoldEnd.NEED_CHANGED: Weighted({"": 60, NeedOutcome.MET: 40}),
    HoldEnd.NO_LONGER_WANTED: Weighted({"": 40, NeedOutcome.UNMET: 40, NeedOutcome.MET: 20}),
    HoldEnd.NO_SERVICE: Weighted({NeedOutcome.UNMET: 100}),
}


def hold(story: Story, meetings: int) -> None:
    """Until the help comes, or something else does. Of all their meetings some are meanwhile."""
    rng = story.rng
    purpose = PURPOSES.draw(rng)
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
    keep_holding(story, story.day + timedelta(days=round(rng.lognormvariate(4.2, 0.5))), meetings)
    how = ENDS.draw(rng)
    story.end_hold(how, words.HOLD_END_NOTES[how], BECAME[how].draw(rng))


def keep_holding(story: Story, until: date, meetings: int) -> None:
    """Calls, meetings and reviews, each in its own time."""
    rng = story.rng
    calls_every, books_every = (timedelta(days=rng.choice(days)) for days in (CALLS_EVERY, BOOKS_EVERY))
    call_on, look_on = story.day + calls_every, reviewed_on(story)
    book_on = story.day + books_every if story.times_met < meetings else until
    while (next_on := min(call_on, book_on, look_on)) < until:
        story.on(next_on)
        if next_on == look_on:
            look_again(story)
            look_on = reviewed_on(story)
        elif next_on == call_on:
            call(story)
            call_on = story.day + calls_every
        else:
            meet(story)
            book_on = story.day + books_every if story.times_met < meetings else until
    story.on(until)


def call(story: Story) -> None:
    rng = story.rng
    story.contact(True, rng.choice(words.REACHED_NOTES), minutes=rng.randint(3, 18))
    if story.case.patient.may_text and rng.random() < 0.15:
        story.write(Channel.TEXT, "holding")


def look_again(story: Story) -> None:
    """Most reviews are in time, and a third by a colleague."""
    rng = story.rng
    by = rng.choice(story.site.workers) if rng.random() < BY_COLLEAGUE else story.worker
    story.look(by)
    story.review(by=by, note=rng.choice(words.REVIEW_NOTES), next_in=rng.randint(21, 35))


def reviewed_on(story: Story) -> date:
    late = story.rng.randint(4, 30) if story.rng.random() < LATE_REVIEW else -story.rng.randrange(3)
    return story.hold.review_on + timedelta(days=late)
