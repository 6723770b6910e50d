"""Goals: the person's words, their order, and what they say of each."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from accounts.perms import organisation_only
from caseload import actions
from caseload.enums import Verb
from caseload.forms.goal import EditGoalForm, GoalForm, OrderGoalsForm, ProgressForm
from caseload.models import Case, Goal
from caseload.timeline import last_change
from caseload.views.on_a_case import CLOSED, cannot, catch_up, done, find_case, posted, show_form, told_on

CHANGES = [Verb.GOAL_REWORDED, Verb.GOAL_PROGRESS, Verb.GOAL_REACHED, Verb.GOAL_LET_GO, Verb.GOAL_TAKEN_UP]
CHANGES_OF_ORDER = [Verb.GOALS_ORDERED, Verb.GOAL_ADDED, *CHANGES]


@organisation_only
def add_goal(request, case_id):
    case = find_case(request, case_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    form = GoalForm(posted(request))
    if form.is_valid():
        with told_on(form, request, case, Verb.GOAL_ADDED):
            actions.add_goal(case=case, by=request.user, **form.cleaned_data)
            return done(request, case, "Goal written down")
    return show_form(request, case, form, f"What {case.patient.short_name} wants")


@organisation_only
def change_goal(request, case_id, goal_id):
    case = find_case(request, case_id)
    goal = find_goal(case, goal_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    form = EditGoalForm(posted(request), initial=EditGoalForm.initial_of(goal))
    newer = []
    if form.is_valid():
        with told_on(form, request, case, *CHANGES):
            try:
                actions.change_goal(goal=goal, by=request.user, **form.cleaned_data)
                return done(request, case, "Saved")
            except ChangedMeanwhile:
                newer = goal_now(goal)
                catch_up(form, goal.revision)
                raise
    return show_form(request, case, form, "Change a goal", newer=newer)


@organisation_only
def note_progress(request, case_id, goal_id):
    case = find_case(request, case_id)
    goal = find_goal(case, goal_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    form = ProgressForm(posted(request), initial=ProgressForm.initial_of(goal))
    newer = []
    if form.is_valid():
        with told_on(form, request, case, *CHANGES):
            try:
                actions.note_progress(goal=goal, by=request.user, **form.cleaned_data)
                return done(request, case, "Written down")
            except ChangedMeanwhile:
                newer = goal_now(goal)
                catch_up(form, goal.revision)
                raise
    heading = f"How it goes, as {case.patient.short_name} says"
    return show_form(request, case, form, heading, first=f"“{goal.words}”", newer=newer)


@organisation_only
@require_POST
def order_goals(request, case_id):
    """By the buttons, or by dragging: the same form. Asked by htmx, it answers with the goals alone."""
    case = find_case(request, case_id)
    form = OrderGoalsForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            actions.order_goals(case=case, by=request.user, **form.cleaned_data)
        except ChangedMeanwhile:
            problem = f"{last_change(case, request.user, *CHANGES_OF_ORDER)} This is the newest order."
        except MoveNotAllowed:
            problem = CLOSED
    else:
        problem = "The order was not saved. Open the case again, then put the goals in order."
    if request.htmx:
        context = {"case": case, "person": case.patient, "goals": goals_of(case), "goals_said": problem or "Saved"}
        return render(request, "caseload/includes/case_goals.html", context)
    return cannot(request, case, problem) if problem else done(request, case, "Order saved")


def goals_of(case: Case) -> dict[str, list[Goal]]:
    """Those open, in the person's order, each with the orders its buttons would make; and those that have ended."""
    goals = list(case.goals.in_their_order().with_progress())
    is_open = [goal for goal in goals if goal.is_open]
    ids = [str(goal.pk) for goal in is_open]
    for place, goal in enumerate(is_open):
        goal.order_up = swapped(ids, place - 1, place) if place else ""
        goal.order_down = swapped(ids, place, place + 1) if place + 1 < len(ids) else ""
    return {"open": is_open, "ended": [goal for goal in goals if not goal.is_open], "seen": ",".join(ids)}


def swapped(ids: list[str], one: int, other: int) -> str:
    ids = ids.copy()
    ids[one], ids[other] = ids[other], ids[one]
    return ",".join(ids)


def find_goal(case: Case, goal_id) -> Goal:
    return get_object_or_404(case.goals.select_related("case"), pk=goal_id)


def goal_now(goal: Goal) -> list[str]:
    """What a colleague has made of it meanwhile."""
    goal.refresh_from_db()
    step = f"The next step is now: {goal.next_step}" if goal.next_step else ""
    return [line for line in [f"It now reads: {goal.words}", step] if line]
