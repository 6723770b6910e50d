"""What anybody may read, and what nobody may."""

from datetime import date

import pytest
from django.core.cache import cache
from django.utils import timezone

from assets import actions, oruk
from assets.intake.oruk import read_page
from assets.models import Asset, Postcode
from assets.views import feed
from tests.factories import AssetFactory, CaseFactory, SourceFactory

TODAY = date(2026, 11, 22)
FULL = {
    "name": "Tuesday lunch",
    "description": "Soup and company.\n\nEverybody is welcome.",
    "address": "Church hall\n12 High Street",
    "town": "Glasgow",
    "postcode": "G2 8AE",
    "local_authority": "Glasgow City",
    "uprn": "906700034",
    "phone": "0141 496 0001",
    "email": "hello@lunch.example.org",
    "url": "https://lunch.example.org/",
    "latitude": 55.86,
    "longitude": -4.25,
    "provider": "Lunch for All",
    "charity_number": "SC012345",
    "need_kinds": ["loneliness", "food_and_fuel"],
    "groups": ["carers", "men"],
    "minimum_age": 18,
    "maximum_age": 99,
    "languages": ["English", "Urdu"],
    "access_features": ["step_free", "hearing_loop"],
    "access_note": "The ramp is at the back.",
    "cost": "donation",
    "cost_note": "£2 if you can",
    "how_to_join": "drop_in",
    "join_note": "Come through the side door.",
    "opening_hours": {"tue": "10:00-12:30, 14:00-16:00", "sun": "18:00-24:00"},
    "hours_note": "Not in July.",
    "is_closed": True,
    "closed_year": 2025,
}


@pytest.fixture(autouse=True)
def _nothing_kept(db):
    cache.clear()


@pytest.fixture
def source():
    return SourceFactory(name="Our list", licence="Open Government Licence v3.0")


@pytest.fixture
def make(source):
    def made(**also):
        return AssetFactory(**{"source": source, **also})

    return made


@pytest.fixture
def ask(client):
    """ask("services", day="MO") is what the feed answers."""

    def asked(path="", **parameters):
        return client.get(f"/oruk/v3/{path}", parameters).json()

    return asked


def names(answer):
    return [each["name"] for each in answer["contents"]]


def test_feed_says_what_it_is(ask):
    assert ask() == {"version": "HSDS-UK-3.0", "profile": oruk.PROFILE, "openapi_url": oruk.OPENAPI}


def test_page_says_where_it_stands(ask, make):
    for name in "ABC":
        make(name=name)

    answer = ask("services", page=2, per_page=2)

    assert names(answer) == ["C"]
    del answer["contents"]
    assert answer == {
        "total_items": 3,
        "total_pages": 2,
        "page_number": 2,
        "size": 1,
        "first_page": False,
        "last_page": True,
        "empty": False,
    }


def test_page_after_the_last_is_empty(ask, make):
    make()

    answer = ask("services", page=9)

    assert (answer["empty"], answer["last_page"], answer["contents"]) == (True, True, [])


@pytest.mark.parametrize("fields", [FULL, {"name": "Only a name"}, {"name": "A number", "phone": "1"}])
def test_service_is_read_back_by_our_own_reader_unchanged(client, make, fields):
    asset = make(**fields)

    content = client.get(f"/oruk/v3/services/{asset.pk}").content

    (record,) = read_page(content, today=TODAY).records
    assert (record.reason, record.remarks) == ("", [])
    assert {n: v for n, v in record.values.items() if v != getattr(asset, n)} == {}
    if fields is FULL:
        assert fields.keys() - record.values.keys() == set()


def test_service_says_whose_list_it_is_from_and_on_what_terms(ask, make):
    attributes = ask(f"services/{make().pk}")["attributes"]

    assert [(a["taxonomy_term"]["name"], a["taxonomy_term"]["description"]) for a in attributes] == [
        ("Our list", "Open Government Licence v3.0")
    ]


@pytest.mark.parametrize("hidden", ["unlisted", "merged", "no licence"])
def test_what_is_not_for_passing_on_is_not_there(ask, client, make, hidden):
    kept = make(name="Kept")
    also = {
        "unlisted": {"is_listed": False},
        "merged": {"merged_into": kept},
        "no licence": {"source": SourceFactory(licence="")},
    }
    asset = make(name="Hidden", **also[hidden])

    assert names(ask("services")) == ["Kept"]
    assert [at["service"]["name"] for at in ask("service_at_locations")["contents"]] == ["Kept"]
    assert client.get(f"/oruk/v3/services/{asset.pk}").status_code == 404
    assert client.get(f"/oruk/v3/service_at_locations/{asset.pk}").status_code == 404


def test_nothing_of_ours_or_of_anybody_is_given_out(client, make, amina, organisation):
    secret = "Kerr-Yusuf-secret"
    asset = make(
        contact_name=secret,
        contact_email="keeper@secret.example.org",
        capacity="waitlist",
        wait_weeks=7,
        threshold=secret,
        confirmed_at=timezone.now(),
        confirmed_by=amina,
        local_fields=["phone"],
    )
    actions.add_note(asset=asset, organisation=organisation, by=amina, text=secret)
    actions.report_problem(asset=asset, organisation=organisation, by=amina, kind="gone", words=secret)
    CaseFactory(what_matters=secret)

    pages = ["", "services", f"services/{asset.pk}", "service_at_locations", f"service_at_locations/{asset.pk}"]
    told = "".join(client.get(f"/oruk/v3/{page}").content.decode() for page in pages)

    for word in ["secret", "Amina", amina.email, str(amina.pk), str(organisation.pk), organisation.name, "wait"]:
        assert told.count(word) == 0, word


def test_every_field_of_an_entry_is_given_out_or_kept_back_on_purpose():
    kept_back = {
        "id", "source", "source_ref", "capacity", "wait_weeks", "threshold", "capacity_said_on", "funding_ends_on",
        "contact_name", "contact_email", "confirmed_at", "confirmed_by", "reminders_sent", "reminded_at",
        "local_fields", "merged_into", "is_listed", "last_seen_on", "created_at", "updated_at", "search_text",
        "open_slots",
    }  # fmt: skip

    assert {field.name for field in Asset._meta.concrete_fields} - kept_back == FULL.keys()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"search": "choir"}, ["Choir"]),
        ({"taxonomy_term_id": oruk.term_id("need_kinds", "loneliness")}, ["Choir", "Lunch"]),
        ({"taxonomy_term_id": oruk.term_id("how_to_join", "drop_in")}, ["Lunch"]),
        ({"taxonomy_term_id": "unknown"}, []),
        ({"taxonomy_id": oruk.taxonomy_id("need_kinds")}, ["Choir", "Lunch"]),
        ({"minimum_age": 18}, ["Choir"]),
        ({"maximum_age": 25}, ["Youth"]),
        ({"day": "TU"}, ["Choir", "Lunch"]),
        ({"day": "Tuesday", "start_time": "17:00"}, ["Choir"]),
        ({"day": "TU", "end_time": "13:00:00"}, ["Lunch"]),
        ({"start_time": "09:00", "end_time": "11:00", "day": "WE"}, []),
        ({"taxonomy_term_id": oruk.term_id("need_kinds", "loneliness"), "minimum_age": 18}, ["Choir"]),
        ({"postcode": "G2 8AE", "proximity": 2000}, ["Lunch"]),
        ({"postcode": "g28ae", "proximity": 100000}, ["Lunch", "Choir"]),
        ({"postcode": "G2 8AE", "proximity": 2000, "day": "WE"}, []),
    ],
)
def test_filters_add_up(ask, make, asked, found):
    Postcode.objects.create(postcode="G2 8AE", latitude=55.861, longitude=-4.251)
    make(
        name="Choir", need_kinds=["loneliness"], minimum_age=18, opening_hours={"tue": "18:00-20:00"},
        latitude=55.95, longitude=-3.19,
    )  # fmt: skip
    make(
        name="Lunch", need_kinds=["loneliness"], how_to_join="drop_in", opening_hours={"tue": "10:00-12:30"},
        latitude=55.86, longitude=-4.25,
    )  # fmt: skip
    make(name="Youth", minimum_age=11, maximum_age=25)

    assert names(ask("services", **asked)) == found


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "one"}, {"page": "0"}, {"page": "-1"}, {"minimum_age": "old"}, {"minimum_age": "nan"},
        {"start_time": "noon"}, {"day": "someday"}, {"postcode": "nowhere"}, {"proximity": "5"}, {"per_page": "x"},
        {"search": "a\0b"}, {"taxonomy_id": "\0"}, {"page": "9" * 400},
    ],
)  # fmt: skip
def test_question_that_makes_no_sense_is_refused_plainly(client, asked):
    response = client.get("/oruk/v3/services", asked)

    assert (response.status_code, list(response.json())) == (400, ["error"])


def test_any_page_on_the_web_may_read_it(client):
    assert client.get("/oruk/v3/services")["Access-Control-Allow-Origin"] == "*"
    assert client.options("/oruk/v3/services")["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_may_write_it(client, method):
    assert getattr(client, method)("/oruk/v3/services").status_code == 405


def test_answer_is_kept_and_not_sent_again_to_who_has_it(client, make, django_assert_num_queries):
    make()
    first = client.get("/oruk/v3/services")
    assert first["Cache-Control"] == "public, max-age=300"

    with django_assert_num_queries(0):
        again = client.get("/oruk/v3/services", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")


def test_who_asks_too_often_is_asked_to_wait(client, monkeypatch):
    monkeypatch.setattr(feed, "MOST_A_MINUTE", 2)
    answers = [client.get("/oruk/v3/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json() == {"error": "More than 2 questions in a minute. Try again in one."}
    assert client.get("/oruk/v3/", REMOTE_ADDR="10.9.9.9").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_as_many_queries_for_one_as_for_three(client, make, django_assert_num_queries, number):
    for _ in range(number):
        make(**FULL)

    with django_assert_num_queries(2):
        client.get("/oruk/v3/services")


def test_terms_of_the_directory_are_listed(ask):
    terms = ask("taxonomy_terms", per_page=100)["contents"]

    assert len(terms) == 19 + 12 + 3
    assert ask(f"taxonomy_terms/{terms[0]['id']}") == terms[0]
    (first, *_) = ask("taxonomies")["contents"]
    assert ask(f"taxonomies/{first['id']}") == first
