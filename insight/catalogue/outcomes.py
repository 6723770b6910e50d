"""Paired change on what people filled in: per case, from its own first and last score. Ground rule 9."""

from django.db.models import Aggregate, DecimalField, Exists, F, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from caseload.measures import MEASURE_OF, SCALES, Scale
from caseload.models import Filling
from insight.catalogue.endings import closed_cases
from insight.figure import Flow
from insight.values import Paired

ABOUT = (
    "Each person is compared with themselves: their last score with their first, where there are two. Nobody has to "
    "give a score; whoever left them out is in no number here."
)


class Rise(Aggregate):
    """The last score less the first, None of one alone. In the order of caseload/outcomes.py."""

    template = (
        "(CASE WHEN COUNT(*) > 1 THEN"
        " (ARRAY_AGG(%(expressions)s ORDER BY filled_on DESC, made_at DESC, id DESC))[1]"
        " - (ARRAY_AGG(%(expressions)s ORDER BY filled_on, made_at, id))[1] END)"
    )
    output_field = DecimalField()

    def as_sql(self, compiler, connection, **extra):
        sql, params = super().as_sql(compiler, connection, **extra)
        return sql, (*params, *params)


def _scored_at_the_end(scale: Scale):
    """Closed cases with a score on the scale; `gain` is None where there is only one."""
    scored = Filling.objects.counted().filter(
        case=OuterRef("pk"), measure=MEASURE_OF[scale.code].code, scores__has_key=scale.code
    )
    score = Cast(KT(f"scores__{scale.code}"), DecimalField(max_digits=6, decimal_places=2))
    rise = Subquery(scored.order_by().values("case").annotate(rise=Rise(score)).values("rise"))

    def rows(organisation):
        closed = closed_cases(organisation).filter(Exists(scored))
        return closed.annotate(gain=-1 * rise if scale.lower_is_better else rise)

    return rows


def _figure(scale: Scale) -> Flow:
    return Flow(
        key=f"change_{scale.code}",
        name=f"Change: {scale.name.lower()}",
        noun="person",
        nouns="people",
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
