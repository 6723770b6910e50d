"""The worker's side: choosing a service, seeing what it will read, and sending it."""

import re
import uuid
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from caseload import actions as casework
from caseload.enums import Verb
from referrals import actions
from referrals.models import OnwardReferral
from referrals.tasks import tell_service
from tests.factories import (
    AssetFactory,
    NeedFactory,
)


def said(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def told(client, url, data=None):
    """What the page after says in its messages."""
    return [str(message) for message in client.post(url, data or {}, follow=True).context["messages"]]


@pytest.fixture
def typed():
    """What a worker types who refers Sam and sends the least."""
    return {
        "once": str(uuid.uuid4()),
        "kind": "referral",
        "consent": "yes",
        "wants": "Company on weekday afternoons.",
        "channels": ["call"],
        "sent_to": "hello@blether.example.org",
    }


def refer_url(case, asset=None):
    url = reverse("referrals:refer_on", args=[case.pk])
    return f"{url}?asset={asset.pk}" if asset else url


def page(name, onward):
    return reverse(f"referrals:{name}", args=[onward.case_id, onward.pk])


def verbs(onward):
    return list(onward.events.order_by("id").values_list("verb", flat=True))


# Choosing


def test_a_service_is_found_by_its_name(sign_in, amina, case, cafe):
    AssetFactory(name="Repair Shed")
    response = sign_in(amina).get(refer_url(case), {"q": "blether"})
    assert [service.name for service in response.context["services"]] == ["Blether Café"]


@pytest.mark.parametrize("asset", ["x", "39817d6a-ae0c-4206-ae33-edfacd58357a", "\0"])
def test_a_service_nobody_knows_is_looked_for_by_name(sign_in, amina, case, asset):
    response = sign_in(amina).get(refer_url(case), {"asset": asset})
    assert "That service is not in the directory any more" in said(response)


def test_a_closed_service_is_said_to_be_closed(sign_in, amina, case):
    shut = AssetFactory(name="Old Library", is_closed=True)
    assert "Old Library has closed. Choose another service." in said(sign_in(amina).get(refer_url(case, shut)))


def test_a_merged_service_leads_to_the_one_it_is_listed_as_now(sign_in, amina, case, cafe):
    old = AssetFactory(name="Bletherers", merged_into=cafe)
    response = sign_in(amina).get(refer_url(case, old))
    assert "What you chose is now listed as Blether Café." in said(response)
    assert response.context["service"] == cafe


def test_a_service_that_closes_while_one_types_is_said(sign_in, amina, case, cafe, typed):
    client = sign_in(amina)
    client.post(refer_url(case, cafe), typed)
    cafe.is_closed = True
    cafe.save()
    response = client.post(refer_url(case, cafe), typed | {"send": "1"})
    assert "Blether Café has closed" in said(response)
    assert OnwardReferral.objects.count() == 0


def test_the_service_closing_later_is_said_on_the_case(sign_in, amina, sent, cafe):
    cafe.is_closed, cafe.closed_year = True, 2026
    cafe.save()
    response = sign_in(amina).get(reverse("caseload:case", args=[sent.case_id]))
    assert "This service has closed in 2026." in said(response)


# Sending


def test_what_is_sent_is_shown_first_and_nothing_is_sent_before(sign_in, amina, case, cafe, typed):
    response = sign_in(amina).post(refer_url(case, cafe), typed)
    assert response.context["asked"]["shared"] == {
        "name": "Sam",
        "wants": "Company on weekday afternoons.",
        "reach": ["Ring 0141 496 0000. Leave no voicemail"],
    }
    assert "What Blether Café will read" in said(response)
    assert OnwardReferral.objects.count() == 0


def test_what_was_shown_is_what_is_kept_and_what_the_service_reads(sign_in, amina, client, case, cafe, typed):
    worker = sign_in(amina)
    preview = worker.post(refer_url(case, cafe), typed)
    typed |= {name: value for name, value in preview.context["typed"] if name != "channels"}
    worker.post(refer_url(case, cafe), typed | {"send": "1"})
    onward = OnwardReferral.objects.get()
    tell_service(str(onward.pk))
    link = re.search(r"/for-services/\S+", mail.outbox[0].body)[0]
    shared = re.compile(r'<dl class="nhsuk-summary-list">.*?</dl>', re.DOTALL)
    assert onward.shared == preview.context["asked"]["shared"]
    read, shown = (shared.search(response.content.decode())[0] for response in (client.get(link), preview))
    assert read.split() == shown.split()


def test_sending_twice_refers_once(sign_in, amina, case, cafe, typed):
    client = sign_in(amina)
    for _ in range(2):
        client.post(refer_url(case, cafe), typed | {"send": "1"})
    onward = OnwardReferral.objects.get()
    assert verbs(onward) == ["ask"]
    assert case.events.filter(verb=Verb.REFERRED_ON).count() == 1


def test_a_change_of_mind_goes_back_to_what_was_typed(sign_in, amina, case, cafe, typed):
    response = sign_in(amina).post(refer_url(case, cafe), typed | {"change": "1"})
    assert response.context["form"]["wants"].value() == "Company on weekday afternoons."
    assert OnwardReferral.objects.count() == 0


def test_a_referral_needs_consent(sign_in, amina, case, cafe, typed):
    response = sign_in(amina).post(refer_url(case, cafe), typed | {"consent": "no", "send": "1"})
    assert list(response.context["form"].errors) == ["consent"]
    assert OnwardReferral.objects.count() == 0


def test_the_action_refuses_a_referral_without_consent(case, cafe, amina):
    with pytest.raises(actions.NotAgreed):
        actions.refer_on(case=case, by=amina, asset=cafe, kind="referral", once=uuid.uuid4())


def test_a_signpost_tells_the_service_nothing(sign_in, amina, case, cafe, typed):
    sign_in(amina).post(refer_url(case, cafe), typed | {"kind": "signpost"})
    onward = OnwardReferral.objects.get()
    assert (onward.shared, onward.sent_to, onward.link_expires_at, onward.consent) == ({}, "", None, False)


def test_going_along_offers_to_book_the_visit(sign_in, amina, case, cafe, typed):
    client = sign_in(amina)
    client.post(refer_url(case, cafe), typed | {"kind": "accompanied", "consent": "no"})
    onward = OnwardReferral.objects.get()
    booking = client.get(client.get(page("onward", onward)).context["book_url"]).context["form"]
    assert onward.shared == {}
    assert [booking[name].value() for name in ["accompanied", "place", "place_detail"]] == [
        True,
        "community",
        "Blether Café",
    ]


@pytest.mark.parametrize(
    ("too_much", "what"),
    [
        ("CHI 270371 0003", "their CHI number"),
        ("Lives at G314EB.", "their postcode"),
        ("Come to 12 Wellpark street", "their address"),
    ],
)
def test_what_identifies_the_person_is_left_out(sign_in, amina, case, cafe, typed, too_much, what):
    sam = case.patient
    sam.number_kind, sam.number, sam.postcode, sam.address = "chi", "2703710003", "G31 4EB", "12 Wellpark Street"
    sam.save()
    response = sign_in(amina).post(refer_url(case, cafe), typed | {"wants": too_much, "send": "1"})
    assert response.context["form"].errors["wants"] == [f"Leave out {what}: the service does not need it"]


def test_only_channels_the_person_agreed_to_can_be_shared(sign_in, amina, case, cafe, typed):
    response = sign_in(amina).post(refer_url(case, cafe), typed | {"channels": ["text"], "send": "1"})
    assert list(response.context["form"].errors) == ["channels"]


def test_where_contact_must_be_safe_no_channel_is_ticked_by_itself(sign_in, amina, case, cafe):
    case.patient.safe_contact_note = "Never ring after five."
    case.patient.save()
    assert sign_in(amina).get(refer_url(case, cafe)).context["form"]["channels"].value() == []


def test_access_needs_are_told_only_when_ticked(sign_in, amina, case, cafe, typed):
    case.patient.access_needs, case.patient.interpreter_language = "Walks with sticks.", "Urdu"
    case.patient.save()
    client = sign_in(amina)
    without = client.post(refer_url(case, cafe), typed).context["asked"]["shared"]
    ticked = client.post(refer_url(case, cafe), typed | {"access": "on"}).context["asked"]["shared"]
    assert {key for key in without} == {"name", "wants", "reach"}
    assert (ticked["access"], ticked.get("interpreter")) == ("Walks with sticks.", None)


def test_the_likely_need_is_chosen(sign_in, amina, case, cafe):
    NeedFactory(case=case, kind="housing")
    lonely = NeedFactory(case=case, kind="loneliness")
    assert sign_in(amina).get(refer_url(case, cafe)).context["form"]["need"].value() == str(lonely.pk)


def test_nobody_is_referred_on_from_a_closed_case(sign_in, amina, case, cafe, typed):
    casework.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    assert told(sign_in(amina), refer_url(case, cafe), typed | {"send": "1"}) == [
        "This case is closed. Reopen it first."
    ]
    assert OnwardReferral.objects.count() == 0


@pytest.mark.parametrize("kind", ["referral", "accompanied"])
def test_whether_they_agree_is_asked_where_the_service_may_hear_of_them(sign_in, amina, case, cafe, typed, kind):
    del typed["consent"]
    response = sign_in(amina).post(refer_url(case, cafe), typed | {"kind": kind})
    assert response.context["form"].errors == {"consent": ["Choose whether they agree"]}


def test_a_signpost_asks_for_no_consent(sign_in, amina, case, cafe, typed):
    del typed["consent"]
    sign_in(amina).post(refer_url(case, cafe), typed | {"kind": "signpost"})
    assert OnwardReferral.objects.get().status_words == "Told them"
