"""Files nobody has seen before, through the pages: every one is brought in or plainly refused, whole, and at once."""

import io
import json
import random
import time
import zipfile
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from assets import tasks
from assets.models import Asset, ImportRun, Intake, Term
from tests.factories import IntakeFactory
from tests.shared_data import shared

pytestmark = pytest.mark.django_db

ENDS = {"preview", "failed", "done"}
PATIENCE = 20  # seconds: nothing hangs


def sheet(*rows):
    book, packed = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(packed)
    return packed.getvalue()


def packed(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return made.getvalue()


def feed(**also):
    service = {"id": "a", "name": "Lunch", "status": "active", "schedules": []}
    return json.dumps({"contents": [service | also.pop("service", {})], **also}).encode()


def aliss(**also):
    service = {"id": "a", "name": "Lunch", "organisation": None, "categories": None, "locations": None}
    return json.dumps({"count": None, "next": None, "data": [service | also]}).encode()


@pytest.fixture
def bring_in(sign_in, mo, monkeypatch, django_capture_on_commit_callbacks):
    """bring_in(content) goes through every page as a manager does; gives (status, entries, rows kept out)."""
    monkeypatch.setattr(tasks.read_intake, "delay", tasks.read_intake)
    monkeypatch.setattr(tasks.write_intake, "delay", tasks.write_intake)
    client = sign_in(mo)

    def post(url, answers):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, answers)

    def brought(content, name="list.csv", kind="file"):
        began = time.monotonic()
        answers = {"kind": kind, "source_name": "Theirs", "licence": "OGL v3", "once": str(uuid4())}
        response = post(reverse("assets:start_intake"), answers | {"file": SimpleUploadedFile(name, content)})
        if response.status_code == 200:
            assert response.context["form"].errors
            return "refused", 0, 0
        intake = Intake.objects.get(pk=answers["once"])
        page = client.get(response.url, follow=True)
        if form := page.context.get("form"):
            columns = {name: form[name].initial or "" for name in form.fields}
            if "name" not in columns.values():
                columns["column_0"] = "name"
            post(reverse("assets:intake_columns", args=[intake.pk]), columns)
        post(reverse("assets:apply_intake", args=[intake.pk]), {})
        for address in ("intake", "intake_rows_csv"):
            assert client.get(reverse(f"assets:{address}", args=[intake.pk])).status_code == 200
        intake.refresh_from_db()
        assert time.monotonic() - began < PATIENCE
        return outcome(intake)

    return brought


def outcome(intake):
    """Half an import is none: what was taken is there, and what is there was taken."""
    written = intake.rows.filter(applied_at__isnull=False).count()
    there = Asset.objects.filter(source=intake.source).count() + Term.objects.filter(source=intake.source).count()
    assert intake.status in ENDS or (intake.status == "reading" and there == 0)  # its columns cannot be told
    assert written == 0 or intake.status == "done"
    assert there >= written
    return intake.status, there, intake.rows.filter(state="rejected").count()


@pytest.mark.parametrize(
    ("content", "taken", "kept_out"),
    [
        (b"Name;Postcode;Phone\nOne;G2 8AE;0141 1\nTwo;nowhere;2\n", 1, 1),
        ("Name\tPostcode\nCafé\tG2 8AE\n".encode("utf-16"), 1, 0),
        ("Name,Postcode\nCafé,G2 8AE\n".encode("cp1252"), 1, 0),
        (b"\xef\xbb\xbf\r\n\r\nName,Postcode\r\nOne,G2 8AE\r\n", 1, 0),
        (b"Name,Name,Postcode\nOne,Uno,G2 8AE\n", 1, 0),
        (b"Name,,\nOne,,\nName,,\n", 1, 1),
        (b"Name,Description\nOne," + b"x" * 200_000 + b"\nTwo,y\n", 1, 1),
        (b"Name,Phone\n" + b"\xf0\x9f\x8d\xb2" * 400 + b",1\nSoup \xf0\x9f\x8d\xb2,2\n", 1, 1),
        (b'Name,Postcode\n"One,G2 8AE\nTwo,G2 8AE\n', 1, 1),
        (b"Name,Latitude,Longitude,Ages\nOne,1e999,nan,200-3\n", 1, 0),
        (sheet(["Name", "Postcode", "Year closed"], ["One", "G2 8AE", 2017.0], [None], ["Two", "x"]), 1, 1),
        (feed(), 1, 0),
        (feed(page_number=0, last_page=True, total_items=-3, service={"name": "<b>Lunch</b>&amp;"}), 1, 0),
        (feed(service={"id": None, "minimum_age": "x", "service_at_locations": [None, 3, {"location": []}]}), 1, 0),
        (feed(next="https://127.0.0.1/?page=2", last_page=False, total_pages=10**12), 1, 0),
        (aliss(), 1, 0),
        (aliss(community_groups=[{"name": None}], accessibility_features=[None], service_areas={}), 1, 0),
        (aliss(locations=[{"id": None, "latitude": "x", "postal_code": "?"}, {"latitude": 0, "longitude": 0}]), 1, 1),
        (packed(service="id,name\n1,Lunch\n2,\n", schedule="id,service_id,byday\n1,1,XX\n"), 1, 1),
        (b"id,name,slug,parent_id\n1,Food,food,1\n1,Food,food,\n", 1, 1),
    ],
    ids=range(20),
)  # fmt: skip
def test_list_made_another_way_is_brought_in_and_what_is_wrong_in_it_kept_out(bring_in, content, taken, kept_out):
    assert bring_in(content) == ("done", taken, kept_out)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "file"),
        (b"\0" * 5000, "file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "csv"),
        (b"<html><body>Not here</body></html>", "oruk"),
        (b"PK\x03\x04" + b"\xff" * 300, "file"),
        (packed(nothing="a,b\n"), "hsds_csv"),
        (packed(nothing="a,b\n"), "csv"),
        (sheet(), "file"),
        (sheet(["Name"], ["One"])[:-400], "csv"),
        (b"[" * 50_000, "oruk"),
        (b'{"contents": [' + b'{"name": 1e400},' * 3 + b"{}]}", "oruk"),
        (b"Name,Postcode\nOne,G2 8AE\n", "terms"),
        (b"Name,Postcode\nOne,G2 8AE\n", "aliss"),
    ],
    ids=range(13),
)
def test_what_is_no_list_is_refused_plainly_and_writes_nothing(bring_in, content, kind):
    state, there, _ = bring_in(content, kind=kind)

    assert (state in {"refused", "failed", "preview"}, there) == (True, 0)


REAL = [
    "libraries/libraries_scotland.csv",
    "aliss/v4_service_page_sample.json",
    "aliss/community_groups_2024.csv",
    "oruk_v3/uk_profile/examples/service_full.json",
    "oruk_v3/uk_profile/examples/service_list.json",
]


@pytest.mark.parametrize("path", REAL)
def test_real_list_that_was_mangled_is_brought_in_or_plainly_refused(bring_in, path):
    content, chance = shared(path).read_bytes()[:6000], random.Random(path)
    for _ in range(4):
        mangled = bytearray(content)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(mangled))
            size = chance.choice([1, 1, 3, 200])
            mangled[at : at + size] = chance.choice([b"", b'"', b"\0", b"\xff", b"\n", b"{", b",,,", content[:80]])
        bring_in(bytes(mangled))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: f"Name,Postcode,Opening hours\n{text}".encode("utf-8", "ignore")),
        st.recursive(
            st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
            lambda some: (
                st.lists(some, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["id", "name", "data", "contents", "locations", "schedules", "categories"]),
                    some,
                )
            ),
            max_leaves=15,
        ).map(lambda held: json.dumps(held).encode()),
    ),
    kind=st.sampled_from(["file", "csv", "oruk", "aliss", "hsds_csv", "terms"]),
)
def test_whatever_is_sent_no_page_fails(bring_in, content, kind):
    bring_in(content, kind=kind)


@pytest.mark.parametrize("mapping", [{}, {"column_0": "nonsense"}, {"column_0": "name", "column_1": "name"}])
def test_columns_that_make_no_sense_are_said_plainly(sign_in, mo, organisation, mapping):
    intake = IntakeFactory(organisation=organisation, by=mo, content=b"A,B\nOne,Two\n")

    response = sign_in(mo).post(reverse("assets:intake_columns", args=[intake.pk]), mapping)

    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    assert ImportRun.objects.count() == 0
