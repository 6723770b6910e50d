"""A fixed Monday at noon, and days before it by the calendar on the wall."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Policy

MONDAY = date(2026, 11, 23)


def local(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def days_before(days: int, hour: int = 12, minute: int = 0) -> datetime:
    return local(MONDAY - timedelta(days=days), hour, minute)


NOW = local(MONDAY)


def due(rule, organisation, now=NOW, **policy):
    """[(since, why)] for each subject the rule holds for."""
    found = rule(organisation, Policy(organisation=organisation, **policy), now)
    return [(one.since, one.why) for one in found]


def is_due(rule, organisation, now=NOW, **policy):
    return due(rule, organisation, now, **policy) != []
