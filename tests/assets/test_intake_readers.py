"""The readers of other people's feeds: what they make of good ones, and of anything at all."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.intake import aliss, csv_list, hsds_csv, oruk, vocabulary
from assets.intake.clean import plain
from assets.intake.record import NotAFeed
from assets.models import Asset
from tests.shared_data import SHARED_DATA, shared

TODAY = date(2026, 11, 22)
READERS = [oruk, aliss, hsds_csv, csv_list]


def only(reader, service):
    (record,) = reader.read_page(json.dumps([service]).encode(), today=TODAY).records
    return record


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("<p>Soup &amp; <b>bread</b></p><p>Daily</p>", "Soup & bread\n\nDaily"),
        ("<script>alert(1)</script>Soup", "Soup"),
        ("&lt;img src=x onerror=alert(1)&gt;Soup", "Soup"),
        ("Under 5s < over 5s", "Under 5s < over 5s"),
        ("One\r\n\r\nTwo\u202e\0", "One\n\nTwo"),
        (None, ""),
        (["Soup"], ""),
        (True, ""),
    ],
)
def test_markup_becomes_what_a_person_would_read(told, read):
    assert plain(told) == read


def test_oruk_service_is_read_in_the_words_of_the_directory():
    record = only(
        oruk,
        {
            "id": "a", "name": "Lunch", "status": "inactive", "fees": "Free", "minimum_age": 16,
            "languages": [{"name": "Urdu"}],
            "attributes": [{"taxonomy_term": {"name": "Befriending"}}, {"taxonomy_term": {"name": "Unpaid carers"}}],
            "schedules": [{"freq": "WEEKLY", "byday": "TU,TH", "opens_at": "10:00:00Z", "closes_at": "12:30"}],
        },
    )  # fmt: skip

    kept = ["need_kinds", "groups", "cost", "is_closed", "minimum_age", "languages", "opening_hours"]
    assert [record.values[name] for name in kept] == [
        ["loneliness", "caring"], ["carers"], "free", True, 16, ["Urdu"],
        {"tue": "10:00-12:30", "thu": "10:00-12:30"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "place", [(0, 0), (100, 101), ("x", "y"), ("1e400", 0), (55.8, None), (True, False), ([], {})]
)
def test_impossible_position_is_left_out_and_said(place):
    location = {"id": "l", "latitude": place[0], "longitude": place[1]}

    record = only(oruk, {"name": "Lunch", "service_at_locations": [{"location": location}]})

    assert (record.values["latitude"], record.values["longitude"]) == (None, None)
    assert record.remarks == ["The position on the map is not in this country and was left out"]


def test_service_at_two_places_is_two_records():
    at = [{"location": {"id": each, "addresses": [{"postal_code": each}]}} for each in ("G28AE", "EH11YZ")]

    records = oruk.read_page(
        json.dumps({"id": "s", "name": "Lunch", "service_at_locations": at}).encode(), today=TODAY
    )

    assert [(r.ref, r.values["postcode"]) for r in records.records] == [
        ("id:s/G28AE", "G2 8AE"),
        ("id:s/EH11YZ", "EH1 1YZ"),
    ]


@pytest.mark.parametrize(
    ("page", "following"),
    [
        ({"page_number": 1, "total_pages": 1, "last_page": True}, ""),
        ({"page_number": 1, "total_pages": 9, "last_page": True}, "https://a.example/services?q=1&page=3"),
        ({"page_number": 1, "total_pages": 1, "last_page": False}, "https://a.example/services?q=1&page=3"),
        ({}, ""),
    ],
)
def test_next_page_is_asked_for_while_there_may_be_one(page, following):
    content = json.dumps(page | {"contents": [{"name": "Lunch"}]}).encode()

    assert oruk.read_page(content, today=TODAY, url="https://a.example/services?q=1&page=2").next_page == following


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "breaks off or goes wrong at line 1"),
        (b'[{"name": "Lunch"},\n{"na', "breaks off or goes wrong at line 2"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b"[NaN]", "a number that is none"),
        (b"[" + b"9" * 9000 + b"]", "a number that is none"),
        (b"\xff\xfe", "not in UTF-8"),
        (b"<html></html>", "breaks off or goes wrong at line 1"),
    ],
)
@pytest.mark.parametrize("reader", [oruk, aliss])
def test_what_is_no_json_is_refused_plainly(reader, content, why):
    with pytest.raises(NotAFeed) as caught:
        reader.read_page(content, today=TODAY)

    assert str(caught.value).count(why) == 1


ALISS_V5 = {
    "meta": {"licence": "https://creativecommons.org/licenses/by/4.0/", "attribution": []},
    "count": 2,
    "next": "https://api.aliss.org/v5/services/?page=2",
    "previous": None,
    "data": [
        {
            "id": "5f0c",
            "organisation": {"id": "0a1b", "name": "Govan Pantry", "is_claimed": True, "slug": "govan-pantry"},
            "name": "Pantry",
            "slug": "pantry",
            "summary": "Food for members",
            "description": None,
            "url": "https://pantry.example.org",
            "referral_url": "https://pantry.example.org/join",
            "phone": None,
            "email": "",
            "categories": [{"name": "Food Bank", "slug": "food-bank", "parent_category": None}],
            "community_groups": [
                {"name": "Refugees and Asylum Seekers", "range": None},
                {"name": "Children and Young People", "min_age": 5, "max_age": 17, "range": "5-17"},
            ],
            "accessibility_features": [
                {"name": "Hearing loop", "slug": "hearing-loop", "answer": None},
                {"name": "Free to use service", "slug": "free-to-use"},
            ],
            "locations": [],
            "service_areas": [{"code": "S12000049", "type": "Local Authority", "name": "Glasgow City"}],
            "start_date": None,
            "end_date": "2025-03-31",
            "last_updated": "2024-05-07T10:00:00Z",
        },
        {"id": "6f0c", "name": "Walk", "organisation": None, "categories": None, "locations": None, "end_date": None},
    ],
}


def test_aliss_version_5_is_read_with_its_groups_access_ages_and_empty_fields():
    page = aliss.read_page(json.dumps(ALISS_V5).encode(), today=TODAY)

    assert (page.next_page, page.rows_said) == ("https://api.aliss.org/v5/services/?page=2", 2)
    pantry, walk = [record.values for record in page.records]
    kept = ["description", "need_kinds", "groups", "minimum_age", "maximum_age", "access_features", "cost"]
    assert [pantry[name] for name in kept] == [
        "Food for members", ["food_and_fuel"], ["refugees"], 5, 17, ["hearing_loop"], "free",
    ]  # fmt: skip
    assert (pantry["local_authority"], pantry["join_note"]) == ("Glasgow City", "https://pantry.example.org/join")
    assert [(each["is_closed"], each["closed_year"]) for each in (pantry, walk)] == [(True, 2025), (False, None)]
    assert (walk["name"], walk["need_kinds"], walk["provider"]) == ("Walk", [], "")


def test_aliss_categories_are_understood_as_far_as_they_are_needs():
    with shared("aliss/categories_2024.csv").open() as file:
        named = {row["name"].strip(): vocabulary.need_kinds([row["name"]]) for row in csv.DictReader(file)}

    assert named["Foodbank"] == ["food_and_fuel"]
    assert named["Welfare Rights"] == ["money_and_benefits", "legal"]
    assert named["Community Transport"] == ["transport"]
    assert named["Food Delivery"] == ["food_and_fuel"]
    assert named["Community Hall"] == []
    assert sum(bool(kinds) for kinds in named.values()) > 0.7 * len(named)


def test_aliss_groups_and_access_are_understood():
    with shared("aliss/community_groups_2024.csv").open() as file:
        groups = {row["name"]: vocabulary.groups([row["name"]]) for row in csv.DictReader(file)}
    with shared("aliss/accessibility_features_2024.csv").open() as file:
        access = {row["name"]: vocabulary.access_features([row["name"]]) for row in csv.DictReader(file)}

    assert (groups["Men"], groups["Women"], groups["Unpaid Carers"]) == (["men"], ["women"], ["carers"])
    assert (access["Lift access"], access["Hearing loop"]) == (["step_free"], ["hearing_loop"])


def test_hsds_tables_are_put_together():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in shared("oruk_v3/uk_profile/examples/csv").glob("*.csv"):
            archive.write(file, f"datapackage/{file.name}")

    (record,) = hsds_csv.read_page(packed.getvalue(), today=TODAY).records

    kept = ["name", "provider", "phone", "uprn", "cost", "access_features"]
    assert [record.values[name] for name in kept] == [
        "Community Counselling", "Example Organization Inc.", "+44 1234 234567", "10092008082", "paid",
        ["step_free", "hearing_loop"],
    ]  # fmt: skip


def test_zip_that_swells_is_refused(monkeypatch):
    monkeypatch.setattr(hsds_csv, "MOST_BYTES", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("services.csv", "id,name\n" + "1,Lunch\n" * 1000)

    with pytest.raises(NotAFeed, match="^The zip file holds too much to be read.$"):
        hsds_csv.read_page(packed.getvalue(), today=TODAY)


def test_further_columns_are_turned_into_our_words():
    text = "Name,Categories,Cost,Age range,Lat,Lng\nLunch,Befriending; Foodbank,Free,16-25,55.86,-4.25\n"

    (record,) = csv_list.read_page(text.encode(), today=TODAY).records

    kept = ["need_kinds", "cost", "minimum_age", "maximum_age", "latitude"]
    assert [record.values[name] for name in kept] == [["loneliness", "food_and_fuel"], "free", 16, 25, 55.86]
    assert "phone" not in record.values


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
SAMPLES = [
    path.read_bytes()
    for name in [
        "aliss/v4_service_page_sample.json", "oruk_v3/uk_profile/examples/service_full.json",
        "oruk_v3/uk_profile/examples/service_list.json", "oruk_v3/uk_profile/examples/csv/services.csv",
        "oruk_v3/V3.0-UK-Default/dashboard_services_response.json",
    ]
    if (path := SHARED_DATA / name).exists()
] or [b'{"contents": [{"id": "a", "name": "Lunch"}]}']  # fmt: skip


@st.composite
def mangled(draw):
    """A real file with pieces cut out, doubled or overwritten."""
    content = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        content[start:end] = draw(st.binary(max_size=30) | st.just(bytes(content[start:end]) * 2))
    return bytes(content)


@st.composite
def replaced(draw):
    """A real service with anything at all in place of some of what it holds."""
    held = json.loads(draw(st.sampled_from([each for each in SAMPLES if each.lstrip()[:1] == b"{"])))
    for _ in range(draw(st.integers(1, 5))):
        place = held
        while isinstance(place, dict | list) and place:
            key = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
            if draw(st.booleans()) or not isinstance(place[key], dict | list):
                place[key] = draw(JSON)
                break
            place = place[key]
    return json.dumps(held).encode()


@settings(max_examples=150, deadline=2000)
@given(
    content=mangled() | replaced() | JSON.map(lambda held: json.dumps(held).encode()), reader=st.sampled_from(READERS)
)
def test_whatever_comes_it_is_read_or_plainly_refused(content, reader):
    try:
        page = reader.read_page(content, today=TODAY)
    except NotAFeed as why:
        assert str(why) != ""
        return
    for record in page.records:
        json.dumps(record.values, allow_nan=False)
        assert len(record.ref) <= 320
        if not record.reason:
            fits_the_directory(record)


def fits_the_directory(record):
    values = {name: value for name, value in record.values.items()}
    made = Asset(source_ref=record.ref, **values)
    made.full_clean(exclude=["source"], validate_unique=False, validate_constraints=False)
    assert record.ref != ""
    assert "\0" not in json.dumps(values)
    assert (made.latitude is None) == (made.longitude is None)
    assert made.is_closed or made.closed_year is None
