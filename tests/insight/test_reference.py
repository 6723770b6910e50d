"""The figures against tests/insight/reference.py, which counts them in another way.

On any history here; on the small demo in tests/linkwork/test_demo.py; on the city, and on more histories, with
`make reference`.
"""

import os
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from assets.models import AreaDeprivation, Postcode
from caseload import actions as casework
from caseload.models import Appointment, Case, Contact, Hold, Patient
from insight.catalogue import FIGURES
from insight.period import Period
from insight.reading import read, read_split
from insight.scope import Scope
from insight.snapshots import close_months
from insight.splits import SPLITS, splits_of
from insight.waits import waits_in
from linkwork.demo.build import build
from tests.factories import CaseFactory, NeedFactory, PatientFactory, ReferralFactory
from tests.insight.agreement import differences, disagreements
from tests.insight.reference import Reference

# Days on which a wrong idea of a day shows: leap days, the clocks going forward and back, ends of months and of years.
DAYS = [
    date(2024, 2, 29),
    date(2025, 3, 30),
    date(2025, 10, 26),
    date(2025, 12, 31),
    date(2026, 3, 29),
    date(2026, 1, 1),
]
MOMENTS = st.builds(
    lambda day, shift, minute: (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=shift, minutes=minute)
    ),
    st.sampled_from(DAYS),
    st.integers(-66, 43).map(lambda n: 3 * n),
    st.sampled_from([0, 30, 59, 60, 61, 719, 1380, 1410, 1439]),
)
LIVES = st.fixed_dictionaries(
    {
        "postcode": st.sampled_from(["G31 4AB", "NE8 1AA", "EH6 5ZZ", ""]),
        "born": st.sampled_from([date(1931, 5, 6), date(2000, 2, 29), date(2008, 3, 30), date(1960, 12, 31)]),
        "sent": st.lists(MOMENTS, max_size=2),
        "opened": MOMENTS,
        "met": st.lists(MOMENTS, max_size=4),
        "missed": st.lists(MOMENTS, max_size=4),
        "reached": st.lists(MOMENTS, max_size=3),
        "held": st.none() | st.tuples(MOMENTS, st.none() | st.integers(0, 90)),
        "closed": st.none() | MOMENTS,
        "reopened": st.none() | MOMENTS,
    }
)
HAS_TIME = "REFERENCE_SIZE" in os.environ
SOME = settings(max_examples=100 if HAS_TIME else 5, deadline=None, suppress_health_check=list(HealthCheck))


def live(life, organisation, practice, worker):
    """Write somebody's rows, and give their case. One that was reopened is open."""
    about = {"date_of_birth": life["born"], "postcode": life["postcode"]}
    patient = PatientFactory(organisation=organisation, practice=practice, **about)
    ends = {"closed_at": life["closed"], "status": "closed", "ending": "connected", "ending_agreed": True}
    is_closed = life["closed"] and not life["reopened"]
    case = CaseFactory(patient=patient, opened_at=life["opened"], status="active")
    if is_closed:
        type(case).objects.filter(pk=case.pk).update(**ends, ending_how="agreed")
    if life["reopened"]:
        case.events.create(verb="reopened", at=life["reopened"], by=worker)
    for at in life["sent"]:
        accepted = {"status": "accepted", "patient": patient, "case": case, "answered_at": at, "answered_by": worker}
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=at, submitted_by=worker, **accepted)
    meet(case, worker, life)
    Contact.objects.bulk_create(
        [Contact(case=case, by=worker, at=at, reached=True, minutes=7) for at in life["reached"]]
    )
    if life["held"]:
        start, days = life["held"]
        ended = {} if days is None else {"ended_at": start + timedelta(days=days), "end": "back_to_active"}
        kind = {"purpose": "getting_ready", "awaited_need": "housing", "barrier": "cost", "started_by": worker}
        Hold.objects.create(case=case, started_at=start, review_on=start.date(), **kind, **ended)
    return case


def become_one(one, other, by):
    """They were one person all along: the first goes on, with what the other says of itself."""
    kept, gone = (Patient.objects.get(pk=case.patient_id) for case in (one, other))
    facts = {"date_of_birth": gone.date_of_birth, "postcode": gone.postcode}
    said = {"facts": facts, "revisions": (kept.revision, gone.revision), "why": "Same number"}
    casework.merge_people(kept=kept, gone=gone, by=by, goes_on=kept.cases.open().first(), **said)


def be_forgotten(case, by):
    """Their support ends, and they are anonymised."""
    case = Case.objects.get(pk=case.pk)
    for spell in case.patient.cases.open():
        casework.close_case(case=spell, by=by, ending="connected", ending_agreed=True)
    casework.anonymise_person(case=case, by=by, why="asked")


def meet(case, worker, life):
    logged = {"case": case, "worker": worker, "outcome_by": worker, "mode": "phone"}
    Appointment.objects.bulk_create(
        Appointment(starts_at=at, outcome=outcome, outcome_at=at, **logged)
        for outcome, moments in (("attended", life["met"]), ("missed", life["missed"]))
        for at in moments
    )


@pytest.fixture
def deprivation(db):
    """A place in two editions of a Scottish index, one in an English index, and one in none."""
    Postcode.objects.create(postcode="G31 4AB", dz2011="S01010101")
    Postcode.objects.create(postcode="NE8 1AA", lsoa2011="E01008162")
    Postcode.objects.create(postcode="EH6 5ZZ", dz2022="S01020999")
    for kind, code, index, edition, decile in [
        ("dz2011", "S01010101", "SIMD", "2016", 9),
        ("dz2011", "S01010101", "SIMD", "2020v2", 5),
        ("lsoa2011", "E01008162", "IMD", "2019", 3),
    ]:
        of = {"index": index, "edition": edition, "decile_kind": "equal_count"}
        AreaDeprivation.objects.create(**of, area_kind=kind, area_code=code, rank=decile * 100, decile=decile)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(
    lives=st.lists(LIVES, min_size=2, max_size=4),
    day=st.sampled_from(DAYS),
    length=st.sampled_from([0, 30, 400]),
    since=st.sampled_from(["nothing", "merged", "forgotten", "merged and forgotten"]),
)
@SOME
def test_every_figure_of_any_history_is_that_of_the_reference(
    organisation, practice, amina, deprivation, lives, day, length, since
):
    with undone():
        cases = [live(life, organisation, practice, amina) for life in lives]
        if "merged" in since:
            become_one(*cases[:2], amina)
        if "forgotten" in since:
            be_forgotten(cases[0], amina)
        reference = Reference(organisation.pk, timezone.now())
        period = Period(day - timedelta(days=length), day)
        assert differences(organisation, period, reference, only=["age", "deprivation"]) == {}


@given(lives=st.lists(LIVES, min_size=1, max_size=3), late=LIVES)
@SOME
def test_what_is_entered_late_changes_no_closed_month(organisation, practice, amina, lives, late):
    with undone():
        for life in lives:
            live(life, organisation, practice, amina)
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=datetime(2024, 1, 9, tzinfo=UTC))
        close_months(organisation, date(2026, 6, 9))
        scope = Scope(organisation, Period(date(2024, 2, 1), date(2026, 5, 31)))
        told = {key: figure for key, figure in FIGURES.items() if not figure.is_only_now}
        before = {key: read(figure, scope) for key, figure in told.items()}
        live(late, organisation, practice, amina)
        organisation.patients.update(date_of_birth=date(1900, 1, 1), sex="male")
        assert {key: read(figure, scope) for key, figure in told.items()} == before


def figures_of_closed_months(organisation):
    """{figure: value} of two years and more, each month as it was when it closed."""
    scope = Scope(organisation, Period(date(2024, 2, 1), date(2026, 5, 31)))
    told = {key: figure for key, figure in FIGURES.items() if not figure.is_only_now}
    values = {key: read(figure, scope) for key, figure in told.items()}
    splits = {
        (key, split.key): read_split(figure, split, scope)
        for key, figure in told.items()
        for split in splits_of(figure)
        if not figure.is_stock
    }
    return values | splits


@given(lives=st.lists(LIVES, min_size=2, max_size=3))
@SOME
def test_ground_rule_7_a_closed_month_keeps_its_figures_when_a_person_is_merged_or_anonymised(
    organisation, practice, amina, lives
):
    with undone():
        cases = [live(life, organisation, practice, amina) for life in lives]
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=datetime(2024, 1, 9, tzinfo=UTC))
        close_months(organisation, date(2026, 6, 9))
        before = figures_of_closed_months(organisation)
        with undone():
            be_forgotten(cases[0], amina)
            assert figures_of_closed_months(organisation) == before
        become_one(*cases[:2], amina)
        assert figures_of_closed_months(organisation) == before


def test_what_is_kept_of_somebody_anonymised_is_counted_as_before_where_nothing_is_closed(
    organisation, practice, amina, sam
):
    """Their district, sex, ethnic group, interpreter and, but for the days around a birthday, their age."""
    about = {"date_of_birth": date(1960, 12, 31), "postcode": "G31 4AB", "sex": "female", "ethnicity": "asian"}
    Patient.objects.filter(pk=sam.pk).update(**about, interpreter_language="Urdu")
    case = CaseFactory(patient=sam, opened_at=datetime(2026, 2, 3, tzinfo=UTC), status="active")
    unmet = {"outcome": "unmet", "barrier": "cost", "outcome_at": case.opened_at, "outcome_by": amina}
    NeedFactory(case=case, kind="housing", **unmet)
    period = Period(date(2026, 1, 1), date(2026, 3, 31))
    scope = Scope(organisation, period)

    def counted():
        splits = {key: SPLITS[key].count(FIGURES["people_taken_on"], scope) for key in ("age", "sex", "ethnicity")}
        return splits, [(wait.district, wait.kind, wait.became) for wait in waits_in(organisation, period)]

    before = counted()
    be_forgotten(case, amina)
    assert counted() == before
    assert before[1] == [("G31", "housing", "unmet")]


@pytest.mark.skipif(not HAS_TIME, reason="Takes minutes: make reference")
@pytest.mark.django_db
def test_every_figure_of_a_large_demo_is_that_of_the_reference(today):
    build(size=os.environ["REFERENCE_SIZE"], seed=1, say=lambda text: None)
    for organisation in Organisation.objects.all():
        assert disagreements(organisation, today) == [{}, {}, {}]
