"""Holding: what for, what stands in the way, how long."""

from django.db.models import DateField, F, Q
from django.db.models import Value as RowValue

from caseload.models import Hold
from insight.figure import Flow, Stock, last_day
from insight.sql import DaysBetween, LocalDay
from insight.values import Days

OF_CASE = {"practice": "case__practice", "person": "case__patient__"}
SPLITS = {"awaited": F("awaited_need"), "barrier": F("barrier"), "purpose": F("purpose")}


def _holds(organisation):
    return Hold.objects.filter(case__organisation=organisation)


def _held(organisation, at):
    held_for = DaysBetween(RowValue(last_day(at), DateField()), LocalDay("started_at"))
    not_ended = Q(ended_at=None) | Q(ended_at__gte=at)
    return _holds(organisation).filter(not_ended, started_at__lt=at).annotate(held_for=held_for)


def _ended(organisation):
    ended = _holds(organisation).filter(ended_at__isnull=False)
    return ended.annotate(held_for=DaysBetween(LocalDay("ended_at"), LocalDay("started_at")))


FIGURES = [
    Stock(
        key="held",
        name="People held, and how long",
        noun="person",
        nouns="people",
        definition="Holds not ended at the end of the period, and the local calendar days since each was started. "
        "Somebody has one hold at a time, so these are people.",
        kind=Days,
        days="held_for",
        rows=_held,
        splits=SPLITS,
        **OF_CASE,
    ),
    Flow(
        key="holds_started",
        name="Holds started",
        noun="hold",
        definition="Holds, on the day each was started.",
        rows=_holds,
        on="started_at",
        splits=SPLITS,
        **OF_CASE,
    ),
    Flow(
        key="holds_ended",
        name="Length of holds",
        noun="hold",
        definition="Of the holds ended in the period, however they ended, the local calendar days from the day each "
        "was started to the day it ended; half and nine in ten as for the days to first meeting.",
        kind=Days,
        days="held_for",
        rows=_ended,
        on="ended_at",
        splits=SPLITS | {"hold_end": F("end")},
        **OF_CASE,
    ),
]
