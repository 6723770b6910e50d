"""A worker's meetings as a calendar reads them: when, how and roughly where. Never who, never what about."""

import hashlib
import secrets
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max
from django.utils import timezone
from icalendar import Calendar, Event

from accounts.models import Membership
from caseload.enums import Mode, Outcome, Place
from caseload.models import Appointment, CalendarFeed

LONDON = ZoneInfo("Europe/London")
BACK, AHEAD = timedelta(days=30), timedelta(days=400)
CANCELLED = [Outcome.CANCELLED_BY_PERSON, Outcome.CANCELLED_BY_SERVICE]
PUBLIC_PLACES = [Place.PRACTICE, Place.COMMUNITY, Place.OUTDOORS, Place.HOSPITAL]


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def fingerprint_of(secret: str) -> str:
    """The secret is long and random: one round is as good as many."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(secret: str) -> CalendarFeed | None:
    """The live feed of a link, while its worker still works here."""
    feeds = CalendarFeed.objects.select_related("membership__user", "membership__organisation")
    working = Membership.objects.active().exclude(organisation=None)
    return feeds.filter(fingerprint=fingerprint_of(secret), ended_at=None, membership__in=working).first()


def as_ics(membership: Membership) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Linkwork//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Linkwork")
    calendar.add("x-published-ttl", "PT1H")
    for meeting in _meetings(membership):
        calendar.add_component(_event(meeting))
    now = timezone.now()
    calendar.add_missing_timezones((now - BACK).date(), (now + AHEAD).date())
    return calendar.to_ical()


def _meetings(membership: Membership):
    """With how often each was changed (versions) and when last (changed_at)."""
    now = timezone.now()
    meetings = membership.user.appointments.of_organisation(membership.organisation)
    meetings = meetings.filter(starts_at__range=(now - BACK, now + AHEAD)).select_related(
        "case__patient", "case__practice"
    )
    counted = meetings.annotate(versions=Count("history"), changed_at=Max("history__pgh_created_at"))
    return counted.order_by("starts_at", "id")


def _event(meeting: Appointment) -> Event:
    event, is_cancelled = Event(), meeting.outcome in CANCELLED
    event.add("uid", f"{meeting.pk}@linkwork")
    event.add("dtstamp", (meeting.changed_at or timezone.now()).astimezone(UTC))
    event.add("sequence", max(meeting.versions - 1, 0))
    event.add("dtstart", meeting.starts_at.astimezone(LONDON))
    event.add("dtend", meeting.ends_at.astimezone(LONDON))
    event.add("summary", f"{'Cancelled: meeting' if is_cancelled else 'Meeting'}, {meeting.roughly_where}")
    if location := _location(meeting):
        event.add("location", location)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _location(meeting: Appointment) -> str:
    """Where exactly, unless that is somebody's home or may be, or what was typed there names the person."""
    if meeting.mode != Mode.IN_PERSON or meeting.place not in PUBLIC_PLACES:
        return ""
    detail, person = meeting.place_detail, meeting.case.patient
    names = {word for word in f"{person.search_name} {person.email}".lower().split() if len(word) > 1}
    if any(name in detail.lower() for name in names):
        detail = ""
    practice = meeting.case.practice.name if meeting.place == Place.PRACTICE else ""
    return ", ".join(filter(None, [practice, detail]))
