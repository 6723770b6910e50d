"""Keeping an entry right."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from assets import actions
from assets.enums import AssetVerb, Capacity, ProblemKind
from assets.models import Asset, LocalNote, Postcode
from assets.timeline import history
from caseload.models import Flag
from tests.caseload.sent import errors, filled_in
from tests.factories import AssetFactory, in_days

SECRET = "Ask for Morag; the side door sticks"


@pytest.fixture
def asset(db):
    return AssetFactory(name="Blether Café", phone="0141 496 0001", postcode="G20 9AD")


def page(name, asset):
    return reverse(f"assets:{name}", args=[asset.pk])


def verbs(asset):
    return list(asset.events.order_by("at", "id").values_list("verb", flat=True))


def sentences(asset, organisation):
    return [entry.sentence for entry in history(asset, organisation)]


def correct(client, asset, **typed):
    return client.post(page("correct", asset), filled_in(client, page("correct", asset)) | typed)


def test_one_click_confirms_and_begins_the_ladder_anew(sign_in, amina, asset):
    Asset.objects.filter(pk=asset.pk).update(reminders_sent=3, reminded_at=timezone.now())

    response = sign_in(amina).post(page("confirm", asset))

    asset.refresh_from_db()
    assert response.url == page("asset", asset)
    assert (asset.confirmed_by, asset.reminders_sent, asset.reminded_at) == (amina, 0, None)
    assert timezone.now() - asset.confirmed_at < timedelta(minutes=1)
    assert verbs(asset) == [AssetVerb.CONFIRMED]


def test_to_confirm_is_no_get(sign_in, amina, asset):
    assert sign_in(amina).get(page("confirm", asset)).status_code == 405


def test_confirming_clears_the_flag_at_once_for_every_organisation(asset, amina, organisation, other_organisation):
    for one in (organisation, other_organisation):
        Flag.objects.create(
            organisation=one, rule="asset_unconfirmed", subject_id=asset.pk, since=in_days(-1), why="Not confirmed."
        )

    actions.confirm_asset(asset=asset, by=amina)

    assert Flag.objects.open().count() == 0


def test_a_correction_is_saved_remembered_and_told_in_words(sign_in, amina, organisation, asset):
    correct(sign_in(amina), asset, phone="0141 496 0999", hours_tue="10-12.30, 2pm to 4pm", confirm="")

    asset.refresh_from_db()
    assert (asset.phone, asset.opening_hours) == ("0141 496 0999", {"tue": "10:00-12:30, 14:00-16:00"})
    assert asset.open_slots == [34, 35, 36, 38, 39]
    assert asset.local_fields == ["opening_hours", "phone"]
    assert asset.confirmed_at is None
    assert set(sentences(asset, organisation)) == {
        "Amina Yusuf changed “phone” from 0141 496 0001 to 0141 496 0999",
        "Amina Yusuf changed “opening hours” from nothing to Tuesday 10:00-12:30, 14:00-16:00",
    }


def test_a_correction_confirms_the_rest_when_that_is_left_ticked(sign_in, amina, asset):
    correct(sign_in(amina), asset, phone="0141 496 0999")
    assert verbs(asset) == [AssetVerb.CORRECTED, AssetVerb.CONFIRMED]


def test_a_form_sent_back_untouched_changes_nothing(sign_in, amina, asset):
    correct(sign_in(amina), asset, confirm="")
    asset.refresh_from_db()
    assert (verbs(asset), asset.local_fields, asset.history.count()) == ([], [], 1)


def test_a_new_postcode_moves_the_place(asset, amina):
    Postcode.objects.create(postcode="G2 8AE", latitude=55.8571, longitude=-4.2625)

    actions.correct_asset(asset=asset, by=amina, seen=asset.updated_at, postcode="G2 8AE")

    asset.refresh_from_db()
    assert (asset.latitude, asset.longitude) == (55.8571, -4.2625)
    assert asset.local_fields == ["latitude", "longitude", "postcode"]


def test_two_people_correct_one_entry_and_the_second_is_told_what_it_says_now(sign_in, amina, ben, asset):
    client = sign_in(amina)
    typed = filled_in(client, page("correct", asset), phone="0141 496 0111")
    actions.correct_asset(asset=asset, by=ben, seen=asset.updated_at, phone="0141 496 0222")

    response = client.post(page("correct", asset), typed)

    asset.refresh_from_db()
    assert asset.phone == "0141 496 0222"
    assert errors(response) == ["Somebody changed this entry meanwhile. What you wrote is still here."]
    assert response.context["newer"] == ["Phone is now: 0141 496 0222"]
    again = typed | {"seen": response.context["form"]["seen"].value()}
    assert client.post(page("correct", asset), again).status_code == 302
    asset.refresh_from_db()
    assert asset.phone == "0141 496 0111"


def test_a_correction_of_what_has_changed_meanwhile_is_refused(asset, amina):
    with pytest.raises(ChangedMeanwhile):
        actions.correct_asset(asset=asset, by=amina, seen=asset.updated_at - timedelta(seconds=1), name="Other")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": " "}, "Enter the name"),
        ({"postcode": "G99"}, "Enter a full UK postcode, like G2 8AE"),
        ({"hours_mon": "when it rains"}, "Enter times like 10:00-12:30, with a comma between two"),
        ({"hours_mon": "25:00-26:00"}, "Enter times like 10:00-12:30, with a comma between two"),
        ({"hours_mon": "12-2"}, "The end is after the beginning: write 2pm as 14:00"),
        ({"email": "no"}, "Enter an email address, like name@example.org"),
        ({"url": "javascript:alert(1)"}, "Enter a web address, like https://example.org"),
        ({"wait_weeks": "soon"}, "Wait in weeks: enter a whole number of weeks from 0 to 520"),
        ({"minimum_age": "60", "maximum_age": "16"}, "The oldest age is at least the youngest"),
    ],
)
def test_what_cannot_be_is_said_plainly(sign_in, amina, asset, typed, error):
    assert errors(correct(sign_in(amina), asset, **typed)) == [error]


def test_a_reported_problem_is_settled_by_another_organisation(sign_in, amina, organisation, stranger, asset):
    sign_in(amina).post(
        page("report", asset), {"kind": "wrong_contact", "words": "The number rings out", "once": "0" * 31 + "1"}
    )
    problem = asset.problems.get()
    assert (problem.by, problem.organisation, problem.kind) == (amina, organisation, ProblemKind.WRONG_CONTACT)

    sign_in(stranger).post(reverse("assets:settle_problem", args=[problem.pk]), {"outcome": "Rang; it is right"})

    problem.refresh_from_db()
    assert (problem.settled_by, problem.outcome) == (stranger, "Rang; it is right")
    assert verbs(asset) == [AssetVerb.REPORTED, AssetVerb.SETTLED]


def test_a_double_click_reports_once(sign_in, amina, asset):
    for _ in range(2):
        sign_in(amina).post(page("report", asset), {"kind": "full", "once": "0" * 31 + "1"})
    assert (asset.problems.count(), verbs(asset)) == (1, [AssetVerb.REPORTED])


def test_a_service_reported_gone_is_closed_by_a_person_only(sign_in, amina, asset, organisation):
    problem = actions.report_problem(asset=asset, by=amina, organisation=organisation, kind=ProblemKind.GONE)
    asset.refresh_from_db()
    assert asset.is_closed is False

    url = reverse("assets:settle_problem", args=[problem.pk])
    sign_in(amina).post(url, {"outcome": "The hall is shut", "close": "on"})

    asset.refresh_from_db()
    assert asset.is_closed is True
    assert verbs(asset) == [AssetVerb.REPORTED, AssetVerb.SETTLED, AssetVerb.CLOSED]


def test_a_closed_service_opens_again(sign_in, amina, asset):
    actions.close_asset(asset=asset, by=amina)
    sign_in(amina).post(page("reopen", asset))
    asset.refresh_from_db()
    assert (asset.is_closed, asset.closed_year) == (False, None)


def test_a_problem_is_settled_once(sign_in, amina, ben, asset, organisation):
    problem = actions.report_problem(asset=asset, by=amina, organisation=organisation, kind=ProblemKind.FULL)
    actions.settle_problem(problem=problem, by=ben, outcome="Asked them")
    with pytest.raises(MoveNotAllowed):
        actions.settle_problem(problem=problem, by=amina, outcome="Asked too")


# Local notes


@pytest.fixture
def note(asset, amina, organisation):
    return actions.add_note(asset=asset, organisation=organisation, by=amina, text=SECRET)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("amina", True), ("ben", True), ("stranger", False), ("stranger_manager", False), ("priya", False)],
)
def test_a_note_is_seen_by_its_own_organisation_only(request, sign_in, asset, note, who, sees):
    response = sign_in(request.getfixturevalue(who)).get(page("asset", asset))
    assert (SECRET in response.content.decode()) == sees


@pytest.mark.parametrize("name", ["history", "directory"])
def test_a_note_is_in_no_history_and_no_list(sign_in, amina, asset, note, name):
    url = page("history", asset) if name == "history" else f"{reverse('assets:directory')}?q=Morag"
    assert SECRET not in sign_in(amina).get(url).content.decode()


def test_a_note_is_no_part_of_the_entry(asset, note):
    assert SECRET not in str(list(Asset.objects.values()))


@pytest.mark.parametrize("who", ["ben", "stranger", "priya"])
@pytest.mark.parametrize("name", ["edit_note", "remove_note"])
def test_a_note_is_changed_and_removed_by_its_writer_only(request, sign_in, note, who, name):
    response = sign_in(request.getfixturevalue(who)).post(reverse(f"assets:{name}", args=[note.pk]), {"text": "Mine"})
    note.refresh_from_db()
    assert (response.status_code, note.text) == (404, SECRET)


def test_a_note_is_changed_and_removed(sign_in, amina, note):
    sign_in(amina).post(reverse("assets:edit_note", args=[note.pk]), {"text": "Ask for Ina"})
    note.refresh_from_db()
    assert note.text == "Ask for Ina"
    sign_in(amina).post(reverse("assets:remove_note", args=[note.pk]))
    assert LocalNote.objects.count() == 0


@pytest.mark.parametrize("name", ["confirm", "correct", "report", "close", "reopen", "add_note", "history"])
def test_a_practice_keeps_nothing(sign_in, priya, asset, name):
    response = sign_in(priya).post(page(name, asset))
    asset.refresh_from_db()
    assert (response.status_code, asset.confirmed_at, verbs(asset)) == (404, None, [])


def test_a_practice_reads_the_entry_without_what_is_said_behind_it(sign_in, priya, amina, organisation, asset, note):
    actions.report_problem(asset=asset, by=amina, organisation=organisation, kind="other", words="Rude on the phone")
    shown = sign_in(priya).get(page("asset", asset)).content.decode()
    assert ("Rude on the phone" in shown, "It is right" in shown, "Blether" in shown) == (False, False, True)


def test_history_names_colleagues_and_of_others_the_organisation(sign_in, stranger, amina, organisation, asset):
    actions.confirm_asset(asset=asset, by=stranger)
    actions.confirm_asset(asset=asset, by=amina)
    assert sentences(asset, organisation) == [
        "Amina Yusuf confirmed it is right",
        "Somebody at Elsewhere Community Links confirmed it is right",
    ]


def test_history_tells_choices_and_what_a_list_brought_in_words(asset, organisation):
    Asset.objects.filter(pk=asset.pk).update(capacity=Capacity.FULL, need_kinds=["loneliness", "caring"])
    assert set(sentences(asset, organisation)) == {
        "The list it comes from changed “room” from nothing to Full",
        "The list it comes from changed “helps with” from nothing to Loneliness and Caring",
    }


def test_whatever_nobody_has_confirmed_stands_in_one_list_the_longest_ago_first(sign_in, amina):
    AssetFactory(name="Sure", confirmed_at=in_days(-10))
    AssetFactory(name="Closed", confirmed_at=in_days(-900), is_closed=True)
    AssetFactory(name="Old", confirmed_at=in_days(-200))
    AssetFactory(name="Older", confirmed_at=in_days(-400), reminders_sent=2, reminded_at=in_days(-20))
    client, url = sign_in(amina), reverse("assets:unconfirmed")

    assert [str(asset) for asset in client.get(url).context["page"]] == ["Older", "Old"]
    assert [str(asset) for asset in client.get(url, {"asked": "no"}).context["page"]] == ["Old"]
    assert [str(asset) for asset in client.get(url, {"q": "older"}).context["page"]] == ["Older"]


def test_confirming_from_the_list_takes_a_service_off_it_and_comes_back(sign_in, amina):
    asset, url = AssetFactory(confirmed_at=in_days(-400)), reverse("assets:unconfirmed")
    client = sign_in(amina)

    response = client.post(f"{reverse('assets:confirm', args=[asset.pk])}?next={url}")

    assert response.url == url
    assert list(client.get(url).context["page"]) == []


def test_list_of_the_unconfirmed_asks_as_often_for_three_rows_as_for_one(sign_in, amina):
    client, url = sign_in(amina), reverse("assets:unconfirmed")
    AssetFactory(confirmed_at=in_days(-400))
    with CaptureQueriesContext(connection) as for_one:
        client.get(url)
    AssetFactory.create_batch(2, confirmed_at=in_days(-400))
    with CaptureQueriesContext(connection) as for_three:
        client.get(url)

    assert len(for_one) == len(for_three)
