import re
from dataclasses import fields
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.words import short_day
from assets.enums import NeedKind
from caseload.enums import CaseStatus, FlagRule, HoldBarrier
from caseload.models import SweepRun
from insight import figures
from tests.factories import (
    CaseFactory,
    FlagFactory,
    HoldFactory,
    MissedFactory,
    PatientFactory,
    PracticeFactory,
    ReferralFactory,
    in_days,
)

SERVICE = reverse("insight:service")
NUMBER = re.compile(r'<a href="(/(?:caseload|inbox|service)/[^"]*)">([^<]*?\b(\d+)\b[^<]*)</a>')


@pytest.fixture
def someone(organisation, practice, amina):
    """someone(…) has an active case of Amina's."""

    def make(**given):
        patient = PatientFactory(organisation=organisation, practice=practice)
        return CaseFactory(**{"patient": patient, "worker": amina, "status": CaseStatus.ACTIVE} | given)

    return make


@pytest.fixture
def busy_service(someone, organisation, practice, amina, ben, today):
    """Every figure of the page is above nought, and no two lists are the same."""
    someone(status="waiting", opened_at=in_days(-19))
    someone(status="waiting", worker=None, complexity="high")
    someone(status="waiting", worker=ben, practice=PracticeFactory(name="Second Practice"))
    housing = {"awaited_need": NeedKind.HOUSING, "barrier": HoldBarrier.CRITERIA}
    HoldFactory(case=someone(status="holding"), review_on=today, started_at=in_days(-35), **housing)
    HoldFactory(case=someone(status="holding", worker=ben), started_at=in_days(-7), **housing)
    HoldFactory(case=someone(status="holding", complexity="light"), barrier=HoldBarrier.COST)
    FlagFactory(case=someone(), rule=FlagRule.QUIET)
    missed = MissedFactory(case=someone(worker=ben)).case
    FlagFactory(case=missed, rule=FlagRule.OPEN_AFTER_MISSED)
    aside = {"set_aside_until": today + timedelta(days=5), "set_aside_reason": "Away", "set_aside_by": amina}
    FlagFactory(case=someone(), rule=FlagRule.QUIET, **aside)
    someone(status="closed", closed_at=timezone.now(), ending="connected", ending_agreed=True)
    for days in [-2, -9, -40]:
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(days))


def service_page(sign_in, user) -> str:
    return " ".join(unescape(sign_in(user).get(SERVICE).content.decode()).split())


def test_every_number_is_the_length_of_the_list_it_opens(sign_in, mo, busy_service):
    client = sign_in(mo)
    links = NUMBER.findall(service_page(sign_in, mo))
    shown = {(href, int(number)) for href, _, number in links}
    listed = {(href, client.get(href).context["page"].paginator.count) for href, _ in shown}
    assert shown == listed


def test_no_kind_of_number_is_missing_its_link(sign_in, mo, busy_service):
    """The links found are those meant, so that the test before this one cannot pass on an empty page."""
    addresses = {re.sub(r"=[0-9a-f-]{36}", "=…", href) for href, _, _ in NUMBER.findall(service_page(sign_in, mo))}
    assert {
        "/caseload/?whose=waiting&sort=longest",
        "/caseload/?whose=team&worker=none",
        "/caseload/?whose=team",
        "/caseload/?whose=team&status=holding",
        "/caseload/?whose=team&status=review_due",
        "/caseload/?whose=team&door=open",
        "/inbox/",
        "/caseload/?whose=team&flag=quiet",
        "/caseload/?whose=team&flag=open_after_missed",
        "/caseload/?whose=team&awaited=housing",
        "/caseload/?whose=team&awaited=housing&barrier=criteria",
        "/caseload/?whose=team&practice=…",
        "/caseload/?whose=waiting&practice=…",
        "/caseload/?whose=team&practice=…&status=holding",
        "/service/referrals/?practice=…",
        "/caseload/?whose=team&worker=…",
        "/caseload/?whose=team&worker=…&status=waiting",
        "/caseload/?whose=team&worker=…&status=holding",
        "/caseload/?whose=team&worker=…&complexity=light",
        "/caseload/?whose=team&worker=…&complexity=usual",
        "/caseload/?whose=team&worker=none&complexity=high",
    } - addresses == set()


def test_the_sentences_say_how_things_stand(sign_in, mo, busy_service):
    text = re.sub(r"<[^>]+>", "", service_page(sign_in, mo))
    assert "3 people waiting for a first meeting, the longest 19 days." in text
    assert "3 held, 1 due for review." in text
    assert "Door held open for 1 after a missed meeting." in text


def test_a_service_with_nobody_says_so(sign_in, mo):
    page = service_page(sign_in, mo)
    for words in ["Nobody is waiting", "Nobody is supported yet", "Nobody is flagged", "Nobody is held"]:
        assert words in page


def test_totals_leave_closed_cases_out(organisation, busy_service, today):
    totals = figures.totals(organisation.cases, today)
    assert (totals.open, totals.waiting, totals.unassigned, totals.holding) == (9, 3, 1, 3)


def test_held_says_for_how_long(organisation, busy_service, today):
    housing = figures.held(organisation.cases, today)[0]
    assert (housing.people, housing.typical, housing.longest) == (2, "3 weeks", "5 weeks")


def test_held_has_most_people_first(organisation, busy_service, today):
    held = figures.held_by_need(figures.held(organisation.cases, today))
    assert held == [(NeedKind.HOUSING, 2), (NeedKind.MENTAL_WELLBEING, 1)]


def test_a_dozen_rows_of_held_people_stand_open_and_the_rest_is_one_line(sign_in, mo, someone):
    for need in list(NeedKind)[:15]:
        HoldFactory(case=someone(status="holding"), awaited_need=need)
    page = service_page(sign_in, mo)
    assert "3 more, each of 1 person<" in page
    assert len(re.findall("awaited=[a-z_]+&barrier=", page)) == 15


def test_flags_set_aside_are_not_counted(organisation, busy_service):
    assert figures.flags(organisation.cases) == [(FlagRule.OPEN_AFTER_MISSED, 1), (FlagRule.QUIET, 1)]


def test_practices_stand_by_name_with_their_own_figures(organisation, busy_service):
    rows = figures.by_practice(organisation, organisation.cases)
    assert [(row.practice.name, row.open, row.waiting, row.holding, row.recent_referrals) for row in rows] == [
        ("Parkhead Health Centre", 8, 2, 3, 2),
        ("Second Practice", 1, 1, 0, 0),
    ]


def test_ground_rule_4_workers_stand_by_name_however_much_they_have(organisation, someone, amina, ben):
    for _ in range(3):
        someone(worker=ben)
    rows = figures.workload(organisation, organisation.cases)
    assert [(row.worker.name, row.open) for row in rows] == [("Amina Yusuf", 0), ("Ben Taylor", 3)]


def test_ground_rule_4_a_worker_has_only_the_figures_for_sharing_work_out():
    names = {field.name for field in fields(figures.Workload)}
    assert names == {"worker", "open", "waiting", "holding", "light", "usual", "high", "next_review"}


def test_ground_rule_4_no_worker_is_coloured_or_ranked(sign_in, mo, busy_service):
    page = service_page(sign_in, mo)
    table = page[page.index('id="workload"') : page.index('id="practices"')]
    assert re.findall(r"nhsuk-tag|<svg|<meter|<progress|%|#\d|rank|target", table) == []


def test_workload_counts_the_mix_and_the_next_review(organisation, busy_service, amina, today):
    row = next(row for row in figures.workload(organisation, organisation.cases) if row.worker == amina)
    assert (row.open, row.waiting, row.holding) == (5, 1, 2)
    assert (row.light, row.usual, row.high) == (1, 4, 0)
    assert row.next_review == today


def test_a_review_that_is_past_is_said_to_be_due_and_opens_the_list(sign_in, mo, someone, today):
    HoldFactory(case=someone(status="holding"), review_on=today - timedelta(days=3))
    client = sign_in(mo)
    href, since = re.findall(r'<a href="([^"]*)">Due since (.*?)</a>', service_page(sign_in, mo))[0]
    assert (since, client.get(href).context["page"].paginator.count) == (short_day(today - timedelta(days=3)), 1)


def test_what_nobody_has_yet_is_the_last_row(organisation, busy_service):
    last = figures.workload(organisation, organisation.cases)[-1]
    assert (last.worker, last.open, last.high) == (None, 1, 1)


def test_somebody_who_left_with_open_cases_is_not_forgotten(organisation, someone, ben):
    someone(worker=ben)
    ben.memberships.update(is_active=False)
    assert [row.worker for row in figures.workload(organisation, organisation.cases)][-1] == ben


def test_the_last_check_and_who_asked_are_said(sign_in, mo, organisation, today):
    SweepRun.objects.create(organisation=organisation, as_of=today, finished_at=timezone.now(), asked_by=mo)
    assert ", asked for by Mo Farrell." in service_page(sign_in, mo)


def test_a_check_that_has_not_finished_for_long_is_a_banner(sign_in, mo, organisation):
    organisation.created_at = in_days(-3)
    organisation.save()
    assert "The nightly check has not finished for 26 hours." in service_page(sign_in, mo)


def test_a_check_that_finished_leaves_no_banner(sign_in, mo, organisation, today):
    organisation.created_at = in_days(-3)
    organisation.save()
    SweepRun.objects.create(organisation=organisation, as_of=today, finished_at=timezone.now())
    assert "26 hours" not in service_page(sign_in, mo)


def test_a_manager_asks_for_a_check_here(sign_in, mo):
    assert f'<form method="post" action="{reverse("caseload:sweep")}">' in service_page(sign_in, mo)


@pytest.mark.parametrize("page", ["insight:service", "insight:recent_referrals"])
@pytest.mark.parametrize("who, status", [("amina", 403), ("priya", 404)])
def test_the_service_page_is_the_managers(request, sign_in, page, who, status):
    assert sign_in(request.getfixturevalue(who)).get(reverse(page)).status_code == status


def test_another_organisation_counts_nothing_of_this_one(sign_in, stranger_manager, busy_service):
    links = NUMBER.findall(service_page(sign_in, stranger_manager))
    assert links == []


@pytest.mark.parametrize("asked", ["", "made-up", "\x00"])
def test_referrals_of_a_practice_we_do_not_serve_are_not_there(sign_in, mo, asked):
    assert sign_in(mo).get(reverse("insight:recent_referrals"), {"practice": asked}).status_code == 404


def test_referrals_of_another_organisations_practice_are_not_there(sign_in, mo, other_organisation):
    practice = other_organisation.practices.get()
    ReferralFactory(organisation=other_organisation, practice=practice)
    assert sign_in(mo).get(reverse("insight:recent_referrals"), {"practice": practice.pk}).status_code == 404


def test_more_of_everything_takes_no_more_queries(sign_in, mo, someone, busy_service, django_assert_max_num_queries):
    client = sign_in(mo)
    with django_assert_max_num_queries(25) as before:
        client.get(SERVICE)
    for need in [NeedKind.LEGAL, NeedKind.DIGITAL]:
        case = HoldFactory(case=someone(status="holding", practice=PracticeFactory()), awaited_need=need).case
        FlagFactory(case=case, rule=FlagRule.HOLD_LONG)
    with django_assert_max_num_queries(len(before)):
        client.get(SERVICE)
