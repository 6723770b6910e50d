"""Looking for places."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.enums import Capacity
from assets.models import Asset, Postcode, directory
from tests.factories import AssetFactory, in_days

pytestmark = pytest.mark.django_db


def names(assets) -> list[str]:
    return [asset.name for asset in assets]


@pytest.fixture
def places():
    AssetFactory(name="Maryhill Library", address="1508 Maryhill Road\nGlasgow", postcode="G20 9AD")
    AssetFactory(name="Aberdeen Central Library", address="Rosemount Viaduct\nAberdeen", postcode="AB25 1GW")
    AssetFactory(name="Leabharlann Steòrnabhagh", address="Stornoway", postcode="HS1 2BY")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("maryhill", ["Maryhill Library"]),
        ("MARYHIL LIBRRY", ["Maryhill Library"]),
        ("abedeen", ["Aberdeen Central Library"]),
        ("steornabhagh", ["Leabharlann Steòrnabhagh"]),
        ("hill", ["Maryhill Library"]),
        ("library aberdeen", ["Aberdeen Central Library"]),
        ("AB25", ["Aberdeen Central Library"]),
        ("library dundee", []),
        ("%", []),
        ("_", []),
    ],
)
def test_words_find_places_spelt_nearly_right(places, words, found):
    assert names(Asset.objects.matching(words)) == found


def test_best_match_comes_first(places):
    AssetFactory(name="Aberdour Library")

    assert names(Asset.objects.matching("aberd"))[0] == "Aberdeen Central Library"


def test_places_near_a_postcode_come_nearest_first_with_miles_where_known():
    Postcode.objects.create(postcode="G2 8AE", latitude=55.8571, longitude=-4.2625)
    Postcode.objects.create(postcode="G13 3AE", latitude=55.8884, longitude=-4.3641)
    Postcode.objects.create(postcode="EH7 5TZ", latitude=55.9590, longitude=-3.1700)
    for name, postcode in {
        "City": "G2 8AE",
        "Knightswood": "G13 3AE",
        "Edinburgh": "EH7 5TZ",
        "New": "G2 1ZZ",
    }.items():
        AssetFactory(name=name, postcode=postcode)

    found = Asset.objects.near("G2 8AE")

    assert [(a.name, a.miles and round(a.miles, 1)) for a in found] == [
        ("City", 0),
        ("New", None),
        ("Knightswood", 4.5),
    ]


def test_places_near_an_unknown_postcode_share_most_of_it():
    for postcode in ["G20 9AD", "G2 1ZZ", "G2 8AA", "GY1 1AA"]:
        AssetFactory(name=postcode, postcode=postcode)

    assert names(Asset.objects.near("G2 8AE")) == ["G2 8AA", "G2 1ZZ", "G20 9AD"]


def test_unlisted_place_is_not_in_the_directory():
    AssetFactory(is_listed=False)

    assert list(directory()) == []


@pytest.mark.parametrize("who", ["amina", "mo", "priya", "stranger"])
def test_directory_is_everyones(request, sign_in, who):
    asset = AssetFactory(name="Maryhill Library")
    client = sign_in(request.getfixturevalue(who))

    assert client.get("/directory/").context["page"].paginator.count == 1
    assert client.get(f"/directory/{asset.pk}/").context["asset"] == asset


def test_directory_asks_a_visitor_to_sign_in(client):
    assert client.get("/directory/").status_code == 302
    assert client.get(f"/directory/{AssetFactory().pk}/").status_code == 302


def test_place_that_is_not_there_is_not_found(sign_in, amina):
    assert sign_in(amina).get(f"/directory/{uuid.uuid4()}/").status_code == 404
    assert sign_in(amina).get(f"/directory/{AssetFactory(is_listed=False).pk}/").status_code == 404


def test_closed_full_and_unconfirmed_places_come_last_and_say_why(sign_in, amina):
    AssetFactory(name="A closed one", is_closed=True, closed_year=2017)
    AssetFactory(name="B full one", capacity=Capacity.FULL)
    AssetFactory(name="C old one", confirmed_at=in_days(-200))
    AssetFactory(name="D good one", confirmed_at=in_days(-1))

    context = sign_in(amina).get("/directory/").context

    assert [(a.name, a.why_last.split(" since")[0]) for a in context["page"]] == [
        ("D good one", ""),
        ("C old one", "Not confirmed"),
        ("B full one", "Full"),
        ("A closed one", "Closed in 2017"),
    ]
    assert context["last_counts"] == [(1, "not confirmed lately"), (1, "full"), (1, "closed")]


def test_postcode_that_is_none_is_said_and_the_words_still_count(sign_in, amina, places):
    context = sign_in(amina).get("/directory/?near=zz&q=maryhill").context

    assert context["form"].errors == {"near": ["Enter a full UK postcode, like G2 8AE"]}
    assert names(context["page"]) == ["Maryhill Library"]


@pytest.mark.parametrize(
    "query", ["?q=%00", "?page=zz", "?show=nonsense", f"?q={'x ' * 200}", "?near=%E2%80%AE", "?q=%27%5C"]
)
def test_directory_takes_any_address(sign_in, amina, places, query):
    assert sign_in(amina).get(f"/directory/{query}").status_code == 200


def test_directory_asks_as_many_questions_of_the_database_for_three_places_as_for_one(sign_in, amina):
    client = sign_in(amina)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get("/directory/?near=G2+8AE&q=place")
        return len(asked)

    AssetFactory(postcode="G2 1ZZ")
    for_one = questions()
    AssetFactory.create_batch(2, postcode="G2 1ZZ")

    assert questions() == for_one
