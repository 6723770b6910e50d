"""The door held open after a missed meeting, and who came back through it. Read from meetings and contacts."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models import Value as RowValue
from django.db.models.functions import Least

from caseload.enums import Outcome
from caseload.models import Appointment, Contact
from insight.figure import Flow, Stock
from insight.sql import DayPlus, LocalDay
from insight.values import Share

TIME_TO_COME_BACK = 84  # days: 12 weeks
OF_CASE = {"practice": "case__practice", "person": "case__patient__"}


def _opened(organisation):
    """Missed meetings that opened the door: no other was missed since the person was last reached."""
    same_case = {"case": OuterRef("case")}
    reached_since = Exists(_met_from(OuterRef("starts_at"), OuterRef(OuterRef("starts_at")))) | Exists(
        _reached_from(OuterRef("starts_at"), OuterRef(OuterRef("starts_at")))
    )
    already_open = Appointment.objects.filter(
        ~reached_since, outcome=Outcome.MISSED, starts_at__lt=OuterRef("starts_at"), **same_case
    )
    missed = Appointment.objects.filter(case__organisation=organisation, outcome=Outcome.MISSED)
    return missed.filter(~Exists(already_open))


def _met_from(start, end=None):
    """Meetings of the case of the row around that took place from a moment on, and before another."""
    found = Appointment.objects.filter(case=OuterRef("case"), outcome=Outcome.ATTENDED, starts_at__gte=start)
    return found if end is None else found.filter(starts_at__lt=end)


def _reached_from(start, end=None):
    found = Contact.objects.filter(case=OuterRef("case"), reached=True, at__gte=start)
    return found if end is None else found.filter(at__lt=end)


def _twelve_weeks_on(organisation):
    missed_at = OuterRef("starts_at")
    met = _met_from(missed_at).order_by("starts_at", "id").values("starts_at")
    spoke = _reached_from(missed_at).order_by("at", "id").values("at")
    return _opened(organisation).annotate(
        counted_on=DayPlus(LocalDay("starts_at"), RowValue(TIME_TO_COME_BACK)),
        back_on=LocalDay(Least(Subquery(met[:1]), Subquery(spoke[:1]))),
    )


def _open(organisation, at):
    reached = Exists(_met_from(OuterRef("starts_at"), at)) | Exists(_reached_from(OuterRef("starts_at"), at))
    not_closed = Q(case__closed_at=None) | Q(case__closed_at__gte=at)
    return _opened(organisation).filter(not_closed, ~reached, starts_at__lt=at)


FIGURES = [
    Flow(
        key="door_opened",
        name="Door held open",
        noun="time",
        definition="Missed meetings after which the door was held open: the first missed since the person was last "
        "reached, on the day of the meeting. Further ones missed before they were reached are not counted again.",
        rows=_opened,
        on="starts_at",
        **OF_CASE,
    ),
    Flow(
        key="came_back",
        name="Came back",
        noun="time",
        definition="Of the times the door was held open, how often the person was met or reached again within "
        "12 weeks (84 days). Each is counted on the day those 12 weeks are over, so that everybody has had the same "
        "time.",
        kind=Share,
        hit=Q(back_on__lte=F("counted_on")),
        rows=_twelve_weeks_on,
        on="starts_at",
        days_after=TIME_TO_COME_BACK,
        **OF_CASE,
    ),
    Stock(
        key="door_open",
        name="Door open now",
        noun="person",
        nouns="people",
        definition="People whose door was held open at the end of the period: they missed a meeting, had not been "
        "reached since, and their case was open.",
        rows=_open,
        **OF_CASE,
    ),
]
