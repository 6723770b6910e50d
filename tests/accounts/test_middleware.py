import pytest
from django.urls import reverse

from accounts.enums import Role
from tests.factories import MembershipFactory, OrganisationFactory

HOME = reverse("accounts:home")


@pytest.fixture
def second_place(amina):
    """Amina also manages another organisation."""
    return MembershipFactory(user=amina, role=Role.MANAGER, organisation=OrganisationFactory(name="Second"))


def switch_to(client, membership):
    return client.post(reverse("accounts:switch", args=[membership.pk]))


@pytest.mark.parametrize(
    "who, home", [("amina", "caseload:today"), ("mo", "insight:service"), ("priya", "referrals:sent")]
)
def test_each_role_has_its_own_home(request, sign_in, who, home):
    assert sign_in(request.getfixturevalue(who)).get(HOME).url == reverse(home)


def test_an_operator_goes_to_the_admin(sign_in, amina):
    amina.memberships.all().delete()
    amina.is_staff = True
    amina.save()
    assert sign_in(amina).get(HOME).url == reverse("admin:index")


def test_somebody_with_no_place_is_told_what_to_do(sign_in, amina):
    amina.memberships.all().delete()
    response = sign_in(amina).get(HOME)
    assert response.status_code == 403
    assert "No place to work in yet" in response.content.decode()


def test_a_membership_that_ended_opens_nothing(sign_in, amina):
    amina.memberships.update(is_active=False)
    assert sign_in(amina).get(reverse("caseload:today")).status_code == 404


def test_switching_changes_whose_rows_are_found(sign_in, amina, second_place):
    client = sign_in(amina)
    switch_to(client, second_place)
    assert client.get(HOME).url == reverse("insight:service")
    assert client.get(HOME).wsgi_request.org == second_place.organisation


def test_nobody_switches_to_the_place_of_somebody_else(sign_in, amina, stranger):
    client = sign_in(amina)
    assert switch_to(client, stranger.memberships.get()).status_code == 404
    assert client.get(HOME).wsgi_request.membership == amina.memberships.get()


def test_nobody_switches_to_a_place_they_have_left(sign_in, amina, second_place):
    second_place.is_active = False
    second_place.save()
    assert switch_to(sign_in(amina), second_place).status_code == 404


def test_a_place_left_while_signed_in_is_left_at_once(sign_in, amina, second_place):
    client = sign_in(amina)
    switch_to(client, second_place)
    amina.memberships.filter(pk=second_place.pk).update(is_active=False)
    assert client.get(HOME).url == reverse("caseload:today")


def test_switching_is_never_a_link(sign_in, amina, second_place):
    assert sign_in(amina).get(reverse("accounts:switch", args=[second_place.pk])).status_code == 405


def test_a_form_is_sent_as_whom_it_was_drawn_for_also_after_switching_in_another_tab(
    sign_in, amina, organisation, second_place
):
    client, drawn_for = sign_in(amina), amina.memberships.get(organisation=organisation)
    switch_to(client, second_place)
    response = client.post(HOME, {"acting_as": drawn_for.pk})
    assert response.wsgi_request.org == organisation
    assert client.get(HOME).wsgi_request.org == organisation


def test_a_form_drawn_for_a_place_since_left_is_sent_as_nobody(sign_in, amina, organisation, second_place):
    client, drawn_for = sign_in(amina), amina.memberships.get(organisation=organisation)
    amina.memberships.filter(pk=drawn_for.pk).update(is_active=False)
    assert client.post(reverse("caseload:today"), {"acting_as": drawn_for.pk}).status_code == 404


def test_nobody_acts_as_somebody_else(sign_in, amina, stranger):
    response = sign_in(amina).post(HOME, {"acting_as": stranger.memberships.get().pk})
    assert response.wsgi_request.membership is None
