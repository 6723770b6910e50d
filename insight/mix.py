"""The mix of one worker's own work: theirs to see, and theirs to show. No comparison, no target, nobody else's."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce, TruncMonth

from accounts.models import Organisation, User
from assets.enums import NeedKind
from caseload.enums import Outcome, Place
from caseload.models import Appointment, Contact, Need
from insight.period import Period
from insight.sql import LocalDay
from insight.work import BY_MODE, BY_WORK, CALLS, KINDS, Time, by_kind

MONTHS = 12


@dataclass(frozen=True)
class Mix:
    period: Period
    time: Time
    places: list[tuple[str, int]]
    needs: list[tuple[str, int]]

    @property
    def hours(self) -> list[tuple[str, float]]:
        return [(name, round(minutes / 60, 1)) for name, minutes in by_kind(self.time)]

    @property
    def months(self) -> list[tuple[date, list[float]]]:
        """(month, hours of each kind), the latest first."""
        return [(day, [round(of[name] / 60, 1) for name in KINDS]) for day, of in sorted(self.time.items())[::-1]]

    @property
    def is_empty(self) -> bool:
        return not any(minutes for _, minutes in by_kind(self.time))


def mix_of(worker: User, organisation: Organisation, today: date) -> Mix:
    """Of twelve months, the one we are in included: meetings they held, contacts and back-stage work they logged."""
    period = Period(Period.months_to(today, MONTHS).first, today)
    meetings = Appointment.objects.filter(
        period.within("starts_at"), case__organisation=organisation, worker=worker, outcome=Outcome.ATTENDED
    )
    contacts = Contact.objects.filter(period.within("at"), case__organisation=organisation, by=worker)
    backstage = organisation.backstage_work.filter(period.within_days("done_on"), worker=worker)
    time = {month: dict.fromkeys(KINDS, 0) for month in period.months}
    lasted = Coalesce("minutes", "minutes_planned")
    for month, mode, minutes in _by_month(meetings, LocalDay("starts_at"), "mode", lasted):
        time[month][BY_MODE[mode]] += minutes
    for month, _, minutes in _by_month(contacts, LocalDay("at"), "channel", Coalesce("minutes", 0)):
        time[month][CALLS] += minutes
    for month, kind, minutes in _by_month(backstage, F("done_on"), "kind", F("minutes")):
        time[month][BY_WORK[kind]] += minutes
    needs = Need.objects.filter(case__in=organisation.cases.open().filter(worker=worker))
    places = _tally(meetings.exclude(place=""), "place")
    return Mix(period, time, _labelled(Place, places), _labelled(NeedKind, _tally(needs, "kind")))


def _by_month(rows, day, column: str, minutes):
    months = rows.order_by().annotate(month=TruncMonth(day)).values("month", column)
    return months.annotate(total=Sum(minutes)).values_list("month", column, "total")


def _tally(rows, column: str) -> dict[str, int]:
    return dict(rows.order_by().values(column).annotate(n=Count("pk")).values_list(column, "n"))


def _labelled(choices, found: dict[str, int]) -> list[tuple[str, int]]:
    """In the order of the choices: no kind of work comes first."""
    return [(choice.label, found[choice]) for choice in choices if choice in found]
