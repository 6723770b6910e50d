"""What some people fill in: some of them, some questions, some of them twice. Nobody has to."""

from datetime import time
from random import Random

from django.utils import timezone

from assets.enums import NeedKind
from caseload.enums import MeasureCode, Verb
from caseload.measures import CONCERN, LONELINESS, MEASURES, ONS4, Answers
from caseload.models import Case, Concern, Filling
from linkwork.demo.calendar import Calendar, moment
from linkwork.demo.rows import Rows
from linkwork.demo.story import Story

MORNING, EVENING = time(10, 40), time(20, 15)
ASKED, ASKED_AGAIN, LEFT_OUT = 0.45, 0.62, 0.07
LONELY_ASKED, OTHERS_ASKED, CONCERN_ASKED = 0.55, 0.1, 0.3
# item: (usual at first, usual gain, least, most); of feeling anxious, and of what bothers somebody, less is better.
USUAL = {
    "satisfied": (4.1, 1.3, 0, 10),
    "worthwhile": (4.9, 1.1, 0, 10),
    "happy": (4.4, 1.0, 0, 10),
    "anxious": (6.3, -1.2, 0, 10),
    "companionship": (2.3, -0.4, 1, 3),
    "left_out": (2.1, -0.3, 1, 3),
    "isolated": (2.4, -0.4, 1, 3),
    "lonely": (2.2, 0.8, 1, 5),
    "concern_1": (5.0, -1.7, 0, 6),
    "concern_2": (4.2, -1.2, 0, 6),
}
CONCERNS = [
    "The letters I don’t open",
    "Being on my own every evening",
    "The damp in the back room",
    "My knees on the stair",
    "Whether the money lasts the week",
    "Not sleeping",
    "Losing touch with the grandchildren",
    "Going out on my own",
]


def fill_in_first(story: Story) -> None:
    """At the first meetings, if they like."""
    rng = story.rng
    if rng.random() < ASKED:
        fill_in(story, MeasureCode.ONS4, answers_of(rng, ONS4.item_keys, later=False))
    if rng.random() < (LONELY_ASKED if NeedKind.LONELINESS in story.kinds else OTHERS_ASKED):
        fill_in(story, MeasureCode.LONELINESS, answers_of(rng, LONELINESS.item_keys, later=False))
    if rng.random() < CONCERN_ASKED:
        named = rng.sample(CONCERNS, rng.choice((1, 1, 2)))
        name_concerns(story, named)
        keys = CONCERN.item_keys[: len(named)]
        fill_in(story, MeasureCode.CONCERN, answers_of(rng, keys, later=False, all_of_them=True))


def fill_in_again(story: Story) -> None:
    """Towards the end, those who did before and would like to once more."""
    for measure, keys in story.filled_in.items():
        if story.rng.random() < ASKED_AGAIN:
            fill_in(story, measure, answers_of(story.rng, keys, later=True))


def answer_on_a_phone(rows: Rows, case: Case, calendar: Calendar) -> None:
    """Last night, by the link their worker had sent: news on the worker's Today."""
    sent_at, answered_at = (moment(calendar.before_today(days), at) for days, at in ((2, MORNING), (1, EVENING)))
    link = case.questions_links.create(
        measures=[MeasureCode.ONS4], made_at=sent_at, made_by=case.worker, used_at=answered_at
    )
    case.events.create(verb=Verb.QUESTIONS_LINKED, by=case.worker, at=sent_at)
    for did in ("open", "answer"):
        link.uses.create(at=answered_at, did=did, was_valid=True)
    answers = {"satisfied": 4, "worthwhile": 5, "anxious": 6}
    said = {"measure": MeasureCode.ONS4, "answers": answers, "scores": ONS4.scores(answers)}
    case.fillings.create(
        id=rows.new_id(), link=link, made_at=answered_at, filled_on=timezone.localdate(answered_at), **said
    )
    case.events.create(verb=Verb.FILLED_IN, by=None, at=answered_at, words=MeasureCode.ONS4.label)


def answers_of(rng: Random, keys: list[str], *, later: bool, all_of_them: bool = False) -> Answers:
    given = {}
    for key in keys:
        usual, gain, least, most = USUAL[key]
        value = round(rng.gauss(usual + (gain if later else 0), (most - least) * 0.19))
        if all_of_them or rng.random() > LEFT_OUT:
            given[key] = min(max(value, least), most)
    return given


def name_concerns(story: Story, named: list[str]) -> None:
    for place, words in enumerate(named, start=1):
        said = {"place": place, "words": words, "named_at": story.at}
        story.rows.put(Concern, id=story.rows.new_id(), case_id=story.case.id, **said)


def fill_in(story: Story, measure: MeasureCode, answers: Answers, note: str = "") -> None:
    if not answers:
        return
    story.tick()
    story.filled_in.setdefault(measure, list(answers))
    story.rows.put(
        Filling,
        id=story.rows.new_id(),
        case_id=story.case.id,
        measure=measure,
        filled_on=story.day,
        made_at=story.at,
        by_id=story.worker.id,
        answers=answers,
        scores=MEASURES[measure].scores(answers),
        note=note,
    )
    story.record(Verb.FILLED_IN, text=measure.label)
