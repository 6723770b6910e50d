"""Entries that may be the same, merged by a person and taken back."""

import pytest
from django.urls import reverse

from accounts.moves import MoveNotAllowed
from assets import actions
from assets.duplicates import proposals
from assets.models import Asset, directory
from assets.timeline import history
from referrals.reliance import relying
from tests.factories import AssetFactory, CaseFactory, HoldFactory, OnwardReferralFactory

pytestmark = pytest.mark.django_db


def pair(**fields):
    """Two entries of two lists, alike but for what is given as (one, other)."""
    both = {"name": ("Govan Lunch Club", "Govan Lunch Club"), "postcode": ("G51 3AA", "G51 3AA")} | fields
    return [AssetFactory(**{name: values[n] for name, values in both.items()}) for n in (0, 1)]


def state(*assets):
    """Everything an entry says, as stored; but when it was last written."""
    rows = Asset.objects.filter(pk__in=[asset.pk for asset in assets]).order_by("pk").values()
    return [{name: value for name, value in row.items() if name != "updated_at"} for row in rows]


def proposed():
    return [({one.first_id, one.second_id}, one.shared) for one in proposals()]


@pytest.mark.parametrize(
    ("fields", "shared_by"),
    [
        ({"name": ("Govan Lunch Club", "The Govan lunch-club")}, ["postcode"]),
        ({"postcode": ("G51 3AA", ""), "url": ("https://www.lunch.org/a", "http://lunch.org")}, ["web address"]),
        ({"postcode": ("", ""), "charity_number": ("SC1", "SC1")}, ["charity number"]),
        ({"url": ("https://lunch.org/a", "https://lunch.org/b")}, ["postcode", "web address"]),
        ({"postcode": ("G51 3AA", "G12 8QQ"), "charity_number": ("SC1", "SC1")}, ["charity number"]),
    ],
)
def test_entries_alike_are_proposed_with_what_they_share(fields, shared_by):
    first, second = pair(**fields)
    assert proposed() == [({first.pk, second.pk}, shared_by)]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ("Govan Lunch Club", "Tai chi")},
        {"postcode": ("G51 3AA", "G12 8QQ")},
        {"postcode": ("", "")},
        {
            "name": ("Govan Lunch Club", "Govan Tea Dance Club"),
            "postcode": ("G51 3AA", "G12 8QQ"),
            "url": ("https://lunch.org/a", "https://lunch.org/b"),
        },
        {"is_listed": (True, False)},
    ],
)
def test_entries_that_share_too_little_are_not_proposed(fields):
    pair(**fields)
    assert proposed() == []


def test_two_said_not_to_be_the_same_are_not_proposed_again(sign_in, amina):
    first, second = pair()
    for one, other in [(first, second), (second, first)]:
        sign_in(amina).post(reverse("assets:not_the_same", args=[one.pk, other.pk]))
    assert proposed() == []


def test_the_kept_entry_takes_what_it_lacks_and_keeps_what_it_has(amina):
    kept, gone = pair(
        phone=("0141 1", "0141 2"), description=("", "Soup and pudding"), need_kinds=([], ["loneliness"])
    )

    actions.merge_assets(kept=kept, gone=gone, by=amina)

    kept.refresh_from_db()
    assert (kept.phone, kept.description, kept.need_kinds) == ("0141 1", "Soup and pudding", ["loneliness"])
    assert kept.local_fields == ["description", "need_kinds"]
    assert list(directory()) == [kept]
    assert proposed() == []


def test_the_place_is_not_pieced_together_of_two(amina):
    kept, gone = pair(postcode=("G51 3AA", "G12 8QQ"), address=("", "1 Byres Road"), latitude=(None, 55.9),
                      longitude=(None, -4.3))  # fmt: skip
    actions.merge_assets(kept=kept, gone=gone, by=amina)
    kept.refresh_from_db()
    assert (kept.address, kept.latitude) == ("", None)


def test_a_merge_taken_back_leaves_both_exactly_as_they_were(sign_in, amina):
    kept, gone = pair(
        description=("", "Soup"),
        opening_hours=({}, {"tue": "10:00-12:00"}),
        funding_ends_on=(None, "2027-03-31"),
        minimum_age=(None, 60),
    )
    before = state(kept, gone)
    merge = actions.merge_assets(kept=kept, gone=gone, by=amina)

    sign_in(amina).post(reverse("assets:undo_merge", args=[merge.pk]))

    assert state(kept, gone) == before
    assert proposed() == [({kept.pk, gone.pk}, ["postcode"])]


def test_what_was_corrected_since_stays_when_a_merge_is_taken_back(amina):
    kept, gone = pair(description=("", "Soup"))
    merge = actions.merge_assets(kept=kept, gone=gone, by=amina)
    kept.refresh_from_db()
    actions.correct_asset(asset=kept, by=amina, seen=kept.updated_at, description="Soup, then bingo")

    actions.undo_merge(merge=merge, by=amina)

    kept.refresh_from_db()
    assert (kept.description, kept.local_fields) == ("Soup, then bingo", ["description"])


def test_a_merge_is_made_once_and_taken_back_once(amina):
    kept, gone = pair()
    merge = actions.merge_assets(kept=kept, gone=gone, by=amina)
    with pytest.raises(MoveNotAllowed):
        actions.merge_assets(kept=kept, gone=gone, by=amina)
    actions.undo_merge(merge=merge, by=amina)
    with pytest.raises(MoveNotAllowed):
        actions.undo_merge(merge=merge, by=amina)


def test_merges_upon_merges_lead_to_one_entry_and_back(amina):
    first, second = pair(description=("Soup", ""))
    third = AssetFactory(name="Govan Lunch", postcode="G51 3AA")
    before = state(first, second, third)
    earlier = actions.merge_assets(kept=second, gone=first, by=amina)
    later = actions.merge_assets(kept=third, gone=second, by=amina)
    first.refresh_from_db()
    assert first.counts_as == third
    with pytest.raises(MoveNotAllowed):
        actions.undo_merge(merge=earlier, by=amina)

    actions.undo_merge(merge=later, by=amina)
    first.refresh_from_db()
    assert first.counts_as == second
    actions.undo_merge(merge=earlier, by=amina)

    assert state(first, second, third) == before


def test_holds_and_referrals_to_a_merged_entry_count_for_the_kept_one(amina, sam, organisation, practice):
    kept, gone = pair()
    held = CaseFactory(patient=sam, worker=amina, status="holding")
    HoldFactory(case=held, awaited_asset=gone)
    OnwardReferralFactory(case=held, asset=gone)

    merge = actions.merge_assets(kept=kept, gone=gone, by=amina)
    assert relying(organisation) == {kept.pk: {held.pk}}

    actions.undo_merge(merge=merge, by=amina)
    assert relying(organisation) == {gone.pk: {held.pk}}


def test_the_page_of_a_merged_entry_is_that_of_the_kept_one(sign_in, amina):
    kept, gone = pair()
    actions.merge_assets(kept=kept, gone=gone, by=amina)
    assert sign_in(amina).get(reverse("assets:asset", args=[gone.pk])).url == reverse("assets:asset", args=[kept.pk])


def test_both_are_looked_at_side_by_side_and_one_is_kept(sign_in, amina, organisation):
    first, second = pair(phone=("0141 1", "0141 2"))
    url = reverse("assets:merge", args=[first.pk, second.pk])
    assert ("Phone", "0141 1", "0141 2", True) in sign_in(amina).get(url).context["rows"]

    sign_in(amina).post(url, {"kept": second.pk})

    first.refresh_from_db()
    assert first.merged_into == second
    assert [entry.sentence for entry in history(second, organisation)] == [
        "Amina Yusuf merged it with another entry: Govan Lunch Club"
    ]


def test_which_is_kept_must_be_said(sign_in, amina):
    first, second = pair()
    response = sign_in(amina).post(reverse("assets:merge", args=[first.pk, second.pk]), {"kept": "neither"})
    assert response.context["form"].errors == {"kept": ["Choose which one is kept"]}


@pytest.mark.parametrize("name", ["merge", "not_the_same"])
def test_an_entry_is_not_merged_with_itself_nor_by_a_practice(sign_in, amina, priya, name):
    first, second = pair()
    client = sign_in(amina)
    assert client.post(reverse(f"assets:{name}", args=[first.pk, first.pk]), {"kept": first.pk}).status_code == 404
    url = reverse(f"assets:{name}", args=[first.pk, second.pk])
    assert sign_in(priya).post(url, {"kept": first.pk}).status_code == 404
