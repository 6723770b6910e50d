import pytest

from accounts.enums import Role
from tests.factories import MembershipFactory


def test_a_worker_of_two_organisations_is_named_once_in_each(organisation, other_organisation, amina):
    MembershipFactory(user=amina, role=Role.LINK_WORKER, organisation=other_organisation)
    assert [list(place.link_workers) for place in (organisation, other_organisation)] == [[amina], [amina]]


def test_a_manager_here_is_no_link_worker_for_being_one_elsewhere(organisation, other_organisation, mo):
    MembershipFactory(user=mo, role=Role.LINK_WORKER, organisation=other_organisation)
    assert list(organisation.link_workers) == []


@pytest.mark.parametrize("left", ["organisation", "elsewhere"])
def test_a_worker_who_left_one_organisation_is_a_worker_of_the_other(organisation, other_organisation, amina, left):
    elsewhere = MembershipFactory(user=amina, role=Role.LINK_WORKER, organisation=other_organisation)
    here = amina.memberships.get(organisation=organisation)
    gone = here if left == "organisation" else elsewhere
    gone.is_active = False
    gone.save()
    assert [list(place.link_workers) for place in (organisation, other_organisation)] == (
        [[], [amina]] if left == "organisation" else [[amina], []]
    )
