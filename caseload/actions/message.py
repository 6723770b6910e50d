from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.moves import MoveNotAllowed, check_revision, make_once
from caseload.actions.case import locked
from caseload.actions.meeting import log_contact
from caseload.enums import Channel, Ending, MessageStatus, WithWhom
from caseload.models import Case, Message, MessageTemplate
from caseload.perms import address_for
from caseload.tasks import deliver_message
from caseload.wording import given_away, sender_of


class NotPermitted(Exception):
    """The person has not said we may reach them that way, or there is no number or address to use."""


class ShownOnALockScreen(Exception):
    """The beginning, which a locked phone shows, says something of the person: str() is the word or name."""


@transaction.atomic
def send_message(*, case: Case, by: User, channel: Channel, body: str, about: str, once: UUID) -> Message:
    """Text or email the person. `about` is a few words for the timeline: "the shortlist".

    Sending is not reaching: it changes nothing but the list of messages. A closed case takes messages too.
    Raises NotPermitted, ShownOnALockScreen, SentBefore; MoveNotAllowed when the person has died.
    """
    case = locked(case)
    if case.ending == Ending.DIED:
        raise MoveNotAllowed("send_message: the person has died")
    to = _permitted(case, channel)
    if word := given_away(case, body):
        raise ShownOnALockScreen(word)
    written = {"channel": channel, "body": body, "about": about, "by": by}
    if message := case.messages.filter(pk=once, **written).first():
        return message
    message, _ = make_once(case.messages, once, to=to, sender=sender_of(case.organisation, by), **written)
    _queue(message)
    return message


@transaction.atomic
def write_letter(*, case: Case, by: User, body: str, about: str, once: UUID) -> Message:
    """Words on paper, to print and post: also a contact, that has reached nobody. Raises NotPermitted, SentBefore."""
    case = locked(case)
    to = _permitted(case, Channel.LETTER)
    written = {"channel": Channel.LETTER, "body": body, "about": about, "by": by}
    if letter := case.messages.filter(pk=once, **written).first():
        return letter
    sent = {"status": MessageStatus.SENT, "ended_at": timezone.now()}
    letter, _ = make_once(case.messages, once, to=to, sender=by.name, **written, **sent)
    log_contact(
        case=case, by=by, channel=Channel.LETTER, with_whom=WithWhom.PERSON, reached=False, note=body, once=once
    )
    return letter


@transaction.atomic
def change_template(*, template: MessageTemplate, by: User, revision: int, **words) -> MessageTemplate:
    """Keep an organisation's words for messages: new ones, its own changed, or those that came with Linkwork.

    Raises ChangedMeanwhile when somebody has saved others since.
    """
    kept = MessageTemplate.objects.select_for_update(of=("self",)).filter(pk=template.pk).first()
    template = kept or template
    if all(getattr(template, name) == value for name, value in words.items()):
        return template
    check_revision(template, revision)
    for name, value in words.items():
        setattr(template, name, value)
    template.changed_at, template.changed_by = timezone.now(), by
    template.save()
    return template


@transaction.atomic
def try_message_again(*, message: Message, by: User) -> Message:
    """Send once more what could not be sent, to where we may now. Sent or on its way, it is let be."""
    case = locked(message.case)
    message = case.messages.get(pk=message.pk)
    if message.status != MessageStatus.FAILED:
        return message
    message.to = _permitted(case, message.channel)
    message.status, message.failure, message.ended_at = MessageStatus.QUEUED, "", None
    message.by, message.queued_at = by, timezone.now()
    message.save()
    _queue(message)
    return message


def _queue(message: Message) -> None:
    """A queue that is down loses nothing: deliver_waiting_messages finds the message again."""
    deliver_message.delay_on_commit(str(message.pk))


def _permitted(case: Case, channel: Channel | str) -> str:
    to = address_for(case.patient, channel)
    if not to:
        raise NotPermitted(channel)
    return to
