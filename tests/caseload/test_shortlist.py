"""Services put aside for somebody: printed, or sent the ways they have said we may."""

import json

import pytest
from django.urls import reverse

from accounts.moves import MoveNotAllowed
from assets.enums import Group, NeedKind
from caseload import actions
from caseload.actions.message import NotPermitted
from caseload.actions.shortlist import NothingToSend
from caseload.enums import Channel, MessageStatus
from caseload.models import Message
from caseload.shortlist import message_about, services_of
from caseload.tasks import deliver_message
from tests.factories import AssetFactory

pytestmark = pytest.mark.django_db
ONCE = "7b0e2e0c-4a57-4c53-9b38-3a3f4f1f0c11"


@pytest.fixture
def lunch():
    return AssetFactory(name="Govan Lunch Club", phone="0141 496 0001", opening_hours={"thu": "12:00-14:00"})


@pytest.fixture
def shortlisted(case, amina, lunch):
    actions.add_to_shortlist(case=case, by=amina, asset=lunch)
    return case


@pytest.fixture
def permitted(shortlisted):
    shortlisted.patient.may_text = True
    shortlisted.patient.phone = "07700 900123"
    shortlisted.patient.save()
    return shortlisted


@pytest.fixture
def outbox(settings, tmp_path):
    settings.MESSAGES_BACKEND = "caseload.messages.File"
    settings.MESSAGES_DIR = str(tmp_path)
    return lambda: [json.loads(file.read_text()) for file in tmp_path.iterdir()]


def test_service_is_put_aside_once(sign_in, amina, case, lunch):
    url = reverse("caseload:add_to_shortlist", args=[case.pk, lunch.pk])

    for _ in range(2):
        response = sign_in(amina).post(f"{url}?next=/directory/%3Fcase%3D{case.pk}")

    assert response.url == f"/directory/?case={case.pk}"
    assert services_of(case) == [lunch]


def test_service_is_taken_off(sign_in, amina, shortlisted, lunch):
    sign_in(amina).post(reverse("caseload:remove_from_shortlist", args=[shortlisted.pk, lunch.pk]))

    assert services_of(shortlisted) == []


def test_closed_case_takes_no_more(case, amina, lunch):
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)

    with pytest.raises(MoveNotAllowed):
        actions.add_to_shortlist(case=case, by=amina, asset=lunch)


def test_merged_entry_is_the_one_it_was_merged_into_and_is_taken_off_with_it(shortlisted, amina, lunch):
    kept = AssetFactory(name="Govan Lunch Club (church hall)")
    lunch.merged_into = kept
    lunch.save()

    assert services_of(shortlisted) == [kept]
    actions.remove_from_shortlist(case=shortlisted, by=amina, asset=kept)
    assert services_of(shortlisted) == []


def test_message_says_where_and_when_and_nothing_of_the_person(shortlisted, organisation):
    assert message_about(shortlisted, services_of(shortlisted)) == (
        "Hello. As promised, here are the places we talked about:\n\n"
        "1. Govan Lunch Club\nThursday 12:00-14:00\n0141 496 0001\n\n"
        "Questions? Wellpark Link Workers"
    )


@pytest.mark.parametrize(
    "sensitive",
    [
        {"need_kinds": [NeedKind.ABUSE_AND_SAFETY]},
        {"need_kinds": [NeedKind.ALCOHOL_AND_DRUGS]},
        {"groups": [Group.LGBTQ]},
    ],
)
def test_what_a_service_would_give_away_is_not_put_in_a_message(case, sensitive):
    assert message_about(case, [AssetFactory(**sensitive)]) == ""


@pytest.mark.parametrize("channel", [Channel.TEXT, Channel.EMAIL, Channel.CALL])
def test_nothing_is_sent_without_the_permission_for_it(shortlisted, amina, channel):
    with pytest.raises(NotPermitted):
        actions.send_shortlist(case=shortlisted, by=amina, channel=channel, once=ONCE)

    assert Message.objects.count() == 0


def test_page_refuses_a_channel_that_is_not_permitted(sign_in, amina, permitted):
    response = sign_in(amina).post(
        reverse("caseload:shortlist", args=[permitted.pk]), {"channel": "email", "once": ONCE}
    )

    assert response.context["form"].errors == {"channel": ["Choose text or email, as they have said we may"]}
    assert Message.objects.count() == 0


def test_list_of_nothing_but_what_is_better_said_is_not_sent(permitted, amina, lunch):
    lunch.need_kinds = [NeedKind.ABUSE_AND_SAFETY]
    lunch.save()

    with pytest.raises(NothingToSend):
        actions.send_shortlist(case=permitted, by=amina, channel=Channel.TEXT, once=ONCE)


def test_sent_twice_makes_one_message(sign_in, amina, permitted):
    for _ in range(2):
        sign_in(amina).post(reverse("caseload:shortlist", args=[permitted.pk]), {"channel": "text", "once": ONCE})

    assert list(permitted.messages.values_list("channel", "to", "status")) == [("text", "07700 900123", "queued")]


def test_message_is_delivered_once_and_told_on_the_timeline(permitted, amina, outbox):
    message = actions.send_shortlist(case=permitted, by=amina, channel=Channel.TEXT, once=ONCE)

    deliver_message(str(message.pk))
    deliver_message(str(message.pk))

    message.refresh_from_db()
    assert [(sent["channel"], sent["to"], sent["body"]) for sent in outbox()] == [
        ("text", "07700 900123", message.body)
    ]
    assert message.status == MessageStatus.SENT
    assert list(permitted.events.values_list("verb", "by", "words")) == [
        ("message_sent", amina.pk, "By text: the shortlist")
    ]


def test_permission_taken_back_before_it_leaves_stops_it(permitted, amina, outbox):
    message = actions.send_shortlist(case=permitted, by=amina, channel=Channel.TEXT, once=ONCE)
    permitted.patient.may_text = False
    permitted.patient.save()

    deliver_message(str(message.pk))

    message.refresh_from_db()
    assert (message.status, message.failure) == ("failed", "the permission or the address has changed since")
    assert outbox() == []


def test_sender_that_cannot_be_reached_is_said(permitted, amina, settings, tmp_path):
    settings.MESSAGES_BACKEND = "caseload.messages.File"
    (tmp_path / "file").write_text("")
    settings.MESSAGES_DIR = str(tmp_path / "file" / "below")
    message = actions.send_shortlist(case=permitted, by=amina, channel=Channel.TEXT, once=ONCE)

    deliver_message(str(message.pk))

    message.refresh_from_db()
    assert (message.status, message.failure) == ("failed", "the folder for messages cannot be written to")
    assert permitted.events.count() == 0


def test_email_leaves_by_the_mail_server(permitted, amina, mailoutbox):
    permitted.patient.may_email, permitted.patient.email = True, "sam@example.org"
    permitted.patient.save()
    message = actions.send_shortlist(case=permitted, by=amina, channel=Channel.EMAIL, once=ONCE)

    deliver_message(str(message.pk))

    assert [(mail.to, mail.body) for mail in mailoutbox] == [(["sam@example.org"], message.body)]


def test_message_that_is_gone_is_let_be():
    assert deliver_message(ONCE) is None


def test_printed_list_names_nobody(sign_in, amina, shortlisted):
    page = sign_in(amina).get(reverse("caseload:print_shortlist", args=[shortlisted.pk])).content.decode()

    assert page.count("Govan Lunch Club") == 1
    assert page.count("Sam") == 0
