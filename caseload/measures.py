"""The measures a person may fill in: their questions, answers, scoring and bands, each with its source.

A `Measure` is filled in at one sitting. A `Scale` is one number that comes of it, drawn and compared on its own.
Whatever is left out stays out: a scale with an answer missing has no score (ground rule 3).

ONS4 and the ONS loneliness measures are Crown copyright and carry their wording here under the Open Government
Licence. WHO-5, SWEMWBS and the patient activation measure are somebody else's: only their scoring is here, which
is fact, and a service that holds a licence types the wording in (caseload.models.LicensedWording).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from caseload.enums import MeasureCode

Answers = dict[str, int | float]

OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
ONS_NOTICE = (
    "Source: Office for National Statistics. Contains public sector information "
    "licensed under the Open Government Licence v3.0."
)


@dataclass(frozen=True)
class Item:
    """One question. `answers` are (value, words) in the order they are shown; licensed items have no text here."""

    key: str
    text: str
    answers: tuple[tuple[int, str], ...]
    ends: tuple[str, str] = ("", "")  # what the first and the last answer mean, where they are bare numbers


@dataclass(frozen=True)
class Scale:
    """One number: how it comes of the answers, how it runs, and what its values are called.

    `bands` are (least, most, words), both included. `meaningful_change` is the published change that matters to a
    person, in the scale's own points. An ordinal scale has an order and no distances: it is counted, never averaged.
    """

    code: str
    name: str
    least: float
    most: float
    score: Callable[[Answers], float | None]
    lower_is_better: bool = False
    is_ordinal: bool = False
    bands: tuple[tuple[float, float, str], ...] = ()
    meaningful_change: float | None = None
    words: dict[int, str] = field(default_factory=dict)  # what each value is called, where it has words of its own

    def band(self, score: float | None) -> str:
        if score is None:
            return ""
        return next((words for least, most, words in self.bands if least <= score <= most), "")

    def is_better(self, first: float, last: float) -> bool:
        return last < first if self.lower_is_better else last > first

    @property
    def direction(self) -> str:
        return "lower is better" if self.lower_is_better else "higher is better"


@dataclass(frozen=True)
class Measure:
    code: str
    name: str
    about: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    source: str
    notice: str = ""
    notice_href: str = ""
    is_licensed: bool = False
    instruction: str = ""  # said before the questions

    def scores(self, answers: Answers) -> dict[str, float]:
        """{scale code: score} of every scale whose answers are all there."""
        found = {scale.code: scale.score(answers) for scale in self.scales}
        return {code: score for code, score in found.items() if score is not None}

    @property
    def item_keys(self) -> list[str]:
        return [item.key for item in self.items]


def alone(key: str) -> Callable[[Answers], float | None]:
    """An item that is a scale by itself."""
    return lambda answers: answers.get(key)


def total(*keys: str) -> Callable[[Answers], float | None]:
    """The sum, where every item is answered. Nothing is imputed."""
    return lambda answers: sum(answers[key] for key in keys) if all(key in answers for key in keys) else None


def numbers(least: int, most: int) -> tuple[tuple[int, str], ...]:
    return tuple((value, str(value)) for value in range(least, most + 1))


# Personal wellbeing: ONS, "Personal well-being user guidance" and "Surveys using our four personal well-being
# questions". Four questions, always in this order, never summed: ONS publishes no composite. Bands: ONS thresholds.

_HIGHER = ((0, 4, "low"), (5, 6, "medium"), (7, 8, "high"), (9, 10, "very high"))
_ANXIOUS = ((0, 1, "very low"), (2, 3, "low"), (4, 5, "medium"), (6, 10, "high"))


def _ons4_item(key: str, text: str, end: str) -> Item:
    return Item(key, text, numbers(0, 10), (f"Not at all {end}", f"Completely {end}"))


ONS4 = Measure(
    code=MeasureCode.ONS4,
    name=MeasureCode.ONS4.label,
    about="Four questions from 0 to 10: satisfied, worthwhile, happy, anxious. Each stands on its own.",
    items=(
        _ons4_item("satisfied", "Overall, how satisfied are you with your life nowadays?", "satisfied"),
        _ons4_item(
            "worthwhile",
            "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
            "worthwhile",
        ),
        _ons4_item("happy", "Overall, how happy did you feel yesterday?", "happy"),
        _ons4_item(
            "anxious",
            "On a scale where 0 is 'not at all anxious' and 10 is 'completely anxious', overall, "
            "how anxious did you feel yesterday?",
            "anxious",
        ),
    ),
    scales=(
        Scale("satisfied", "Satisfied with life", 0, 10, alone("satisfied"), bands=_HIGHER),
        Scale("worthwhile", "Things worthwhile", 0, 10, alone("worthwhile"), bands=_HIGHER),
        Scale("happy", "Feeling happy", 0, 10, alone("happy"), bands=_HIGHER),
        Scale("anxious", "Feeling anxious", 0, 10, alone("anxious"), lower_is_better=True, bands=_ANXIOUS),
    ),
    source="Office for National Statistics, personal well-being (ONS4)",
    notice=ONS_NOTICE,
    notice_href=OGL,
)

# Loneliness: ONS, "Measuring loneliness: guidance for use of the national indicators on surveys" (2018). The three
# UCLA items first, summed 3 to 9 where all are answered, then the direct question on its own. ONS sets no bands.

_OFTEN = ((1, "Hardly ever or never"), (2, "Some of the time"), (3, "Often"))
_LONELY = ((1, "Often/always"), (2, "Some of the time"), (3, "Occasionally"), (4, "Hardly ever"), (5, "Never"))

LONELINESS = Measure(
    code=MeasureCode.LONELINESS,
    name=MeasureCode.LONELINESS.label,
    about="Three questions that make one score from 3 to 9, and one asked straight out.",
    items=(
        Item("companionship", "How often do you feel that you lack companionship?", _OFTEN),
        Item("left_out", "How often do you feel left out?", _OFTEN),
        Item("isolated", "How often do you feel isolated from others?", _OFTEN),
        Item("lonely", "How often do you feel lonely?", _LONELY),
    ),
    scales=(
        Scale(
            "ucla3",
            "Loneliness score",
            3,
            9,
            total("companionship", "left_out", "isolated"),
            lower_is_better=True,
        ),
        Scale("lonely", "Feeling lonely", 1, 5, alone("lonely"), is_ordinal=True, words=dict(_LONELY)),
    ),
    source="Office for National Statistics, national indicators of loneliness (UCLA three-item scale, direct measure)",
    notice=ONS_NOTICE,
    notice_href=OGL,
)

# A concern in the person's own words: our own, free to use. Up to two, each on its own.

_BOTHER = ("Not bothering me at all", "As bad as it could be")

CONCERN = Measure(
    code=MeasureCode.CONCERN,
    name=MeasureCode.CONCERN.label,
    about="What bothers them most, as they would put it, from 0 to 6. Up to two.",
    items=(
        Item("concern_1", "How much does this bother you now?", numbers(0, 6), _BOTHER),
        Item("concern_2", "How much does this bother you now?", numbers(0, 6), _BOTHER),
    ),
    scales=(
        Scale("concern_1", "First concern", 0, 6, alone("concern_1"), lower_is_better=True),
        Scale("concern_2", "Second concern", 0, 6, alone("concern_2"), lower_is_better=True),
    ),
    source="Linkwork",
)


def licensed_items(count: int, least: int, most: int, *, falling: bool = False) -> tuple[Item, ...]:
    """Questions without their words, which are not ours to give. `falling`: the highest answer is shown first."""
    answers = numbers(least, most)
    return tuple(Item(f"item_{n}", "", answers[::-1] if falling else answers) for n in range(1, count + 1))


# WHO-5: WHO, "Wellbeing measures in primary health care: the DepCare project" (1998), and Topp et al. 2015
# (Psychother Psychosom 84:167). Raw 0 to 25, times four. Low is under 13 raw; a change that counts is 10 points.

_WHO5_ITEMS = licensed_items(5, 0, 5, falling=True)


def who5_percent(answers: Answers) -> float | None:
    raw = total(*[item.key for item in _WHO5_ITEMS])(answers)
    return None if raw is None else raw * 4


WHO5 = Measure(
    code=MeasureCode.WHO5,
    name=MeasureCode.WHO5.label,
    about="Five questions about the last two weeks that make one score from 0 to 100.",
    items=_WHO5_ITEMS,
    scales=(
        Scale(
            "who5",
            "WHO-5 wellbeing",
            0,
            100,
            who5_percent,
            bands=((0, 50, "low wellbeing"), (51, 100, "not low")),
            meaningful_change=10,
        ),
    ),
    source="World Health Organization, WHO-5 Well-Being Index",
    is_licensed=True,
)

# SWEMWBS: raw 7 to 35, converted to metric by the table of Stewart-Brown et al. 2009 (Health Qual Life Outcomes 7:15).
# Bands: the lowest and highest 15 % of Ng Fat et al. 2017 (Qual Life Res 26:1129). Change: 1 to 3 points by the
# standard taken (Shah et al. 2018, Health Qual Life Outcomes 16:239); the strictest is used.

SWEMWBS_METRIC = dict(
    zip(
        range(7, 36),
        [7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59, 19.25]
        + [19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70, 32.55, 35.00],
        strict=True,
    )
)
_SWEMWBS_ITEMS = licensed_items(7, 1, 5)


def swemwbs_metric(answers: Answers) -> float | None:
    return SWEMWBS_METRIC.get(total(*[item.key for item in _SWEMWBS_ITEMS])(answers))


SWEMWBS = Measure(
    code=MeasureCode.SWEMWBS,
    name=MeasureCode.SWEMWBS.label,
    about="Seven questions about the last two weeks, converted to a metric score from 7 to 35.",
    items=_SWEMWBS_ITEMS,
    scales=(
        Scale(
            "swemwbs",
            "SWEMWBS, metric",
            7,
            35,
            swemwbs_metric,
            bands=((7, 19.5, "low"), (19.51, 27.49, "medium"), (27.5, 35, "high")),
            meaningful_change=3,
        ),
    ),
    source="Short Warwick–Edinburgh Mental Wellbeing Scale, University of Warwick and NHS Health Scotland",
    is_licensed=True,
)

# Patient activation: thirteen questions whose scoring is the licence holder's secret. The answers are kept here; the
# score from 0 to 100 is made with the holder's own tool and typed in.

ACTIVATION = Measure(
    code=MeasureCode.ACTIVATION,
    name=MeasureCode.ACTIVATION.label,
    about="Thirteen questions, scored from 0 to 100 with the licence holder's own tool.",
    items=licensed_items(13, 1, 4),
    scales=(Scale("activation", "Patient activation", 0, 100, alone("typed_score")),),
    source="A patient activation measure under licence",
    is_licensed=True,
)

MEASURES = {measure.code: measure for measure in [ONS4, LONELINESS, CONCERN, WHO5, SWEMWBS, ACTIVATION]}
FREE = [measure.code for measure in MEASURES.values() if not measure.is_licensed]
LICENSED = [measure.code for measure in MEASURES.values() if measure.is_licensed]
SCALES = {scale.code: scale for measure in MEASURES.values() for scale in measure.scales}
MEASURE_OF = {scale.code: measure for measure in MEASURES.values() for scale in measure.scales}
