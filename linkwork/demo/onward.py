"""Referrals to services and what is heard back, as referrals/actions/onward would have written it on the day.

A story decides to refer on while it goes; what the services say is told once the story's end is known,
for after a case closes nothing more is heard.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from accounts.moves import move
from assets.enums import Capacity, NeedKind
from caseload.enums import Verb as CaseVerb
from caseload.models import CaseEvent
from linkwork.demo.story import Story
from referrals.enums import NEEDS_REASON, ONWARD_MOVES, OnwardKind
from referrals.links import LASTS
from referrals.models import LinkUse, OnwardEvent, OnwardReferral
from referrals.sharing import Words, channels_of, what_is_shared

Verb = OnwardEvent.Verb
OFTEN = 0.16  # how often a meeting ends in a referral to a service


@dataclass(frozen=True)
class Step:
    """So many days after the step before. `by_worker`: heard by phone, or done by the worker."""

    days: int
    verb: str
    words: str = ""
    by_worker: bool = False
    capacity: str = ""
    weeks: int | None = None


GOT_THERE, DID_NOT = Step(6, "got_there", "Nervous at the door, fine by the tea.", True), "did_not_get_there"
PLOTS = {
    "went": (Step(2, "accept"), Step(9, "start"), Step(28, "complete"), GOT_THERE),
    "went, heard by phone": (
        Step(4, "accept", by_worker=True, capacity=Capacity.ROOM),
        Step(20, "start", by_worker=True),
    ),
    "is going": (Step(3, "accept", capacity=Capacity.ROOM), Step(8, "start")),
    "full": (Step(3, "reject", "We are full until the spring.", capacity=Capacity.FULL),),
    "not for them": (Step(5, "reject", "We take people over 60 only."),),
    "waiting": (
        Step(2, "accept", capacity=Capacity.WAITING_LIST, weeks=8),
        Step(4, "pause", "On our waiting list, about eight weeks."),
    ),
    "waited": (
        Step(2, "accept", capacity=Capacity.WAITING_LIST, weeks=4),
        Step(1, "pause", "On our waiting list."),
        Step(28, "start"),
        GOT_THERE,
    ),
    "did not last": (
        Step(2, "accept"),
        Step(8, "absent"),
        Step(14, "fail", "Came once and did not come back. They are welcome any time."),
        Step(3, DID_NOT, "Too loud, and nobody said hello.", True),
    ),
    "asks": (Step(1, "question", "Can they manage one flight of stairs?"),),
    "asked": (
        Step(1, "question", "Which afternoons suit?"),
        Step(1, "answer", "Any but Thursday.", True),
        Step(2, "accept"),
    ),
    "silent": (),
    "called off": (Step(12, "cancel", "Found something nearer home.", True),),
    "mistake": (Step(1, "enter_in_error", "Meant for somebody else.", True),),
}
WEIGHTS = (22, 6, 12, 7, 5, 7, 7, 8, 3, 5, 10, 6, 1)
SIGNPOSTS = {"told": (), "told and went": (GOT_THERE,)}


def perhaps_refer_on(story: Story) -> None:
    if story.rng.random() < OFTEN:
        kind = story.rng.choices((OnwardKind.REFERRAL, OnwardKind.SIGNPOST, OnwardKind.ACCOMPANIED), (55, 30, 15))[0]
        plot = story.rng.choices(list(PLOTS), WEIGHTS)[0]
        refer_on(story, story.rng.choice(list(SIGNPOSTS)) if kind == OnwardKind.SIGNPOST else plot, kind)


def refer_on(story: Story, plot: str, kind: OnwardKind = OnwardKind.REFERRAL, need: NeedKind | None = None) -> None:
    """To an open service that helps with one of their needs; the plot is told by hear_back."""
    need = NeedKind(need or story.rng.choice(sorted(story.kinds)))
    known = {onward.asset for onward, _ in story.referred_on}
    fitting = [asset for asset in story.site.assets.get(need, []) if not asset.is_closed and asset not in known]
    if not fitting:
        return
    asset = story.rng.choice(fitting)
    person, is_told = story.case.patient, kind != OnwardKind.SIGNPOST
    words = Words(wants=story.case.what_matters or f"Help with {need.label.lower()}.")
    at = story.tick()
    onward = story.rows.new(
        OnwardReferral,
        id=story.rows.new_id(),
        case_id=story.case.id,
        kind=kind,
        asked_at=at,
        moved_at=at,
        asked_by_id=story.worker.id,
        consent=is_told,
        shared=what_is_shared(person, words, channels=[name for name, _ in channels_of(person)]) if is_told else {},
        sent_to=asset.contact_email if is_told else "",
        link_expires_at=at + LASTS if is_told and asset.contact_email else None,
    )
    onward.asset = asset
    story.record(CaseVerb.REFERRED_ON, text=asset.name)
    _event(story, onward, at, Verb.ASK, story.worker)
    if onward.sent_to:
        _event(story, onward, at + timedelta(seconds=5), Verb.SENT, story.worker)
    story.referred_on.append((onward, (PLOTS | SIGNPOSTS)[plot]))


def hear_back(story: Story) -> None:
    """What came of every referral up to today, or to the end of the case."""
    ends_at = story.case.closed_at
    for onward, plot in story.referred_on:
        at = onward.asked_at
        for step in plot:
            day = story.site.calendar.from_day((at + timedelta(days=step.days)).date())
            at = at.replace(year=day.year, month=day.month, day=day.day)
            if day >= story.today or (ends_at and at >= ends_at):
                break
            _take(story, onward, step, at)
    story.referred_on = []


def _take(story: Story, onward: OnwardReferral, step: Step, at: datetime) -> None:
    # What a service says at its link while that is good, and by phone afterwards.
    in_time = onward.link_expires_at is not None and at < onward.link_expires_at
    by = None if in_time and not step.by_worker else story.worker
    if step.verb in ("got_there", DID_NOT):
        _person_says(story, onward, step, at)
    elif step.verb in ONWARD_MOVES:
        _move(story, onward, step.verb, step.words, by, at)
    else:
        _event(story, onward, at, step.verb, by, step.words)
    if step.capacity:
        onward.capacity, onward.wait_weeks = step.capacity, step.weeks
        _event(story, onward, at, Verb.CAPACITY, by, onward.capacity_words)
    if by is None:
        used = {"onward_referral_id": onward.id, "was_valid": True}
        story.rows.put(LinkUse, at=at - timedelta(minutes=1), did="open", **used)
        story.rows.put(LinkUse, at=at, did=step.verb, **used)
    if step.verb == Verb.ANSWER:
        onward.link_expires_at = at + LASTS
        _event(story, onward, at, Verb.RENEW, by)
        _event(story, onward, at + timedelta(seconds=5), Verb.SENT, by)


def _person_says(story: Story, onward: OnwardReferral, step: Step, at: datetime) -> None:
    onward.person_asked_at, onward.person_said = at, step.words
    onward.person_got_there = step.verb == "got_there"
    _event(story, onward, at, Verb.PERSON_SAID, story.worker, step.words)
    if onward.is_signpost and onward.person_got_there:
        for verb in ("accept", "complete"):
            _move(story, onward, verb, "", story.worker, at)


def _move(story: Story, onward: OnwardReferral, verb: str, words: str, by: User | None, at: datetime) -> None:
    move(onward, ONWARD_MOVES, verb)
    onward.moved_at, onward.reason = at, words if onward.status in NEEDS_REASON else ""
    _event(story, onward, at, verb, by, words)


def _event(story: Story, onward: OnwardReferral, at: datetime, verb: str, by: User | None, words: str = "") -> None:
    story.rows.put(OnwardEvent, onward_referral_id=onward.id, at=at, verb=verb, by_id=by and by.id, words=words)
    if verb not in (Verb.ASK, Verb.SENT, Verb.RENEW):
        said = f"{onward.asset.name}: {Verb(verb).label}"
        story.rows.put(
            CaseEvent,
            case_id=story.case.id,
            at=at,
            verb=CaseVerb.ONWARD_MOVED,
            by_id=by and by.id,
            words=said,
        )
