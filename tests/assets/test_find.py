"""Finding a service as one asks for it on the phone: each filter, the map, and with a case in hand."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.http import QueryDict

from assets.enums import NeedKind
from assets.forms.find import DirectoryForm, Start
from assets.map import plot
from assets.models import Asset, Place, Postcode, directory, slots_of
from assets.models.hours import next_session
from assets.words import terms_of
from caseload.enums import Seen
from tests.factories import AssetFactory, NeedFactory

pytestmark = pytest.mark.django_db
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def found(query: str, **kwargs) -> list[str]:
    return [asset.name for asset in DirectoryForm(QueryDict(query), **kwargs).filter(directory())]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("benifits", NeedKind.MONEY_AND_BENEFITS),
        ("debt", NeedKind.MONEY_AND_BENEFITS),
        ("help with food bank", NeedKind.FOOD_AND_FUEL),
        ("lonly", NeedKind.LONELINESS),
        ("partick", None),
    ],
)
def test_words_stand_for_a_kind_of_need_spelt_nearly_right(typed, kind):
    assert [term.kind for term in terms_of(typed)] == [kind]


@pytest.mark.parametrize("typed", ["benifits", "debt", "Debt help"])
def test_a_word_for_a_need_finds_what_helps_with_it_after_what_says_it(typed):
    AssetFactory(name="Govan Advice Centre", need_kinds=[NeedKind.MONEY_AND_BENEFITS])
    AssetFactory(name="Z debt and benefits clinic")
    AssetFactory(name="Choir", need_kinds=[NeedKind.LONELINESS])

    assert found(f"q={typed}") == ["Z debt and benefits clinic", "Govan Advice Centre"]


def test_alzheimers_spelt_nearly_right_finds_a_dementia_cafe():
    AssetFactory(name="Memory Café", description="For people living with dementia.")
    AssetFactory(name="Lung choir")

    assert found("q=alzhiemers") == ["Memory Café"]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("cost=free", {"cost": "free"}),
        ("cost=donation", {"cost": "free"}),
        ("need=housing&need=legal", {"need_kinds": ["legal"]}),
        ("join=drop_in", {"how_to_join": "drop_in"}),
        ("group=men", {"groups": ["men"]}),
        ("age=16", {"minimum_age": 16, "maximum_age": 25}),
        ("age=0", {"minimum_age": 0, "maximum_age": 5}),
        ("language=urdu", {"languages": ["English", "Urdu"]}),
        ("room=on", {"capacity": "capacity"}),
        ("wait=4", {"capacity": "waitlist", "wait_weeks": 3}),
        ("wait=4", {"capacity": "capacity"}),
        ("access=step_free&access=bsl", {"access_features": ["bsl", "step_free", "parking"]}),
        ("day=tue", {"open_slots": slots_of({"tue": "10:00-12:00"})}),
        ("day=tue&time=morning", {"open_slots": slots_of({"tue": "10:00-12:00"})}),
        ("time=evening", {"open_slots": slots_of({"sat": "18:00-20:00"})}),
    ],
)
def test_filter_finds_what_fits(query, fits):
    AssetFactory(name="Fits", **fits)
    AssetFactory(
        name="Does not",
        cost="paid",
        need_kinds=["digital"],
        how_to_join="referral",
        groups=["women"],
        minimum_age=60,
        maximum_age=61,
        languages=["Polish"],
        capacity="waitlist",
        wait_weeks=4,
        access_features=["step_free"],
        open_slots=slots_of({"fri": "13:00-15:00"}),
    )

    assert found(query) == ["Fits"]


def test_what_a_service_does_not_say_is_counted_and_shown_when_asked(sign_in, amina):
    AssetFactory(name="Free", cost="free")
    AssetFactory(name="Says nothing")
    client = sign_in(amina)

    left_out = client.get("/directory/?cost=free").context
    let_in = client.get("/directory/?cost=free&unsaid=on").context

    assert ([a.name for a in left_out["page"]], left_out["unsaid_count"]) == (["Free"], 1)
    assert ([a.name for a in let_in["page"]], let_in["unsaid_count"]) == (["Free", "Says nothing"], 0)


def test_own_position_counts_before_the_postcode_and_a_circle_may_be_drawn():
    Postcode.objects.create(postcode="G2 8AE", latitude=55.8571, longitude=-4.2625)
    AssetFactory(name="Two miles", latitude=55.886, longitude=-4.2625)
    AssetFactory(name="Half a mile", latitude=55.8643, longitude=-4.2625)
    AssetFactory(name="Fifty miles", latitude=56.58, longitude=-4.2625)
    AssetFactory(name="Anywhere, online")

    assert found("near=g28ae") == ["Half a mile", "Two miles", "Anywhere, online"]
    assert found("near=g28ae&within=1") == ["Half a mile", "Anywhere, online"]


def test_a_place_with_a_name_is_measured_from_without_its_postcode_in_the_address():
    Postcode.objects.create(postcode="G2 8AE", latitude=55.8571, longitude=-4.2625)
    AssetFactory(name="Far", latitude=55.95, longitude=-4.2625)
    AssetFactory(name="Near", latitude=55.86, longitude=-4.2625)

    assert found("start=home", starts=[Start("home", "where Sam lives", "G2 8AE")]) == ["Near", "Far"]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"mon": "14:00-16:00"}, "today 14:00–16:00"),
        ({"mon": "10:00-16:00"}, "now, until 16:00"),
        ({"mon": "09:00-11:00"}, "Monday 09:00–11:00"),
        ({"tue": "10:00-12:00"}, "tomorrow 10:00–12:00"),
        ({"mon": "09:00-11:00, 18:00-20:00"}, "today 18:00–20:00"),
        ({"thu": "10:00-12:00"}, "Thursday 10:00–12:00"),
        ({}, ""),
    ],
)
def test_next_session_is_said_as_people_say_it(hours, said):
    assert next_session(hours, MONDAY_NOON) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"capacity": "waitlist", "wait_weeks": 6}, "Waiting list, about 6 weeks"),
        ({"capacity": "capacity"}, "Taking people now"),
        ({"wait_weeks": 1}, "A wait, about 1 week"),
        ({}, ""),
    ],
)
def test_room_is_said_with_the_wait(fields, said):
    assert Asset(**fields).room_in_words == said


def test_map_draws_each_place_where_it_lies_with_rings_of_miles():
    start = Place(55.86, -4.26)
    north = AssetFactory(name="North", latitude=55.90, longitude=-4.26)
    east = AssetFactory(name="East", latitude=55.86, longitude=-4.20)
    nowhere = AssetFactory(name="Nowhere")

    drawn = plot(enumerate([north, east, nowhere], 1), start, "G2 8AE")

    assert [(point.label, point.names) for point in drawn.points] == [("1", "North"), ("2", "East")]
    assert (drawn.points[0].x, drawn.points[0].y < 300) == (300, True)
    assert (drawn.points[1].x > 300, drawn.points[1].y) == (True, 300)
    assert [ring.words for ring in drawn.rings] == ["5 miles", "2.5 miles"]
    assert drawn.sentence.split(";")[0] == "2 services around G2 8AE, the farthest 2.8 miles away. North is up"


def test_places_too_close_to_draw_apart_share_a_label():
    same = [AssetFactory(latitude=55.86, longitude=-4.26) for _ in range(2)]

    assert [point.label for point in plot(enumerate(same, 4), None, "").points] == ["4, 5"]


def test_map_of_places_nobody_can_draw_is_none():
    assert plot([(1, AssetFactory())], None, "") is None


@pytest.mark.parametrize("query", ["", "?near=G2+8AE", "?q=zzz"])
def test_map_page_opens_whatever_is_found(sign_in, amina, query):
    AssetFactory(name="Mapped", latitude=55.86, longitude=-4.26)
    AssetFactory(name="Not mapped", postcode="G2 1ZZ")

    assert sign_in(amina).get(f"/directory/{query or '?'}&view=map").status_code == 200


def test_case_in_hand_brings_its_needs_and_home_but_no_postcode_into_the_page(sign_in, amina, case):
    Postcode.objects.create(postcode="G2 8AE", latitude=55.8571, longitude=-4.2625)
    case.patient.postcode = "G2 8AE"
    case.patient.save()
    NeedFactory(case=case, kind=NeedKind.HOUSING)
    AssetFactory(name="Far help", latitude=55.95, longitude=-4.26, need_kinds=["housing"])
    AssetFactory(name="Near help", latitude=55.86, longitude=-4.26, need_kinds=["housing"])
    AssetFactory(name="Choir", latitude=55.86, longitude=-4.26, need_kinds=["loneliness"])

    response = sign_in(amina).get(f"/directory/?case={case.pk}")

    assert [asset.name for asset in response.context["page"]] == ["Near help", "Far help"]
    assert "G2 8AE" not in response.content.decode()


def test_case_in_hand_may_be_looked_for_without_its_needs(sign_in, amina, case):
    NeedFactory(case=case, kind=NeedKind.HOUSING)
    AssetFactory(name="Choir")

    context = sign_in(amina).get(f"/directory/?case={case.pk}&asked=1").context

    assert [asset.name for asset in context["page"]] == ["Choir"]


@pytest.mark.parametrize("who", ["stranger", "stranger_manager", "stranger_practice", "priya"])
@pytest.mark.parametrize("page", ["directory", "asset"])
def test_case_in_hand_does_not_exist_for_others(request, sign_in, case, who, page):
    path = {"directory": "/directory/", "asset": f"/directory/{AssetFactory().pk}/"}[page]

    assert sign_in(request.getfixturevalue(who)).get(f"{path}?case={case.pk}").status_code == 404


def test_case_that_is_no_key_is_not_found(sign_in, amina):
    assert sign_in(amina).get("/directory/?case=zz").status_code == 404


def test_practice_without_a_postcode_is_not_offered_to_measure_from(sign_in, amina, practice):
    practice.postcode = ""
    practice.save()

    assert sign_in(amina).get("/directory/").context["form"].fields["start"].choices == [("", "Anywhere")]


@time_machine.travel(MONDAY_NOON, tick=False)
def test_today_means_this_day_of_the_week():
    AssetFactory(name="Mondays", open_slots=slots_of({"mon": "14:00-16:00"}))
    AssetFactory(name="Tuesdays", open_slots=slots_of({"tue": "14:00-16:00"}))

    assert found("day=today") == ["Mondays"]


def test_ground_rule_8_looking_for_somebody_writes_that_they_were_seen(sign_in, amina, case):
    client, asset = sign_in(amina), AssetFactory()

    for url in [f"/directory/?case={case.pk}", f"/directory/{asset.pk}/?case={case.pk}"]:
        client.get(url)

    rows = case.patient.access_log.values_list("by", "what", "record_id")
    assert list(rows) == [(amina.pk, Seen.DETAILS, case.patient_id)] * 2
