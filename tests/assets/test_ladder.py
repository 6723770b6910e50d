"""The review ladder, and what its signed link lets a service say."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from assets import actions, links
from assets.enums import AssetVerb
from assets.ladder import months_before
from assets.models import Asset, Problem
from assets.tasks import remind_contact, remind_every_contact
from tests.caseload.on_a_monday import MONDAY, local
from tests.factories import AssetFactory

CONTACT = "hello@blether.example.org"


@pytest.fixture(autouse=True)
def _tasks_at_once(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True


@pytest.fixture
def entry(db):
    """entry("Choir", months_ago, …) was confirmed so many months before a Monday at noon."""

    def make(name, months, **fields):
        sure_at = local(months_before(MONDAY, months))
        return AssetFactory(**{"name": name, "contact_email": CONTACT, "confirmed_at": sure_at} | fields)

    return make


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(local(MONDAY), tick=False) as traveller:
        yield traveller


def to(traveller, months_later, days=0):
    """That Monday, so many months on."""
    traveller.move_to(local(months_before(MONDAY, -months_later) + timedelta(days=days)))


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 23), 10, date(2026, 1, 23)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2026, 12, 31), -2, date(2027, 2, 28)),
    ],
)
def test_months_before_a_day(day, months, before):
    assert months_before(day, months) == before


@pytest.mark.parametrize(("days", "asked"), [(-1, 0), (0, 1)])
def test_the_contact_is_asked_from_ten_months_on(entry, on_monday, days, asked):
    entry("Choir", 10)
    to(on_monday, 0, days)
    remind_every_contact()
    assert len(mail.outbox) == asked


def test_one_never_confirmed_counts_from_when_it_came(entry):
    entry("Choir", 0, confirmed_at=None, created_at=local(months_before(MONDAY, 10)))
    remind_every_contact()
    assert len(mail.outbox) == 1


def test_one_message_an_address_however_many_entries(entry):
    choir, walk = entry("Choir", 10), entry("Walk", 11, contact_email="HELLO@blether.example.org")
    entry("Lunch", 10, contact_email="", email="lunch@example.org")
    entry("Fresh", 3)
    remind_every_contact()
    assert sorted(message.to[0] for message in mail.outbox) == [CONTACT, "lunch@example.org"]
    body = next(message.body for message in mail.outbox if message.to == [CONTACT])
    assert [name in body for name in ("Choir", "Walk", "Lunch", "Fresh")] == [True, True, False, False]
    assert {one.events.get().verb for one in (choir, walk)} == {AssetVerb.REMINDED}


def test_twice_over_is_asked_once(entry):
    choir = entry("Choir", 10)
    remind_every_contact()
    remind_every_contact()
    remind_contact(str(choir.pk))
    choir.refresh_from_db()
    assert (len(mail.outbox), choir.reminders_sent) == (1, 1)


def test_asked_three_times_a_month_apart_and_then_no_more(entry, on_monday):
    choir = entry("Choir", 10)
    asked = []
    for month in range(6):
        to(on_monday, month)
        remind_every_contact()
        asked.append(len(mail.outbox))
    choir.refresh_from_db()
    assert (asked, choir.reminders_sent) == ([1, 2, 3, 3, 3, 3], 3)


def test_a_backlog_is_not_three_messages_in_three_days(entry, on_monday):
    entry("Choir", 30)
    for day in range(3):
        to(on_monday, 0, day)
        remind_every_contact()
    assert len(mail.outbox) == 1


def test_ground_rule_1_no_reminder_drops_or_closes_a_service(entry, on_monday):
    choir = entry("Choir", 10)
    for month in range(14):
        to(on_monday, month)
        remind_every_contact()
    choir.refresh_from_db()
    assert (choir.is_closed, choir.is_listed, Asset.objects.count()) == (False, True, 1)


@pytest.mark.parametrize("fields", [{"is_closed": True}, {"is_listed": False}, {"contact_email": ""}])
def test_nobody_is_asked_about_what_is_closed_or_out_of_sight(entry, fields):
    entry("Choir", 10, **fields)
    remind_every_contact()
    assert mail.outbox == []


def test_a_message_that_cannot_be_sent_is_tried_again(entry, monkeypatch):
    choir = entry("Choir", 10)
    monkeypatch.setattr("assets.notify.send_mail", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        remind_contact(str(choir.pk))
    choir.refresh_from_db()
    assert (choir.reminders_sent, choir.events.count()) == (0, 0)


def test_an_entry_that_has_gone_is_let_be(db):
    remind_contact("00000000-0000-4000-8000-000000000000")
    assert mail.outbox == []


# The link


@pytest.fixture
def asked(entry):
    choir = entry("Choir", 10)
    remind_every_contact()
    url = next(word for word in mail.outbox[0].body.split() if word.startswith("http"))
    return choir, url.removeprefix("http://127.0.0.1:8000")


def say(client, url, asset, **answers):
    prefixed = {f"{asset.pk.hex}-{name}": value for name, value in answers.items()}
    return client.post(url, {"entry": asset.pk} | prefixed)


def verbs(asset):
    return list(asset.events.order_by("id").values_list("verb", flat=True))


def test_the_link_holds_no_address_and_says_who_may_keep_it(client, asked):
    choir, url = asked
    response = client.get(url)
    assert ("blether" in url, response.status_code) == (False, 200)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert verbs(choir) == [AssetVerb.REMINDED, AssetVerb.LINK_OPENED]


def test_still_right_confirms_without_an_account(client, asked):
    choir, url = asked
    say(client, url, choir, answer="right")
    choir.refresh_from_db()
    assert (choir.confirmed_at, choir.confirmed_by, choir.reminders_sent) == (timezone.now(), None, 0)


def test_what_has_changed_goes_to_people_with_the_room_noted(client, asked, on_monday):
    choir, url = asked
    say(client, url, choir, answer="changed", words="We moved to Fridays", capacity="waitlist", wait_weeks="6")
    choir.refresh_from_db()
    problem = choir.problems.get()
    assert (choir.capacity, choir.wait_weeks, choir.reminders_sent) == ("waitlist", 6, 1)
    assert (problem.words, problem.by, problem.organisation) == ("We moved to Fridays", None, None)
    to(on_monday, 1)
    remind_every_contact()
    assert len(mail.outbox) == 1


def test_gone_is_told_to_people_and_closes_nothing(client, asked):
    choir, url = asked
    say(client, url, choir, answer="gone")
    choir.refresh_from_db()
    assert (choir.is_closed, choir.problems.get().kind) == (False, "gone")


def test_changed_asks_what(client, asked):
    choir, url = asked
    response = say(client, url, choir, answer="changed")
    assert response.context["form"].errors == {"words": ["Enter what has changed, or whether there is room"]}


def test_a_link_opens_the_entries_of_its_contact_and_no_others(client, asked, entry):
    choir, url = asked
    entry("Walk", 1)
    theirs = entry("Secret supper", 1, contact_email="other@example.org")
    response = client.get(url)
    assert [one.name for one, _ in response.context["entries"]] == ["Choir", "Walk"]
    assert say(client, url, theirs, answer="right").status_code == 404


def test_a_link_shows_no_note_problem_or_name_of_staff(client, asked, amina, organisation):
    choir, url = asked
    actions.add_note(asset=choir, organisation=organisation, by=amina, text="Ask for Morag")
    actions.report_problem(asset=choir, by=amina, organisation=organisation, kind="other", words="Rude on the phone")
    actions.confirm_asset(asset=choir, by=amina)
    shown = client.get(url).content.decode()
    assert [words in shown for words in ("Morag", "Rude", "Amina", "Wellpark")] == [False] * 4


def test_a_link_dies_with_time(client, asked, on_monday):
    choir, url = asked
    to(on_monday, 0, links.DAYS + 1)
    response = client.get(url)
    assert (response.status_code, "Choir" in response.content.decode()) == (410, False)


def test_a_link_dies_with_its_contact(client, asked):
    choir, url = asked
    Asset.objects.filter(pk=choir.pk).update(contact_email="new@example.org")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "change", [lambda url: url[:-2] + "/", lambda url: "/entries/a:b:c/", lambda url: "/entries/%00/"]
)
def test_a_link_that_was_changed_opens_nothing(client, asked, change):
    choir, url = asked
    response = client.post(change(url), {"entry": choir.pk, f"{choir.pk.hex}-answer": "right"})
    assert (response.status_code, Problem.objects.count(), verbs(choir)) == (404, 0, [AssetVerb.REMINDED])
