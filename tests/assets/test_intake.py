"""Bringing a list in, from the form to the directory."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assets import actions, tasks
from assets.intake import run
from assets.models import Asset, AssetEvent, Conflict, ImportRun, Intake, Source
from tests.shared_data import shared

LIST = "Name,Postcode,Phone\nOne,G2 8AE,0141 1\nTwo,G2 8AE,0141 2\nThree,nowhere,0141 3\n"


def states(intake):
    return list(intake.rows.order_by("number").values_list("number", "state", "reason"))


@pytest.mark.django_db
def test_list_is_shown_before_anything_is_written(begin, read):
    intake = read(begin(LIST))

    assert intake.status == "preview"
    assert states(intake) == [
        (2, "new", ""),
        (3, "new", ""),
        (4, "rejected", "“nowhere” is not a postcode"),
    ]
    assert Asset.objects.count() == 0


@pytest.mark.django_db
def test_list_brought_in_twice_changes_nothing(bring_in):
    assert bring_in(LIST) == (2, 0, 0, 1)
    before = list(Asset.objects.order_by("id").values())

    assert bring_in(LIST) == (0, 0, 2, 1)
    assert list(Asset.objects.order_by("id").values()) == before


@pytest.mark.django_db
def test_service_no_longer_listed_is_shown_as_gone_and_left_alone(begin, read, bring_in):
    bring_in(LIST)

    intake = read(begin(LIST.replace("Two,G2 8AE,0141 2\n", "")))

    assert [row.asset.name for row in intake.rows.filter(state="gone")] == ["Two"]
    actions.apply_intake(intake=intake, by=intake.by)
    tasks.write_intake(str(intake.pk))
    assert Asset.objects.get(name="Two").is_closed is False


@pytest.mark.django_db
def test_field_put_right_here_stays_and_becomes_a_conflict(bring_in, amina):
    bring_in(LIST)
    one = Asset.objects.get(name="One")
    actions.correct_asset(asset=one, by=amina, seen=one.updated_at, phone="0141 496 0000")

    bring_in(LIST.replace("0141 1", "0141 9").replace("One,", "One,"))

    one.refresh_from_db()
    assert one.phone == "0141 496 0000"
    assert list(Conflict.objects.values_list("field", "theirs")) == [("phone", {"phone": "0141 9"})]


@pytest.mark.django_db
def test_choice_once_made_is_not_asked_again_until_the_list_says_something_new(bring_in, amina):
    bring_in(LIST)
    one = Asset.objects.get(name="One")
    actions.correct_asset(asset=one, by=amina, seen=one.updated_at, phone="0141 496 0000")
    bring_in(LIST)
    actions.settle_conflict(conflict=Conflict.objects.get(), by=amina, take_theirs=False)

    bring_in(LIST)
    assert Conflict.objects.open().count() == 0

    bring_in(LIST.replace("0141 1", "0141 9"))
    assert Conflict.objects.open().count() == 1


@pytest.mark.django_db
def test_theirs_taken_replaces_ours_and_the_feed_leads_again(bring_in, amina):
    bring_in(LIST)
    one = Asset.objects.get(name="One")
    actions.correct_asset(asset=one, by=amina, seen=one.updated_at, phone="0141 496 0000")
    bring_in(LIST)

    actions.settle_conflict(conflict=Conflict.objects.get(), by=amina, take_theirs=True)

    one.refresh_from_db()
    assert (one.phone, one.local_fields) == ("0141 1", [])
    assert one.events.latest("id").words == "Phone: took the one from Our list".lower().replace("our list", "Our list")


@pytest.mark.django_db
def test_writing_killed_half_way_goes_on_where_it_stopped(begin, read, mo, monkeypatch):
    monkeypatch.setattr(run, "BATCH", 2)
    intake = read(begin("Name\n" + "".join(f"Place {n}\n" for n in range(5))))
    actions.apply_intake(intake=intake, by=mo)
    run.write_next(intake.pk)
    assert Asset.objects.count() == 2

    tasks.write_intake(str(intake.pk))

    assert (Asset.objects.count(), AssetEvent.objects.count(), ImportRun.objects.get().created) == (5, 5, 5)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "path", "taken", "kept_out"),
    [
        ("csv", "libraries/libraries_scotland.csv", 483, 0),
        ("aliss", "aliss/v4_service_page_sample.json", 4, 0),
        ("oruk", "oruk_v3/uk_profile/examples/service_full.json", 1, 0),
    ],
)
def test_real_list_goes_in_whole_and_a_second_time_changes_nothing(bring_in, kind, path, taken, kept_out):
    content = shared(path).read_bytes()

    assert bring_in(content, kind=kind) == (taken, 0, 0, kept_out)
    assert bring_in(content, kind=kind) == (0, 0, taken, kept_out)


@pytest.mark.django_db
def test_source_without_a_licence_is_refused(organisation, mo):
    with pytest.raises(actions.NoLicence):
        actions.start_intake(organisation=organisation, by=mo, kind="csv", source_name="New", content=b"Name\nOne\n")

    assert (Source.objects.count(), Intake.objects.count()) == (0, 0)


@pytest.fixture
def client_of_mo(sign_in, mo):
    return sign_in(mo)


def answers(**also):
    return {
        "kind": "csv",
        "source_name": "Our list",
        "licence": "OGL v3",
        "once": "6f1f2d46-7f3d-4f36-9f3a-2f5b0a4d7f11",
        **also,
    }


def test_manager_brings_in_a_list_by_the_pages(client_of_mo, django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr(tasks.read_intake, "delay", tasks.read_intake)
    monkeypatch.setattr(tasks.write_intake, "delay", tasks.write_intake)
    file = SimpleUploadedFile("list.csv", b"Label,Plz\nOne,G2 8AE\n")
    with django_capture_on_commit_callbacks(execute=True):
        response = client_of_mo.post(reverse("assets:start_intake"), answers(file=file), follow=True)
    intake = Intake.objects.get()
    assert response.redirect_chain[-1][0] == reverse("assets:intake_columns", kwargs={"intake_id": intake.pk})

    with django_capture_on_commit_callbacks(execute=True):
        response = client_of_mo.post(response.request["PATH_INFO"], {"column_0": "name", "column_1": "postcode"})
    response = client_of_mo.get(response.url)
    assert response.context["progress"]["counts"][0] == ("new", "New", 1)

    with django_capture_on_commit_callbacks(execute=True):
        client_of_mo.post(reverse("assets:apply_intake", kwargs={"intake_id": intake.pk}))
    assert list(Asset.objects.values_list("name", "postcode")) == [("One", "G2 8AE")]
    assert Source.objects.get().mapping == {"label": "name", "plz": "postcode"}


@pytest.mark.parametrize(
    ("asked", "field", "why"),
    [
        ({"licence": ""}, "licence", "Enter the licence. Nothing is brought in until somebody has found it out"),
        ({}, "file", "Choose a file or enter a web address, one of the two"),
        ({"url": "http://example.org/services"}, "url", "The address must begin with https://"),
        ({"source_name": ""}, "source_name", "Enter who publishes it"),
    ],
)
def test_what_is_missing_is_said_plainly(client_of_mo, asked, field, why):
    response = client_of_mo.post(reverse("assets:start_intake"), answers(**asked))

    assert response.context["form"].errors[field] == [why]
    assert Intake.objects.count() == 0


def test_row_to_be_changed_shows_both_values(client_of_mo, begin, read, bring_in):
    bring_in(LIST)
    intake = read(begin(LIST.replace("0141 1", "0141 9")))

    response = client_of_mo.get(reverse("assets:intake", kwargs={"intake_id": intake.pk}), {"state": "changed"})

    (line,) = response.context["lines"]
    assert [(c.label, c.ours, c.theirs) for c in line.changes] == [("Phone", "0141 1", "0141 9")]


def test_settling_twice_is_a_message(sign_in, amina, bring_in):
    bring_in(LIST)
    one = Asset.objects.get(name="One")
    actions.correct_asset(asset=one, by=amina, seen=one.updated_at, phone="0141 496 0000")
    bring_in(LIST)
    client, conflict = sign_in(amina), Conflict.objects.get()
    assert client.get(reverse("assets:conflicts")).context["conflicts"][0].theirs == "0141 1"

    url = reverse("assets:settle_conflict", kwargs={"conflict_id": conflict.pk})
    assert client.post(url, {"take": "ours"}).status_code == 302
    assert client.post(url, {"take": "ours"}).status_code == 404


def test_entry_says_which_fields_were_put_right_here_and_by_whom(sign_in, amina, ben, stranger, bring_in):
    bring_in(LIST)
    one = Asset.objects.get(name="One")
    actions.correct_asset(asset=one, by=amina, seen=one.updated_at, phone="0141 496 0000")
    url = reverse("assets:asset", kwargs={"asset_id": one.pk})

    (said,) = sign_in(ben).get(url).context["corrections"]
    assert (said.label, said.who) == ("Phone", "Amina Yusuf")

    (said,) = sign_in(stranger).get(url).context["corrections"]
    assert said.who == "Somebody at Wellpark Link Workers"


def test_rows_kept_out_can_be_taken_away_as_a_file_with_their_reasons(client_of_mo, begin, read):
    intake = read(begin('Name,Postcode\nOne,G2 8AE\n"=SUM(A1)",nowhere\n'))

    url = reverse("assets:intake_rows_csv", kwargs={"intake_id": intake.pk})
    response = client_of_mo.get(url, {"state": "rejected"})

    assert response["Content-Disposition"].startswith("attachment")
    assert response.content.decode("utf-8-sig").splitlines() == [
        "Row,Name,What becomes of it,Why",
        "3,'=SUM(A1),Kept out,“nowhere” is not a postcode",
    ]
