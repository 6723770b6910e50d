"""Unmet need: who waited for what, and what may be said of it."""

import os
from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.enums import NeedKind
from assets.models import AreaDeprivation, Postcode
from caseload.enums import HoldBarrier, HoldEnd, NeedOutcome
from insight.evidence import (
    ALL,
    BY,
    CROSSED,
    NOTHING_SAID,
    TOTAL,
    Group,
    _groups,
    _most_that_may_be_shown,
    evidence_of,
)
from insight.evidence_sheet import as_lines, sheet_of
from insight.period import Period
from insight.published import NotOfferedError
from insight.scope import scope_at
from insight.snapshots import half_years
from insight.waits import Wait, waits_in
from tests.factories import (
    AttendedFactory,
    ContactFactory,
    HoldFactory,
    NeedFactory,
    PatientFactory,
    PracticeFactory,
    ReferralFactory,
)
from tests.insight.test_suppression import solutions

pytestmark = pytest.mark.django_db
SPRING = Period(date(2026, 3, 1), date(2026, 5, 31))
HALF_YEAR = Period(date(2026, 4, 1), date(2026, 9, 30))


def at(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def held(case, started, ended=None, **given):
    over = {"ended_at": ended, "end": HoldEnd.BACK_TO_ACTIVE} if ended else {}
    return HoldFactory(case=case, started_at=started, **over | given)


def seen(organisation, period=SPRING):
    return [(wait.kind, wait.barrier, wait.became) for wait in waits_in(organisation, period)]


def test_somebody_held_for_a_kind_of_help_waited_for_it(organisation, someone):
    held(someone(), at(4, 1), awaited_need=NeedKind.HOUSING, barrier=HoldBarrier.COST)
    assert seen(organisation) == [("housing", "cost", "still_waiting")]


def test_a_hold_counts_in_every_month_it_touches_and_in_no_other(organisation, someone):
    held(someone(), at(2, 1), at(3, 1, hour=1))
    assert len(seen(organisation)) == 1
    assert seen(organisation, Period(date(2026, 4, 1), date(2026, 4, 30))) == []
    assert seen(organisation, Period(date(2026, 1, 1), date(2026, 1, 31))) == []


def test_a_need_settled_as_unmet_counts_with_what_stood_in_the_way(organisation, someone):
    settled = {"outcome_at": at(4, 3), "outcome_by": someone().worker}
    NeedFactory(case=someone(), kind="legal", outcome=NeedOutcome.UNMET, barrier="none_exists", **settled)
    NeedFactory(case=someone(), kind="legal", outcome=NeedOutcome.MET, **settled)
    assert seen(organisation) == [("legal", "none_exists", "unmet")]


def test_somebody_held_twice_and_then_left_without_is_one_wait_as_it_was_said_last(organisation, someone):
    case = someone()
    held(case, at(2, 2), at(3, 2))
    held(case, at(4, 2), at(4, 20))
    settled = {"outcome_at": at(5, 1), "outcome_by": case.worker, "added_at": at(1, 5)}
    NeedFactory(case=case, kind="mental_wellbeing", outcome="unmet", barrier="crisis_only", **settled)
    [wait] = waits_in(organisation, SPRING)
    assert (wait.barrier, wait.became, wait.holds) == ("crisis_only", "unmet", 2)


def test_weeks_are_counted_from_the_day_the_need_was_named_to_the_end_of_the_period(organisation, someone):
    case = someone()
    NeedFactory(case=case, kind="mental_wellbeing", added_at=at(3, 2))
    held(case, at(4, 2))
    [wait] = waits_in(organisation, SPRING)
    assert wait.days == (date(2026, 6, 1) - date(2026, 3, 2)).days


def test_what_was_done_meanwhile_is_what_fell_into_the_hold_and_the_period(organisation, someone):
    case = someone()
    held(case, at(2, 2), at(4, 20), meanwhile="We ring every fortnight.")
    for moment in (at(2, 10), at(3, 10), at(4, 10), at(4, 25)):
        AttendedFactory(case=case, starts_at=moment)
        ContactFactory(case=case, at=moment)
    ContactFactory(case=case, at=at(4, 11), reached=False)
    [wait] = waits_in(organisation, SPRING)
    assert (wait.met, wait.reached, wait.holds_told) == (2, 2, 1)


@pytest.mark.parametrize(
    ("on", "latest"),
    [
        (date(2026, 10, 7), Period(date(2025, 10, 1), date(2026, 3, 31))),
        (date(2026, 10, 8), HALF_YEAR),
        (date(2027, 4, 7), HALF_YEAR),
        (date(2027, 4, 8), Period(date(2026, 10, 1), date(2027, 3, 31))),
    ],
)
def test_evidence_is_of_half_a_year_that_is_closed(organisation, begun, on, latest):
    assert half_years(organisation, on)[0] == latest


def test_half_years_never_overlap(organisation, begun, today):
    found = half_years(organisation, today)
    assert all(later.before == earlier for later, earlier in pairwise(found))
    assert {len(period.months) for period in found} == {6}


@pytest.mark.parametrize(
    "period", [SPRING, Period(date(2025, 10, 1), date(2026, 9, 30)), HALF_YEAR.before.before.before]
)
def test_evidence_of_any_other_period_is_refused(organisation, practice, period):
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=at(1, 10))
    with pytest.raises(NotOfferedError):
        evidence_of(organisation, period)


def test_evidence_is_counted_once(organisation, someone, begun):
    for _ in range(6):
        held(someone(), at(5, 1))
    assert evidence_of(organisation, HALF_YEAR).number(ALL) == 6
    held(someone(), at(5, 1))
    assert evidence_of(organisation, HALF_YEAR).number(ALL) == 6


def test_fifths_of_two_nations_stand_in_two_tables(organisation, someone, practice, begun):
    for postcode, code, index in (("G31 4AB", "S1", "SIMD"), ("NE8 1AB", "E1", "IMD")):
        kind = "dz2011" if index == "SIMD" else "lsoa2021"
        Postcode.objects.create(pk=postcode, **{kind: code})
        AreaDeprivation.objects.create(
            index=index,
            edition="2025",
            decile_kind="equal_count",
            area_kind=kind,
            area_code=code,
            rank=1,
            decile=1,
        )
        for _ in range(5):
            patient = PatientFactory(organisation=organisation, practice=practice, postcode=postcode)
            held(someone(patient=patient), at(4, 1))
    tables = {table["name"]: table for table in sheet_of(scope_at(organisation, HALF_YEAR, ""))["tables"]}
    for name in ("By deprivation: IMD 2025", "By deprivation: SIMD 2025"):
        assert [(row["label"], row["cells"][0]) for row in tables[name]["rows"]] == [
            ("Fifth 1, most deprived", ["People", "5"])
        ]


def test_what_is_not_known_is_said(organisation, someone, begun):
    for _ in range(6):
        case = someone()
        case.patient.postcode = ""
        case.patient.save()
        held(case, at(4, 1), at(4, 9))
        NeedFactory(case=case, kind="legal", added_at=at(4, 1))
    unknown = sheet_of(scope_at(organisation, HALF_YEAR, ""))["unknown"]
    assert unknown[:4] == [
        "6 needs named with people supported in these months have nothing said about them yet.",
        "Of 6 waits that are over nobody has said what became of the need.",
        "Of 6 waits it is not known where the person lives.",
        "Of 6 waits it is not known how deprived the area is.",
    ]


def test_how_many_holds_there_were_is_not_said(organisation, someone, begun):
    """Beside how many waited, it would tell how many were left unmet without a hold, and so how many still wait."""
    for n in range(12):
        held(someone(), at(5, 1), meanwhile="Calls every week" if n < 7 else "")
    [said] = [line for line in sheet_of(scope_at(organisation, HALF_YEAR, ""))["sentences"] if "holds" in line]
    assert said == "For about 60% of holds, what is done meanwhile is written down."


# Attack: whoever has the sheets of every place, as CSV, and a computer.

PRACTICES = {UUID(int=n): ("North", "North", "South")[n] for n in range(3)}
PEOPLE = st.lists(
    st.tuples(st.sampled_from(list(PRACTICES)), st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from("uv")),
    max_size=30,
)


def waits_of(rows):
    return [
        Wait(UUID(int=n), kind, practice, "", at(3, 1), at(4, 1), barrier, "unmet", district=district)
        for n, (practice, kind, barrier, district) in enumerate(rows)
    ]


@given(PEOPLE)
@settings(max_examples=20, deadline=None)
def test_clusters_and_the_service_are_what_their_practices_come_to(rows):
    groups = _groups(waits_of(rows), PRACTICES, {UUID(int=0): 2, UUID(int=2): 3})
    north = [number for number, name in PRACTICES.items() if name == "North"]
    for by, which in {key[1:] for key in groups}:
        for place, parts in ((("cluster", "North"), north), (ALL, list(PRACTICES))):
            found = [groups[part, by, which] for part in parts if (part, by, which) in groups]
            if found:
                whole = groups[place, by, which]
                assert whole.n == sum(group.n for group in found)
                assert whole.days == sum((group.days for group in found), Counter())


@given(PEOPLE)
@settings(max_examples=int(os.environ.get("ATTACKS", "6")), deadline=None)
def test_nothing_left_out_can_be_worked_out_from_the_sheets_of_all_places(rows):
    sheet, out = _most_that_may_be_shown(_groups(waits_of(rows), PRACTICES, {}), PRACTICES)
    shown = {key: None if key in out else number for key, number in sheet.cells.items()}
    assert [key for key, numbers in solutions(sheet, shown).items() if len(numbers) == 1] == []


@pytest.mark.parametrize(("began", "is_left_out"), [(0, True), (1, False)])
def test_the_next_half_year_does_not_tell_who_was_left_out_as_still_waiting(began, is_left_out):
    """Where nobody began to wait, everybody there is was still waiting when the half-year before ended."""
    north, south = ("cluster", "North"), ("cluster", "South")
    waits = {ALL: 18 + 2 * began, north: 12 + began, south: 6 + began}
    groups = {(at, TOTAL, ALL): Group(n, carried=n - began * (1 + (at == ALL))) for at, n in waits.items()}
    sheet, out = _most_that_may_be_shown(groups, PRACTICES, {ALL: 18, north: None, south: None})
    shown = {at for at in waits if (at, TOTAL, ALL) in sheet.cells.keys() - out}
    assert shown == ({ALL} if is_left_out else {ALL, north, south})


@given(PEOPLE)
@settings(max_examples=20, deadline=None)
def test_showing_places_takes_no_number_of_the_whole_service_away(rows):
    groups = _groups(waits_of(rows), PRACTICES, {})
    _, out = _most_that_may_be_shown(groups, PRACTICES)
    whole = {key: group for key, group in groups.items() if key[0] == ALL}
    _, alone = _most_that_may_be_shown(whole, PRACTICES)
    assert len([key for key in out if key[0] == ALL]) <= len(alone)


def test_a_csv_says_no_number_that_the_laid_out_sheet_leaves_out(organisation, someone, practice, begun):
    """Of every place there is: the numbers of people in the CSVs are those of the sheet that was attacked above."""
    far = PracticeFactory(cluster="Glasgow South")
    organisation.practices.add(far)
    for n in range(23):
        patient = PatientFactory(organisation=organisation, practice=(practice, far)[n % 4 == 0])
        need = (NeedKind.HOUSING, NeedKind.LEGAL, NeedKind.HOUSING)[n % 3]
        held(someone(patient=patient, practice=patient.practice), at(4, 1), awaited_need=need)
    evidence = evidence_of(organisation, HALF_YEAR)
    allowed = Counter()
    for (_, by, _), group in evidence.groups.items():
        if group and by in (*BY, TOTAL, CROSSED, NOTHING_SAID):
            allowed[f"{group.n:,}"] += 1
    for asked in ("", "cluster:Glasgow South", str(practice.pk), str(far.pk)):
        lines = as_lines(sheet_of(scope_at(organisation, HALF_YEAR, asked)))
        numbers = {number for _, _, column, number in lines if column == "People"}
        assert numbers <= {*allowed, "–"}
        assert not numbers & {"1", "2", "3", "4"}
