"""Practice as enacted: what is written beside what happens, for the service as a whole (DOMAIN.md, "Lipsky's five").

Each panel ends in a question for the team, never in a verdict.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.utils import timezone

from accounts.models import Organisation, Policy
from accounts.words import local_day
from insight import over_time as charts
from insight import work
from insight.catalogue import FIGURES
from insight.over_time import OverTime
from insight.period import Period
from insight.reading import read_values
from insight.scope import Scope


@dataclass(frozen=True, kw_only=True)
class Panel:
    key: str
    title: str
    about: str
    settings: tuple[str, ...] = ()
    unwritten: str  # what no setting says
    figures: tuple[str, ...] = ()
    question: str


PANELS = [
    Panel(
        key="rationing",
        title="Rationing",
        about="There is never enough for everybody, so something gives: the length of a meeting, going to people, how "
        "often one meets, how long others wait.",
        settings=(
            "waiting_list_open",
            "waiting_list_note",
            "suggested_meetings",
            "waiting_long_days",
            "unanswered_working_days",
        ),
        unwritten="How long a meeting is, and where and how people are met, is written nowhere.",
        figures=(
            "referrals_in",
            "waiting",
            "first_meeting_days",
            "meeting_length",
            "meetings_per_ending",
            "remote_meetings",
            "outreach_meetings",
        ),
        question="When more people came, what gave way first? Would we have chosen that?",
    ),
    Panel(
        key="stereotyping",
        title="Stereotyping",
        about="Under pressure we sort people: who is ready, who is “hard to engage”. The sorting shows where support "
        "ends without an agreed ending.",
        settings=("open_after_missed_days", "repeated_missed_count"),
        unwritten="A missed meeting never ends anything. Ending because nobody could be reached takes a reason and a "
        "way back, whoever it is.",
        figures=("endings_drifted", "endings_own_choice", "missed"),
        question="Of the last few people we could not reach, or who no longer wanted this: what would they say if we "
        "asked them why?",
    ),
    Panel(
        key="creaming",
        title="Creaming",
        about="Time goes easily to those with whom it goes well. Who comes in, who is met, who stays, and whose needs "
        "come to light only because somebody stayed long enough to hear?",
        settings=("quiet_days", "hold_no_contact_days", "hold_long_weeks"),
        unwritten="No setting says whom to take on, or to see first.",
        figures=("high_complexity", "third_meeting", "endings_agreed", "need_uncovered"),
        question="With whom is a good ending easiest, and do they get more of our time than we meant them to?",
    ),
    Panel(
        key="measuring",
        title="Measuring",
        about="What is counted gets done. What is asked for from outside stands here beside what was done, and the "
        "time with people beside the work nobody sees.",
        unwritten="How much time should go where is written nowhere but in what funders ask.",
        question="What do we do because it is counted, and what do we do that nobody counts?",
    ),
    Panel(
        key="redefining",
        title="Redefining",
        about="Work changes its shape without anybody deciding so: towards what can be finished, or towards what only "
        "we seem to do. Shares of all the time that was noted.",
        unwritten="What kind of work this is, in which parts, is written nowhere.",
        question="Is this the work we came to do? What has crept in, what has gone quiet, and who decided that?",
    ),
]


@dataclass(frozen=True)
class Change:
    """Of a setting: `number` is what the charts of its panel call it by."""

    number: int
    on: date
    before: str
    after: str


@dataclass(frozen=True)
class Written:
    """A setting as it is now, and every change of it, oldest first."""

    name: str
    now: str
    changes: list[Change]


@dataclass(frozen=True)
class Seen:
    """A panel as a page shows it."""

    panel: Panel
    written: list[Written]
    charts: list[OverTime]


def panels(organisation: Organisation, period: Period) -> list[Seen]:
    """All five, their charts over two years or more to the end of the period."""
    scope = Scope(organisation, period)
    drawn = charts.over_time([FIGURES[key] for panel in PANELS for key in panel.figures], scope)
    of_work = work.time_by_month(scope.over(charts.months_of(scope)))
    more = {"measuring": work.measured(of_work), "redefining": work.kinds(of_work)}
    versions = [Policy(organisation=organisation), *organisation.policies.order_by("made_at", "id")]
    seen = []
    for panel in PANELS:
        written = as_written(versions, panel.settings)
        shown = [*(drawn[key] for key in panel.figures), *more.get(panel.key, [])]
        seen.append(Seen(panel, written, marked(shown, written)))
    return seen


def as_written(versions: list[Policy], names: Iterable[str]) -> list[Written]:
    """Settings in words. `versions`, oldest first, begin with the defaults."""
    found, number = [], 0
    for name in names:
        changes = []
        for before, after in pairwise(versions):
            if getattr(before, name) != getattr(after, name):
                number += 1
                changes.append(Change(number, local_day(after.made_at), before.in_words(name), after.in_words(name)))
        label = Policy._meta.get_field(name).verbose_name
        found.append(Written(label, versions[-1].in_words(name), changes))
    return found


def marked(drawn: Iterable[OverTime], written: Iterable[Written]) -> list[OverTime]:
    """The charts, with the months marked in which a setting was changed."""
    numbers = {}
    for change in sorted((c for setting in written for c in setting.changes), key=lambda change: change.number):
        numbers.setdefault(change.on.replace(day=1), []).append(str(change.number))
    changes = {month: ", ".join(some) for month, some in numbers.items()}
    return [replace(chart, changes=changes) for chart in drawn]


def asked_and_done(organisation: Organisation, period: Period) -> list[tuple]:
    """(what a funder asks for, the figure nearest to it or None, its value) of all that is asked for now."""
    asks = list(organisation.funder_asks.filter(ended_at=None).order_by("funder", "made_at", "id"))
    near = {ask.figure: FIGURES[ask.figure] for ask in asks if ask.figure in FIGURES}
    values = read_values(near.values(), Scope(organisation, period))
    return [(ask, near.get(ask.figure), values.get(ask.figure)) for ask in asks]


def until(period: Period, is_latest: bool) -> Period:
    """The charts of the year we are in go on to the last whole month."""
    if not is_latest:
        return period
    return Period(period.first, Period.month(charts.last_whole_month(timezone.localdate())).last)
