"""Change on a measure, of many people. Ground rule 9: per case, from its own first and last score.

`paired_change(cases, scale)` is the one place where change is counted for a service:

* **eligible** are those of the given cases with at least one score on the scale that nobody has withdrawn. Who left
  the measure out is not among them: that was their choice, and no gap (ground rule 3).
* **paired** are those of them with two scores or more. First and last are by the day it was filled in, then by when
  it was written down; what lies between does not count. A case with one score adds to `eligible` alone.
* Nothing is imputed, and no change is taken between two people, or between two cases of one person.
* Suppressing small groups is the caller's: these are bare counts.

Give it the cases one is asked about, say `organisation.cases.filter(closed_at__…)`; `until` leaves out what was filled
in after a day, so that a closed period keeps its figures.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Avg, Count, DecimalField, F, Q, Window
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, FirstValue, RowNumber

from caseload.measures import MEASURE_OF, SCALES, Scale
from caseload.models import Filling
from caseload.models.case import CaseQuerySet
from caseload.models.measure import FillingQuerySet

IN_ORDER = [F("filled_on").asc(), F("made_at").asc(), F("pk").asc()]


@dataclass(frozen=True)
class PairedChange:
    """`better` takes the scale's direction into account. Means only where a scale has distances, and somebody a pair.

    `matters_better` and `matters_worse` count changes of at least the published size; None where none is published.
    """

    scale: Scale
    eligible: int
    paired: int
    better: int
    same: int
    worse: int
    first_mean: Decimal | None
    last_mean: Decimal | None
    matters_better: int | None
    matters_worse: int | None

    @property
    def n_of_n(self) -> str:
        return f"{self.paired:,} of {self.eligible:,}"


def scored(cases: CaseQuerySet, scale: Scale, until: date | None = None) -> FillingQuerySet:
    """The fillings of these cases that have a score on the scale, with it as `score`."""
    found = Filling.objects.counted().filter(
        case__in=cases.order_by().values("pk"), measure=MEASURE_OF[scale.code].code, scores__has_key=scale.code
    )
    if until:
        found = found.filter(filled_on__lte=until)
    return found.annotate(score=Cast(KT(f"scores__{scale.code}"), DecimalField(max_digits=6, decimal_places=2)))


def last_scores(cases: CaseQuerySet, scale: Scale, until: date | None = None) -> FillingQuerySet:
    """The last scored filling of each case: `score`, `first` (of the same case) and `times` it has a score.

    Those with `times` of two or more are the pairs.
    """
    of_its_case = {"partition_by": F("case_id"), "order_by": IN_ORDER}
    return (
        scored(cases, scale, until)
        .annotate(
            first=Window(FirstValue("score"), **of_its_case),
            place=Window(RowNumber(), **of_its_case),
            times=Window(Count("pk"), partition_by=F("case_id")),
        )
        .filter(place=F("times"))
    )


def paired_change(cases: CaseQuerySet, scale: Scale, until: date | None = None) -> PairedChange:
    """One query, however many cases."""
    rise = F("score") - F("first")
    gain = -1 * rise if scale.lower_is_better else rise
    is_paired, matters = Q(times__gte=2), scale.meaningful_change
    with_gain = last_scores(cases, scale, until).annotate(gain=gain)
    figures = with_gain.aggregate(
        eligible=Count("pk"),
        paired=Count("pk", is_paired),
        better=Count("pk", is_paired & Q(gain__gt=0)),
        same=Count("pk", is_paired & Q(gain=0)),
        worse=Count("pk", is_paired & Q(gain__lt=0)),
        first_mean=Avg("first", filter=is_paired),
        last_mean=Avg("score", filter=is_paired),
        matters_better=Count("pk", is_paired & Q(gain__gte=matters or 0)),
        matters_worse=Count("pk", is_paired & Q(gain__lte=-(matters or 0))),
    )
    if matters is None:
        figures |= {"matters_better": None, "matters_worse": None}
    if scale.is_ordinal:
        figures |= {"first_mean": None, "last_mean": None}
    return PairedChange(scale=scale, **figures)


def paired_changes(cases: CaseQuerySet, until: date | None = None) -> list[PairedChange]:
    """Of every scale that anybody of these cases has a score on."""
    found = [paired_change(cases, scale, until) for scale in SCALES.values()]
    return [change for change in found if change.eligible]
