"""Feeds read page by page, honest ones and others."""

import pytest

from assets import actions
from assets.intake import run
from assets.intake.fetch import NotFetched
from tests.assets.feeds import SERVICES, Feed, page, service


@pytest.mark.django_db
def test_feed_is_read_page_by_page_to_its_last(begin, read):
    feed = Feed({SERVICES: page(1, [service(1)]), f"{SERVICES}?page=2": page(2, [service(2)], last=True)})

    intake = read(begin(kind="oruk", url=SERVICES), feed)

    assert (intake.status, intake.pages_read, intake.failure) == ("preview", 2, "")
    assert [row.ref for row in intake.rows.order_by("number")] == ["id:id-1", "id:id-2"]


@pytest.mark.django_db
@pytest.mark.parametrize("first", [0, 1])
def test_feed_that_counts_its_pages_from_nought_is_read_whole(begin, read, first):
    """Or says so and does not: then its page 1 is the one we have."""
    pages = {f"{SERVICES}?page={n}": page(n, [service(n)], last=n == first + 2) for n in range(first, first + 3)}
    pages[SERVICES] = pages[f"{SERVICES}?page={first}"] | {"page_number": 0}

    intake = read(begin(kind="oruk", url=SERVICES), Feed(pages))

    assert (intake.status, intake.failure) == ("preview", "")
    assert [row.ref for row in intake.rows.order_by("number")] == [f"id:id-{n}" for n in range(first, first + 3)]


@pytest.mark.django_db
def test_address_of_the_api_itself_leads_to_its_services(begin, read):
    about = {"version": "HSDS-UK-3.0", "profile": "https://example.org", "openapi_url": "https://example.org"}
    feed = Feed({"https://feed.example.org/": about, SERVICES: page(1, [service(1)], last=True)})

    intake = read(begin(kind="oruk", url="https://feed.example.org/"), feed)

    assert (intake.status, [row.ref for row in intake.rows.all()]) == ("preview", ["id:id-1"])


@pytest.mark.django_db
def test_reading_that_failed_goes_on_from_the_page_it_was_at(begin, read, mo):
    feed = Feed({SERVICES: page(1, [service(1)]), f"{SERVICES}?page=2": b"{"})
    intake = read(begin(kind="oruk", url=SERVICES), feed)
    assert (intake.status, intake.next_page) == ("failed", f"{SERVICES}?page=2")

    feed.pages[f"{SERVICES}?page=2"] = page(2, [service(2)], last=True)
    actions.resume_intake(intake=intake, by=mo)
    intake = read(intake, feed)

    assert (intake.status, intake.rows.count(), feed.asked.count(SERVICES)) == ("preview", 2, 1)


@pytest.mark.django_db
def test_feed_that_gives_the_same_page_for_ever_is_stopped(begin, read):
    same = page(1, [service(1), service(2)])
    feed = Feed({SERVICES: same, f"{SERVICES}?page=2": same})

    intake = read(begin(kind="oruk", url=SERVICES), feed)

    assert (intake.status, intake.rows.count()) == ("preview", 2)
    assert intake.failure == "Page 2 is one that came before: reading stopped there."


@pytest.mark.django_db
def test_feed_without_end_is_stopped_and_nothing_is_taken_for_gone(begin, read, bring_in, monkeypatch):
    bring_in(page(1, [service("old")], last=True), kind="oruk")
    monkeypatch.setattr(run, "MOST_PAGES", 3)
    addresses = [SERVICES, *(f"{SERVICES}?page={n}" for n in range(2, 9))]
    feed = Feed({url: page(n, [service(n)]) for n, url in enumerate(addresses, start=1)})

    intake = read(begin(kind="oruk", url=SERVICES), feed)

    assert (intake.rows.count(), intake.failure) == (
        3,
        "Reading stopped after 3 pages: the feed does not seem to end.",
    )


@pytest.mark.django_db
def test_one_id_on_every_record_is_seen_through_and_stable(bring_in):
    services = [service(7) | {"name": name} for name in ("Lunch", "Walk", "Choir", "Choir")]

    assert bring_in(page(1, services, last=True), kind="oruk") == (3, 0, 0, 1)
    assert bring_in(page(1, services[::-1], last=True), kind="oruk") == (0, 0, 3, 1)


@pytest.mark.django_db
def test_records_without_an_id_are_the_same_the_second_time(bring_in):
    services = [{"name": "Lunch", "schedules": []}, {"name": "Walk", "id": None, "schedules": []}]

    assert bring_in(services, kind="oruk") == (2, 0, 0, 0)
    assert bring_in(services, kind="oruk") == (0, 0, 2, 0)


@pytest.mark.django_db
def test_services_only_hinted_at_are_asked_for_one_by_one(begin, read):
    hint = {"id": "a", "name": "Lunch", "status": "active"}
    full = hint | {"contacts": [{"id": "c", "phones": [{"number": "0141 1"}]}]}
    other = {"id": "b", "name": "Walk", "status": "active"}
    feed = Feed(
        {
            f"{SERVICES}?per_page=50": page(1, [hint, other], last=True),
            f"{SERVICES}/a": full,
            f"{SERVICES}/b": NotFetched("It answered 404 Not Found"),
        }
    )

    intake = read(begin(kind="oruk", url=f"{SERVICES}?per_page=50"), feed)

    rows = intake.rows.order_by("number")
    assert rows[0].values["phone"] == "0141 1"
    assert (rows[1].reason, "phone" in rows[1].values) == (
        "Its details could not be read: It answered 404 Not Found",
        False,
    )


@pytest.mark.django_db
def test_next_page_on_another_site_is_refused(begin, read):
    feed = Feed({SERVICES: {"data": [{"id": 1, "name": "Lunch"}], "next": "https://other.example.org/?page=2"}})

    intake = read(begin(kind="aliss", url=SERVICES), feed)

    assert (intake.status, intake.failure) == ("failed", "Its next page is on another site.")
