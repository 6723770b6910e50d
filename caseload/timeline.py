"""A case in words: where it stands in a sentence, and everything that happened on it, newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import models
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.words import a_list, count_of, day, day_and_time, local_day, short_day, since
from caseload.enums import WHY_OF, CaseStatus, EndingHow, HoldEnd, HoldPurpose, Outcome, Verb
from caseload.fillings import ALONE, in_short
from caseload.models import Appointment, Case, CaseEvent, Contact, Hold, HoldReview
from caseload.models.noted import Noted


class Kind(models.TextChoices):
    MEETINGS = "meetings", "Meetings"
    CONTACTS = "contacts", "Contacts"
    MESSAGES = "messages", "Messages"
    MATTERS = "matters", "What matters"
    HOLDS = "holds", "Holds"
    REFERRALS = "referrals", "Referrals"
    MEASURES = "measures", "Measures"
    QUESTIONS = "questions", "Questions"
    BEYOND = "beyond", "Beyond the usual"
    FLAGS = "flags", "Flags"
    CHANGES = "changes", "Other changes"


# What the meetings, contacts, holds and referrals themselves already tell.
TOLD_BY_ITS_OWN_RECORD = [
    Verb.MEETING_LOGGED,
    Verb.CONTACT_LOGGED,
    Verb.NOTE_CHANGED,
    Verb.HOLD_STARTED,
    Verb.HOLD_REVIEWED,
    Verb.HOLD_ENDED,
    Verb.REFERRED_ON,
    Verb.ONWARD_MOVED,
    Verb.BEYOND_USUAL,
    Verb.MESSAGE_SENT,
    Verb.FILLED_IN,
    Verb.CONSULTED,
    Verb.CONSULT_ANSWERED,
    Verb.CONSULT_CLOSED,
]


# The person's own words, and what they say of their goals.
OF_WHAT_MATTERS = [
    Verb.WHAT_MATTERS,
    Verb.ABOUT_WRITTEN,
    Verb.GOAL_ADDED,
    Verb.GOAL_REWORDED,
    Verb.GOALS_ORDERED,
    Verb.GOAL_PROGRESS,
    Verb.GOAL_REACHED,
    Verb.GOAL_LET_GO,
    Verb.GOAL_TAKEN_UP,
]

TO_SOMEBODY = [Verb.ASSIGNED, Verb.HAND_OVER_OFFERED]


@dataclass(frozen=True)
class Entry:
    at: datetime
    kind: Kind
    title: str
    by: str = ""
    note: str = ""
    record: Noted | None = None  # whose note it is, where that can be put right

    @property
    def earlier_notes(self) -> list[Noted]:
        """What the note said before, newest first: versions from the row history."""
        said = [version for version in self.record.versions if version.note]
        distinct = [version for version, before in zip(said, [None, *said], strict=False) if _differ(version, before)]
        return [version for version in distinct if version.note != self.note][::-1]


def timeline(case: Case, kind: str = "", reader: User | None = None) -> list[Entry]:
    """Everything on the case, or all of one kind; newest first. One query a source, however many rows.

    Questions to colleagues are there for a reader whom they may lead to the case.
    """
    sources = {
        Kind.MEETINGS: _meetings,
        Kind.CONTACTS: _contacts,
        Kind.MESSAGES: _messages,
        Kind.MATTERS: _matters,
        Kind.HOLDS: _holds,
        Kind.REFERRALS: _referrals,
        Kind.MEASURES: _fillings,
        Kind.QUESTIONS: partial(_questions, reader=reader),
        Kind.BEYOND: _beyond,
        Kind.FLAGS: _flags,
        Kind.CHANGES: _changes,
    }
    wanted = [sources[kind]] if kind in sources else sources.values()
    entries = [entry for source in wanted for entry in source(case)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _meetings(case: Case) -> Iterator[Entry]:
    for meeting in _with_versions(case.appointments.exclude(outcome="")).select_related("worker").order_by("id"):
        title = _how_it_went(meeting)
        yield Entry(meeting.starts_at, Kind.MEETINGS, title, meeting.worker.name, meeting.note, meeting)


def _with_versions(records: QuerySet) -> QuerySet:
    """Each with its earlier versions, where its note was changed: one query more, however many."""
    versions = records.model._meta.get_field("history").related_model.objects
    changed = versions.filter(pgh_obj__note_changed_at__isnull=False).select_related("note_changed_by")
    earlier = Prefetch("history", changed.order_by("pgh_id"), to_attr="versions")
    return records.select_related("note_changed_by").prefetch_related(earlier)


def _differ(version, before) -> bool:
    return before is None or version.note != before.note


def _how_it_went(meeting: Appointment) -> str:
    words = [meeting.get_outcome_display()]
    if meeting.outcome == Outcome.ATTENDED:
        words += [meeting.where, count_of(meeting.minutes, "minute") if meeting.minutes else ""]
        words.append("went with them to a service" if meeting.accompanied else "")
    elif meeting.barrier:
        words.append(meeting.get_barrier_display().lower())
    return ", ".join(filter(None, words))


def _contacts(case: Case) -> Iterator[Entry]:
    for contact in _with_versions(case.contacts.all()).select_related("by").order_by("id"):
        yield Entry(contact.at, Kind.CONTACTS, _what_contact(contact), contact.by.name, contact.note, contact)


def _what_contact(contact: Contact) -> str:
    reached = "reached them" if contact.reached else "did not reach them"
    with_whom = reached if contact.with_whom == "person" else f"with {contact.get_with_whom_display().lower()}"
    minutes = count_of(contact.minutes, "minute") if contact.minutes else ""
    return ", ".join(filter(None, [contact.get_channel_display(), with_whom, minutes]))


def _messages(case: Case) -> Iterator[Entry]:
    """What was written to them, and whether it could be sent."""
    for message in case.messages.electronic().select_related("by").order_by("id"):
        about = f": {message.about}" if message.about else ""
        title = f"{message.get_channel_display()}{about}. {message.state_in_words}"
        yield Entry(message.queued_at, Kind.MESSAGES, title, message.by.name, message.body)


def _holds(case: Case) -> Iterator[Entry]:
    holds = case.holds.select_related("awaited_asset__merged_into", "started_by").prefetch_related(
        Prefetch("reviews", _with_versions(HoldReview.objects.select_related("by")))
    )
    for hold in holds.order_by("id"):
        yield Entry(hold.started_at, Kind.HOLDS, f"Hold started: {hold_words(hold)}", hold.started_by.name, hold.note)
        for review in hold.reviews.all():
            title = f"Hold reviewed, again on {short_day(review.next_review_on)}"
            meanwhile = f"Meanwhile: {review.meanwhile}" if review.meanwhile else ""
            note = "\n".join(filter(None, [review.note, meanwhile]))
            yield Entry(review.at, Kind.HOLDS, title, review.by.name, note, review)
        if hold.ended_at:
            title = f"Hold ended: {HoldEnd(hold.end).label.lower()}"
            yield Entry(hold.ended_at, Kind.HOLDS, title, note=hold.end_note)


def _referrals(case: Case) -> Iterator[Entry]:
    """What was sent; the rows belong to the app on the right of this one."""
    for referral in case.referrals.select_related("practice", "submitted_by").order_by("id"):
        wants = f"What they want: {referral.wants}" if referral.wants else ""
        yield Entry(
            referral.submitted_at,
            Kind.REFERRALS,
            f"Referred by {referral.practice.name}: {a_list(referral.need_labels).lower()}",
            referral.submitted_by.name,
            "\n".join(filter(None, [referral.reason, wants])),
        )

    yield from _onward(case)


def _onward(case: Case) -> Iterator[Entry]:
    """What passed with the services the person was referred on to."""
    for onward in case.onward_referrals.with_list_data().order_by("id"):
        for event in onward.all_events:
            if event.is_from_service:
                title = f"{onward.asset.name}: {event.get_verb_display()}"
                yield Entry(event.at, Kind.REFERRALS, title, note=event.words)
            elif not event.is_post:
                done = onward.get_kind_display() if event.is_beginning else event.get_verb_display()
                title = f"{done[0].upper()}{done[1:]}: {onward.asset.name}"
                yield Entry(event.at, Kind.REFERRALS, title, event.by.name, event.words)


def _fillings(case: Case) -> Iterator[Entry]:
    for filling in case.fillings.select_related("by").order_by("id"):
        on = "" if filling.filled_on == local_day(filling.made_at) else f" on {short_day(filling.filled_on)}"
        title = f"{filling.get_measure_display()} filled in{on}{'' if filling.by else f' {ALONE}'}"
        note = f"Withdrawn: {filling.withdrawn_why}" if filling.is_withdrawn else in_short(filling)
        yield Entry(filling.made_at, Kind.MEASURES, title, filling.by.name if filling.by else "", note)


def _questions(case: Case, reader: User | None) -> Iterator[Entry]:
    """What was asked of colleagues about them, what was said, and what was decided."""
    consults = case.consults.visible_to(reader).with_reader(reader).filter(leads_to_case=True)
    people = ["colleagues__user", "answers__by"]
    for consult in consults.select_related("asked_by", "closed_by").prefetch_related(*people).order_by("id"):
        title = f"Asked {a_list(consult.asked_whom)}"
        yield Entry(consult.asked_at, Kind.QUESTIONS, title, consult.asked_by.name, consult.question)
        for answer in consult.answers.all():
            yield Entry(answer.at, Kind.QUESTIONS, "Answered a question", answer.by.name, answer.words)
        if consult.closed_at:
            yield Entry(consult.closed_at, Kind.QUESTIONS, "Decided", consult.closed_by.name, consult.decision)


def _beyond(case: Case) -> Iterator[Entry]:
    for note in case.beyond_usual.select_related("by").order_by("id"):
        title = f"Beyond the usual: {note.get_kind_display().lower()}"
        said = f"{note.what}\nWhy: {note.why}\n{note.agreed_words}"
        yield Entry(note.logged_at, Kind.BEYOND, title, note.by.name, said)


def _flags(case: Case) -> Iterator[Entry]:
    for flag in case.flags.order_by("id"):
        yield Entry(flag.raised_at, Kind.FLAGS, f"Flag: {flag.get_rule_display()}", note=flag.why)


def _matters(case: Case) -> Iterator[Entry]:
    return _events(case, Kind.MATTERS, Q(verb__in=OF_WHAT_MATTERS))


def _changes(case: Case) -> Iterator[Entry]:
    return _events(case, Kind.CHANGES, ~Q(verb__in=[*TOLD_BY_ITS_OWN_RECORD, *OF_WHAT_MATTERS]))


def _events(case: Case, kind: Kind, which: Q) -> Iterator[Entry]:
    for event in case.events.filter(which).select_related("by", "about").order_by("id"):
        to = f", to {event.about.name}" if event.about and event.verb in TO_SOMEBODY else ""
        title = event.get_verb_display() + to
        yield Entry(event.at, kind, title[0].upper() + title[1:], who(event), event.words)


def who(event: CaseEvent) -> str:
    return event.by.name if event.by else "Linkwork"


def latest(case: Case, verbs: Iterable[Verb]) -> CaseEvent | None:
    """The last of these things done on the case."""
    return case.events.filter(verb__in=verbs).select_related("by").order_by("-at", "-id").first()


def last_change(case: Case, reader: User, *verbs: Verb) -> str:
    """Who did the last of these, and when: Ben Taylor closed the case today 10:42."""
    event = latest(case, verbs)
    if event is None:
        return f"The case is {case.get_status_display().lower()}."
    name = "You" if event.by and event.by == reader else who(event)
    return f"{name} {event.get_verb_display()} {day_and_time(event.at)}."


def logged_sentence(meeting: Appointment, reader: User) -> str:
    """Ben Taylor logged this meeting as Met today 10:42."""
    name = "You" if meeting.outcome_by == reader else meeting.outcome_by.name
    return f"{name} logged this meeting as {meeting.get_outcome_display()} {day_and_time(meeting.outcome_at)}."


def hold_words(hold: Hold) -> str:
    """Waiting for counselling, waiting list: what a hold is for and what stands in the way."""
    need = hold.get_awaited_need_display().lower()
    awaited = f"{hold.service.name} ({need})" if hold.service else f"help with {need}"
    if hold.purpose == HoldPurpose.WAITING_FOR_SERVICE:
        purpose = f"waiting for {awaited}"
    else:
        purpose = f"{hold.get_purpose_display().lower()} ({awaited})"
    return f"{purpose}, {hold.get_barrier_display().lower()}"


def status_sentence(case: Case) -> str:
    """Where the case stands. The case comes with with_contact_facts()."""
    if case.status == CaseStatus.CLOSED:
        return f"Closed {_on(case.closed_at)}: {ending_words(case)}."
    if case.status == CaseStatus.HOLDING and case.hold:
        return f"Holding {since(case.hold.started_at)}: {hold_words(case.hold)}. {_review_words(case.hold)}"
    if case.status == CaseStatus.WAITING:
        who_has_it = "" if case.worker_id else ", and nobody has taken the case yet"
        return f"Waiting {since(case.opened_at)} for a first meeting{who_has_it}."
    reached = f"Last reached {day(case.last_reached_at)}" if case.last_reached_at else "Nobody has reached them yet"
    return f"Active {since(case.opened_at)}. {reached}."


def ending_words(case: Case) -> str:
    """Why and how it ended: connected to support that will go on, agreed with them."""
    why = case.get_ending_display()
    why = why[0].lower() + why[1:]
    if WHY_OF.get(case.ending_how) == case.ending:
        return why
    how = {
        EndingHow.AGREED: "agreed with them",
        EndingHow.OWN_CHOICE: "as they chose",
        EndingHow.DRIFTED: "and then we could not reach them",
        EndingHow.MOVED: "and they moved away",
        EndingHow.BY_US: "not agreed with them",
    }
    return f"{why}, {how[case.ending_how]}"


def door_sentence(case: Case) -> str:
    """That the door is held open after a missed meeting, or nothing. The case comes with with_contact_facts()."""
    if not case.is_open or case.door_open_since is None:
        return ""
    return f"Door held open since {day(case.door_open_since)}: missed, not reached since."


def _on(moment: datetime) -> str:
    return "today" if local_day(moment) == timezone.localdate() else f"on {short_day(moment)}"


def _review_words(hold: Hold) -> str:
    if hold.review_on == timezone.localdate():
        return "Review is due today."
    return f"{'Review was due on' if hold.is_review_due else 'Review on'} {short_day(hold.review_on)}."
