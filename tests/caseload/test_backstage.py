"""Back-stage work: quick to log, at the same size as time with people."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.moves import MoveNotAllowed
from caseload import actions
from caseload.desk import time_spent
from caseload.models import BackstageWork
from tests.caseload.sent import errors, send
from tests.factories import AssetFactory, AttendedFactory, ContactFactory, in_days

LOG = reverse("caseload:log_backstage")
TODAY = reverse("caseload:today")


@pytest.fixture
def work(organisation, amina, today):
    return actions.log_backstage(
        organisation=organisation, by=amina, kind="relationships", minutes=90, done_on=today, note="Housing panel"
    )


def test_two_answers_log_it(sign_in, amina, organisation, today):
    response = send(sign_in(amina), f"{LOG}?next={TODAY}", kind="supervision", minutes="45")
    work = BackstageWork.objects.get()
    assert response.url == TODAY
    assert (work.organisation, work.worker, work.kind, work.minutes, work.done_on) == (
        organisation,
        amina,
        "supervision",
        45,
        today,
    )


def test_it_is_linked_to_a_service_and_the_gap_it_answers(sign_in, amina):
    choir = AssetFactory(name="Govan Choir")
    send(sign_in(amina), f"{LOG}?asset={choir.pk}&gap=loneliness", kind="new_group")
    work = BackstageWork.objects.get()
    assert (work.asset, work.gap) == (choir, "loneliness")


@pytest.mark.parametrize("query", ["?asset=zz", "?asset=00000000-0000-4000-8000-000000000000", "?gap=nonsense"])
def test_an_address_of_nothing_opens_an_empty_form(sign_in, amina, query):
    assert sign_in(amina).get(LOG + query).status_code == 200


def test_a_double_click_logs_once(sign_in, amina):
    client = sign_in(amina)
    for _ in range(2):
        client.post(LOG, {"once": "0" * 31 + "1", "kind": "admin", "minutes": "10", "done_on": in_days(0).date()})
    assert BackstageWork.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Choose what it was"),
        ({"kind": "admin", "minutes": "0"}, "Enter at least 1 minute"),
        ({"kind": "admin", "minutes": "lots"}, "Enter the minutes as a whole number, like 45"),
        ({"kind": "admin", "done_on": "2999-01-01"}, "Choose today or a day before"),
        (
            {"kind": "admin", "service": "Nowhere"},
            "Nothing in the directory is called that. Try another name, or clear it",
        ),
    ],
)
def test_what_cannot_be_is_said_plainly(sign_in, amina, typed, error):
    assert errors(send(sign_in(amina), LOG, **typed)) == [error]


def test_it_stands_on_today_and_in_the_list(sign_in, amina, work):
    for url in (TODAY, reverse("caseload:backstage")):
        assert "Housing panel" in sign_in(amina).get(url).content.decode()


def test_nobody_else_sees_it(sign_in, ben, mo, stranger, work):
    for user in (ben, mo, stranger):
        client = sign_in(user)
        shown = [client.get(url).content.decode() for url in (TODAY, reverse("caseload:backstage"))]
        assert ["Housing panel" in page for page in shown] == [False, False]
        assert client.get(reverse("caseload:edit_backstage", args=[work.pk])).status_code == 404


def test_one_changes_ones_own_on_the_day(sign_in, amina, work):
    send(sign_in(amina), reverse("caseload:edit_backstage", args=[work.pk]), minutes="120")
    work.refresh_from_db()
    assert (work.minutes, work.note, work.history.count()) == (120, "Housing panel", 2)


def test_the_day_after_it_stays(sign_in, amina, work):
    BackstageWork.objects.update(logged_at=timezone.now() - timedelta(days=1))
    url = reverse("caseload:edit_backstage", args=[work.pk])
    assert sign_in(amina).get(url).url == reverse("caseload:backstage")
    sign_in(amina).post(url, {"kind": "admin", "minutes": "1", "done_on": work.done_on})
    work.refresh_from_db()
    assert work.minutes == 90


def test_a_colleague_changes_nothing(ben, work):
    with pytest.raises(MoveNotAllowed):
        actions.edit_backstage(work=work, by=ben, minutes=1)


def test_the_week_shows_both_kinds_of_time_day_by_day(organisation, amina, ben, case, work, today):
    yesterday = today - timedelta(days=1)
    AttendedFactory(case=case, starts_at=in_days(-1), minutes=45)
    ContactFactory(case=case, at=in_days(-1), minutes=15)
    ContactFactory(case=case, at=in_days(-1), minutes=None)
    ContactFactory(case=case, by=ben, at=in_days(-1), minutes=99)
    spent = time_spent(organisation, amina, [yesterday, today])
    assert [(one.day, one.with_people, one.backstage) for one in spent] == [(yesterday, 60, 0), (today, 0, 90)]


def test_the_list_asks_as_many_questions_for_three_as_for_one(
    sign_in, amina, organisation, work, today, django_assert_max_num_queries
):
    client = sign_in(amina)
    work.asset = AssetFactory()
    work.save()
    with django_assert_max_num_queries(12) as for_one:
        client.get(reverse("caseload:backstage"))
    for _ in range(2):
        actions.log_backstage(
            organisation=organisation, by=amina, kind="admin", minutes=5, done_on=today, asset=AssetFactory()
        )
    with django_assert_max_num_queries(len(for_one)):
        client.get(reverse("caseload:backstage"))


def test_a_practice_logs_none(sign_in, priya):
    assert sign_in(priya).get(LOG).status_code == 404
