"""Referred on to services, and whether people got there."""

from django.db.models import Exists, F, OuterRef, Q
from django.db.models import Value as RowValue

from insight.figure import Flow
from insight.sql import DayPlus, LocalDay
from insight.values import Share
from referrals.enums import OnwardKind, OnwardStatus
from referrals.models import OnwardEvent, OnwardReferral

TIME_TO_GO = 84  # days: 12 weeks
GOING = [OnwardEvent.Verb.START, OnwardEvent.Verb.COMPLETE]


def _twelve_weeks_on(organisation):
    """Somebody told of a service is not asked after: signposts are left out, and so is what was entered by mistake."""
    said = OnwardEvent.objects.filter(onward_referral=OuterRef("pk"), verb__in=GOING)
    asked = OnwardReferral.objects.filter(case__organisation=organisation)
    asked = asked.exclude(kind=OnwardKind.SIGNPOST).exclude(status=OnwardStatus.ENTERED_IN_ERROR)
    counted = asked.annotate(
        counted_on=DayPlus(LocalDay("asked_at"), RowValue(TIME_TO_GO)), person_asked_on=LocalDay("person_asked_at")
    )
    by_then = said.annotate(on=LocalDay("at")).filter(on__lte=OuterRef("counted_on"))
    return counted.annotate(heard_by_then=Exists(by_then))


FIGURES = [
    Flow(
        key="onward_went",
        name="Referred on, and went",
        noun="referral to a service",
        nouns="referrals to services",
        definition="Of the referrals to services, also where somebody went along, for how many the service or the "
        "person said within 12 weeks (84 days) that they go or went. Each is counted on the day those 12 weeks are "
        "over. Where nobody has said, nobody knows: those count as not gone.",
        kind=Share,
        hit=Q(heard_by_then=True) | Q(person_got_there=True, person_asked_on__lte=F("counted_on")),
        rows=_twelve_weeks_on,
        on="asked_at",
        days_after=TIME_TO_GO,
        practice="case__practice",
        person="case__patient__",
    ),
]
