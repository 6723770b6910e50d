"""The command, on the database."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from openpyxl import Workbook

from assets import actions
from assets.columns import FIELDS, plain_heading
from assets.duplicates import proposals
from assets.importing import headings_of
from assets.intake import run
from assets.models import Asset, ImportRun, Source
from tests.assets.feeds import SERVICES, Feed, page, service
from tests.shared_data import shared

LIST = "Name,Postcode,UPRN,Year closed\nOne,G2 8AE,11,\nTwo,G2 8AE,12,2017\nThree,nowhere,13,\n"


@pytest.fixture
def import_list(tmp_path, capsys):
    """import_list("Name\\nOne\\n") imports a file of that text as "Our list"; gives what it printed as JSON."""

    def imported(text, **options):
        file = tmp_path / "list.csv"
        file.write_text(text)
        call_command("import_assets", str(file), **{"source": "Our list", "json": True, **options})
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return imported


@pytest.mark.django_db
def test_import_prints_what_it_did(import_list):
    assert import_list(LIST) == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "closed": 1,
        "rejected": [{"row": 4, "reason": "“nowhere” is not a postcode"}],
    }


@pytest.mark.django_db
def test_importing_twice_changes_nothing(import_list):
    import_list(LIST)
    before = list(Asset.objects.order_by("id").values())

    done = import_list(LIST)

    assert (done["created"], done["updated"], done["unchanged"], done["closed"]) == (0, 0, 2, 1)
    assert list(Asset.objects.order_by("id").values()) == before


@pytest.mark.django_db
def test_changed_row_updates_its_asset_and_no_other(import_list):
    import_list(LIST)
    two = Asset.objects.get(name="Two")

    done = import_list(LIST.replace("2017", "2018"))

    assert (done["created"], done["updated"], done["unchanged"]) == (0, 1, 1)
    two.refresh_from_db()
    assert two.closed_year == 2018


@pytest.mark.django_db
def test_reopened_place_is_open_again(import_list):
    import_list(LIST)

    import_list(LIST.replace("2017", ""))

    assert (Asset.objects.get(name="Two").is_closed, Asset.objects.get(name="Two").closed_year) == (False, None)


@pytest.mark.django_db
def test_corrected_name_stays_the_same_asset(import_list):
    import_list(LIST)
    one = Asset.objects.get(name="One")

    done = import_list(LIST.replace("One,", "One and Only,"))

    assert (done["created"], done["updated"]) == (0, 1)
    one.refresh_from_db()
    assert one.name == "One and Only"


@pytest.mark.django_db
def test_another_service_in_the_same_building_is_another_asset(import_list):
    import_list(LIST)

    done = import_list(LIST + "Four,G2 8AE,11,\n")

    assert (done["created"], done["unchanged"]) == (1, 2)


@pytest.mark.django_db
def test_asset_the_list_no_longer_has_is_left_alone(import_list):
    import_list(LIST)

    import_list("Name,Postcode\nOther,G2 8AE\n")

    assert Asset.objects.get(name="One").is_listed


@pytest.mark.django_db
def test_asset_taken_out_of_the_directory_is_not_put_back(import_list):
    import_list(LIST)
    Asset.objects.filter(name="One").update(is_listed=False)

    import_list(LIST)

    assert Asset.objects.get(name="One").is_listed is False


@pytest.mark.django_db
def test_same_place_in_two_lists_is_kept_for_each(import_list):
    import_list(LIST)

    assert import_list(LIST, source="Another list")["created"] == 2


@pytest.mark.django_db
def test_source_is_the_name_of_the_file_unless_named(import_list):
    import_list(LIST, source=None)

    assert Source.objects.get().name == "list"


@pytest.mark.django_db
def test_licence_is_kept_until_another_is_named(import_list):
    import_list(LIST)
    assert Source.objects.get().may_be_published is False

    import_list(LIST, licence="Open Government Licence v3.0")
    import_list(LIST)

    assert Source.objects.get().licence == "Open Government Licence v3.0"


@pytest.mark.django_db
def test_each_import_leaves_a_record_of_what_it_did(import_list):
    import_list(LIST)
    import_list(LIST)

    runs = ImportRun.objects.order_by("id").values_list("file_name", "created", "unchanged", "closed")
    assert list(runs) == [("list.csv", 2, 0, 1), ("list.csv", 0, 2, 1)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The file is empty. Nothing was written."),
        ("Postcode\nG2 8AE\n", "No column holds a name"),
        ("Name\n", "no row can be taken. Nothing was written."),
        ("Name,Postcode\nOne,nowhere\n", "no row can be taken. Nothing was written."),
    ],
)
def test_file_that_gives_nothing_is_an_error_and_writes_nothing(import_list, text, why):
    with pytest.raises(CommandError, match=why):
        import_list(text)

    assert Source.objects.count() == 0


@pytest.mark.django_db
def test_folder_of_tables_is_one_list_and_of_lists_several(tmp_path, capsys):
    tables, lists = tmp_path / "tables", tmp_path / "lists"
    for folder, files in {
        tables: {"services": "id,organization_id,name\n1,o,Lunch\n2,o,\n", "organizations": "id,name\no,Church\n"},
        lists: {"a": "Name\nOne\n", "b": "Name,Postcode\nTwo,G2 8AE\nThree,nowhere\n"},
    }.items():
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name}.csv").write_text(text)

    def imported(folder):
        call_command("import_assets", str(folder), licence="OGL v3", json=True)
        done = json.loads(capsys.readouterr().out.splitlines()[-1])
        return done["created"], [(row.get("file", "")[-5:], row["row"]) for row in done["rejected"]]

    assert imported(tables) == (1, [("", 2)])
    assert imported(lists) == (2, [("b.csv", 3)])
    assert sorted(Source.objects.values_list("name", flat=True)) == ["a", "b", "tables"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["list.xlsx", "list.json"])
def test_spreadsheet_and_feed_are_told_from_what_is_in_them(tmp_path, capsys, name):
    file = tmp_path / name
    if name == "list.json":
        file.write_text(json.dumps({"contents": [{"id": "1", "name": "One", "schedules": []}]}))
    else:
        book = Workbook()
        book.active.append(["Name", "Postcode"])
        book.active.append(["One", "G2 8AE"])
        book.save(file)

    call_command("import_assets", str(file), licence="OGL v3", json=True)

    assert json.loads(capsys.readouterr().out.splitlines()[-1])["created"] == 1
    assert Asset.objects.get().name == "One"


@pytest.mark.django_db
def test_address_of_a_feed_is_read_to_its_last_page(capsys, monkeypatch):
    second = f"{SERVICES}?page=2"
    pages = {SERVICES: page(1, [service(1)]), second: page(2, [service(2)], last=True)}
    monkeypatch.setattr("assets.intake.run.FETCHER", Feed(pages))

    call_command("import_assets", SERVICES, source="Ours", licence="OGL v3", json=True)

    assert json.loads(capsys.readouterr().out.splitlines()[-1])["created"] == 2


@pytest.mark.django_db
def test_missing_file_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file or directory. Nothing was written."):
        call_command("import_assets", str(tmp_path / "none.csv"))


@pytest.mark.django_db(transaction=True)
def test_import_that_fails_at_the_end_leaves_nothing(import_list, monkeypatch):
    monkeypatch.setattr("assets.actions.imports._note_seen", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        import_list(LIST)

    assert (Asset.objects.count(), Source.objects.count(), ImportRun.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_list_at_once_make_each_asset_once(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("Name\n" + "".join(f"Place {n}\n" for n in range(300)))
    Source.objects.create(name="list")

    def run(_):
        try:
            call_command("import_assets", str(file))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))

    assert Asset.objects.count() == 300
    assert sorted(ImportRun.objects.values_list("created", "unchanged")) == [(0, 300)] * 3 + [(300, 0)]


@pytest.mark.django_db
def test_real_lists_go_in_whole_a_second_time_change_nothing_and_overlap_where_they_should(capsys, mo, organisation):
    """The two paths take turns: what one brought in the other finds as it is."""
    scottish, whole = shared("libraries/libraries_scotland.csv"), shared("libraries/libraries_uk_schema_form.csv")

    def by_command(path):
        call_command("import_assets", str(path), source=path.stem, licence="OGL v3", json=True)
        done = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert all(row["row"] and row["reason"] for row in done["rejected"])
        return tuple(done[name] for name in ("created", "updated", "unchanged", "closed")) + (len(done["rejected"]),)

    def by_pages(path):
        columns = {h: FIELDS.get(plain_heading(h), "") for h in headings_of(path.read_bytes())}
        said = {"source_name": path.stem, "kind": "csv", "licence": "OGL v3", "content": path.read_bytes()}
        intake = actions.start_intake(organisation=organisation, by=mo, **said)
        actions.map_columns(intake=intake, by=mo, mapping=columns)
        while run.read_next(intake.pk):
            pass
        actions.apply_intake(intake=intake, by=mo)
        while run.write_next(intake.pk):
            pass
        done = ImportRun.objects.latest("id")
        return done.created, done.updated, done.unchanged, done.closed, len(done.rejected)

    assert by_command(whole) == (4210, 0, 0, 459, 21)
    assert by_pages(whole) == (0, 0, 4210, 459, 21)
    assert by_pages(scottish) == (483, 0, 0, 0, 0)
    assert by_command(scottish) == (0, 0, 483, 0, 0)
    assert (Asset.objects.count(), Asset.objects.closed().count()) == (4693, 459)
    lists = dict(Asset.objects.values_list("pk", "source__name"))
    twins = [p for p in proposals() if lists[p.first_id] != lists[p.second_id]]
    assert 440 <= len({i for p in twins for i in (p.first_id, p.second_id) if lists[i] == scottish.stem}) <= 483
