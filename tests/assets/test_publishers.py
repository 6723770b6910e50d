"""Whose lists these are, and their licences, which somebody may find out later."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assets import actions
from assets.models import published
from tests.factories import AssetFactory, SourceFactory

PUBLISHERS = reverse("assets:publishers")


def licence_page(source):
    return reverse("assets:licence", kwargs={"source_id": source.pk})


def test_licence_found_out_later_is_recorded_with_who_and_lets_entries_be_passed_on(sign_in, mo):
    asset = AssetFactory()
    assert list(published()) == []

    response = sign_in(mo).post(licence_page(asset.source), {"licence": "Open Government Licence v3.0"})

    assert response.url == PUBLISHERS
    asset.source.refresh_from_db()
    assert (asset.source.licence, asset.source.licence_by) == ("Open Government Licence v3.0", mo)
    assert list(published()) == [asset]


def test_licence_recorded_once_is_known_the_next_time_a_list_is_begun(organisation, mo):
    source = SourceFactory(name="Our council")
    actions.record_licence(source=source, by=mo, licence="OGL v3")

    intake = actions.start_intake(
        organisation=organisation, by=mo, kind="csv", source_name="Our council", content=b"Name\nOne\n"
    )

    assert (intake.source, intake.source.licence) == (source, "OGL v3")


def test_licence_must_be_said(sign_in, mo):
    source = SourceFactory(licence="OGL v3")

    response = sign_in(mo).post(licence_page(source), {"licence": " "})

    assert response.context["form"].errors == {"licence": ["Enter the licence"]}
    source.refresh_from_db()
    assert source.licence == "OGL v3"


def test_publishers_are_listed_with_their_entries_in_as_many_queries_for_three_as_for_one(sign_in, mo):
    client, sources = sign_in(mo), [SourceFactory(licence="OGL v3", licence_by=mo, licence_at=timezone.now())]
    AssetFactory.create_batch(2, source=sources[0])
    with CaptureQueriesContext(connection) as for_one:
        page = client.get(PUBLISHERS).context["page"]
    assert [(source.name, source.entries) for source in page] == [(sources[0].name, 2)]

    SourceFactory.create_batch(2)
    with CaptureQueriesContext(connection) as for_three:
        client.get(PUBLISHERS)

    assert len(for_one) == len(for_three)


def test_link_worker_reads_no_licences_and_records_none(sign_in, amina):
    assert sign_in(amina).get(PUBLISHERS).status_code == 403
    assert sign_in(amina).post(licence_page(SourceFactory()), {"licence": "Mine"}).status_code == 403
