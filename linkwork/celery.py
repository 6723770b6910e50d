import logging.config
import os

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.signals import before_task_publish, setup_logging, task_prerun
from django.conf import settings
from django.db import transaction
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

# Before Celery(): otherwise tasks are not Django tasks and lack delay_on_commit.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkwork.settings")


class Task(DjangoTask):
    """What is queued on commit is saved already: a queue that is down is logged, and no error to whoever saved it."""

    abstract = True

    def delay_on_commit(self, *args, **kwargs):
        transaction.on_commit(lambda: self.delay(*args, **kwargs), robust=True)


app = Celery("linkwork", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_web_does(**kwargs):
    logging.config.dictConfig(settings.LOGGING)


@before_task_publish.connect
def send_request_id(headers=None, **kwargs):
    headers["request_id"] = get_contextvars().get("request_id")


@task_prerun.connect
def take_request_id(task_id=None, task=None, **kwargs):
    clear_contextvars()
    bind_contextvars(task=task.name, task_id=task_id, request_id=getattr(task.request, "request_id", None))
