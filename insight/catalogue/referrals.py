"""What comes in, and who waits to be met."""

from django.db.models import Exists, F, OuterRef, Q

from caseload.enums import Outcome
from caseload.models import Appointment, Hold
from insight.figure import Flow, Stock
from insight.sql import Each

COMING_IN = "Coming in"


def _waiting(organisation, at):
    met = Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED, starts_at__lt=at)
    held = Hold.objects.filter(case=OuterRef("pk"), started_at__lt=at)
    not_closed = Q(closed_at=None) | Q(closed_at__gte=at)
    return organisation.cases.filter(not_closed, ~Exists(met), ~Exists(held), opened_at__lt=at)


FIGURES = [
    Flow(
        key="referrals_in",
        name="Referrals in",
        noun="referral",
        topic=COMING_IN,
        definition="Every referral sent to the service, on the day it was first sent, whatever was answered. One sent "
        "again after a question counts once, on its first day.",
        rows=lambda organisation: organisation.referrals.all(),
        on="first_submitted_at",
        person="",
        splits={"route": F("route"), "need": Each(F("needs")), "answer": F("status")},
    ),
    Flow(
        key="people_taken_on",
        name="People taken on",
        noun="person",
        nouns="people",
        topic=COMING_IN,
        definition="Cases opened, on the day the first referral was accepted. A referral that joined a case which was "
        "open already opened none.",
        rows=lambda organisation: organisation.cases.all(),
        on="opened_at",
    ),
    Stock(
        key="waiting",
        name="Waiting to be met",
        noun="person",
        nouns="people",
        topic=COMING_IN,
        definition="People taken on, not met yet and not held, whose case was open at the end of the period. A case "
        "that was closed and later reopened counts as if it had been open all along.",
        rows=_waiting,
    ),
]
