"""How often a page of figures asks the database: as often for many open months as for one, for years as for months."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insight.catalogue import FIGURES, TOPICS
from insight.period import month_before
from insight.snapshots import close_months
from tests.factories import (
    AssetFactory,
    AttendedFactory,
    ContactFactory,
    FillingFactory,
    HoldFactory,
    MissedFactory,
    OnwardReferralFactory,
    ReferralFactory,
    in_days,
)

OVER_TIME = reverse("insight:over_time")
TOPIC_PAGES = [reverse("insight:topic", args=[topic]) for topic in TOPICS]
PAGES = [OVER_TIME, *TOPIC_PAGES]
MEETING_PEOPLE = reverse("insight:topic", args=["meeting-people"])
OF_EACH_KIND = ["referrals_in", "meetings", "missed", "first_meeting_days", "held", "backstage_time", "change_ucla3"]
FIGURE_PAGES = [reverse("insight:figure", args=[key]) for key in OF_EACH_KIND]


@pytest.fixture
def open_months(organisation, practice, someone):
    """A service of fourteen months, of which none is closed yet."""
    practice.cluster = "East"
    practice.save()
    for days in (-430, -200, -45, -3):
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(days))
        case = someone(opened_at=in_days(days))
        AttendedFactory(case=case, starts_at=in_days(days))
        MissedFactory(case=case, starts_at=in_days(days + 1))
        ContactFactory(case=case, at=in_days(days + 1))
    HoldFactory(case=someone(status="holding"), started_at=in_days(-60))
    ended = someone(
        status="closed", closed_at=in_days(-50), ending="connected", ending_agreed=True, ending_how="agreed"
    )
    FillingFactory(case=ended)
    return organisation


@pytest.fixture
def asked(sign_in, mo):
    """{address: how often it asks}"""
    client = sign_in(mo)

    def ask(addresses):
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found[address] = len(queries)
        return found

    ask([OVER_TIME])
    return ask


def odd_days(address, today, first):
    return f"{address}?period=between&first={first}&last={today - timedelta(days=1)}"


def test_a_page_asks_as_often_for_one_open_month_as_for_fourteen(open_months, asked, today):
    pages = [*PAGES, *(f"{MEETING_PEOPLE}?{asked}" for asked in ("period=24", "where=cluster:East")), *FIGURE_PAGES]
    for_fourteen = asked(pages)
    close_months(open_months, month_before(today, 1))
    for_one = asked(pages)
    close_months(open_months, today + timedelta(days=40))
    for_none = asked(pages)
    assert for_one == for_fourteen
    assert {page: n for page, n in for_none.items() if n > for_one[page]} == {}


def test_a_page_of_days_that_are_no_month_asks_as_often_whatever_is_closed(open_months, asked, today):
    pages = [f"{page}?period=this" for page in TOPIC_PAGES]
    pages += [odd_days(page, today, today - timedelta(days=420)) for page in (*TOPIC_PAGES, *FIGURE_PAGES)]
    none_closed = asked(pages)
    close_months(open_months, today + timedelta(days=40))
    assert asked(pages) == none_closed


def test_a_page_asks_as_often_for_years_as_for_months(open_months, asked, today):
    close_months(open_months, today + timedelta(days=40))
    for page in (*PAGES, *FIGURE_PAGES):
        months, years = (odd_days(page, today, today - timedelta(days=n)) for n in (100, 1500))
        assert asked([months])[months] == asked([years])[years]


def test_figures_of_the_same_rows_are_counted_in_one_query(open_months, asked, today):
    with CaptureQueriesContext(connection) as queries:
        asked([f"{MEETING_PEOPLE}?period=this"])
    of_meetings = [q for q in queries if 'AS "is_meetings"' in q["sql"]]
    assert len(of_meetings) == 1
    assert '"of_missed"' in of_meetings[0]["sql"] and '"of_remote_meetings"' in of_meetings[0]["sql"]


@pytest.mark.parametrize("key", FIGURES)
def test_the_list_behind_every_figure_opens(key, sign_in, mo, open_months, someone):
    OnwardReferralFactory(case=someone(), asked_at=in_days(-100), kind="referral")
    AssetFactory()
    page = reverse("insight:figure_list", args=[key])
    first, last = (in_days(days).date() for days in (-420, -1))
    answer = sign_in(mo).get(f"{page}?period=between&first={first}&last={last}")
    assert (answer.status_code, len(answer.context["page"].object_list)) == (
        200,
        answer.context["page"].paginator.count,
    )
