from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.caseload.sent import errors, send, url_of
from tests.factories import FlagFactory


@pytest.fixture
def flag(case):
    return FlagFactory(case=case)


@pytest.fixture
def aside_page(case, flag):
    return url_of("set_flag_aside", case, flag_id=flag.pk)


def test_a_flag_set_aside_hides_until_its_day(sign_in, amina, case, flag, aside_page, today):
    until = today + timedelta(days=7)
    send(sign_in(amina), aside_page, until=until, reason="She is with her sister")
    flag.refresh_from_db()
    assert (flag.set_aside_until, flag.set_aside_by, flag.cleared_at) == (until, amina, None)
    assert case.flags.showing().count() == 0


def test_setting_aside_asks_until_when_and_why(sign_in, amina, aside_page):
    response = send(sign_in(amina), aside_page)
    assert errors(response) == ["Enter the day it should come back", "Enter why it can wait"]


def test_a_flag_is_not_set_aside_until_today(sign_in, amina, aside_page, today):
    response = send(sign_in(amina), aside_page, until=today, reason="Later")
    assert errors(response) == ["Choose a day after today"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_flag_that_has_cleared_says_so_and_goes_back(sign_in, amina, case, flag, aside_page, today, method):
    flag.cleared_at = timezone.now()
    flag.save()
    response = getattr(sign_in(amina), method)(
        aside_page, {"until": today + timedelta(days=2), "reason": "Later"}, follow=True
    )
    assert [str(message) for message in response.context["messages"]] == [
        "This flag has cleared: what it was about has changed."
    ]


def test_a_flag_about_no_case_is_set_aside_too(sign_in, amina, organisation, today):
    flag = FlagFactory(case=None, organisation=organisation, subject_id="6f6f6d60-0000-4000-8000-000000000000")
    url = reverse("caseload:set_any_flag_aside", args=[flag.pk])
    response = send(
        sign_in(amina), f"{url}?next=/inbox/", until=today + timedelta(days=2), reason="Asked the practice"
    )
    flag.refresh_from_db()
    assert (response.url, flag.set_aside_reason) == ("/inbox/", "Asked the practice")
