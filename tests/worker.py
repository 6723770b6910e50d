"""A real Celery worker in a process of its own, on the database of the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection

from linkwork.celery import app

PATIENCE = 60
COMMAND = [sys.executable, "-m", "celery", "--app=linkwork", "--quiet", "worker", "--pool=solo", "--loglevel=INFO"]
ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


class Worker:
    def __init__(self, process: subprocess.Popen, queue: str, folder: Path):
        self.process, self.queue, self.log, self.letter_box = process, queue, folder / "log", folder / "letters"

    @property
    def letters(self) -> list[str]:
        return [letter.read_text() for letter in sorted(self.letter_box.glob("*"))]

    def wait_until(self, condition: Callable) -> None:
        until = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, f"the worker has ended:\n{self.log.read_text()}"
            assert time.monotonic() < until, f"nothing came of it:\n{self.log.read_text()}"
            time.sleep(0.05)


@contextmanager
def own_queue() -> Iterator[str]:
    """What this process sends goes to a queue of its own, which no other worker reads."""
    usual, own = app.conf.task_default_queue, f"test-{uuid4()}"
    _send_to(own)
    try:
        yield own
    finally:
        with app.connection_for_write() as broker:
            app.amqp.queues[own].bind(broker.default_channel).delete()
        _send_to(usual)


def _send_to(queue: str) -> None:
    app.conf.task_default_queue = queue
    app.__dict__.pop("amqp", None)  # It keeps the queue it was made with.


@contextmanager
def working(queue: str, folder: Path, *, schedule: bool = False) -> Iterator[Worker]:
    """`schedule`: with beat beside it, sending what looks for alarms every second."""
    (folder / "letters").mkdir(exist_ok=True)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "TEST_DATABASE": connection.settings_dict["NAME"],
        "TEST_QUEUE": queue,
        "TEST_LETTER_BOX": str(folder / "letters"),
    }
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            [*COMMAND, *ALONE, *(["--beat"] if schedule else [])],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield Worker(process, queue, folder)
    finally:
        process.terminate()
        process.wait()
