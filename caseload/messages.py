"""How texts and emails to people leave Linkwork: one small class, named by settings.MESSAGES_BACKEND.

A backend has `send(channel=…, to=…, body=…, sender=…, reply_to=…)`, which returns once the message is handed over
and raises NotSent, with words a worker can read, when it cannot be.
"""

import json
from email.utils import formataddr, parseaddr
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from caseload.enums import Channel
from caseload.models import Message
from caseload.wording import subject_of


class NotSent(Exception):
    """The message was not handed over. Its words are shown to the worker."""


class Console:
    """For this machine alone: texts are printed, emails go where EMAIL_URL says (the console, where it is unset)."""

    def send(self, *, channel: str, to: str, body: str, sender: str, reply_to: str) -> None:
        if channel == Channel.TEXT:
            print(f"Text to {to} from {sender}\n{body}\n", flush=True)
        else:
            _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
            replies = [reply_to] if reply_to else None
            EmailMessage(subject_of(sender), body, formataddr((sender, address)), [to], reply_to=replies).send()


class File:
    """Each message becomes a file in settings.MESSAGES_DIR: for trying things out, and for tests."""

    def send(self, **message: str) -> None:
        folder = Path(settings.MESSAGES_DIR)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{uuid4()}.json").write_text(json.dumps(message))
        except OSError as error:
            raise NotSent("the folder for messages cannot be written to") from error


def deliver(message: Message) -> None:
    import_string(settings.MESSAGES_BACKEND)().send(
        channel=message.channel,
        to=message.to,
        body=message.body,
        sender=message.sender,
        reply_to=message.case.organisation.policy.message_reply_to,
    )
