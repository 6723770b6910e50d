"""Numbers describe the service, not the worker: ground rule 4. Walks every page of Insight there is.

Pages are read from the URL configuration, so that a new one is walked the day it is added.
"""

import re
from html import unescape

import pytest
from django.urls import get_resolver, reverse

from tests.factories import AttendedFactory, ReferralFactory, in_days

WORKERS = ["Amina Yusuf", "Ben Taylor"]
# Where a worker's name stands beside figures, for sharing work out: in the order of names.
FOR_SHARING_WORK_OUT = {"insight:service", "insight:workload"}


def addresses():
    """(name, address) of every page of Insight that names no record."""
    patterns = next(r for r in get_resolver().url_patterns if getattr(r, "app_name", "") == "insight").url_patterns
    for pattern in patterns:
        names = set(pattern.pattern.converters)
        if not names:
            yield f"insight:{pattern.name}", reverse(f"insight:{pattern.name}")
        elif names == {"figure"}:
            for key in ("meetings", "backstage_time"):
                yield f"insight:{pattern.name}", reverse(f"insight:{pattern.name}", args=[key])


@pytest.fixture
def two_workers_work(organisation, practice, someone, amina, ben):
    """Amina has met more people than Ben: something to rank."""
    for worker, times in ((amina, 3), (ben, 1)):
        for n in range(times):
            case = someone(worker=worker, opened_at=in_days(-30))
            AttendedFactory(case=case, worker=worker, starts_at=in_days(-20 - n))
            ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-31))
        organisation.backstage_work.create(worker=worker, kind="admin", minutes=30)


def said(response) -> str:
    html = response.content.decode().partition("<main")[2]
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_no_page_of_insight_names_a_worker_beside_a_figure_or_can_be_sorted_by_one(sign_in, mo, two_workers_work):
    client, named, sorted_ = sign_in(mo), set(), set()
    for name, address in addresses():
        response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            named |= {name} if any(worker in said(response) for worker in WORKERS) else set()
            sorted_ |= {name} if "sort=" in response.content.decode().partition("<main")[2] else set()
    assert named <= FOR_SHARING_WORK_OUT
    assert sorted_ <= FOR_SHARING_WORK_OUT


def test_workers_stand_in_the_order_of_their_names(sign_in, mo, two_workers_work):
    rows = sign_in(mo).get(reverse("insight:service")).context["workload"]
    names = [row.worker.name for row in rows if row.worker]
    assert names == sorted(names)
