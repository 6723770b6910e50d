"""Time with people, and the work nobody sees that it stands on."""

from django.db.models import F

from caseload.models import Contact
from insight.catalogue.meetings import HELD, came_or_missed
from insight.figure import Flow
from insight.values import Minutes

OF_CASE = {"practice": "case__practice", "person": "case__patient__"}


FIGURES = [
    Flow(
        key="meeting_time",
        name="Time in meetings",
        noun="meeting",
        definition="Minutes of the meetings held, on their day; as planned, where nobody noted how long one was.",
        kind=Minutes,
        only=HELD,
        minutes="lasted",
        rows=came_or_missed,
        on="starts_at",
        splits={"mode": F("mode")},
        **OF_CASE,
    ),
    Flow(
        key="contact_time",
        name="Time in calls and other contacts",
        noun="contact",
        definition="Minutes noted for contacts that were not booked, on their day. Contacts without minutes count as "
        "none.",
        kind=Minutes,
        minutes="minutes",
        rows=lambda organisation: Contact.objects.filter(case__organisation=organisation),
        on="at",
        **OF_CASE,
    ),
    Flow(
        key="backstage_time",
        name="Back-stage time",
        noun="entry",
        nouns="entries",
        definition="Minutes of back-stage work, on its day. It belongs to the whole service, never to one practice.",
        kind=Minutes,
        minutes="minutes",
        rows=lambda organisation: organisation.backstage_work.all(),
        on="done_on",
        on_is_day=True,
        practice="",
        person=None,
        splits={"work": F("kind")},
    ),
]
