import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from accounts.models import Membership, Organisation, Practice, User
from tests.factories import PASSWORD, UserFactory


@pytest.fixture
def operator(db):
    return UserFactory(name="Operator", email="operator@example.org", is_staff=True, is_superuser=True)


def test_no_admin_shows_casework():
    registered = {model._meta.app_label for model in admin.site._registry}
    assert registered & {"caseload", "referrals", "insight", "pghistory"} == set()


def test_no_admin_shows_the_history_of_anybody():
    assert [model for model in admin.site._registry if "History" in model.__name__] == []


@pytest.mark.parametrize("who", ["amina", "mo", "priya", "stranger_manager"])
def test_the_admin_is_for_operators_only(request, sign_in, who):
    response = sign_in(request.getfixturevalue(who)).get(reverse("admin:accounts_user_changelist"))
    assert response.status_code == 302
    assert sign_in(request.getfixturevalue(who)).get(response.url).status_code == 403


@pytest.mark.parametrize("model", [User, Organisation, Practice, Membership], ids=lambda m: m.__name__)
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_an_operator_opens_each_page(sign_in, operator, amina, priya, model, page):
    url = reverse(f"admin:accounts_{model._meta.model_name}_{page}")
    assert sign_in(operator).get(url).status_code == 200


def test_an_operator_opens_somebody_and_an_organisation(sign_in, operator, amina, organisation):
    client = sign_in(operator)
    assert client.get(reverse("admin:accounts_user_change", args=[amina.pk])).status_code == 200
    assert client.get(reverse("admin:accounts_organisation_change", args=[organisation.pk])).status_code == 200


def test_an_operator_finds_people_by_name(sign_in, operator, amina, ben):
    response = sign_in(operator).get(reverse("admin:accounts_user_changelist"), {"q": "amina"})
    assert list(response.context["cl"].queryset) == [amina]


def add_user(client, **fields):
    typed = {
        "email": "New.Worker@example.org",
        "name": "New Worker",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    return client.post(reverse("admin:accounts_user_add"), typed | fields)


def test_an_operator_adds_somebody_who_can_then_sign_in(sign_in, client, operator):
    add_user(sign_in(operator))
    client.post(reverse("account_login"), {"login": "new.worker@example.org", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(User.objects.get(name="New Worker").pk)


def test_an_address_in_capitals_is_the_same_address(sign_in, operator):
    UserFactory(email="new.worker@example.org")
    response = add_user(sign_in(operator))
    assert response.context["adminform"].form.errors == {"email": ["User with this Email already exists."]}


def test_a_role_that_does_not_fit_the_place_is_a_plain_error(sign_in, operator, amina, practice):
    typed = {"user": UserFactory().pk, "role": "link_worker", "practice": practice.pk, "is_active": "on"}
    response = sign_in(operator).post(reverse("admin:accounts_membership_add"), typed)
    assert response.context["adminform"].form.errors == {
        "role": ["Link workers and managers belong to an organisation, practice staff to a practice"]
    }


def test_an_operator_gives_somebody_a_place(sign_in, operator, organisation):
    user = UserFactory()
    typed = {"user": user.pk, "role": "manager", "organisation": organisation.pk, "is_active": "on"}
    sign_in(operator).post(reverse("admin:accounts_membership_add"), typed)
    assert user.memberships.get().is_manager


def test_an_operator_takes_away_a_second_step_without_reading_its_secret(sign_in, operator, amina):
    phone = Authenticator.objects.create(user=amina, type=Authenticator.Type.TOTP, data={"secret": "KRUGKIDROVUWG2ZA"})
    client = sign_in(operator)
    page = client.get(reverse("admin:mfa_authenticator_change", args=[phone.pk]))
    assert (page.status_code, "KRUGKIDROVUWG2ZA" in page.text) == (200, False)
    client.post(reverse("admin:mfa_authenticator_delete", args=[phone.pk]), {"post": "yes"})
    assert list(amina.authenticator_set.all()) == []
