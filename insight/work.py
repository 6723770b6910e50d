"""Where the time goes: by kind of work, as shares of all the time that was noted."""

from collections import defaultdict
from datetime import date

from caseload.enums import BackstageKind, Mode
from insight.catalogue import FIGURES
from insight.figure import Figure
from insight.over_time import OverTime, drawn, without_empty_beginning
from insight.period import Period
from insight.reading import Month, read_months, read_split_months
from insight.scope import Scope
from insight.splits import SPLITS
from insight.values import Minutes, Share

CALLS = "Calls, texts and letters"
BY_MODE = {Mode.IN_PERSON: "Meeting in person", Mode.PHONE: "Meeting by phone or video"}
BY_MODE[Mode.VIDEO] = BY_MODE[Mode.PHONE]
BY_WORK = {
    BackstageKind.ASSET_DEVELOPMENT: "Services and groups",
    BackstageKind.RELATIONSHIPS: "Services and groups",
    BackstageKind.NEW_GROUP: "Services and groups",
    BackstageKind.TRAINING: "Learning and supervision",
    BackstageKind.SUPERVISION: "Learning and supervision",
    BackstageKind.TRAVEL: "Travel and admin",
    BackstageKind.ADMIN: "Travel and admin",
}
WITH_PEOPLE = list(dict.fromkeys([*BY_MODE.values(), CALLS]))
BACKSTAGE = list(dict.fromkeys(BY_WORK.values()))
KINDS = [*WITH_PEOPLE, *BACKSTAGE]

Time = dict[date, dict[str, int]]  # {first day of a month: {kind of work: minutes}}


def time_by_month(scope: Scope) -> Time:
    found = {month: dict.fromkeys(KINDS, 0) for month in scope.period.months}
    for key, split, kinds in (("meeting_time", "mode", BY_MODE), ("backstage_time", "work", BY_WORK)):
        for month, categories in read_split_months(FIGURES[key], SPLITS[split], scope).items():
            for category, value in categories.items():
                found[month][kinds[category]] += value.minutes
    for month in read_months([FIGURES["contact_time"]], scope)["contact_time"]:
        found[month.period.first][CALLS] += month.value.minutes
    return found


def kinds(time: Time) -> list[OverTime]:
    """A chart of each kind's share of all the time."""
    return [_share(name, [name], time) for name in KINDS]


def measured(time: Time) -> list[OverTime]:
    """Hours with people, hours back-stage, and what part of all the time back-stage is."""
    return [
        _hours("Time with people", WITH_PEOPLE, time),
        _hours("Back-stage time", BACKSTAGE, time),
        _share("Back-stage, of all the time", BACKSTAGE, time),
    ]


def by_kind(time: Time) -> list[tuple[str, int]]:
    """(kind, minutes) of all the months together, in the order of KINDS."""
    totals = defaultdict(int)
    for month in time.values():
        for name, minutes in month.items():
            totals[name] += minutes
    return [(name, totals[name]) for name in KINDS]


def _share(name: str, parts: list[str], time: Time) -> OverTime:
    def value(month):
        return Share(sum(month[part] for part in parts), sum(month.values()))

    return _drawn(name, Share, {day: value(month) for day, month in time.items()})


def _hours(name: str, parts: list[str], time: Time) -> OverTime:
    def value(month):
        minutes = sum(month[part] for part in parts)
        return Minutes(minutes, n=minutes)

    return _drawn(name, Minutes, {day: value(month) for day, month in time.items()})


def _drawn(name: str, kind: type, values: dict) -> OverTime:
    figure = Figure(
        key="",
        name=name,
        noun="minute",
        definition="Of the minutes of meetings, contacts and back-stage work together, as each of them is counted.",
        kind=kind,
    )
    return drawn(figure, without_empty_beginning([Month(Period.month(day), values[day]) for day in sorted(values)]))
