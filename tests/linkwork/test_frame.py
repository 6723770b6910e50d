import pytest
from django.test import Client
from django.urls import reverse

from linkwork.context_processors import frame
from tests.factories import ReferralFactory

PUBLIC = "accounts:accessibility"


def shown(response):
    """The words of the navigation."""
    nav = response.content.decode().split('<nav class="lw-nav"')[1].split("</nav>")[0]
    return [item.split(">", 1)[1].split("<")[0].strip() for item in nav.split('class="lw-nav__link"')[1:]]


@pytest.mark.parametrize(
    ("who", "items"),
    [
        ("amina", ["Today", "Caseload", "Inbox", "Directory", "Team"]),
        ("mo", ["Service", "Caseload", "Inbox", "Directory", "Team", "Insight", "Settings"]),
        ("priya", ["Refer", "Our referrals", "Our mix", "Directory"]),
    ],
)
def test_the_navigation_fits_the_role(request, sign_in, who, items):
    response = sign_in(request.getfixturevalue(who)).get(reverse(PUBLIC))
    assert shown(response) == items


def test_the_search_box_is_for_the_organisation_alone(sign_in, amina, priya):
    assert "data-search" in sign_in(amina).get(reverse(PUBLIC)).content.decode()
    assert "data-search" not in sign_in(priya).get(reverse(PUBLIC)).content.decode()


def test_the_inbox_counts_what_waits_in_this_organisation(
    rf, organisation, other_organisation, practice, priya, stranger_practice
):
    ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya)
    ReferralFactory(
        organisation=other_organisation,
        practice=other_organisation.practices.get(),
        submitted_by=stranger_practice,
    )
    request = rf.get("/")
    request.membership, request.org, request.practice = None, organisation, None
    assert frame(request)["waiting_for_you"] == 1


def test_the_frame_asks_nothing_of_the_database_until_it_is_shown(
    rf, organisation, practice, priya, django_assert_num_queries
):
    request = rf.get("/")
    request.membership, request.org, request.practice = None, organisation, None
    with django_assert_num_queries(0):
        context = frame(request)
    with django_assert_num_queries(1):
        assert (context["waiting_for_you"] == 0, bool(context["waiting_for_you"])) == (True, False)


def test_the_switcher_is_there_only_for_somebody_with_several_places(sign_in, amina, other_organisation):
    client = sign_in(amina)
    assert "lw-switcher" not in client.get(reverse(PUBLIC)).content.decode()
    amina.memberships.create(role="manager", organisation=other_organisation)
    assert "Elsewhere Community Links, manager" in client.get(reverse(PUBLIC)).content.decode()


def test_an_address_that_is_not_there_still_has_the_frame(sign_in, amina):
    response = sign_in(amina).get("/no/such/page/")
    assert response.status_code == 404
    assert "Wellpark Link Workers" in response.content.decode()


def test_a_page_out_of_date_is_explained_in_plain_words(amina):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "amina.yusuf@example.org", "password": "x"})
    assert response.status_code == 403
    assert "Please try that again" in response.content.decode()


def test_a_page_is_never_framed_and_has_nothing_inline(client, db):
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "frame-ancestors 'none'" in policy
