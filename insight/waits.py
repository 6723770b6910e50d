"""Unmet need, from the records: who waited for which kind of help, why, how long, and what was done meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models import Count as CountRows
from django.db.models import Value as RowValue
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone

from accounts.models import Organisation, Practice
from accounts.words import local_day
from assets import postcodes
from caseload.enums import NeedOutcome, Outcome
from caseload.models import Appointment, Contact, Hold, HoldReview, Need
from insight.period import Period
from insight.splits import NOT_KNOWN, SPLITS

STILL_WAITING = "still_waiting"
BECAME = {
    STILL_WAITING: "Still waiting at the end",
    NeedOutcome.UNMET: "Left unmet",
    NeedOutcome.PARTLY_MET: "Partly met",
    NeedOutcome.MET: "Met",
    NOT_KNOWN: "Nobody said",
}
OF_CASE = ("case__patient", "case__practice", "case__patient__postcode")
DONE = ("is_told", "met", "reached")


@dataclass
class Wait:
    """One person's wait for one kind of help. Held for it twice, or held and then unmet, it is one wait."""

    person: UUID
    kind: str
    practice: UUID
    postcode: str
    named_at: datetime
    ended_at: datetime
    barrier: str = ""
    became: str = STILL_WAITING
    carried: int = 0  # 1 where they waited when the period began
    holds: int = 0
    holds_told: int = 0
    met: int = 0
    reached: int = 0
    district: str = NOT_KNOWN
    deprivation: str = NOT_KNOWN

    @property
    def days(self) -> int:
        """Since the need was named, to when it was settled or the end of the period."""
        return max((local_day(self.ended_at) - local_day(self.named_at)).days, 0)


def waits_in(organisation: Organisation, period: Period, practice: Practice | None = None) -> list[Wait]:
    """Everybody held for a kind of help on any day of the period, or whose need was settled as unmet in it."""
    until = min(period.ends_at, timezone.now())
    of = {"case__organisation": organisation} | ({"case__practice": practice} if practice else {})
    facts = sorted([*_held(of, period, until), *_left_unmet(of, period)], key=lambda fact: fact[0])
    waits = {}
    for at, wait in facts:
        known = waits.setdefault((wait.person, wait.kind), wait)
        if known is not wait:
            _add(known, wait, at)
    people = {wait.person: wait for wait in waits.values()}
    _put_into_groups(list(waits.values()), people)
    return list(waits.values())


def _add(known: Wait, later: Wait, at: datetime) -> None:
    """What was found out last says why they waited, what became of it and where they were."""
    known.named_at, known.ended_at = min(known.named_at, later.named_at), at
    known.barrier, known.became = later.barrier, later.became
    known.practice, known.carried = later.practice, max(known.carried, later.carried)
    for name in ("holds", "holds_told", "met", "reached"):
        setattr(known, name, getattr(known, name) + getattr(later, name))


def _held(of: dict, period: Period, until: datetime) -> Iterator[tuple[datetime, Wait]]:
    not_over = Q(ended_at=None) | Q(ended_at__gte=period.starts_at)
    told = Exists(HoldReview.objects.filter(hold=OuterRef("pk"), at__lt=until).exclude(meanwhile=""))
    moment = {"output_field": DateTimeField()}
    holds = (
        Hold.objects.filter(not_over, started_at__lt=until, **of)
        .annotate(
            named=_named("case", "awaited_need", "started_at"),
            held_from=Greatest("started_at", RowValue(period.starts_at, **moment)),
            held_to=Least(Coalesce("ended_at", RowValue(until, **moment)), RowValue(until, **moment)),
            is_told=Case(When(~Q(meanwhile=""), then=True), default=told),
        )
        .annotate(
            met=_how_many(Appointment.objects.filter(outcome=Outcome.ATTENDED), "starts_at"),
            reached=_how_many(Contact.objects.filter(reached=True), "at"),
        )
    )
    columns = ("awaited_need", "barrier", "started_at", "ended_at", "need_outcome", "named")
    for row in holds.order_by("started_at", "pk").values_list(*OF_CASE, *columns, *DONE, named=True):
        is_over = row.ended_at is not None and row.ended_at < until
        at = row.ended_at if is_over else until
        wait = _wait(row, row.awaited_need, min(row.named, row.started_at), at)
        if is_over:
            wait.became = row.need_outcome or NOT_KNOWN
        wait.carried = int(row.started_at < period.starts_at)
        wait.holds, wait.holds_told, wait.met, wait.reached = 1, int(row.is_told), row.met, row.reached
        yield at, wait


def _left_unmet(of: dict, period: Period) -> Iterator[tuple[datetime, Wait]]:
    within = period.within("outcome_at")
    needs = Need.objects.filter(within, outcome=NeedOutcome.UNMET, **of)
    columns = ("kind", "barrier", "added_at", "outcome_at")
    for row in needs.order_by("outcome_at", "pk").values_list(*OF_CASE, *columns, named=True):
        wait = _wait(row, row.kind, min(row.added_at, row.outcome_at), row.outcome_at)
        wait.became = NeedOutcome.UNMET.value
        yield row.outcome_at, wait


def _wait(row, kind: str, named_at: datetime, at: datetime) -> Wait:
    postcode = row.case__patient__postcode
    return Wait(row.case__patient, kind, row.case__practice, postcode, named_at, at, row.barrier)


def _named(case: str, kind: str, otherwise: str) -> Coalesce:
    named = Need.objects.filter(case=OuterRef(case), kind=OuterRef(kind)).values("added_at")
    return Coalesce(Subquery(named[:1]), F(otherwise))


def _how_many(rows: QuerySet, at: str) -> Coalesce:
    """Of the case, while it was held in the period."""
    while_held = rows.filter(
        case=OuterRef("case"), **{f"{at}__gte": OuterRef("held_from"), f"{at}__lt": OuterRef("held_to")}
    )
    return Coalesce(Subquery(while_held.order_by().values("case").annotate(n=CountRows("pk")).values("n")), 0)


def _put_into_groups(waits: list[Wait], people: dict[UUID, Wait]) -> None:
    """Where a person is and how deprived that is: the same for all their waits, as last known."""
    postcodes = {wait.postcode for wait in people.values()}
    fifths = SPLITS["deprivation"].group(postcodes)
    districts = {postcode: district_of(postcode) for postcode in postcodes}
    for wait in waits:
        last = people[wait.person]
        wait.practice, wait.postcode = last.practice, last.postcode
        wait.district, wait.deprivation = districts[last.postcode], fifths[last.postcode]


def district_of(postcode: str) -> str:
    """G31, of G31 4AB."""
    return postcodes.district_of(postcode) or NOT_KNOWN


def nothing_said(organisation: Organisation, period: Period) -> dict[UUID, int]:
    """{practice: kinds of help named with people supported in these days, of which nobody has said what became}."""
    awaited = Hold.objects.open().filter(case=OuterRef("case"), awaited_need=OuterRef("kind"))
    supported = Q(case__closed_at=None) | Q(case__closed_at__gte=period.starts_at)
    needs = Need.objects.filter(supported, ~Exists(awaited), case__organisation=organisation, outcome="")
    by_practice = needs.filter(added_at__lt=period.ends_at).order_by().values("case__practice")
    return dict(by_practice.annotate(n=CountRows("pk")).values_list("case__practice", "n"))
