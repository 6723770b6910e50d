"""Publishers' own words: brought in as lists, and what services are read by."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assets import actions
from assets.enums import Vocabulary
from assets.intake import aliss, run, terms
from assets.intake.record import NotAFeed
from assets.models import Asset, Source, Term
from tests.factories import SourceFactory, TermFactory
from tests.shared_data import shared

WORDS = "id,name,slug,parent_id\n1,Creative,creative,\n2,Pottery  ,pottery,1\n3,Hall,hall,\n"
SERVICE = {"id": "s", "name": "Clay club", "categories": [{"name": "Pottery", "slug": "pottery"}], "locations": []}

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(tmp_path, capsys):
    """brought(content, name) imports a file of it from "ALISS"; gives the counts it printed."""

    def brought_in(content, name="words.csv", **options):
        file = tmp_path / name
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        call_command(
            "import_assets", str(file), **{"source": "ALISS", "licence": "CC BY 4.0", "json": True, **options}
        )
        done = json.loads(capsys.readouterr().out.splitlines()[-1])
        return done["created"], done["updated"], done["unchanged"], done["rejected"]

    return brought_in


def test_word_that_says_nothing_means_what_the_one_above_it_means():
    records = terms.read_page(WORDS.encode()).records

    assert [(r.ref, r.values["name"], r.values["means"]) for r in records] == [
        ("category:1", "Creative", ["loneliness"]),
        ("category:2", "Pottery", ["loneliness"]),
        ("category:3", "Hall", []),
    ]


def test_words_that_are_their_own_parents_end():
    rows = "id,name,slug,parent_id\n1,One,one,2\n2,Two,two,1\n"

    assert [record.values["means"] for record in terms.read_page(rows.encode()).records] == [[], []]


def test_words_kept_out_are_named_with_their_reason(brought):
    rows = WORDS + "3,Hall again,hall,\n,Nameless id,x,\n5,  ,blank,\n6,Orphan,orphan,99\n"

    created, *_, rejected = brought(rows)

    assert created == 4
    assert rejected == [
        {"row": 5, "reason": "The same id as line 4, which is kept"},
        {"row": 6, "reason": "No id"},
        {"row": 7, "reason": "No name"},
    ]


def test_other_tables_are_no_list_of_words():
    with pytest.raises(NotAFeed, match="not a list of words"):
        terms.read_page(b"Name,Postcode\nOne,G2 8AE\n")


def test_second_time_changes_nothing_and_a_changed_word_is_changed(brought):
    assert brought(WORDS)[:3] == (3, 0, 0)
    assert brought(WORDS)[:3] == (0, 0, 3)

    assert brought(WORDS.replace("Hall", "Foodbank"))[:3] == (0, 1, 2)
    assert Term.objects.get(ref="3").means == ["food_and_fuel"]


def test_services_are_read_by_the_words_of_their_publisher(brought):
    brought(WORDS)

    brought({"data": [SERVICE]}, "services.json")

    assert Asset.objects.get().need_kinds == ["loneliness"]
    (alone,) = aliss.read_page(json.dumps([SERVICE]).encode(), today=date(2026, 11, 23)).records
    assert alone.values["need_kinds"] == []


def test_what_somebody_decided_a_word_to_mean_stays_and_is_read_by(brought, sign_in, mo):
    brought(WORDS)
    pottery = Term.objects.get(ref="2")

    sign_in(mo).post(reverse("assets:means", kwargs={"term_id": pottery.pk}), {"means": ["mental_wellbeing"]})

    assert brought(WORDS)[:3] == (0, 0, 3)
    brought({"data": [SERVICE]}, "services.json")
    assert Asset.objects.get().need_kinds == ["mental_wellbeing"]


def test_list_of_words_through_the_pages_is_shown_before_it_counts(organisation, mo):
    said = {"kind": "terms", "source_name": "ALISS", "licence": "CC BY 4.0", "content": WORDS.encode()}
    intake = actions.start_intake(organisation=organisation, by=mo, **said)
    while run.read_next(intake.pk):
        pass
    intake.refresh_from_db()

    assert (intake.status, Term.objects.count(), Source.objects.get().kind) == ("preview", 0, "csv")
    assert [(row.number, row.state, row.values["name"]) for row in intake.rows.order_by("number")] == [
        (2, "new", "Creative"),
        (3, "new", "Pottery"),
        (4, "new", "Hall"),
    ]


def test_list_without_a_licence_is_refused_and_leaves_nothing(brought):
    with pytest.raises(CommandError, match="The licence of ALISS is not known. Name it with --licence."):
        brought(WORDS, licence="")

    assert (Source.objects.count(), Term.objects.count()) == (0, 0)


def test_feed_that_states_its_licence_itself_needs_none_named(brought):
    brought({"meta": {"licence": "https://creativecommons.org/licenses/by/4.0/"}, "data": [SERVICE]}, licence="")

    assert Source.objects.get().licence == "https://creativecommons.org/licenses/by/4.0/"


def test_words_are_listed_and_narrowed(sign_in, mo, amina):
    source = SourceFactory(name="ALISS")
    TermFactory(source=source, name="Pottery", means=["loneliness"])
    client, url = sign_in(mo), reverse("assets:words")
    with CaptureQueriesContext(connection) as for_one:
        assert [str(term) for term in client.get(url).context["page"]] == ["Pottery"]
    TermFactory(source=source, name="Hall")
    TermFactory(source=source, name="Fife", vocabulary=Vocabulary.AREA)
    with CaptureQueriesContext(connection) as for_three:
        client.get(url)

    assert len(for_one) == len(for_three)
    assert [str(term) for term in client.get(url, {"unread": "on"}).context["page"]] == ["Hall"]
    assert [str(term) for term in client.get(url, {"q": "pot"}).context["page"]] == ["Pottery"]
    assert sign_in(amina).get(url).status_code == 403


def test_real_lists_of_aliss_go_in_whole_in_one_run_and_a_second_changes_nothing(capsys):
    folder = str(shared("aliss"))

    def imported():
        call_command("import_assets", folder, source="ALISS", licence="CC BY 4.0", json=True)
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    taken = {"category": 312, "group": 38, "access": 17, "area": 80}
    every = sum(taken.values()) + 4  # and four services of the sample page
    assert imported() == {"created": every, "updated": 0, "unchanged": 0, "closed": 0, "rejected": []}
    assert imported() == {"created": 0, "updated": 0, "unchanged": every, "closed": 0, "rejected": []}
    assert {about: Term.objects.filter(vocabulary=about).count() for about in taken} == taken
    assert Term.objects.filter(name__endswith=" ").count() == 0
    assert Term.objects.get(name="Foodbank").means == ["food_and_fuel"]
