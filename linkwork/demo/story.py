"""What happened on one case, written down as the actions would have written it on the day.

Each method stands for an action of caseload/actions and leaves the same rows and the same event, by the
story's own clock. A story ends when it has caught up with today: CaughtUp.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random

from accounts.models import User
from accounts.moves import move
from accounts.words import named_day
from assets.enums import NeedKind
from caseload.actions.closing import how_it_ended
from caseload.actions.need import in_words
from caseload.enums import (
    CASE_MOVES,
    CaseStatus,
    Channel,
    Complexity,
    Ending,
    HoldBarrier,
    HoldEnd,
    Mode,
    NeedOutcome,
    Outcome,
    Place,
    Seen,
    Verb,
    WithWhom,
    usual_how,
)
from caseload.enums.safety import RiskKind
from caseload.models import (
    AccessLog,
    Appointment,
    Case,
    CaseEvent,
    Contact,
    FollowUp,
    Hold,
    Need,
    RiskNote,
)
from linkwork.demo.calendar import moment
from linkwork.demo.held import Held, WrittenTo
from linkwork.demo.rows import Rows
from linkwork.demo.sites import Site
from referrals.models import NEWS_OF_CASE

OFFICE_OPENS = time(9)


class CaughtUp(Exception):
    """The story has reached today: what comes next has not happened."""


class Story(Held, WrittenTo):
    def __init__(self, *, case: Case, site: Site, rng: Random, rows: Rows, at: datetime):
        self.case, self.site, self.rng, self.rows, self.at = case, site, rng, rows, at
        self.worker = case.worker or site.managers[0]
        self.hold: Hold | None = None
        self.to_do: list[FollowUp] = []
        self.kinds: set[NeedKind] = set()
        self.needs: dict[NeedKind, Need] = {}
        self.door_open_since: datetime | None = None
        self.times_met = 0
        self.goes_along_at = 0  # which meeting is at a service, together
        self.goals: list = []  # those still open: linkwork/demo/goals.py
        self.goals_set = 0
        self.news_at = at
        self.filled_in: dict[str, list[str]] = {}  # measure: the questions answered at first
        self.referred_on: list[tuple] = []  # to which services, and what will be heard: linkwork/demo/onward.py

    # The clock

    @property
    def today(self) -> date:
        return self.site.calendar.today

    @property
    def day(self) -> date:
        return self.at.date()

    def on(self, day: date) -> None:
        """Some time that day, or on the next working day."""
        day = self.site.calendar.from_day(max(day, self.day))
        if day >= self.today:
            raise CaughtUp
        if day > self.day:
            self.at = moment(day, OFFICE_OPENS) + timedelta(minutes=self.rng.randrange(10, 420))

    def wait(self, days: int) -> None:
        self.on(self.day + timedelta(days=max(days, 1)))

    def tick(self) -> datetime:
        """A few minutes on: two things never happen at one moment."""
        self.at += timedelta(seconds=60 + int(240 * self.rng.random()))
        return self.at

    # Who, and the event each change leaves

    def record(self, verb: Verb, *, by: User | None = None, about: User | None = None, text: str = "") -> None:
        self.rows.put(
            CaseEvent,
            case_id=self.case.id,
            at=self.at,
            verb=verb,
            by_id=(by or self.worker).id,
            about_id=about and about.id,
            words=text,
        )
        if verb in NEWS_OF_CASE:
            self.news_at = self.at

    def look(self, by: User | None = None) -> None:
        """Somebody opens the case page."""
        self.rows.put(
            AccessLog,
            at=self.tick(),
            by_id=(by or self.worker).id,
            patient_id=self.case.patient_id,
            what=Seen.CASE,
            record_id=self.case.id,
        )

    # The case

    def open(self, by: User, kinds: list[NeedKind]) -> None:
        self.record(Verb.OPENED, by=by, about=self.case.worker)
        self.name_needs(kinds, by, on_referral=True)

    def join(self, by: User, kinds: list[NeedKind], text: str) -> None:
        self.name_needs(kinds, by, on_referral=True)
        self.record(Verb.JOINED, by=by, text=text)

    def name_needs(self, kinds: list[NeedKind], by: User, on_referral: bool) -> None:
        for kind in kinds:
            if kind not in self.kinds:
                self.kinds.add(kind)
                self.needs[kind] = self.rows.new(
                    Need,
                    id=self.rows.new_id(),
                    case_id=self.case.id,
                    kind=kind,
                    on_referral=on_referral,
                    added_at=self.at,
                    added_by_id=by.id,
                )

    def uncover(self, kind: NeedKind) -> None:
        if kind not in self.kinds:
            self.name_needs([kind], self.worker, on_referral=False)
            self.record(Verb.NEED_UNCOVERED, text=kind.label)

    def settle(self, kind: NeedKind, outcome: NeedOutcome, barrier: HoldBarrier | str = "", note: str = "") -> None:
        need = self.needs[kind]
        need.outcome, need.barrier, need.outcome_note = outcome, barrier, note
        need.outcome_at, need.outcome_by_id = self.tick(), self.worker.id
        self.record(Verb.NEED_SETTLED, text=in_words(need))

    def assign(self, worker: User, by: User, text: str = "") -> None:
        self.case.worker, self.worker, self.case.assigned_at = worker, worker, self.tick()
        self.record(Verb.ASSIGNED, by=by, about=worker, text=text)

    def write_what_matters(self, text: str) -> None:
        self.case.what_matters = text
        self.case.revision += 1
        self.tick()
        self.record(Verb.WHAT_MATTERS)

    def plan(self, complexity: Complexity, ending_on: date | None) -> None:
        self.case.complexity, self.case.planned_ending_on = complexity, ending_on
        self.case.revision += 1
        self.tick()
        self.record(Verb.PLAN_CHANGED)

    def change_details(self, **changed) -> None:
        for name, value in changed.items():
            setattr(self.case.patient, name, value)
        self.case.patient.revision += 1
        self.tick()
        self.record(Verb.DETAILS_CHANGED)

    def note_risk(self, text: str, by: User, kind: RiskKind = RiskKind.ON_VISIT, weeks: int = 4) -> RiskNote:
        self.tick()
        risk = self.rows.add(
            RiskNote(
                id=self.rows.new_id(),
                patient_id=self.case.patient_id,
                kind=kind,
                text=text,
                review_on=self.day + timedelta(weeks=weeks),
                noted_by=by,
                noted_at=self.at,
            )
        )
        self.record(Verb.RISK_NOTED, by=by, text=f"{kind.label}: {text}")
        return risk

    def review_risk(self, risk: RiskNote, review_on: date | None) -> None:
        self.tick()
        if review_on:
            risk.review_on = review_on
        else:
            risk.ended_at = self.at
        self.record(Verb.RISK_REVIEWED)

    def close(self, ending: Ending, *, agreed: bool, note: str, way_back: str) -> None:
        move(self.case, CASE_MOVES, "close")
        self.tick()
        if self.hold:
            self.hold.ended_at, self.hold.end, self.hold = self.at, HoldEnd.CASE_CLOSED, None
        for follow_up in self.to_do:
            follow_up.done_at = self.at
        self.to_do = []
        self.case.closed_at, self.case.ending, self.case.ending_agreed = self.at, ending, agreed
        self.case.ending_how = usual_how(ending, agreed)
        self.case.ending_note, self.case.way_back = note, way_back
        self.record(Verb.CLOSED, text=how_it_ended(self.case))

    def reopen(self, text: str) -> None:
        move(self.case, CASE_MOVES, "reopen")
        self.tick()
        self.case.closed_at, self.case.ending, self.case.ending_how, self.case.ending_agreed = None, "", "", None
        self.case.ending_note = self.case.takes_with = self.case.way_back = ""
        self.case.assigned_at = self.at
        self.record(Verb.REOPENED, about=self.case.worker, text=text)

    # Meetings

    def book(self, days: int, *, accompanied: bool = False, **where) -> Appointment:
        """A meeting in about so many days, when the worker is free."""
        starts_at = self.site.diaries[self.worker].book(self.day + timedelta(days=max(days, 1)))
        return self.book_at(starts_at, accompanied=accompanied, **where)

    def book_at(self, starts_at: datetime, *, minutes: int = 45, accompanied: bool = False, **where) -> Appointment:
        self.tick()
        appointment = self.rows.new(
            Appointment,
            id=self.rows.new_id(),
            case_id=self.case.id,
            worker_id=self.worker.id,
            starts_at=starts_at,
            minutes_planned=minutes,
            accompanied=accompanied,
            **where or {"mode": Mode.IN_PERSON, "place": Place.PRACTICE},
        )
        self.record(Verb.BOOKED, about=self.worker)
        return appointment

    def until(self, appointment: Appointment) -> None:
        """To the end of a meeting. One still to come ends the story."""
        if appointment.starts_at.date() >= self.today:
            raise CaughtUp
        self.at = appointment.ends_at + timedelta(minutes=self.rng.randrange(2, 75))

    def log(self, appointment: Appointment, outcome: Outcome, *, note: str, minutes: int | None = None) -> None:
        self.look()
        appointment.outcome, appointment.outcome_at, appointment.outcome_by_id = outcome, self.tick(), self.worker.id
        appointment.note, appointment.minutes = note, minutes
        self.record(Verb.MEETING_LOGGED)
        if outcome == Outcome.ATTENDED:
            self.times_met += 1
            if self.case.status == CaseStatus.WAITING:
                move(self.case, CASE_MOVES, "meet")
            if self.times_met == 1:
                self.record(Verb.MET)
            self.come_back()

    def missed(self, appointment: Appointment, *, barrier: str, note: str, days: int, about: str) -> FollowUp:
        """Nothing changes but this: somebody will follow up, by a date."""
        self.log(appointment, Outcome.MISSED, note=note)
        appointment.barrier = barrier
        self.door_open_since = self.door_open_since or appointment.starts_at
        return self.follow_up(days, about)

    # Contacts and follow-ups

    def contact(
        self,
        reached: bool,
        note: str,
        *,
        channel: Channel = Channel.CALL,
        with_whom: WithWhom = WithWhom.PERSON,
        minutes: int | None = None,
    ) -> None:
        self.tick()
        self.rows.put(
            Contact,
            id=self.rows.new_id(),
            case_id=self.case.id,
            by_id=self.worker.id,
            at=self.at,
            channel=channel,
            with_whom=with_whom,
            reached=reached,
            minutes=minutes,
            note=note,
        )
        self.record(Verb.CONTACT_LOGGED)
        if reached:
            self.come_back()

    def come_back(self) -> None:
        if self.door_open_since:
            self.record(Verb.CAME_BACK, text=held_open_since(self.door_open_since.date(), self.today))
            self.door_open_since = None

    def follow_up(self, days: int, about: str) -> FollowUp:
        due_on = self.site.calendar.from_day(self.day + timedelta(days=days))
        follow_up = self.rows.new(
            FollowUp,
            id=self.rows.new_id(),
            case_id=self.case.id,
            due_on=due_on,
            about=about,
            made_at=self.at,
            made_by_id=self.worker.id,
        )
        self.to_do.append(follow_up)
        self.record(Verb.FOLLOW_UP_SET, text=about)
        return follow_up

    def finish(self, follow_up: FollowUp) -> None:
        if follow_up in self.to_do:
            self.to_do.remove(follow_up)
            follow_up.done_at = self.tick()
            self.record(Verb.FOLLOW_UP_DONE, text=follow_up.about)


@cache
def held_open_since(day: date, today: date) -> str:
    return f"The door was held open since {named_day(day, today)}"
