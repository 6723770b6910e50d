"""Meeting people: how soon, how often, and where."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models import Value as RowValue
from django.db.models.functions import Coalesce, Greatest

from caseload.enums import Mode, Outcome, Place
from caseload.models import Appointment
from insight.catalogue.referrals import HALF_A_YEAR, half_a_year_on
from insight.figure import Flow
from insight.sql import DaysBetween, LocalDay
from insight.values import Days, Lengths, Share
from referrals.models import Referral

HELD = Q(outcome=Outcome.ATTENDED)
OF_CASE = {"practice": "case__practice", "person": "case__patient__"}


def _first_meetings(organisation):
    held = Appointment.objects.filter(HELD)
    sooner = Q(starts_at__lt=OuterRef("starts_at")) | Q(starts_at=OuterRef("starts_at"), pk__lt=OuterRef("pk"))
    before = held.filter(sooner, case=OuterRef("case"))
    sent = Referral.objects.filter(case=OuterRef("case")).order_by("first_submitted_at").values("first_submitted_at")
    asked = LocalDay(Coalesce(Subquery(sent[:1]), "case__opened_at"))
    waited = Greatest(DaysBetween(LocalDay("starts_at"), asked), RowValue(0))
    return held.filter(~Exists(before), case__organisation=organisation).annotate(waited=waited)


def came_or_missed(organisation):
    outcomes = [Outcome.ATTENDED, Outcome.MISSED]
    rows = Appointment.objects.filter(case__organisation=organisation, outcome__in=outcomes)
    return rows.annotate(lasted=Coalesce("minutes", "minutes_planned"))


FIGURES = [
    Flow(
        key="first_meeting_days",
        name="Days to first meeting",
        noun="person",
        nouns="people",
        definition="Of everybody met for the first time in the period, the local calendar days from the day their "
        "first referral was first sent to the day they were met. “Half within” is the fewest days that at least half "
        "waited no longer than, “nine in ten within” the same of nine in ten: always a number of days that somebody "
        "waited. Whoever was met before the referral was sent waited 0 days. Those still waiting are not in it.",
        kind=Days,
        days="waited",
        rows=_first_meetings,
        on="starts_at",
        **OF_CASE,
    ),
    Flow(
        key="third_meeting",
        name="Reached a third meeting",
        noun="person",
        nouns="people",
        definition="Of everybody taken on, how many met a link worker three times or more within 26 weeks (182 days). "
        "Each is counted on the day those 26 weeks are over, so that everybody has had the same time.",
        kind=Share,
        hit=Q(third_met_on__lte=F("counted_on")),
        rows=half_a_year_on,
        on="opened_at",
        days_after=HALF_A_YEAR,
    ),
    Flow(
        key="meetings",
        name="Meetings held",
        noun="meeting",
        definition="Booked meetings logged as met, on their day.",
        only=HELD,
        rows=came_or_missed,
        on="starts_at",
        splits={"mode": F("mode"), "place": F("place")},
        **OF_CASE,
    ),
    Flow(
        key="missed",
        name="Meetings missed",
        noun="meeting",
        definition="Of the booked meetings logged as met or missed, on their day, how many were missed. Cancelled "
        "ones and those not logged are not in it.",
        kind=Share,
        hit=Q(outcome=Outcome.MISSED),
        rows=came_or_missed,
        on="starts_at",
        splits={"mode": F("mode"), "got_in_the_way": F("barrier")},
        **OF_CASE,
    ),
    Flow(
        key="meeting_length",
        name="Length of meetings",
        noun="meeting",
        definition="Minutes of the meetings held, on their day; as planned, where nobody noted how long one was. "
        "Half and nine in ten as for the days to first meeting; the chart draws the average.",
        kind=Lengths,
        only=HELD,
        days="lasted",
        rows=came_or_missed,
        on="starts_at",
        splits={"mode": F("mode")},
        **OF_CASE,
    ),
    Flow(
        key="remote_meetings",
        name="By phone or video",
        noun="meeting",
        definition="Of the meetings held, on their day, how many were by phone or video rather than in person.",
        kind=Share,
        only=HELD,
        hit=~Q(mode=Mode.IN_PERSON),
        rows=came_or_missed,
        on="starts_at",
        **OF_CASE,
    ),
    Flow(
        key="outreach_meetings",
        name="Away from the practice",
        noun="meeting",
        definition="Of the meetings held in person, on their day, how many were anywhere but at the practice: at "
        "home, in the community, outdoors, in hospital.",
        kind=Share,
        only=HELD & Q(mode=Mode.IN_PERSON),
        hit=~Q(place=Place.PRACTICE),
        rows=came_or_missed,
        on="starts_at",
        splits={"place": F("place")},
        **OF_CASE,
    ),
]
