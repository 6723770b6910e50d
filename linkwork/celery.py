import os

from celery import Celery

# Before Celery(): otherwise tasks are not Django tasks and lack delay_on_commit.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkwork.settings")

app = Celery("linkwork")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
