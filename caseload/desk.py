"""What calls for a link worker today: a row a person, with every reason and the thing to do about each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import F, Prefetch, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts import words
from accounts.models import Organisation, User
from caseload.enums import CaseStatus, FlagRule
from caseload.models import (
    Appointment,
    Away,
    Case,
    CaseEvent,
    Contact,
    Filling,
    Flag,
    FollowUp,
    Hold,
    Message,
    RiskNote,
    things_to_do,
)
from caseload.models.case import CaseQuerySet
from caseload.models.follow_up import FollowUpQuerySet

FOLLOW_UP, HOLD_REVIEW, PASSED, WAITING = "follow_up", "hold_review", "passed", "waiting"
RISK_REVIEW = "risk_review"
QUESTION, NEWS = "question", "news"  # from a service somebody was referred on to
ANSWERED = "answered"  # by the person, at a link
NOT_SENT = "not_sent"  # a message to the person

# In the order they are worked through. A person stands under the first of their reasons.
HEADINGS = {
    FOLLOW_UP: "Follow-ups due",
    FlagRule.OPEN_AFTER_MISSED: "Missed, door open",
    FlagRule.REPEATED_MISSED: "Check on this person",
    NOT_SENT: "Could not be sent",
    PASSED: "New with you",
    QUESTION: "Services ask",
    NEWS: "News from services",
    ANSWERED: "Answers from their phone",
    HOLD_REVIEW: "Holds to review",
    RISK_REVIEW: "Risks and alerts to review",
    FlagRule.HOLD_NO_CONTACT: "Held, nobody reached",
    FlagRule.HOLD_LONG: "Held long without a second look",
    WAITING: "Waiting for you",
    FlagRule.ONWARD_UNKNOWN: "Referred on, no news",
    FlagRule.ENDING_PASSED: "Planned ending passed",
    FlagRule.QUIET: "Gone quiet",
}
ORDER = {kind: place for place, kind in enumerate(HEADINGS)}

# Folded on a full day, with its counts.
CAN_WAIT = {kind for kind, place in ORDER.items() if place > ORDER[RISK_REVIEW]}
FULL_DAY = 8  # people

# A flag that says the same as a plain fact of the case stands under that fact.
SAME_AS = {FlagRule.HOLD_REVIEW_OVERDUE: HOLD_REVIEW, FlagRule.WAITING_LONG: WAITING}

# What there is to do about each: names of pages of the case.
STEPS = {
    FOLLOW_UP: ["log_contact"],
    FlagRule.OPEN_AFTER_MISSED: ["log_contact", "book", "write_after_missed"],
    FlagRule.REPEATED_MISSED: ["check_on"],
    NOT_SENT: ["write"],
    PASSED: ["case"],
    QUESTION: ["answer_question"],
    NEWS: ["case"],
    ANSWERED: ["case"],
    HOLD_REVIEW: ["review_hold"],
    FlagRule.HOLD_NO_CONTACT: ["log_contact", "write_holding"],
    RISK_REVIEW: ["risks"],
    FlagRule.HOLD_LONG: ["case"],
    WAITING: ["book", "log_contact"],
    FlagRule.ONWARD_UNKNOWN: ["case", "log_contact"],
    FlagRule.ENDING_PASSED: ["review_ending"],
    FlagRule.QUIET: ["log_contact", "book"],
}


@dataclass(frozen=True)
class Reason:
    """Why somebody is on the page, in one sentence. With a flag it can be set aside, a follow-up can be done."""

    kind: str
    since: date
    sentence: str
    flag: Flag | None = None
    follow_up: FollowUp | None = None
    onward_id: UUID | None = None


@dataclass(frozen=True)
class Spent:
    """Minutes of one day: with and about people, and back-stage."""

    day: date
    with_people: int
    backstage: int


@dataclass(frozen=True)
class Row:
    case: Case
    reasons: list[Reason]

    @property
    def kind(self) -> str:
        return self.reasons[0].kind

    @property
    def question_id(self) -> UUID | None:
        """The onward referral whose service asks something."""
        return next((reason.onward_id for reason in self.reasons if reason.kind == QUESTION), None)

    @property
    def steps(self) -> list[str]:
        """What to do, each thing once, in the order of the reasons."""
        steps = dict.fromkeys(step for reason in self.reasons for step in STEPS[reason.kind])
        if "check_on" in steps:
            steps.pop("log_contact", None)  # The same form, asked for in other words.
        return list(steps)

    @property
    def pressing(self) -> list[Reason]:
        """What their line says: what can wait is said too where nothing presses."""
        return [reason for reason in self.reasons if reason.kind not in CAN_WAIT] or self.reasons

    @property
    def can_wait(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason not in self.pressing]

    @property
    def flags(self) -> list[Flag]:
        return [reason.flag for reason in self.reasons if reason.flag]

    @property
    def follow_ups(self) -> list[FollowUp]:
        return [reason.follow_up for reason in self.reasons if reason.follow_up]


Groups = list[tuple[str, list[Row]]]  # (heading, rows)


@dataclass(frozen=True)
class Covering:
    """What a colleague's people call for while the user covers for them, and what can wait for them (`folded`)."""

    away: Away
    meetings: list[Appointment]
    to_do: list[FollowUp]
    groups: Groups
    folded: Groups


def needing(cases: CaseQuerySet, workers: Iterable[User], today: date) -> dict[UUID, Groups]:
    """{worker: what their cases call for}, in as many queries for several workers as for one."""
    workers = [worker.pk for worker in workers]
    due = FollowUp.objects.due(today).for_worker_of_case().order_by("due_on", "id")
    due = Prefetch("follow_ups", due, to_attr="due_follow_ups")
    aside = Flag.objects.open().filter(rule__in=SAME_AS, set_aside_until__gt=today)
    aside = Prefetch("flags", aside, to_attr="flags_set_aside")
    theirs = cases.open_or_promised(today).filter(worker__in=workers).with_list_data().with_opened_at()
    passings = CaseEvent.objects.passings().select_related("by").order_by("-at", "-id")
    stuck = Message.objects.stuck(timezone.now()).order_by("queued_at", "id")
    theirs = theirs.prefetch_related(Prefetch("messages", stuck, to_attr="stuck_messages"))
    theirs = theirs.prefetch_related(Prefetch("events", passings, to_attr="passings"))
    alone = Prefetch("fillings", Filling.objects.by_link().order_by("made_at", "id"), to_attr="answered_alone")
    # The services belong to the app on the right of this one.
    risks = RiskNote.objects.due_review(today).order_by("review_on", "id")
    risks = Prefetch("patient__risk_notes", risks, to_attr="risks_due")
    theirs = theirs.prefetch_related(due, aside, alone, risks, "onward_referrals__asset", "onward_referrals__events")
    rows = [Row(case, reasons) for case in theirs if (reasons := _reasons(case, today))]
    rows.sort(key=lambda row: (ORDER[row.kind], row.reasons[0].since, row.case.patient.name, str(row.case.pk)))
    return {worker: _grouped(row for row in rows if row.case.worker_id == worker) for worker in workers}


def _grouped(rows: Iterable[Row]) -> Groups:
    return [(HEADINGS[kind], list(group)) for kind, group in groupby(rows, key=lambda row: row.kind)]


def fold(groups: Groups) -> tuple[Groups, Groups]:
    """(shown, folded): on a full day what can wait makes room for what presses."""
    pressing = [(heading, rows) for heading, rows in groups if rows[0].kind not in CAN_WAIT]
    if not pressing or sum(len(rows) for _, rows in groups) <= FULL_DAY:
        return groups, []
    return pressing, [group for group in groups if group not in pressing]


def to_do(organisation: Organisation, workers: Iterable[User], today: date) -> FollowUpQuerySet:
    """What is due to be done by them and stands under none of their own people: of no case, or of a colleague's."""
    due = things_to_do(organisation).due(today).filter(worker__in=workers).exclude(case__worker=F("worker"))
    return due.select_related("case__patient", "made_by").order_by("due_on", "id")


def nobodys(organisation: Organisation, today: date) -> FollowUpQuerySet:
    """What is due and nobody is left to do: on everybody's page, until somebody takes it."""
    due = things_to_do(organisation).nobodys().due(today)
    return due.select_related("case__patient", "case__worker", "worker", "made_by").order_by("due_on", "id")


def covering(
    organisation: Organisation, away: list[Away], needing: Mapping[UUID, Groups], today: date
) -> list[Covering]:
    """Of each who is away: their meetings of the day, those to log, and who needs somebody."""
    if not away:
        return []
    workers, first_on = [each.worker for each in away], min(each.first_on for each in away)
    meetings = Appointment.objects.of_organisation(organisation).with_row_data().on_days(first_on, today)
    meetings = list(meetings.filter(worker__in=workers, outcome="").order_by("starts_at", "id"))
    due = list(to_do(organisation, workers, today))
    return [
        Covering(
            each,
            [m for m in meetings if m.worker_id == each.worker_id and words.local_day(m.starts_at) >= each.first_on],
            [follow_up for follow_up in due if follow_up.worker_id == each.worker_id],
            *fold(_needing_cover(needing[each.worker_id], each.worker, today)),
        )
        for each in away
    ]


def _needing_cover(groups: Groups, worker: User, today: date) -> Groups:
    """As the worker would see it, but for who was passed to whom."""

    def said(row: Row) -> Row:
        passing = _passing(row.case)
        passed = _passed(passing, today, worker.first_name) if passing else ""
        return Row(row.case, [replace(r, sentence=passed) if r.kind == PASSED else r for r in row.reasons])

    renamed = {HEADINGS[PASSED]: f"New with {worker.first_name}"}
    return [(renamed.get(heading, heading), [said(row) for row in rows]) for heading, rows in groups]


def time_spent(organisation: Organisation, user: User, days: list[date]) -> list[Spent]:
    """Of the user's own days, as they logged them: both kinds at the same size."""
    met = user.appointments.of_organisation(organisation).on_days(days[0], days[-1])
    talked = Contact.objects.filter(case__organisation=organisation, by=user, at__date__range=(days[0], days[-1]))
    other = organisation.backstage_work.filter(worker=user, done_on__range=(days[0], days[-1]))
    people = Counter(_minutes(met.annotate(day=TruncDate("starts_at"))))
    people.update(_minutes(talked.annotate(day=TruncDate("at"))))
    backstage = _minutes(other.annotate(day=F("done_on")))
    return [Spent(day, people.get(day, 0), backstage.get(day, 0)) for day in days]


def _minutes(rows) -> dict[date, int]:
    return dict(rows.order_by().values_list("day").annotate(n=Coalesce(Sum("minutes"), 0)))


def _reasons(case: Case, today: date) -> list[Reason]:
    """Everything that calls for something, most pressing first; the same thing only once."""
    flags = [_flagged(flag, case, today) for flag in case.showing_flags]
    settled = {reason.kind for reason in flags} | {SAME_AS[flag.rule] for flag in case.flags_set_aside}
    facts = [reason for reason in _facts(case, today) if reason.kind not in settled]
    return sorted([*facts, *flags], key=lambda reason: (ORDER[reason.kind], reason.since))


def _flagged(flag: Flag, case: Case, today: date) -> Reason:
    kind = SAME_AS.get(flag.rule, flag.rule)
    sentence = _review_due(case.hold, today) if kind == HOLD_REVIEW and case.hold else flag.why
    if flag.asks_after_them:
        sentence = f"{sentence} How is {case.patient.short_name}?"
    return Reason(kind, flag.since, sentence, flag=flag)


def _facts(case: Case, today: date) -> Iterable[Reason]:
    for follow_up in case.due_follow_ups:
        due = words.day(follow_up.due_on, today)
        yield Reason(FOLLOW_UP, follow_up.due_on, f"Follow-up due {due}: {follow_up.about}", follow_up=follow_up)
    if passing := _passing(case):
        yield Reason(PASSED, words.local_day(passing.at), _passed(passing, today))
    for message in case.stuck_messages:
        written = words.local_day(message.queued_at)
        what = f"The {message.get_channel_display().lower()} of {words.named_day(written, today)}"
        yield Reason(NOT_SENT, written, f"{what} could not be sent: {message.failure}.")
    if case.hold and case.hold.review_on <= today:
        yield Reason(HOLD_REVIEW, case.hold.review_on, _review_due(case.hold, today))
    for risk in case.patient.risks_due:
        due = words.day(risk.review_on, today)
        yield Reason(RISK_REVIEW, risk.review_on, f"{risk.get_kind_display()}, to look at again {due}: {risk.text}")
    if case.status == CaseStatus.WAITING and case.next_appointment_at is None:
        since = words.local_day(case.opened_at)
        yield Reason(WAITING, since, f"Waiting {words.since(since, today)}, nothing booked.")
    yield from _answers(case, today)
    yield from _services(case, today)


def _answers(case: Case, today: date) -> Iterable[Reason]:
    """That they answered at a link since the worker last opened the case; several measures at once are one answer."""
    seen = case.opened_by_worker_at
    new = [filling for filling in case.answered_alone if seen is None or filling.made_at > seen]
    if new:
        when = words.local_day(new[-1].made_at)
        yield Reason(ANSWERED, when, f"Answered the questions you sent, {words.day(when, today)}.")


def _services(case: Case, today: date) -> Iterable[Reason]:
    """What the services somebody was referred on to ask; and what they said since the worker last opened the case."""
    for onward in case.onward_referrals.all():
        service, asked, said = onward.asset.name, onward.question, onward.service_said
        if asked:
            yield Reason(QUESTION, words.local_day(asked.at), f"{service} asks: “{asked.words}”", onward_id=onward.pk)
        elif said and said.is_since(case.opened_by_worker_at):
            when = words.day(said.at, today)
            yield Reason(NEWS, words.local_day(said.at), f"{service} {said.get_verb_display()} {when}.")


def _passing(case: Case) -> CaseEvent | None:
    """How the case came to its worker, where they have not opened it since."""
    latest, opened_at = next(iter(case.passings), None), case.opened_by_worker_at
    return latest if latest and (opened_at is None or opened_at < latest.at) else None


def _passed(passing: CaseEvent, today: date, whom: str = "you") -> str:
    said = f": “{passing.words}”" if passing.words else "."
    return f"{passing.by or 'Linkwork'} passed them to {whom} {words.day(passing.at, today)}{said}"


def _review_due(hold: Hold, today: date) -> str:
    need, barrier = hold.get_awaited_need_display().lower(), hold.get_barrier_display().lower()
    due = words.day(hold.review_on, today)
    return f"Holding {words.since(hold.started_at, today)} for {need} ({barrier}). Review due {due}."
