"""Paired change on what people filled in: per case, from its own first and last score. Ground rule 9."""

from django.db.models import Case, DecimalField, F, OuterRef, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from caseload.enums import CaseStatus
from caseload.measures import MEASURE_OF, SCALES, Scale
from caseload.models import Filling
from insight.figure import Flow
from insight.values import Paired

OUTCOMES = "What people say has changed"


def _scored_at_the_end(scale: Scale):
    """Closed cases with a score on the scale; `gain` is None where there is only one."""
    scored = Filling.objects.counted().filter(
        case=OuterRef("pk"), measure=MEASURE_OF[scale.code].code, scores__has_key=scale.code
    )
    scored = scored.annotate(score=Cast(KT(f"scores__{scale.code}"), DecimalField(max_digits=6, decimal_places=2)))
    first = scored.order_by("filled_on", "made_at", "pk")
    last = scored.order_by("-filled_on", "-made_at", "-pk")
    rise = F("last_score") - F("first_score")

    def rows(organisation):
        closed = organisation.cases.filter(status=CaseStatus.CLOSED).annotate(
            first_filling=Subquery(first.values("pk")[:1]),
            first_score=Subquery(first.values("score")[:1]),
            last_filling=Subquery(last.values("pk")[:1]),
            last_score=Subquery(last.values("score")[:1]),
        )
        only_one = When(first_filling=F("last_filling"), then=None)
        gain = Case(only_one, default=rise * (-1 if scale.lower_is_better else 1), output_field=DecimalField())
        return closed.filter(first_filling__isnull=False).annotate(gain=gain)

    return rows


def _figure(scale: Scale) -> Flow:
    return Flow(
        key=f"change_{scale.code}",
        name=f"Change: {scale.name.lower()}",
        noun="person",
        nouns="people",
        topic=OUTCOMES,
        definition="Of the cases closed in the period and not reopened since, those with a score for "
        f"“{scale.name}” that nobody withdrew. Of these, the paired ones have two scores or more: each is compared "
        "with itself, its last score with its first. Whoever left the measure out is in neither number. "
        f"{'Lower' if scale.lower_is_better else 'Higher'} is better.",
        kind=Paired,
        rows=_scored_at_the_end(scale),
        on="closed_at",
        splits={"ending": F("ending")},
        is_left_out_when_empty=True,
    )


FIGURES = [_figure(scale) for scale in SCALES.values()]
