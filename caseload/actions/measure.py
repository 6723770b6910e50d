"""What people say of how they are: filled in, put right, withdrawn, and asked for by a link."""

from datetime import date
from uuid import UUID

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import ChangedMeanwhile, MoveNotAllowed, check_version, make_once
from caseload.actions.case import locked, locked_open
from caseload.enums import MeasureCode, Verb
from caseload.measures import MEASURES, Answers
from caseload.models import Case, Filling, QuestionsLink

Concerns = dict[int, str]  # place: the person's words


@transaction.atomic
def fill_in(
    *,
    case: Case,
    by: User,
    measure: MeasureCode,
    answers: Answers,
    filled_on: date,
    note: str = "",
    concerns: Concerns | None = None,
    once: UUID | None = None,
) -> Filling:
    """Write down what somebody answered; what they left out is not among `answers`. Also after the case has closed.

    Raises ChangedMeanwhile when a concern was given other words meanwhile.
    """
    case = locked(case)
    _name_concerns(case, concerns or {})
    said = {"measure": measure, "filled_on": filled_on, "note": note}
    filling, is_new = make_once(case.fillings, once, by=by, **said, **_scored(measure, answers))
    if is_new:
        case.events.create(verb=Verb.FILLED_IN, by=by, words=MeasureCode(measure).label)
    return filling


@transaction.atomic
def fill_in_by_link(
    *, link: QuestionsLink, by: None, answers: dict[str, Answers], concerns: Concerns | None = None
) -> list[Filling]:
    """What somebody answered alone, {measure: answers}; nobody signed in, so that `by` is None.

    Once only: raises MoveNotAllowed when the link was used, taken back or has run out, or the case has closed.
    """
    case = locked(link.case)
    link = case.questions_links.get(pk=link.pk)
    if not link.is_live:
        raise MoveNotAllowed("the link is good for nothing any more")
    _name_concerns(case, concerns or {})
    fillings = [
        case.fillings.create(measure=measure, link=link, **_scored(measure, given))
        for measure, given in answers.items()
        if given and measure in link.measures
    ]
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    for filling in fillings:
        case.events.create(verb=Verb.FILLED_IN, by=None, words=filling.get_measure_display())
    return fillings


def _scored(measure: str, answers: Answers) -> dict:
    return {"answers": answers, "scores": MEASURES[measure].scores(answers)}


def _name_concerns(case: Case, concerns: Concerns) -> None:
    """Give a concern its place for good. Raises ChangedMeanwhile when it went to another one meanwhile."""
    for place, words in concerns.items():
        concern, _ = case.concerns.get_or_create(place=place, defaults={"words": words})
        if concern.words != words:
            raise ChangedMeanwhile("another concern was written down first")


@transaction.atomic
def put_filling_right(
    *,
    filling: Filling,
    by: User,
    version: int,
    why: str,
    answers: Answers,
    filled_on: date,
    note: str = "",
    concerns: Concerns | None = None,
) -> Filling:
    """Correct what was entered wrongly; the row's history keeps what it said.

    Raises MoveNotAllowed when it is withdrawn, ChangedMeanwhile when somebody has put it right since.
    """
    case = locked(filling.case)
    filling = _not_withdrawn(filling)
    said = {"filled_on": filled_on, "note": note} | _scored(filling.measure, answers)
    reworded = [c for c in case.concerns.order_by("place") if (concerns or {}).get(c.place, c.words) != c.words]
    if not reworded and all(getattr(filling, name) == value for name, value in said.items()):
        return filling
    check_version(filling, version)
    for concern in reworded:
        concern.words = concerns[concern.place]
        concern.save(update_fields=["words"])
    _name_concerns(case, concerns or {})
    for name, value in said.items():
        setattr(filling, name, value)
    with pghistory.context(why=why):  # Beside the version it made (caseload/fillings.py).
        filling.save(update_fields=list(said))
    case.events.create(verb=Verb.FILLING_PUT_RIGHT, by=by, words=f"{filling.get_measure_display()}: {why}")
    return filling


@transaction.atomic
def withdraw_filling(*, filling: Filling, by: User, why: str) -> Filling:
    """It counts nowhere any more, and stays to be read with its reason. Raises MoveNotAllowed where it is already."""
    case = locked(filling.case)
    filling = _not_withdrawn(filling)
    filling.withdrawn_at, filling.withdrawn_by, filling.withdrawn_why = timezone.now(), by, why
    filling.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    case.events.create(verb=Verb.FILLING_WITHDRAWN, by=by, words=f"{filling.get_measure_display()}: {why}")
    return filling


def _not_withdrawn(filling: Filling) -> Filling:
    """As it is now; the case is locked, so that it stays so."""
    filling = Filling.objects.get(pk=filling.pk)
    if filling.is_withdrawn:
        raise MoveNotAllowed("it was withdrawn")
    return filling


@transaction.atomic
def link_questions(*, case: Case, by: User, measures: list[str], replaces: int | None = None) -> QuestionsLink:
    """A link to these measures; the one before is good no more. Sent twice it makes one.

    `replaces` is the link its writer saw, if any. Raises MoveNotAllowed when the case is closed, ChangedMeanwhile
    when a colleague has made another one since.
    """
    case = locked_open(case, "link_questions")
    current = case.questions_links.unused().first()
    if current and current.pk != replaces:
        if (current.made_by_id, current.measures) == (by.pk, measures):
            return current
        raise ChangedMeanwhile("another link was made first")
    case.questions_links.unused().update(recalled_at=timezone.now())
    link = case.questions_links.create(measures=measures, made_by=by)
    case.events.create(verb=Verb.QUESTIONS_LINKED, by=by)
    return link


@transaction.atomic
def recall_questions(*, case: Case, by: User) -> None:
    """Take the link to questions back. Nothing happens where there is none."""
    case = locked(case)
    if case.questions_links.unused().update(recalled_at=timezone.now()):
        case.events.create(verb=Verb.QUESTIONS_RECALLED, by=by)


def record_questions_use(*, link: QuestionsLink, by: None, did: str, was_valid: bool) -> None:
    """Somebody opened the link or answered through it; nobody knows who, so that `by` is None."""
    link.uses.create(did=did, was_valid=was_valid)
