import pytest
from django.urls import reverse

from accounts.enums import Role
from tests.factories import MembershipFactory, UserFactory


@pytest.mark.parametrize(
    ("who", "page"),
    [("amina", "caseload:today"), ("mo", "insight:service"), ("priya", "referrals:sent")],
)
def test_home_is_the_first_page_of_the_role(request, sign_in, who, page):
    response = sign_in(request.getfixturevalue(who)).get(reverse("accounts:home"))
    assert response.url == reverse(page)


def test_somebody_with_no_membership_is_told_whom_to_ask(sign_in, db):
    response = sign_in(UserFactory()).get(reverse("accounts:home"))
    assert response.status_code == 403
    assert "Ask your manager" in response.content.decode()


def test_an_operator_with_no_membership_goes_to_the_admin(sign_in, db):
    response = sign_in(UserFactory(is_staff=True)).get(reverse("accounts:home"))
    assert response.url == reverse("admin:index")


def test_switching_acts_for_the_other_place_from_then_on(sign_in, amina, other_organisation):
    other = MembershipFactory(user=amina, role=Role.MANAGER, organisation=other_organisation)
    client = sign_in(amina)
    client.post(reverse("accounts:switch", args=[other.pk]))
    assert client.get(reverse("accounts:accessibility")).wsgi_request.org == other_organisation


def test_switching_needs_a_post(sign_in, amina):
    response = sign_in(amina).get(reverse("accounts:switch", args=[amina.memberships.get().pk]))
    assert response.status_code == 405


def test_a_membership_that_has_ended_cannot_be_switched_to(sign_in, amina, other_organisation):
    ended = MembershipFactory(user=amina, role=Role.MANAGER, organisation=other_organisation, is_active=False)
    assert sign_in(amina).post(reverse("accounts:switch", args=[ended.pk])).status_code == 404


@pytest.mark.parametrize(
    "page", ["account_login", "account_reset_password", "account_reset_password_done", "accounts:accessibility"]
)
def test_a_page_for_before_signing_in_opens_without_it(client, db, page):
    assert client.get(reverse(page)).status_code == 200


def test_nobody_can_sign_up(client, db):
    response = client.post(reverse("account_signup"), {"email": "new@example.org", "password1": "x" * 12})
    assert response.templates[0].name == "account/signup_closed.html"


def test_signing_in_with_the_right_password_opens_home(client, amina):
    response = client.post(
        reverse("account_login"), {"login": "amina.yusuf@example.org", "password": "correct horse battery"}
    )
    assert response.url == reverse("accounts:home")


def test_a_wrong_password_is_said_in_the_summary_and_the_address_kept(client, amina):
    response = client.post(reverse("account_login"), {"login": "amina.yusuf@example.org", "password": "wrong"})
    page = response.content.decode()
    assert "There is a problem" in page
    assert 'value="amina.yusuf@example.org"' in page


def test_signing_out_needs_a_post(sign_in, amina):
    client = sign_in(amina)
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("accounts:home")).status_code == 302
