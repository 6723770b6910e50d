"""Writing to the person: by the ways they have said we may, with nothing on a locked phone that says what about."""

import json

import pytest
from kombu.exceptions import OperationalError

from accounts.moves import MoveNotAllowed
from caseload import actions
from caseload.actions.message import NotPermitted, ShownOnALockScreen
from caseload.enums import CaseStatus, Channel, MessageStatus
from caseload.models import Case, Message
from caseload.tasks import deliver_message, deliver_waiting_messages
from tests.factories import MissedFactory, in_days

pytestmark = pytest.mark.django_db
ONCE = "7b0e2e0c-4a57-4c53-9b38-3a3f4f1f0c12"
HELLO = "Hello Sam, it is Amina. Shall we find another time?"


@pytest.fixture
def outbox(settings, tmp_path):
    settings.MESSAGES_BACKEND = "caseload.messages.File"
    settings.MESSAGES_DIR = str(tmp_path)
    return lambda: [json.loads(file.read_text()) for file in tmp_path.iterdir()]


@pytest.fixture
def reachable(case):
    person = case.patient
    person.may_text = person.may_email = person.may_post = True
    person.phone, person.email, person.address = "07700 900123", "sam@example.org", "1 High Street\nGlasgow"
    person.save()
    return case


def write(case, by, **changed):
    words = {"channel": Channel.TEXT, "body": HELLO, "about": "a way back", "once": ONCE} | changed
    return actions.send_message(case=case, by=by, **words)


@pytest.mark.parametrize("channel", [Channel.TEXT, Channel.EMAIL, Channel.CALL])
def test_nothing_is_queued_without_the_permission_for_the_channel(case, amina, channel):
    with pytest.raises(NotPermitted):
        write(case, amina, channel=channel)


def test_the_permission_is_asked_again_when_it_leaves(reachable, amina, outbox):
    message = write(reachable, amina)
    reachable.patient.may_text = False
    reachable.patient.save()

    deliver_message(str(message.pk))

    message.refresh_from_db()
    assert (outbox(), message.state_in_words) == (
        [],
        "Could not be sent: the permission or the address has changed since",
    )


def test_a_message_leaves_with_a_name_that_says_nothing_of_what_we_are(reachable, amina, outbox):
    deliver_message(str(write(reachable, amina).pk))

    assert outbox() == [
        {"channel": "text", "to": "07700 900123", "body": HELLO, "sender": "Amina", "reply_to": ""},
    ]


def test_an_email_says_who_it_is_from_and_replies_go_to_the_organisation(
    reachable, amina, mo, organisation, mailoutbox
):
    organisation.policies.create(made_by=mo, message_sender="The Hub", message_reply_to="hub@example.org")

    deliver_message(str(write(reachable, amina, channel=Channel.EMAIL).pk))

    mail = mailoutbox[0]
    assert (mail.subject, mail.from_email, mail.reply_to) == (
        "A message from The Hub",
        "The Hub <no-reply@linkwork.example>",
        ["hub@example.org"],
    )


@pytest.mark.parametrize("body", ["Your counselling starts Monday", "Wellpark Link Workers here. Hello Sam"])
def test_nothing_sensitive_is_in_the_part_a_locked_phone_shows(reachable, amina, body):
    with pytest.raises(ShownOnALockScreen):
        write(reachable, amina, body=body)


def test_what_a_locked_phone_does_not_show_is_the_writer_s_to_say(reachable, amina):
    write(reachable, amina, body="Hello Sam, it is Amina, I hope you are well. Your counselling starts Monday")

    assert reachable.messages.count() == 1


def test_a_message_sent_twice_is_one(reachable, amina):
    write(reachable, amina)
    write(reachable, amina)

    assert reachable.messages.count() == 1


def test_ground_rule_1_a_message_moves_no_case_and_reaches_nobody(reachable, amina, outbox):
    MissedFactory(case=reachable)
    deliver_message(str(write(reachable, amina).pk))

    found = Case.objects.with_contact_facts().get(pk=reachable.pk)
    assert (found.status, found.last_reached_at, found.door_open_since is None) == (CaseStatus.ACTIVE, None, False)


def test_nobody_writes_to_somebody_who_died(reachable, amina):
    actions.close_case(case=reachable, by=amina, ending="died", ending_agreed=False)

    with pytest.raises(MoveNotAllowed):
        write(reachable, amina)


def test_what_could_not_be_sent_is_tried_again(reachable, amina, ben, outbox):
    message = write(reachable, amina)
    message.status, message.failure, message.ended_at = MessageStatus.FAILED, "no signal", message.queued_at
    message.save()

    deliver_message(str(actions.try_message_again(message=message, by=ben).pk))

    message.refresh_from_db()
    assert (message.status, message.failure, message.by, len(outbox())) == (MessageStatus.SENT, "", ben, 1)


def test_what_was_sent_is_not_sent_again(reachable, amina, outbox):
    message = write(reachable, amina)
    deliver_message(str(message.pk))

    deliver_message(str(actions.try_message_again(message=message, by=amina).pk))

    assert len(outbox()) == 1


def test_a_message_the_queue_lost_is_found_again(reachable, amina, outbox, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    lost, new = write(reachable, amina), write(reachable, amina, once=ONCE.replace("12", "13"))
    Message.objects.filter(pk=lost.pk).update(queued_at=in_days(-1))

    deliver_waiting_messages()

    lost.refresh_from_db()
    new.refresh_from_db()
    assert (lost.status, new.status) == (MessageStatus.SENT, MessageStatus.QUEUED)


def test_a_letter_is_kept_as_a_contact_that_reached_nobody(reachable, amina):
    letter = actions.write_letter(case=reachable, by=amina, body="Dear Sam", about="the way back", once=ONCE)

    assert (letter.to, letter.status) == ("1 High Street\nGlasgow", MessageStatus.SENT)
    assert list(reachable.contacts.values_list("channel", "reached", "note")) == [("letter", False, "Dear Sam")]


def test_a_letter_asks_for_the_permission_to_write_by_post(case, amina):
    with pytest.raises(NotPermitted):
        actions.write_letter(case=case, by=amina, body="Dear Sam", about="", once=ONCE)


def test_a_letter_written_twice_is_one(reachable, amina):
    for _ in range(2):
        actions.write_letter(case=reachable, by=amina, body="Dear Sam", about="", once=ONCE)

    assert (reachable.messages.count(), reachable.contacts.count()) == (1, 1)


def test_a_queue_that_is_down_loses_no_message(reachable, amina, monkeypatch, django_capture_on_commit_callbacks):
    def down(message_id):
        raise OperationalError

    monkeypatch.setattr("caseload.actions.message.deliver_message.delay", down)
    with django_capture_on_commit_callbacks(execute=True) as queued:
        message = write(reachable, amina)

    assert (len(queued), message.status) == (1, MessageStatus.QUEUED)
