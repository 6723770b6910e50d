"""Goals are the person's: their words, their order, and they say when one is reached or let go."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import ChangedMeanwhile, MoveNotAllowed, check_revision, make_once, move
from caseload.actions.case import locked, locked_open
from caseload.enums import GOAL_MOVES, GoalStatus, Verb, WhoDoes
from caseload.models import Case, Goal, GoalProgress

# How the goal stands now: the move that leads there from another status, and the event.
TURNS = {
    GoalStatus.REACHED: ("reach", Verb.GOAL_REACHED),
    GoalStatus.LET_GO: ("let_go", Verb.GOAL_LET_GO),
    GoalStatus.OPEN: ("take_up", Verb.GOAL_TAKEN_UP),
}


@transaction.atomic
def add_goal(
    *,
    case: Case,
    by: User,
    words: str,
    next_step: str = "",
    step_by: WhoDoes | str = "",
    is_private: bool = False,
    once: UUID | None = None,
) -> Goal:
    """One more, after the others. Raises MoveNotAllowed when the case is closed."""
    case = locked_open(case, "add_goal")
    last = case.goals.in_their_order().last()
    found = case.goals.filter(pk=once).first()
    rank = found.rank if found else (last.rank + 1 if last else 1)
    said = {"words": words, "next_step": next_step, "step_by": step_by, "is_private": is_private}
    goal, is_new = make_once(case.goals, once, rank=rank, added_by=by, **said)
    if is_new:
        case.events.create(verb=Verb.GOAL_ADDED, by=by, words=words)
    return goal


@transaction.atomic
def change_goal(
    *, goal: Goal, by: User, revision: int, words: str, next_step: str, step_by: WhoDoes | str, is_private: bool
) -> Goal:
    """Other words, or another next step. Raises ChangedMeanwhile when a colleague has changed it."""
    case, goal = _locked(goal)
    said = {"words": words, "next_step": next_step, "step_by": step_by, "is_private": is_private}
    if all(getattr(goal, name) == value for name, value in said.items()):
        return goal
    check_revision(goal, revision)
    for name, value in said.items():
        setattr(goal, name, value)
    goal.save(update_fields=[*said, "revision"])
    case.events.create(verb=Verb.GOAL_REWORDED, by=by, words=words)
    return goal


@transaction.atomic
def order_goals(*, case: Case, by: User, seen: Sequence[UUID], order: Sequence[UUID]) -> Case:
    """Put the open goals in the order the person gives them.

    `seen` is the order its writer was shown: ChangedMeanwhile when it is no longer that one.
    """
    case = locked_open(case, "order_goals")
    goals = {goal.pk: goal for goal in case.goals.open().in_their_order()}
    now, places = list(goals), sorted(goal.rank for goal in goals.values())
    if now == list(order):
        return case
    if now != list(seen) or sorted(now) != sorted(order):
        raise ChangedMeanwhile("the goals are others, or in another order")
    for pk, rank in zip(order, places, strict=True):
        goals[pk].rank = rank
    Goal.objects.bulk_update(goals.values(), ["rank"])
    in_words = "\n".join(f"{number}. {goals[pk].words}" for number, pk in enumerate(order, start=1))
    case.events.create(verb=Verb.GOALS_ORDERED, by=by, words=in_words)
    return case


@transaction.atomic
def note_progress(
    *,
    goal: Goal,
    by: User,
    revision: int,
    words: str,
    status: GoalStatus,
    next_step: str,
    step_by: WhoDoes | str,
    once: UUID | None = None,
) -> GoalProgress:
    """What they say of a goal, whether it is reached or let go, and what comes next.

    Raises MoveNotAllowed when the case is closed, ChangedMeanwhile when a colleague has changed the goal.
    """
    case, goal = _locked(goal)
    progress, is_new = make_once(goal.progress, once, by=by, words=words, status=status)
    if not is_new:
        return progress
    check_revision(goal, revision)
    verb = Verb.GOAL_PROGRESS
    if status != goal.status:
        name, verb = TURNS[status]
        move(goal, GOAL_MOVES, name)
        goal.ended_at = None if goal.is_open else timezone.now()
    goal.next_step, goal.step_by = (next_step, step_by) if goal.is_open else ("", "")
    goal.save(update_fields=["status", "ended_at", "next_step", "step_by", "revision"])
    case.events.create(verb=verb, by=by, words=f"{goal.words}\n“{words}”")
    return progress


def _locked(goal: Goal) -> tuple[Case, Goal]:
    case = locked(goal.case)
    if not case.is_open:
        raise MoveNotAllowed("the case is closed")
    return case, case.goals.get(pk=goal.pk)
