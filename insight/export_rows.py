"""Exports of a row each. Without names, nothing in a row says who it is; what people wrote is never in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count as CountRows
from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.words import local_day
from assets.enums import NeedKind
from caseload.enums import AgeBand, Outcome, Seen
from caseload.models import AccessLog, Appointment
from insight.enums import ExportKind
from insight.models import Export
from insight.scope import Scope
from insight.splits import NOT_KNOWN, SPLITS
from insight.waits import district_of

A_BATCH = 1000


@dataclass(frozen=True)
class Column:
    meaning: str
    value: Callable


def _day(moment) -> date | None:
    return moment and local_day(moment)


def _age_band(person, on: date) -> str:
    born = person.date_of_birth
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return AgeBand.of(max(age, 0)).label


def _names(of: Callable) -> dict[str, Column]:
    return {
        "Name": Column("Who it is.", lambda row: of(row).name),
        "Date of birth": Column("Their date of birth.", lambda row: of(row).date_of_birth),
        "NHS or CHI number": Column("Where it is known.", lambda row: of(row).number),
    }


def _person(of: Callable, on: Callable) -> dict[str, Column]:
    return {
        "Age": Column("Age band on that day.", lambda row: _age_band(of(row), _day(on(row)))),
        "Sex": Column("As it was recorded.", lambda row: of(row).get_sex_display()),
        "Ethnic group": Column("As it was recorded.", lambda row: of(row).get_ethnicity_display()),
        "Interpreter": Column("Whether one is needed.", lambda row: "Yes" if of(row).interpreter_language else "No"),
        "Postcode district": Column(
            "The first half of the postcode.", lambda row: _known(district_of(of(row).postcode))
        ),
        "Deprivation": Column(
            "Fifth of an index, which is named with its edition; 1 is the most deprived. Those of two indexes are not "
            "the same thing.",
            lambda row: _known(row.fifth),
        ),
    }


def _known(value: str) -> str:
    return "" if value == NOT_KNOWN else value


def _needs(kinds) -> str:
    return ", ".join(str(NeedKind(kind).label) for kind in kinds)


def referral_columns(with_names: bool) -> dict[str, Column]:
    def of(referral):
        return referral

    return {
        **(_names(of) if with_names else {}),
        "Sent on": Column("The day it was first sent.", lambda row: _day(row.first_submitted_at)),
        "Practice": Column("Who sent it.", lambda row: row.practice.name),
        "Whose idea": Column("Whose idea the referral was.", lambda row: row.get_route_display()),
        "Help with": Column("What it names.", lambda row: _needs(row.needs)),
        "Urgency": Column("As it was sent.", lambda row: row.get_urgency_display()),
        "Answer": Column("What was answered.", lambda row: row.get_status_display()),
        "Answered on": Column("The day of the last answer.", lambda row: _day(row.answered_at)),
        "First met on": Column("The first meeting after it was sent.", lambda row: _day(row.first_met_at)),
        **_person(of, lambda row: row.first_submitted_at),
    }


def case_columns(with_names: bool) -> dict[str, Column]:
    def of(case):
        return case.patient

    return {
        **(_names(of) if with_names else {}),
        "Taken on": Column("The day the case was opened.", lambda row: _day(row.opened_at)),
        "Practice": Column("Where they are registered.", lambda row: row.practice.name),
        "Stands at": Column("How the case stands.", lambda row: row.get_status_display()),
        "Complexity": Column("As the worker put it.", lambda row: row.get_complexity_display()),
        "Meetings": Column("Booked meetings they came to.", lambda row: row.met),
        "Held": Column("How often they were held.", lambda row: row.held),
        "Needs": Column("Kinds of help named or uncovered.", lambda row: _needs(n.kind for n in row.needs.all())),
        "Left unmet": Column(
            "Those settled as unmet.", lambda row: _needs(n.kind for n in row.needs.all() if n.outcome == "unmet")
        ),
        "Closed on": Column("Where it is closed.", lambda row: _day(row.closed_at)),
        "Ending": Column("Why it ended.", lambda row: row.get_ending_display()),
        **_person(of, lambda row: row.opened_at),
    }


COLUMNS = {ExportKind.REFERRALS: referral_columns, ExportKind.CASES: case_columns}


def rows_of(export: Export, scope: Scope, columns: dict[str, Column], on_step: Callable[[], None]) -> Iterator[list]:
    rows = _referrals(scope) if export.kind == ExportKind.REFERRALS else _cases(scope)
    for batch in _batches(rows):
        people = [row if export.kind == ExportKind.REFERRALS else row.patient for row in batch]
        fifths = SPLITS["deprivation"].group({person.postcode for person in people})
        if export.with_names:
            _note_seen(export, batch)
        for row, person in zip(batch, people, strict=True):
            row.fifth = fifths[person.postcode]
            yield [_plain(column.value(row)) for column in columns.values()]
        on_step()


def _plain(value):
    return "" if value is None else value


def _referrals(scope: Scope) -> QuerySet:
    rows = scope.organisation.referrals.filter(scope.period.within("first_submitted_at")).with_first_met_at()
    return scope.narrow(rows, "practice").select_related("practice").order_by("first_submitted_at", "id")


def _cases(scope: Scope) -> QuerySet:
    met = Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED).order_by().values("case")
    rows = scope.organisation.cases.filter(scope.period.within("opened_at")).annotate(
        met=Subquery(met.annotate(n=CountRows("pk")).values("n")), held=CountRows("holds", filter=~Q(holds=None))
    )
    joined = scope.narrow(rows, "practice").select_related("practice", "patient").prefetch_related("needs")
    return joined.order_by("opened_at", "id")


def _batches(rows: QuerySet) -> Iterator[list]:
    batch = []
    for row in rows.iterator(chunk_size=A_BATCH):
        batch.append(row)
        if len(batch) == A_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _note_seen(export: Export, batch: list) -> None:
    """With names, it opens each record: who, whose, what, when. Once for each, also where it is made again."""
    what = Seen.REFERRAL if export.kind == ExportKind.REFERRALS else Seen.DETAILS
    seen = [
        AccessLog(
            by=export.asked_by,
            at=export.asked_at,
            patient_id=row.patient_id,
            what=what,
            record_id=row.pk if what == Seen.REFERRAL else row.patient_id,
        )
        for row in batch
    ]
    known = AccessLog.objects.filter(by=export.asked_by, at=export.asked_at, record_id__in=[s.record_id for s in seen])
    noted = set(known.values_list("record_id", flat=True))
    AccessLog.objects.bulk_create(row for row in seen if row.record_id not in noted)
