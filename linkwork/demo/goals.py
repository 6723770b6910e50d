"""What people want, in their words, and how it goes, as caseload/actions would have written it on the day."""

from random import Random

from assets.enums import NeedKind
from caseload.enums import Ending, GoalStatus, Verb, WhoDoes
from caseload.models import About, Goal, GoalProgress
from linkwork.demo.story import Story

SETS_GOALS, HAS_OUTLINE, IS_WRITTEN_ABOUT, SPEAKS_OF_THEM = 0.7, 0.4, 0.35, 0.45
GOALS = {
    NeedKind.MENTAL_WELLBEING: ("Sleep through to six", "One thing a day that is not the telly"),
    NeedKind.LONELINESS: ("Somebody to have a cup of tea with", "Know the names of the people on my stair"),
    NeedKind.MONEY_AND_BENEFITS: (
        "Open the post without my stomach turning",
        "Be straight with the electric by spring",
    ),
    NeedKind.HOUSING: ("A door I can get out of on my own", "A place where the children can have friends in"),
    NeedKind.PHYSICAL_ACTIVITY: ("Walk to the shop and back with the bags", "Swim again, four lengths"),
    NeedKind.CARING: ("An afternoon a week that is mine", "Go to the dancing once, and not worry"),
    NeedKind.BEREAVEMENT: ("Use his chair", "Go to the grave without it taking the whole week"),
    NeedKind.WORK_AND_LEARNING: ("Earn a bit, at something I can stand", "Finish the course this time"),
}
ANYBODY = ("Get out of the house twice a week", "Feel I am some use to somebody", "Say yes to my daughter once")
STEPS = (
    ("Ring the group and ask about Thursdays", WhoDoes.WORKER),
    ("Put the shoes by the door the night before", WhoDoes.PERSON),
    ("Go along the first time", WhoDoes.TOGETHER),
    ("Find the letter", WhoDoes.PERSON),
    ("My daughter looks up the bus", WhoDoes.OTHER),
)
SAID = (
    "Tried it once. Would again.",
    "Not this week, and that is all right.",
    "Better than I thought. Do not tell anybody.",
    "It was easier with somebody there.",
    "Half way, I would say.",
)
SAID_AT_THE_END = ("That is it done. I did not think I would say so.", "I do it without thinking now.")
LET_GO = "It was never mine, that one. It was the doctor's."
OUTLINES = (
    (
        "Every week or so, to get to know each other.",
        "Every two or three weeks, and along to the first ones together.",
        "A last look back over tea. After that, a call brings us back.",
    ),
    (
        "On the phone to begin with, then at the practice.",
        "When there is something to do. A call in between.",
        "Less and less, until nobody notices.",
    ),
)
ABOUT = (
    (
        "Funny, and knows it.\nNever misses a birthday.",
        "Isa next door has a key.",
        "Came here from Donegal at sixteen.",
    ),
    ("Can mend anything with a plug.", "Two sons, one in Leith.\nThe dog, Bruce.", "Thirty years on the buses."),
    ("Has brought up four.", "The women from the old work.", "Does not want to go over the accident again."),
    ("Grows tomatoes on a north window.", "Her sister rings on Sundays.", ""),
)
TAKES_WITH = (
    "The number of the group, and two people there who know my name.",
    "I open the post the day it comes now.",
    "Knowing that asking was not the end of the world.",
)


def talk_of_goals(story: Story) -> None:
    """At a meeting: the first time they are written down, later somebody may say how it goes."""
    rng = story.rng
    if story.times_met == 1 and rng.random() < SETS_GOALS:
        start_with(story, rng)
    elif story.goals and rng.random() < SPEAKS_OF_THEM:
        say(story, rng.choice(story.goals), rng.choice(SAID))


def start_with(story: Story, rng: Random) -> None:
    wanted = [goal for kind in sorted(story.kinds) for goal in GOALS.get(kind, ())] or list(ANYBODY)
    for words in rng.sample(wanted, min(len(wanted), rng.choice((1, 2, 2, 3)))):
        set_goal(story, words, *(rng.choice(STEPS) if rng.random() < 0.6 else ("", "")))
    if rng.random() < HAS_OUTLINE:
        outline(story, *rng.choice(OUTLINES))
    if rng.random() < IS_WRITTEN_ABOUT:
        write_about(story, *rng.choice(ABOUT))


def take_leave(story: Story, ending: Ending) -> None:
    """What came of the goals, as they see it, and what they take with them."""
    rng = story.rng
    if ending not in (Ending.GOALS_REACHED, Ending.CONNECTED):
        return
    for number, goal in enumerate(list(story.goals)):
        if number == 0 or rng.random() < 0.5:
            say(story, goal, rng.choice(SAID_AT_THE_END), GoalStatus.REACHED)
        elif rng.random() < 0.3:
            say(story, goal, LET_GO, GoalStatus.LET_GO)
    if rng.random() < 0.6:
        story.case.takes_with = rng.choice(TAKES_WITH)


def set_goal(story: Story, words: str, next_step: str = "", step_by: str = "", *, is_private: bool = False) -> Goal:
    goal = story.rows.new(
        Goal,
        id=story.rows.new_id(),
        case_id=story.case.id,
        words=words,
        rank=story.goals_set + 1,
        next_step=next_step,
        step_by=step_by,
        is_private=is_private,
        added_at=story.tick(),
        added_by_id=story.worker.id,
    )
    story.goals.append(goal)
    story.goals_set += 1
    story.record(Verb.GOAL_ADDED, text=words)
    return goal


def say(story: Story, goal: Goal, words: str, status: GoalStatus = GoalStatus.OPEN) -> None:
    at, by_id = story.tick(), story.worker.id
    story.rows.put(
        GoalProgress, id=story.rows.new_id(), goal_id=goal.id, at=at, by_id=by_id, words=words, status=status
    )
    verb = Verb.GOAL_PROGRESS
    if status != GoalStatus.OPEN:
        verb = Verb.GOAL_REACHED if status == GoalStatus.REACHED else Verb.GOAL_LET_GO
        goal.status, goal.ended_at, goal.next_step, goal.step_by = status, at, "", ""
        story.goals.remove(goal)
    goal.revision += 1
    story.record(verb, text=f"{goal.words}\n“{words}”")


def outline(story: Story, beginning: str, middle: str, end: str) -> None:
    case = story.case
    case.outline_beginning, case.outline_middle, case.outline_end = beginning, middle, end
    case.revision += 1
    story.tick()
    story.record(Verb.OUTLINE_AGREED)


def write_about(story: Story, strengths: str, people: str, history: str) -> None:
    """Once a person, whichever of their spells it is."""
    person = story.case.patient
    if getattr(person, "is_written_about", False):
        return
    person.is_written_about = True
    said = {"strengths": strengths, "people": people, "story": history}
    story.rows.put(About, id=story.rows.new_id(), patient_id=person.id, revision=1, **said)
    story.tick()
    story.record(Verb.ABOUT_WRITTEN)
