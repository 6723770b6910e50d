"""What one person said on each measure over time, as the case shows it: sentences, charts and a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from accounts.models import User
from accounts.words import a_list, named_day, short_day, since
from caseload.measures import MEASURES, SCALES, Measure, Scale
from caseload.models import Case, Concern, Filling

PLACES = {"concern_1": 1, "concern_2": 2}
ALONE = "by themselves, on their phone"


@dataclass(frozen=True)
class Course:
    """Scores on one scale, oldest first: (day, score). `name` is the scale's, or the concern in the person's words."""

    scale: Scale
    name: str
    points: list[tuple[date, float]]

    @property
    def sentence(self) -> str:
        """Feeling anxious: from 8 to 5 since 3 September, lower is better."""
        (first_on, first), (_, last) = self.points[0], self.points[-1]
        if len(self.points) == 1:
            band = self.scale.band(first)
            return f"{self.name}: {said(self.scale, first)}{f' ({band})' if band else ''}, {short_day(first_on)}."
        change = (
            f"still {said(self.scale, last)}"
            if first == last
            else f"from {said(self.scale, first)} to {said(self.scale, last)}"
        )
        direction = "" if self.scale.words else f", {self.scale.direction}"
        return f"{self.name}: {change} {since(first_on)}{direction}.{self._matters(last - first)}"

    def _matters(self, change: float) -> str:
        size = self.scale.meaningful_change
        return f" A change of {size:g} or more is one people notice." if size and abs(change) >= size else ""

    @property
    def rows(self) -> list[tuple[str, float]]:
        return [(short_day(day), score) for day, score in self.points]

    def of(self, filling: Filling) -> tuple[str, str]:
        """(what, how much) of one filling."""
        return self.name, said(self.scale, filling.scores.get(self.scale.code))

    @property
    def is_a_change(self) -> bool:
        return len(self.points) > 1


@dataclass(frozen=True)
class Story:
    """One measure on one case: its fillings, newest first, and a course for each scale that has a score."""

    measure: Measure
    courses: list[Course]
    fillings: list[Filling]

    @property
    def rows(self) -> list[tuple[Filling, list[tuple[str, str]]]]:
        """(filling, [(what, how much)] on each course's scale)."""
        return [(filling, [course.of(filling) for course in self.courses]) for filling in self.fillings]


def stories(case: Case) -> list[Story]:
    """Of every measure that was ever filled in on the case. Two queries."""
    names = {scale: f"“{concern.words}”" for scale, concern in concerns_of(case).items()}
    fillings = list(case.fillings.select_related("by", "withdrawn_by").in_order())
    return [
        Story(measure, list(_courses(measure, own, names)), own[::-1])
        for code, measure in MEASURES.items()
        if (own := [filling for filling in fillings if filling.measure == code])
    ]


def _courses(measure: Measure, fillings: list[Filling], names: dict[str, str]) -> Iterator[Course]:
    for scale in measure.scales:
        points = [
            (filling.filled_on, filling.scores[scale.code])
            for filling in fillings
            if not filling.is_withdrawn and scale.code in filling.scores
        ]
        if points:
            yield Course(scale, names.get(scale.code, scale.name), points)


def concerns_of(case: Case) -> dict[str, Concern]:
    """{scale: the concern it is about}."""
    by_place = {concern.place: concern for concern in case.concerns.order_by("place")}
    return {scale: by_place[place] for scale, place in PLACES.items() if place in by_place}


def said(scale: Scale, score: float | None) -> str:
    """A score as it is written; a scale whose values have words says those."""
    if score is None:
        return "left out"
    return scale.words.get(score, f"{score:g}").lower()


def who_filled_in(filling: Filling) -> str:
    return f"with {filling.by.name}" if filling.by else ALONE


def in_short(filling: Filling) -> str:
    """Satisfied with life 4 and feeling anxious 8. Left out: feeling happy."""
    scales = filling.definition.scales
    given = [s for s in scales if s.code in filling.scores]
    missing = [s.name.lower() for s in scales if s not in given and s.code not in PLACES]
    sentences = [a_list(f"{s.name.lower()} {said(s, filling.scores[s.code])}" for s in given)]
    if missing:
        sentences.append(f"left out: {a_list(missing)}" if given else f"no score: {a_list(missing)}")
    return " ".join(f"{words[0].upper()}{words[1:]}." for words in sentences if words)


def answer_by_answer(filling: Filling, measure: Measure) -> list[tuple[str, str]]:
    """(question, answer) of each, then (scale, score) of those made of several; with the band's name where it has one.

    `measure` comes in the wording it is asked in. Without one the questions are numbered.
    """
    concerns, scales = concerns_of(filling.case), {scale.code: scale for scale in measure.scales}
    rows = []
    for number, item in enumerate(measure.items, start=1):
        question = f"“{concerns[item.key].words}”" if item.key in concerns else item.text or f"Question {number}"
        answer = dict(item.answers).get(filling.answers.get(item.key))
        if item.key not in PLACES or item.key in concerns:
            rows.append((question, _with_band(scales.get(item.key), filling, answer) if answer else "left out"))
    made = [scale for scale in measure.scales if scale.code not in measure.item_keys and scale.code in filling.scores]
    return rows + [(scale.name, _with_band(scale, filling, said(scale, filling.scores[scale.code]))) for scale in made]


def _with_band(scale: Scale | None, filling: Filling, words: str) -> str:
    band = scale.band(filling.scores.get(scale.code)) if scale else ""
    return f"{words} ({band})" if band else words


@dataclass(frozen=True)
class Correction:
    """One time a filling was put right: when, by whom, why, and what it said before."""

    on: str
    who: str
    why: str
    changes: list[str]


def corrections(filling: Filling) -> list[Correction]:
    """From the row's history, newest first."""
    rows = list(filling.history.select_related("pgh_context").order_by("pgh_id"))
    people = User.objects.in_bulk([user for row in rows if (user := _user_of(row))])
    found = [
        Correction(short_day(after.pgh_created_at), _who(people, after), _context_of(after).get("why", ""), changes)
        for before, after in pairwise(rows)
        if (changes := list(_changes(before, after)))
    ]
    return found[::-1]


def _context_of(row) -> dict:
    return row.pgh_context.metadata if row.pgh_context else {}


def _user_of(row) -> UUID | None:
    user = _context_of(row).get("user")
    return UUID(user) if user else None


def _who(people: dict[UUID, User], row) -> str:
    user = people.get(_user_of(row))
    return user.name if user else "Linkwork"


def _changes(before, after) -> Iterator[str]:
    if before.filled_on != after.filled_on:
        yield f"Filled in on {named_day(before.filled_on)}, not {named_day(after.filled_on)}"
    for number, item in enumerate(MEASURES[after.measure].items, start=1):
        old, new = (dict(item.answers).get(row.answers.get(item.key), "left out") for row in (before, after))
        if old != new:
            name = SCALES[item.key].name if item.key in SCALES else f"Question {number}"
            yield f"{name}: was {old}, now {new}"
    if before.note != after.note:
        yield f"The note was: {before.note}" if before.note else "A note was added"
