"""Reading lists that people made by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.importing import AssetList, NotAnAssetList, read_assets
from assets.postcodes import is_postcode
from tests.shared_data import shared

TODAY = date(2026, 11, 22)


def read(text: str | bytes) -> AssetList:
    return read_assets(text if isinstance(text, bytes) else text.encode(), TODAY)


def only(text: str | bytes):
    (row,) = read(text).rows
    return row


def refusals(text: str) -> list[tuple[int, str]]:
    return [(remark.row, remark.reason) for remark in read(text).rejected]


def test_columns_are_known_by_their_usual_names_in_any_order():
    row = only("E-mail,POST CODE,Library name,Year opened\nhello@example.org,g2 8ae,Maryhill,1905\n")

    assert (row.name, row.postcode, row.email) == ("Maryhill", "G2 8AE", "hello@example.org")


def test_unknown_columns_are_listed():
    assert read("Name,Floor colour,,Name\nMaryhill,Red,,\n").unknown_columns == ["Floor colour", "Name"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_file_is_read_in_any_usual_encoding(encoding):
    assert only("Name\nCafé Môn – “Upstairs”\n".encode(encoding)).name == "Café Môn – “Upstairs”"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_file_is_read_with_any_usual_delimiter(delimiter):
    assert only(f"Name{delimiter}Postcode\nMaryhill{delimiter}G2 8AE\n").postcode == "G2 8AE"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        (
            b"PK\x03\x04rest",
            "This is a zip file, not a list. Unpack it first.",
        ),
        (b"\x7fELF\0\0", "This is not a text file that can be read. Save the list as CSV in UTF-8."),
        (b"Name\n\x81\x8d", "This is not a text file that can be read. Save the list as CSV in UTF-8."),
    ],
)
def test_file_that_is_no_list_is_refused(content, why):
    with pytest.raises(NotAnAssetList, match=f"^{why}$"):
        read(content)


def test_list_without_names_is_refused():
    with pytest.raises(NotAnAssetList, match="^No column holds a name"):
        read("Postcode,Town\nG2 8AE,Glasgow\n")


def test_bad_rows_are_named_by_their_line_and_the_others_taken():
    text = (
        'Name,Postcode,Notes\nOne,G2 8AE,"two\nlines"\n,G2 8AE,\nThree,G2 8A,\n\nFive,G2 8AE,\nSix\nSeven,G2 8AE,,,x\n'
    )

    assert [(row.row, row.name) for row in read(text).rows] == [(2, "One"), (7, "Five")]
    assert refusals(text) == [
        (4, "No name"),
        (5, "“G2 8A” is not a postcode"),
        (8, "Has 1 values for 3 columns"),
        (9, "Has 5 values for 3 columns"),
    ]


def test_quotation_mark_never_closed_costs_one_line_only():
    text = 'Name,Postcode\nOne,G2 8AE\n"Two,G2 8AE\nThree,G2 8AE\n"Four",G2 8AE\n'

    assert [row.name for row in read(text).rows] == ["One", "Three", "Four"]
    assert refusals(text) == [(3, "A quotation mark is out of place, or a value is far too long")]


def test_headings_repeated_further_down_are_no_place():
    assert refusals("Name,Postcode\nOne,G2 8AE\nname,postcode\n") == [(3, "The headings again, not a place")]


def test_empty_cells_a_spreadsheet_dropped_at_the_end_are_empty():
    assert only("Name,Postcode,Notes,URL\nOne,G2 8AE\n").description == ""


def test_name_longer_than_there_is_room_for_is_refused():
    assert refusals(f"Name\n{'x' * 301}\n") == [(2, "The name is longer than 300 characters")]


def test_invisible_characters_are_no_part_of_a_name():
    assert only("Name\n\u200bBelfast\u00a0 Central\u202e\n").name == "Belfast Central"


@pytest.mark.parametrize(
    ("typed", "closed"),
    [
        ("2017", (True, 2017)),
        ("31/03/2017", (True, 2017)),
        ("1900", (True, None)),
        ("Yes", (True, None)),
        ("", (False, None)),
        ("n/a", (False, None)),
        ("No", (False, None)),
        ("2031", (False, None)),
    ],
)
def test_closed_ones_are_marked_closed(typed, closed):
    row = only(f"Name,Year closed\nOne,{typed}\n")

    assert (row.is_closed, row.closed_year) == closed


@pytest.mark.parametrize(
    ("status", "is_closed"),
    [("Closed", True), ("Permanently closed", True), ("Temporarily closed", False), ("", False)],
)
def test_status_says_whether_a_place_has_closed(status, is_closed):
    assert only(f"Name,Status\nOne,{status}\n").is_closed is is_closed


def test_hours_are_kept_by_day_in_one_form():
    row = only('Name,Monday staffed hours,Tuesday,Wed\nOne,9:30-13:00,"10:00-12:00, 13:00 – 17:30",Closed\n')

    assert row.opening_hours == {"mon": "09:30-13:00", "tue": "10:00-12:00, 13:00-17:30"}


@pytest.mark.parametrize("hours", ["00:00", "17:00-09:00", "09:00-25:00", "09:75-17:00", "mornings"])
def test_hours_that_cannot_be_read_are_left_out_and_said(hours):
    found = read(f"Name,Monday\nOne,{hours}\n")

    assert found.rows[0].opening_hours == {}
    assert found.left_out[0].reason == "The hours on Monday cannot be read and were left out"


@pytest.mark.parametrize(
    ("email", "url", "read_as"),
    [
        ("Bude <bude@example.org>", "", ("bude@example.org", "")),
        ("bude@example.orgÂ\u00a0", "", ("bude@example.org", "")),
        ("https://example.org/form", "", ("", "https://example.org/form")),
        ("", "bude@example.org", ("bude@example.org", "")),
        ("", "www.example.org", ("", "https://www.example.org")),
        ("", "javascript:alert(1)", ("", "")),
    ],
)
def test_email_and_web_address_are_taken_for_what_they_are(email, url, read_as):
    row = only(f"Name,Email,URL\nOne,{email},{url}\n")

    assert (row.email, row.url) == read_as


def test_same_place_twice_is_taken_once():
    text = "Name,Postcode\nOne Stop,G2 8AE\nONE-STOP,g28ae\n"

    assert [row.row for row in read(text).rows] == [2]
    assert refusals(text) == [(3, "The same place as line 2, which is kept")]


def test_open_row_counts_before_a_closed_one_of_the_same_place():
    text = "Name,Postcode,Year closed\nOne,G2 8AE,2012\nOne,G2 8AE,\nOne,G2 8AE,2016\n"

    assert only(text).is_closed is False
    assert refusals(text) == [
        (2, "The same place as line 3, which is kept"),
        (4, "The same place as line 3, which is kept"),
    ]


def test_services_that_share_a_building_are_each_taken():
    text = "Name,Postcode,UPRN\nDiscovery Centre,PO12 1BT,37033048\nLocal Studies,PO12 1BT,37033048\n"

    assert [row.name for row in read(text).rows] == ["Discovery Centre", "Local Studies"]


def test_reference_of_the_list_itself_decides_what_is_the_same():
    assert [row.source_ref for row in read("ID,Name\n7,One\n8,One\n").rows] == ["id:7", "id:8"]


CELLS = st.text(max_size=12) | st.sampled_from(["Name", "Postcode", "G2 8AE", "2017", '"', ",", "\r", "\n", "a@b.cd"])
HEADINGS = st.lists(st.sampled_from(["Name", "Postcode", "Closed", "Email", "Monday", "Notes", "Odd"]), max_size=5)
MANGLED = st.builds(
    lambda headings, lines: "\n".join([",".join(["Name", *headings]), *(",".join(line) for line in lines)]),
    HEADINGS,
    st.lists(st.lists(CELLS, max_size=8), max_size=8),
)


@given(st.binary(max_size=300) | MANGLED.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_the_file_it_is_read_or_plainly_refused(content):
    try:
        found = read(content)
    except NotAnAssetList:
        return
    for row in found.rows:
        assert row.name.strip() == row.name != ""
        assert row.postcode == "" or is_postcode(row.postcode)
        assert "\0" not in str(row)
    assert len({row.source_ref for row in found.rows}) == len(found.rows)
    assert {row.row for row in found.rows}.isdisjoint(remark.row for remark in found.rejected)


def test_every_library_in_the_uk_list_is_taken_or_accounted_for():
    found = read(shared("libraries/libraries_uk_schema_form.csv").read_bytes())

    assert (len(found.rows), len(found.rejected), sum(row.is_closed for row in found.rows)) == (4210, 21, 459)
    assert [(r.row, r.reason) for r in found.rejected if "same place" not in r.reason] == [
        (441, "“SA15 5SC” is not a postcode")
    ]
    assert [remark.row for remark in found.left_out] == [650, 751, 817, 2741, 2802, 3220, 4060, 4121]


def test_lines_of_the_uk_list_are_those_an_editor_shows():
    path = shared("libraries/libraries_uk_schema_form.csv")
    lines = path.read_text(encoding="utf-8-sig").split("\n")

    assert all(row.name.split()[0] in lines[row.row - 1] for row in read(path.read_bytes()).rows)


def test_every_library_in_the_scottish_list_is_taken():
    found = read(shared("libraries/libraries_scotland.csv").read_bytes())

    assert (len(found.rows), found.rejected, found.left_out, found.unknown_columns) == (483, [], [], [])
