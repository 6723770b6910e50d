"""Operators correct an asset by hand; figures and records of imports only come from the commands."""

import pytest
from django.contrib import admin
from django.urls import reverse

from assets.models import AreaDeprivation, Asset, ImportRun, Postcode, Source
from tests.factories import AssetFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(sign_in):
    return sign_in(UserFactory(is_staff=True, is_superuser=True))


@pytest.mark.parametrize("model", [Source, Asset, ImportRun, Postcode, AreaDeprivation])
def test_operator_can_list_and_search(operator, model):
    assert operator.get(reverse(f"admin:assets_{model._meta.model_name}_changelist"), {"q": "x"}).status_code == 200


@pytest.mark.parametrize("model", [ImportRun, Postcode, AreaDeprivation])
def test_what_the_commands_write_is_read_only(rf, model):
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)

    assert admin.site.get_model_admin(model).get_model_perms(request) == {
        "add": False,
        "change": False,
        "delete": False,
        "view": True,
    }


def test_operator_takes_a_place_out_of_the_directory(operator):
    asset = AssetFactory(name="Maryhill Library")

    operator.post(
        reverse("admin:assets_asset_change", args=[asset.pk]), {"name": asset.name, "opening_hours": "{}"}, follow=True
    )

    asset.refresh_from_db()
    assert asset.is_listed is False
