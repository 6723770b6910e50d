"""How support ends, and who comes back."""

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from caseload.enums import NOT_AN_ENDING, CaseStatus, EndingHow, Outcome, Verb
from caseload.models import Appointment, CaseEvent
from insight.figure import Flow
from insight.values import Share, Times


def closed_cases(organisation):
    """Those that have ended: one that goes on in another case of the same person has not."""
    held = Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED).order_by().values("case")
    meetings_held = Coalesce(Subquery(held.annotate(n=Count("pk")).values("n")), 0)
    closed = organisation.cases.filter(status=CaseStatus.CLOSED).exclude(ending_how=NOT_AN_ENDING)
    return closed.annotate(meetings_held=meetings_held)


FIGURES = [
    Flow(
        key="endings",
        name="Endings",
        noun="person",
        nouns="people",
        definition="Cases closed in the period and not reopened since, by how they ended. Where somebody was on file "
        "twice, the case that goes on in their other one has not ended.",
        rows=closed_cases,
        on="closed_at",
        splits={"ending_how": F("ending_how"), "ending": F("ending")},
    ),
    Flow(
        key="endings_agreed",
        name="Endings agreed",
        noun="person",
        nouns="people",
        definition="Of the cases closed in the period and not reopened since, how many endings were agreed with the "
        "person.",
        kind=Share,
        hit=Q(ending_agreed=True),
        rows=closed_cases,
        on="closed_at",
        splits={"ending": F("ending")},
    ),
    Flow(
        key="endings_drifted",
        name="Endings nobody reached",
        noun="person",
        nouns="people",
        definition="Of the cases closed in the period and not reopened since, how many ended because nobody could "
        "reach the person any more. Each keeps a way back.",
        kind=Share,
        hit=Q(ending_how=EndingHow.DRIFTED),
        rows=closed_cases,
        on="closed_at",
    ),
    Flow(
        key="endings_own_choice",
        name="Endings they chose",
        noun="person",
        nouns="people",
        definition="Of the cases closed in the period and not reopened since, how many ended by the person’s own "
        "choice, such as that they no longer wanted this.",
        kind=Share,
        hit=Q(ending_how=EndingHow.OWN_CHOICE),
        rows=closed_cases,
        on="closed_at",
    ),
    Flow(
        key="meetings_per_ending",
        name="Meetings until the ending",
        noun="person",
        nouns="people",
        definition="Of the cases closed in the period and not reopened since, how many meetings were held in each. "
        "Half and nine in ten as for the days to first meeting; the chart draws the average.",
        kind=Times,
        days="meetings_held",
        rows=closed_cases,
        on="closed_at",
    ),
    Flow(
        key="reopened",
        name="Reopened",
        noun="case",
        definition="Cases reopened after an ending, on the day each was reopened; as often as it happened.",
        rows=lambda organisation: CaseEvent.objects.filter(case__organisation=organisation, verb=Verb.REOPENED),
        on="at",
        practice="case__practice",
        person="case__patient__",
    ),
]
