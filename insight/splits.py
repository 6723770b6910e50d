"""What a figure can be split by. Never by worker: numbers describe the service."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Expression, F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import Organisation
from assets.enums import NeedKind
from assets.models import deprivation_by_postcode
from caseload.enums import (
    AgeBand,
    BackstageKind,
    Ending,
    EndingHow,
    Ethnicity,
    HoldBarrier,
    HoldEnd,
    HoldPurpose,
    MissedBarrier,
    Mode,
    Place,
    Sex,
)
from insight.figure import Figure, count_periods
from insight.period import Period
from insight.scope import Scope, practices_of
from insight.sql import AgeOn
from insight.values import Value
from referrals.enums import ReferralStatus, Route

NOT_KNOWN = "not_known"
YES_NO = {"yes": "With an interpreter", "no": "Without"}


def _as_they_are(found: Iterable) -> dict:
    return {value: str(value) or NOT_KNOWN for value in found}


def _bands(ages: Iterable[int | None]) -> dict:
    return {age: NOT_KNOWN if age is None else str(AgeBand.of(max(age, 0))) for age in ages}


def _interpreter(languages: Iterable[str | None]) -> dict:
    return {language: "yes" if language else "no" for language in languages}


def _fifths(postcodes: Iterable[str | None]) -> dict:
    """{postcode: "SIMD 2020v2, most deprived fifth"}: of which index and edition is part of the name."""
    known = deprivation_by_postcode(postcode for postcode in postcodes if postcode)
    return {postcode: _fifth(known.get(postcode)) for postcode in postcodes}


def _fifth(deprivation) -> str:
    if deprivation is None:
        return NOT_KNOWN
    return f"{deprivation.index} {deprivation.edition}: fifth {(deprivation.decile + 1) // 2}"


@dataclass(frozen=True, kw_only=True)
class Split:
    """`column` is what the rows are grouped by in SQL, `group` puts what was found into categories.

    `is_of_people`: groups of people, so suppressed wherever it is shown. `overlaps`: a row may be in several
    categories, so that they come to more than the whole.
    """

    key: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    column: Callable[[Figure, Period], Expression | F] | None = None
    group: Callable[[Iterable], dict] = _as_they_are
    is_of_people: bool = False
    overlaps: bool = False

    def column_of(self, figure: Figure, period: Period) -> Expression | F:
        return figure.splits[self.key] if self.column is None else self.column(figure, period)

    def is_for(self, figure: Figure) -> bool:
        if self.is_of_people:
            return figure.person is not None
        return figure.has_practices if self.key == "practice" else self.key in figure.splits

    def count(self, figure: Figure, scope: Scope) -> dict[str, Value]:
        """{category: value} of a scope, as the rows are now."""
        return self.count_periods(figure, scope, [scope.period]).get(scope.period, {})

    def narrow(self, rows: QuerySet, figure: Figure, scope: Scope, category: str) -> QuerySet:
        """The rows of one category."""
        if self.overlaps:
            return rows.filter(**{f"{self.key}s__contains": [category]})
        rows = rows.annotate(by_split=self.column_of(figure, scope.period))
        groups = self.group(set(rows.order_by().values_list("by_split", flat=True).distinct()))
        raw = [value for value, group in groups.items() if group == category]
        unknown = Q(by_split=None) if None in raw else Q(pk__in=[])
        return rows.filter(unknown | Q(by_split__in=[value for value in raw if value is not None]))

    def count_periods(self, figure: Figure, scope: Scope, periods: Iterable[Period]) -> dict[Period, dict[str, Value]]:
        """{period: {category: value}}, as the rows are now."""
        found = count_periods([figure], scope, periods, lambda period: {"by_split": self.column_of(figure, period)})
        by_period = defaultdict(dict)
        for (period, *key), value in found[figure.key].items():
            by_period[period][tuple(key)] = value
        return {period: self.merge(values) for period, values in by_period.items()}

    def merge(self, found: Mapping[tuple, Value]) -> dict[str, Value]:
        """Categories of what was counted by the column."""
        categories, values = self.group({value for (value,) in found}), defaultdict(list)
        for (value,), counted in found.items():
            values[categories[value]].append(counted)
        return {category: type(some[0]).sum(some) for category, some in values.items()}

    def labelled(self, found: Mapping[str, Value], organisation: Organisation) -> list[tuple[str, str, Value]]:
        """(category, label, value) in the order of the labels; what has no label last, by name."""
        labels = self.labels_in(organisation)
        known = [(category, label, found[category]) for category, label in labels.items() if category in found]
        others = sorted(category for category in found if category not in labels)
        return known + [(c, "Not known" if c == NOT_KNOWN else c, found[c]) for c in others]

    def labels_in(self, organisation: Organisation) -> Mapping[str, str]:
        if self.key == "practice":
            return {str(practice.pk): practice.name for practice in practices_of(organisation)}
        return self.labels


def _of_person(name: str):
    return lambda figure, period: F(f"{figure.person}{name}")


def _age(figure: Figure, period: Period) -> Expression:
    return AgeOn(f"{figure.person}date_of_birth", figure.day(period))


def _named(choices) -> dict[str, str]:
    return {str(choice.value): str(choice.label) for choice in choices}


OF_PEOPLE = [
    Split(key="age", name="Age", labels=_named(AgeBand), column=_age, group=_bands, is_of_people=True),
    Split(key="sex", name="Sex", labels=_named(Sex), column=_of_person("sex"), is_of_people=True),
    Split(
        key="ethnicity",
        name="Ethnic group",
        labels=_named(Ethnicity),
        column=_of_person("ethnicity"),
        is_of_people=True,
    ),
    Split(key="deprivation", name="Deprivation", column=_of_person("postcode"), group=_fifths, is_of_people=True),
    Split(
        key="interpreter",
        name="Interpreter",
        labels=YES_NO,
        column=_of_person("interpreter_language"),
        group=_interpreter,
        is_of_people=True,
    ),
]
SPLITS = {
    split.key: split
    for split in [
        Split(key="practice", name="Practice", column=lambda figure, period: Cast(figure.practice, TextField())),
        Split(key="route", name="Whose idea it was", labels=_named(Route)),
        Split(key="need", name="Help with", labels=_named(NeedKind), overlaps=True),
        Split(key="answer", name="Answer", labels=_named(ReferralStatus)),
        Split(key="awaited", name="Waiting for", labels=_named(NeedKind)),
        Split(key="barrier", name="What stands in the way", labels=_named(HoldBarrier)),
        Split(key="purpose", name="What for", labels=_named(HoldPurpose)),
        Split(key="hold_end", name="How it ended", labels=_named(HoldEnd)),
        Split(key="ending", name="Why it ended", labels=_named(Ending)),
        Split(key="ending_how", name="How it ended", labels=_named(EndingHow)),
        Split(key="mode", name="How", labels=_named(Mode)),
        Split(key="place", name="Where", labels=_named(Place)),
        Split(key="got_in_the_way", name="What got in the way", labels=_named(MissedBarrier)),
        Split(key="work", name="Kind of work", labels=_named(BackstageKind)),
        *OF_PEOPLE,
    ]
}


def splits_of(figure: Figure) -> list[Split]:
    return [split for split in SPLITS.values() if split.is_for(figure)]
