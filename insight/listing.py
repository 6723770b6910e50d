"""The list behind a number, a row for each thing counted, whatever kind of thing it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, Case, F, Model, QuerySet, When
from django.urls import reverse

from accounts.words import count_of
from assets.models import Asset
from caseload.models import Appointment, BackstageWork, CaseEvent, Contact, Hold
from caseload.models import Case as CaseOfPerson
from insight.figure import Figure
from insight.scope import Scope
from insight.values import Days, Minutes, Paired, Share
from referrals.models import OnwardReferral, Referral


@dataclass(frozen=True)
class Kind:
    """`about` is what the row is, `on` its column of when, `more` what else a reader asks."""

    on: str
    joined: tuple[str, ...]
    about: Callable[[Model], str]
    href: Callable[[Model], str]
    more: Callable[[Model], str]


@dataclass(frozen=True)
class Row:
    about: str
    href: str
    on: date | datetime | None
    more: str
    counted: str


def _case(case) -> str:
    return reverse("caseload:case", kwargs={"case_id": case.pk})


OF_CASE = {
    "joined": ("case__patient",),
    "about": lambda row: row.case.patient.name,
    "href": lambda row: _case(row.case),
}
KINDS = {
    Referral: Kind(
        on="first_submitted_at",
        joined=("practice",),
        about=lambda referral: referral.name,
        href=lambda referral: reverse("referrals:received", kwargs={"referral_id": referral.pk}),
        more=lambda referral: f"{referral.practice}: {referral.get_status_display().lower()}",
    ),
    CaseOfPerson: Kind(
        on="opened_at",
        joined=("patient", "practice"),
        about=lambda case: case.patient.name,
        href=_case,
        more=lambda case: f"{case.practice}: {(case.get_ending_display() or case.get_status_display()).lower()}",
    ),
    Hold: Kind(
        on="started_at", more=lambda h: f"{h.get_awaited_need_display()}: {h.get_barrier_display()}", **OF_CASE
    ),
    Appointment: Kind(on="starts_at", more=lambda meeting: meeting.where.capitalize(), **OF_CASE),
    Contact: Kind(on="at", more=lambda contact: contact.get_channel_display(), **OF_CASE),
    CaseEvent: Kind(on="at", more=lambda event: "", **OF_CASE),
    OnwardReferral: Kind(
        on="asked_at",
        joined=("case__patient", "asset"),
        about=lambda onward: onward.case.patient.name,
        href=lambda onward: _case(onward.case),
        more=lambda onward: f"{onward.asset.name}: {onward.status_words.lower()}",
    ),
    BackstageWork: Kind(
        on="done_on",
        joined=("asset",),
        about=lambda work: work.get_kind_display(),
        href=lambda work: "",
        more=lambda work: work.asset.name if work.asset else "",
    ),
    Asset: Kind(
        on="confirmed_at",
        joined=(),
        about=lambda asset: asset.name,
        href=lambda asset: reverse("assets:asset", kwargs={"asset_id": asset.pk}),
        more=lambda asset: "",
    ),
}


def listed(figure: Figure, scope: Scope) -> QuerySet:
    """Newest first, with all that a row of the list says."""
    rows = figure.listed(scope)
    kind = KINDS[rows.model]
    if figure.kind is Share:
        rows = rows.annotate(is_hit=Case(When(figure.hit, then=True), default=False, output_field=BooleanField()))
    listed_on = F(kind.on) if figure.is_stock else figure.day(scope.period)
    return rows.select_related(*kind.joined).annotate(listed_on=listed_on).order_by("-listed_on", "pk")


def row_of(figure: Figure, row: Model) -> Row:
    kind = KINDS[type(row)]
    return Row(kind.about(row), kind.href(row), row.listed_on, kind.more(row), _counted(figure, row))


def _counted(figure: Figure, row: Model) -> str:
    """What this row adds to the number."""
    if figure.kind is Share:
        return "Yes" if row.is_hit else "No"
    if issubclass(figure.kind, Days):
        return count_of(getattr(row, figure.days), figure.kind.noun)
    if figure.kind is Paired:
        return "One score" if row.gain is None else "Better" if row.gain > 0 else "Worse" if row.gain else "The same"
    if figure.kind is Minutes:
        return count_of(getattr(row, figure.minutes) or 0, "minute")
    return ""
