"""What comes in, and who waits to be met."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models import Value as RowValue

from caseload.enums import Complexity, Outcome
from caseload.models import Appointment, Hold, Need
from insight.figure import Flow, Stock
from insight.sql import DayPlus, Each, LocalDay
from insight.values import Share

HALF_A_YEAR = 182  # days: 26 weeks


def _waiting(organisation, at):
    met = Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED, starts_at__lt=at)
    held = Hold.objects.filter(case=OuterRef("pk"), started_at__lt=at)
    not_closed = Q(closed_at=None) | Q(closed_at__gte=at)
    return organisation.cases.filter(not_closed, ~Exists(met), ~Exists(held), opened_at__lt=at)


def _taken_on(organisation):
    return organisation.cases.all()


def half_a_year_on(organisation):
    """Everybody taken on, 26 weeks later. `uncovered`: a need that no referral had named was added by then."""
    attended = Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED).order_by("starts_at", "id")
    later = Need.objects.uncovered_later().annotate(added_on=LocalDay("added_at"))
    by_then = later.filter(case=OuterRef("pk"), added_on__lte=OuterRef("counted_on"))
    cases = organisation.cases.annotate(counted_on=DayPlus(LocalDay("opened_at"), RowValue(HALF_A_YEAR)))
    return cases.annotate(
        uncovered=Exists(by_then), third_met_on=LocalDay(Subquery(attended.values("starts_at")[2:3]))
    )


FIGURES = [
    Flow(
        key="referrals_in",
        name="Referrals in",
        noun="referral",
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
        definition="Cases opened, on the day the first referral was accepted. A referral that joined a case which was "
        "open already opened none.",
        rows=_taken_on,
        on="opened_at",
    ),
    Stock(
        key="waiting",
        name="Waiting to be met",
        noun="person",
        nouns="people",
        definition="People taken on, not met yet and not held, whose case was open at the end of the period. A case "
        "that was closed and later reopened counts as if it had been open all along.",
        rows=_waiting,
    ),
    Flow(
        key="high_complexity",
        name="Taken on with much to carry",
        noun="person",
        nouns="people",
        definition="Of the people taken on in the period, how many cases are marked as asking much of a worker (high "
        "complexity), as the case says now.",
        kind=Share,
        hit=Q(complexity=Complexity.HIGH),
        rows=_taken_on,
        on="opened_at",
    ),
    Flow(
        key="need_uncovered",
        name="A need uncovered later",
        noun="person",
        nouns="people",
        definition="Of everybody taken on, for how many a need that no referral had named was uncovered within 26 "
        "weeks (182 days). Each is counted on the day those 26 weeks are over, so that everybody has had the same "
        "time.",
        kind=Share,
        hit=Q(uncovered=True),
        rows=half_a_year_on,
        on="opened_at",
        days_after=HALF_A_YEAR,
    ),
]
