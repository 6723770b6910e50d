"""How support ends, and who comes back."""

from django.db.models import F, Q

from caseload.enums import CaseStatus, Verb
from caseload.models import CaseEvent
from insight.figure import Flow
from insight.values import Share

ENDINGS = "Endings"


def _closed(organisation):
    return organisation.cases.filter(status=CaseStatus.CLOSED)


FIGURES = [
    Flow(
        key="endings",
        name="Endings",
        noun="person",
        nouns="people",
        topic=ENDINGS,
        definition="Cases closed in the period and not reopened since, by how they ended.",
        rows=_closed,
        on="closed_at",
        splits={"ending_how": F("ending_how"), "ending": F("ending")},
    ),
    Flow(
        key="endings_agreed",
        name="Endings agreed",
        noun="person",
        nouns="people",
        topic=ENDINGS,
        definition="Of the cases closed in the period and not reopened since, how many endings were agreed with the "
        "person.",
        kind=Share,
        hit=Q(ending_agreed=True),
        rows=_closed,
        on="closed_at",
        splits={"ending": F("ending")},
    ),
    Flow(
        key="reopened",
        name="Reopened",
        noun="case",
        topic=ENDINGS,
        definition="Cases reopened after an ending, on the day each was reopened; as often as it happened.",
        rows=lambda organisation: CaseEvent.objects.filter(case__organisation=organisation, verb=Verb.REOPENED),
        on="at",
        practice="case__practice",
        person="case__patient__",
    ),
]
