"""The feed against the UK profile's own schema."""

import json

import pytest
from django.core.cache import cache
from jsonschema import Draft202012Validator

from tests.assets.test_feed import FULL
from tests.factories import AssetFactory, SourceFactory
from tests.shared_data import shared


def problems(schema: str, answer) -> list[str]:
    held = json.loads(shared(f"oruk_v3/uk_profile/schema/{schema}.json").read_text())
    validator = Draft202012Validator(held, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]


@pytest.fixture
def ask(client, db):
    cache.clear()
    source = SourceFactory(licence="OGL v3", url="https://example.org/lïst")
    AssetFactory(source=source, **FULL)
    AssetFactory(source=source, name="Only a name")
    return lambda path: client.get(f"/oruk/v3/{path}").json()


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("services", "compiled/service_list"),
        ("service_at_locations", "compiled/service_at_location_list"),
        ("taxonomies", "taxonomy"),
        ("taxonomy_terms", "taxonomy_term"),
    ],
)
def test_every_entry_of_a_list_is_valid(ask, path, schema):
    entries = ask(path)["contents"]

    assert len(entries) >= 2
    assert [problem for entry in entries for problem in problems(schema, entry)] == []


@pytest.mark.parametrize(
    ("path", "schema"),
    [("services", "compiled/service"), ("service_at_locations", "compiled/service_at_location")],
)
def test_every_record_is_valid_whole(ask, path, schema):
    wholes = [ask(f"{path}/{entry['id']}") for entry in ask(path)["contents"]]

    assert [problem for whole in wholes for problem in problems(schema, whole)] == []


def test_schema_does_find_what_is_wrong():
    assert problems("compiled/service", {"id": "x", "name": "A", "status": "open"}) != []


@pytest.mark.parametrize(
    ("form", "wrong"),
    [("date-time", "yesterday"), ("email", "nobody"), ("uri", "example.org/lïst"), ("uuid", "12")],
)
def test_schema_does_check_the_form_of_a_value(form, wrong):
    """A form whose checker is not installed would be let through."""
    checked = Draft202012Validator({"format": form}, format_checker=Draft202012Validator.FORMAT_CHECKER)

    assert not checked.is_valid(wrong)
