"""A closed month keeps its figures: ground rule 7."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import InternalError, transaction
from django.urls import reverse

from insight import tasks
from insight.catalogue import FIGURES
from insight.models import Snapshot
from insight.period import Period
from insight.reading import read, read_all, read_months, read_split, read_values
from insight.scope import Scope
from insight.snapshots import check_closed_months, close_months, last_closed
from insight.splits import SPLITS
from tests.factories import AttendedFactory, PracticeFactory, ReferralFactory

IN_MARCH, IN_APRIL = (datetime(2026, month, 12, 10, tzinfo=ZoneInfo("Europe/London")) for month in (3, 4))
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
TODAY = date(2026, 5, 9)
IN, MET = FIGURES["referrals_in"], FIGURES["first_meeting_days"]


@pytest.fixture
def closed(organisation, practice, someone):
    """March and April 2026, closed with two referrals and a first meeting in March, one referral in April."""
    sent = {"organisation": organisation, "practice": practice}
    ReferralFactory.create_batch(2, **sent, submitted_at=IN_MARCH, sex="female")
    ReferralFactory(**sent, submitted_at=IN_APRIL)
    AttendedFactory(case=someone(opened_at=IN_MARCH), starts_at=IN_MARCH + timedelta(days=6))
    close_months(organisation, TODAY)
    return organisation


@pytest.fixture
def march(organisation):
    return Scope(organisation, MARCH)


@pytest.mark.parametrize(
    "today, month", [(date(2026, 5, 7), 3), (date(2026, 5, 8), 4), (date(2026, 6, 1), 4), (date(2026, 1, 8), 12)]
)
def test_a_month_closes_when_there_was_a_week_to_write_it_up(today, month):
    assert last_closed(today).month == month


def test_every_figure_of_every_closed_month_is_kept(closed):
    kept = set(closed.snapshots.of_service().values_list("figure", "month"))
    months = [date(2026, 3, 1), date(2026, 4, 1)]
    assert kept == {
        (f.key, month) for f in FIGURES.values() for month in months if not f.is_only_now or month.month == 4
    }


def test_closing_again_keeps_nothing_twice(closed):
    rows = Snapshot.objects.count()
    assert close_months(closed, TODAY) == 0
    assert Snapshot.objects.count() == rows


def test_months_that_were_missed_are_closed_the_next_night(closed):
    close_months(closed, date(2026, 8, 8))
    assert closed.snapshots.of_service().filter(figure="referrals_in").count() == 5


def test_an_organisation_without_referrals_closes_nothing(other_organisation):
    assert close_months(other_organisation, TODAY) == 0


def test_a_closed_month_keeps_its_figures_whatever_is_entered_or_changed_later(closed, practice, march):
    before = read(IN, march), read(MET, march), read_split(IN, SPLITS["sex"], march)
    ReferralFactory(organisation=closed, practice=practice, submitted_at=IN_MARCH)
    closed.referrals.update(sex="male", date_of_birth=date(1931, 1, 1))
    AttendedFactory(case=closed.cases.get(), starts_at=IN_MARCH + timedelta(days=2))
    assert (read(IN, march), read(MET, march), read_split(IN, SPLITS["sex"], march)) == before
    assert (IN.count(march).n, MET.count(march).median) == (3, 2)


def test_a_year_is_its_closed_months_and_what_is_open_now(closed, practice):
    ReferralFactory(organisation=closed, practice=practice, submitted_at=IN_MARCH)  # late: not in the year
    ReferralFactory(organisation=closed, practice=practice, submitted_at=IN_APRIL + timedelta(days=25))  # in May
    months = read_months([IN], Scope(closed, Period(date(2026, 2, 1), date(2026, 5, 31))))["referrals_in"]
    assert [(month.value.n, month.is_kept) for month in months] == [(0, False), (2, True), (1, True), (1, False)]


def test_days_that_are_no_whole_month_are_counted_as_they_are_now(closed, practice):
    ReferralFactory(organisation=closed, practice=practice, submitted_at=IN_MARCH)
    assert read(IN, Scope(closed, Period(date(2026, 3, 2), date(2026, 3, 31)))).n == 3


def test_how_things_stood_at_the_end_of_a_closed_month_is_as_it_was_kept_for_any_days_that_end_with_it(
    closed, someone
):
    someone(opened_at=IN_MARCH)
    scope = Scope(closed, Period(date(2026, 3, 5), date(2026, 3, 31)))
    assert (read(FIGURES["waiting"], scope).n, FIGURES["waiting"].count(scope).n) == (0, 1)


@pytest.mark.parametrize(
    "first, last", [((2026, 3, 1), (2026, 4, 30)), ((2026, 5, 1), (2026, 5, 26)), ((2026, 4, 10), (2026, 5, 6))]
)
def test_a_period_and_the_one_before_read_together_are_what_they_are_apart(closed, practice, first, last):
    ReferralFactory(organisation=closed, practice=practice, submitted_at=IN_APRIL + timedelta(days=25))
    scope = Scope(closed, Period(date(*first), date(*last)))
    figures, charted = [IN, MET, FIGURES["waiting"]], Period(date(2026, 2, 1), date(2026, 4, 30))
    apart = read_values(figures, scope), read_values(figures, scope.before), read_months(figures, scope.over(charted))
    assert read_all(figures, scope, charted) == apart


def test_a_practice_keeps_its_own(closed, practice, march):
    other = PracticeFactory()
    ReferralFactory(organisation=closed, practice=other, submitted_at=IN_MARCH)
    of_each = [read(IN, Scope(closed, MARCH, frozenset([place.pk]))).n for place in (practice, other)]
    assert of_each == [2, 0]


def test_a_snapshot_cannot_be_changed_or_taken_away(closed):
    kept = closed.snapshots.first()
    for change in (lambda rows: rows.update(value=99), lambda rows: rows.delete()):
        with pytest.raises(InternalError), transaction.atomic():
            change(Snapshot.objects.filter(pk=kept.pk))


def test_what_was_entered_late_is_said_and_changes_nothing(closed, practice, sign_in, mo):
    ReferralFactory(organisation=closed, practice=practice, submitted_at=IN_MARCH)
    assert check_closed_months(closed, TODAY) > 0
    changes = {c.figure.key: c for c in sign_in(mo).get(reverse("insight:closed_months")).context["changes"]}
    late = changes["referrals_in"]
    assert (late.month, late.kept.n, late.now.n) == (date(2026, 3, 1), 2, 3)
    assert closed.snapshots.of_service().get(figure="referrals_in", month=late.month).value == 2


def test_a_split_that_would_differ_is_said_without_its_numbers(closed, sign_in, mo):
    closed.referrals.update(sex="male")
    check_closed_months(closed, TODAY)
    page = sign_in(mo).get(reverse("insight:closed_months"))
    assert {(c.figure.key, c.is_of_total, tuple(c.splits)) for c in page.context["changes"]} == {
        ("referrals_in", False, ("sex",))
    }
    assert "The same, split differently by sex" in page.content.decode()


def test_the_page_says_whether_months_were_closed_and_compared(organisation, sign_in, mo, request):
    client, page = sign_in(mo), reverse("insight:closed_months")
    none = client.get(page).content.decode()
    closed = request.getfixturevalue("closed")
    not_compared = client.get(page).content.decode()
    check_closed_months(closed, TODAY)
    compared = client.get(page).content.decode()
    words = [
        "No month has been closed yet.",
        "Closed months have not been compared with the records yet.",
        "Nothing entered since would change a closed month.",
    ]
    assert [[text in said for text in words] for said in (none, not_compared, compared)] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_what_was_put_right_again_is_no_longer_said(closed):
    closed.referrals.update(sex="male")
    check_closed_months(closed, TODAY)
    closed.referrals.filter(first_submitted_at=IN_MARCH).update(sex="female")
    closed.referrals.filter(first_submitted_at=IN_APRIL).update(sex="not_known")
    assert check_closed_months(closed, TODAY) == 0


def test_months_closed_under_another_definition_are_not_compared(closed, practice):
    old = closed.snapshots.of_service().get(figure="referrals_in", month=date(2026, 3, 1))
    Snapshot.objects.bulk_create([Snapshot(**fields_of(old) | {"month": date(2026, 2, 1), "version": 0, "value": 7})])
    assert check_closed_months(closed, TODAY) == 0


def fields_of(snapshot):
    return {f.attname: getattr(snapshot, f.attname) for f in Snapshot._meta.concrete_fields if f.name != "id"}


def test_the_nightly_task_closes_and_checks_and_may_run_twice(organisation, practice):
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=IN_MARCH)
    with time_machine.travel(datetime(2026, 5, 9, 4, tzinfo=ZoneInfo("Europe/London"))):
        for _ in range(2):
            tasks.close_months_of(str(organisation.pk))
    of_march = organisation.snapshots.of_service().get(figure="referrals_in", month=date(2026, 3, 1))
    assert (of_march.value, of_march.facts_now, of_march.checked_at is not None) == (1, None, True)


def test_the_task_of_an_organisation_that_is_gone_does_nothing(db):
    tasks.close_months_of("00000000-0000-4000-8000-000000000000")
    assert Snapshot.objects.count() == 0
