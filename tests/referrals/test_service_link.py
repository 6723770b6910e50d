"""What a service sees and says at its link, and everything the link must not reveal."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.links import USES, WRONG_TRIES
from assets.models import Asset
from caseload import actions as casework
from caseload.models import Case
from referrals import actions, links
from referrals.models import LinkUse, OnwardReferral
from referrals.tasks import tell_service
from tests.factories import (
    AssetFactory,
    CaseFactory,
    NeedFactory,
    OnwardReferralFactory,
    PatientFactory,
    RiskNoteFactory,
    in_days,
)

SECRETS = {
    "family_name": "Kerrigan",
    "number_kind": "chi",
    "number": "2703710003",
    "address": "12 Wellpark Street",
    "postcode": "G31 4EB",
    "email": "sam@example.org",
    "safe_contact_note": "Never ring after five.",
    "access_needs": "Gets breathless on stairs.",
    "interpreter_language": "Urdu",
}


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def cafe(db):
    return AssetFactory(name="Blether Café", email="hello@blether.example.org")


@pytest.fixture
def sent(organisation, practice, amina, cafe):
    """Sam is referred to the café: much is known of Sam, little was sent."""
    sam = PatientFactory(organisation=organisation, practice=practice, **SECRETS)
    case = CaseFactory(patient=sam, worker=amina, status="active", what_matters="To see the allotment again.")
    RiskNoteFactory(patient=sam, text="Large dog in the house")
    NeedFactory(case=case, kind="bereavement")
    return OnwardReferralFactory(case=case, asset=cafe, asked_by=amina)


def address(onward):
    onward.refresh_from_db()
    return f"/for-services/{links.token_of(onward)}/"


def said(response):
    text = re.sub(r"<(title|head).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def say(client, onward, verb, **given):
    return client.post(address(onward), {"verb": verb, **given})


def verbs(onward):
    return list(onward.events.order_by("id").values_list("verb", flat=True))


def uses(onward):
    return list(onward.link_uses.order_by("id").values_list("did", "was_valid"))


# What it shows


def test_the_page_shows_what_was_sent(client, sent):
    page = said(client.get(address(sent)))
    for words in ["Have you a place for Sam?", "Company on weekday afternoons.", "Ring 0141 496 0000", "Amina Yusuf"]:
        assert words in page


@pytest.mark.parametrize("secret", [*SECRETS.values(), "allotment", "Large dog", "Bereavement", "55"])
def test_the_page_shows_nothing_that_was_not_sent(client, sent, secret):
    assert secret not in said(client.get(address(sent)))


def test_a_link_shows_no_other_referral(client, sent, organisation, practice, cafe):
    other = PatientFactory(organisation=organisation, practice=practice, given_name="Zebedee", number="")
    OnwardReferralFactory(
        case=CaseFactory(patient=other, status="active"), asset=cafe, shared={"name": "Zebedee", "wants": "Bowls."}
    )
    assert "Zebedee" not in client.get(address(sent)).content.decode()


def test_what_was_sent_is_gone_from_the_page_once_it_is_over(client, sent):
    say(client, sent, "reject", reject_words="We are full.")
    page = said(client.get(address(sent)))
    assert "0141 496 0000" not in page
    assert "You said no" in page


def test_neither_the_message_nor_the_address_says_anything_of_the_person(sent, amina):
    actions.resend_link(onward=sent, by=amina, sent_to="hello@blether.example.org")
    tell_service(str(sent.pk))
    message = mail.outbox[0]
    everything = f"{message.subject} {message.body} {message.extra_headers}"
    assert message.to == ["hello@blether.example.org"]
    assert address(sent) in message.body
    for secret in [*SECRETS.values(), "Sam", "0141 496 0000", "weekday"]:
        assert secret not in everything


def test_the_page_is_kept_by_nobody_and_names_itself_to_nobody(client, sent):
    response = client.get(address(sent))
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"].split(", ")
    assert response.cookies == {}


def test_the_page_has_no_way_into_linkwork(client, sent):
    assert re.findall(r'<a [^>]*href="(?!tel:)', client.get(address(sent)).content.decode()) == []


# What it takes


def test_opening_the_link_changes_nothing(client, sent):
    client.get(address(sent))
    client.head(address(sent))
    sent.refresh_from_db()
    assert (sent.status, verbs(sent)) == ("requested", [])
    assert uses(sent) == [("open", True), ("open", True)]


def test_a_service_says_yes(client, sent):
    response = say(client, sent, "accept")
    sent.refresh_from_db()
    assert response.status_code == 302
    assert (sent.status, verbs(sent), uses(sent)) == ("accepted", ["accept"], [("accept", True)])
    assert sent.events.get().by is None


def test_a_service_says_no_and_why(client, sent):
    say(client, sent, "reject", reject_words="Over-60s only.")
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("rejected", "Over-60s only.")


@pytest.mark.parametrize("verb", ["reject", "question"])
def test_a_service_is_asked_for_the_words_that_are_owed(client, sent, verb):
    response = say(client, sent, verb)
    sent.refresh_from_db()
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [f"{verb}_words"]
    assert sent.status == "requested"


def test_a_service_says_there_is_a_waiting_list_and_the_directory_knows(client, sent, cafe):
    say(client, sent, "accept", capacity="waitlist", wait_weeks="6")
    sent.refresh_from_db()
    cafe.refresh_from_db()
    assert (sent.capacity, sent.wait_weeks) == ("waitlist", 6)
    assert (cafe.capacity, cafe.wait_weeks, cafe.capacity_said_on) == ("waitlist", 6, timezone.localdate())
    event = cafe.events.get(verb="capacity")
    assert event.by is None
    assert event.words == "Waiting list of 6 weeks: said by the service when it was asked about a place"


@pytest.mark.parametrize("capacity", ["capacity", "no-capacity", "additional-assessment-required"])
def test_a_service_may_say_only_whether_there_is_room(client, sent, capacity):
    say(client, sent, "capacity", capacity=capacity, wait_weeks="6")
    sent.refresh_from_db()
    assert (sent.status, sent.capacity, sent.wait_weeks) == ("requested", capacity, None)
    assert Asset.objects.get(pk=sent.asset_id).capacity == capacity


def test_they_have_come_is_also_a_yes(client, sent):
    say(client, sent, "start")
    sent.refresh_from_db()
    assert (sent.status, verbs(sent)) == ("in-progress", ["accept", "start"])


def test_not_coming_ends_nothing(client, sent):
    say(client, sent, "accept")
    say(client, sent, "absent")
    sent.refresh_from_db()
    assert (sent.status, verbs(sent)) == ("accepted", ["accept", "absent"])
    assert Case.objects.get(pk=sent.case_id).status == "active"


def test_a_service_cannot_take_a_referral_back(client, sent):
    response = say(client, sent, "cancel")
    assert list(response.context["form"].errors) == ["verb"]
    assert verbs(sent) == []


def test_a_question_is_answered_at_the_link(client, sent, amina):
    say(client, sent, "question", question_words="Can they manage stairs?")
    actions.answer_question(onward=sent, by=amina, words="A few, with a rail.")
    page = said(client.get(address(sent)))
    assert "You asked a question" in page
    assert "A few, with a rail." in page


def test_the_same_said_twice_is_said_once(client, sent):
    for _ in range(2):
        say(client, sent, "question", question_words="Which days?", capacity="capacity")
    assert verbs(sent) == ["question", "capacity"]


def test_a_stale_answer_is_told_where_it_stands(client, sent, amina):
    url = address(sent)
    actions.hear_from_service(onward=sent, by=amina, verb="reject", words="They rang: full.")
    response = client.post(url, {"verb": "accept"})
    assert response.status_code == 200
    assert verbs(sent) == ["reject"]


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_one_moment_make_one(client, sent):
    def answer(verb):
        try:
            actions.hear_from_service(onward=sent, by=None, verb=verb, words="x")
            return "made"
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        results = sorted(both.map(answer, ["accept", "reject"]))
    assert results == ["MoveNotAllowed", "made"]
    assert len(verbs(sent)) == 1


# Links that are good for nothing


def gone(client, url, status, heading):
    response = client.get(url)
    body = response.content.decode()
    assert response.status_code == status
    assert heading in said(response)
    assert "Sam" not in body
    assert "Blether" not in body
    assert response["Referrer-Policy"] == "no-referrer"
    assert client.post(url, {"verb": "accept"}).status_code == status


def test_a_tampered_link_is_unknown(client, sent):
    url = address(sent)
    gone(client, url[:-2] + ("a" if url[-2] != "a" else "b") + "/", 404, "This link does not work")
    assert verbs(sent) == []


@pytest.mark.parametrize("token", ["x", "a:b", "%00", "eyJ:x", "é"])
def test_what_is_no_link_is_unknown(client, db, token):
    assert client.get(f"/for-services/{token}/").status_code == 404


def test_a_link_of_a_referral_that_does_not_exist_is_unknown(client, sent):
    stranger = OnwardReferral(link_expires_at=in_days(1))
    assert client.get(f"/for-services/{links.token_of(stranger)}/").status_code == 404


def test_a_link_runs_out(client, sent):
    OnwardReferral.objects.filter(pk=sent.pk).update(link_expires_at=timezone.now() - timedelta(seconds=1))
    gone(client, address(sent), 410, "This link has run out")
    assert uses(sent) == [("open", False), ("open", False)]


def test_a_new_link_ends_the_one_before(client, sent, amina):
    before = address(sent)
    OnwardReferral.objects.filter(pk=sent.pk).update(link_expires_at=in_days(2))
    before = address(sent)
    actions.resend_link(onward=sent, by=amina, sent_to="new@blether.example.org")
    gone(client, before, 410, "A newer link was sent")
    assert client.get(address(sent)).status_code == 200


def test_calling_it_off_ends_the_link(client, sent, amina):
    actions.call_off(onward=sent, by=amina, reason="Found another.")
    gone(client, address(sent), 410, "There is nothing to answer any more")


def test_a_mistake_ends_the_link(client, sent, amina):
    actions.call_off(onward=sent, by=amina, reason="Wrong person.", is_mistake=True)
    gone(client, address(sent), 410, "There is nothing to answer any more")


def test_consent_taken_back_ends_the_link_and_what_was_shared(client, sent, amina):
    url = address(sent)
    actions.end_consent(onward=sent, by=amina)
    gone(client, url, 410, "There is nothing to answer any more")
    sent.refresh_from_db()
    assert (sent.shared, sent.sent_to, sent.status) == ({}, "", "cancelled")


def test_the_case_closing_ends_the_link(client, sent, amina):
    casework.close_case(case=sent.case, by=amina, ending="connected", ending_agreed=True)
    gone(client, address(sent), 410, "There is nothing to answer any more")


def test_trying_many_links_is_stopped(client, sent):
    for _ in range(WRONG_TRIES):
        assert client.get("/for-services/guess/").status_code == 404
    assert client.get("/for-services/guess/").status_code == 429
    assert client.get(address(sent)).status_code == 429


def test_a_link_used_by_a_machine_is_stopped(client, sent):
    url = address(sent)
    statuses = [client.get(url).status_code for _ in range(USES + 1)]
    assert statuses == [200] * USES + [429]
    assert LinkUse.objects.count() == USES
