"""The one-page plan: what is agreed, in words to the person, fit to lie on a kitchen table.

Only what is named here is on it. Risks, the safe-contact note, safeguarding, kinds of need, follow-ups and notes never
are, nor a goal the person wants kept off, nor a service whose name would tell too much.
"""

from django.utils.text import capfirst

from accounts.models import Policy
from accounts.words import clock, count_of, full_day
from caseload.enums import WhoDoes
from caseload.models import Case, Goal
from caseload.shortlist import may_be_named

OUTLINE = {"To begin with": "outline_beginning", "In the middle": "outline_middle", "Towards the end": "outline_end"}
MISSED = "If you miss a meeting, nothing closes. Get in touch and we find another time."
COME_BACK = "When support has ended and you want it again, get in touch. You do not need to be referred again."


def our_plan(case: Case, policy: Policy, *, with_matters: bool = True) -> dict:
    """What HTML and PDF both show, as JSON can hold it."""
    goals = list(case.goals.filter(is_private=False).in_their_order().with_progress())
    going_on = [goal for goal in goals if goal.is_open]
    return {
        "title": f"{case.patient.short_name}’s plan",
        "matters": case.what_matters if with_matters else "",
        "goals": [{"words": goal.words, "so_far": _so_far(goal)} for goal in going_on],
        "reached": [goal.words for goal in goals if goal.status == "reached"],
        "steps": [*_meetings(case), *_steps(case, going_on), *_services(case)] if case.is_open else [],
        "outline": [
            {"part": part, "words": words} for part, name in OUTLINE.items() if (words := getattr(case, name))
        ],
        "guide": _guide(case, policy) if case.is_open else "",
        "takes_with": case.takes_with,
        "way_back": [case.way_back] if case.way_back else [MISSED, COME_BACK],
        "people": _people(case),
    }


def _so_far(goal: Goal) -> str:
    return next((said.words for said in goal.progress.all()), "")


def _meetings(case: Case) -> list[dict]:
    return [
        {
            "who": f"You and {meeting.worker.name}",
            "what": f"Meet on {full_day(meeting.starts_at)}, {clock(meeting.starts_at)}, {meeting.where}",
        }
        for meeting in case.appointments.booked().select_related("worker").order_by("starts_at", "id")
    ]


def _steps(case: Case, goals: list[Goal]) -> list[dict]:
    worker = case.worker.name if case.worker else "a link worker"
    who = {
        WhoDoes.PERSON: "You",
        WhoDoes.WORKER: capfirst(worker),
        WhoDoes.TOGETHER: f"You and {worker}",
        WhoDoes.OTHER: "Somebody else",
    }
    return [{"who": who[goal.step_by], "what": goal.next_step} for goal in goals if goal.next_step]


def _services(case: Case) -> list[dict]:
    """Where the person was referred on to, or told about; the rows belong to the app on the right of this one."""
    return [
        {"what": onward.next_step, "who": "You" if onward.is_signpost else onward.asset.name}
        for onward in case.onward_referrals.with_list_data().newest_first()
        if onward.is_open and may_be_named(onward.asset)
    ]


def _guide(case: Case, policy: Policy) -> str:
    guide = f"People usually have about {count_of(policy.suggested_meetings, 'meeting')}; that is a guide, no limit."
    if case.planned_ending_on:
        guide += f" By {full_day(case.planned_ending_on)} we look together at whether it is time to end."
    return guide


def _people(case: Case) -> list[dict]:
    team = {"who": case.organisation.name, "what": "Your link workers", "phone": case.organisation.phone}
    if case.worker:
        team |= {"who": f"{case.worker.name}, {case.organisation.name}", "what": "Your link worker"}
    return [team, {"who": case.practice.name, "what": "Your practice", "phone": case.practice.phone}]
