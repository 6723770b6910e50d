"""Settings of a process that a test starts: on the test's own database, queue and letter-box."""

import os

from linkwork.settings import *  # noqa: F403
from linkwork.settings import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
CELERY_TASK_DEFAULT_QUEUE = os.environ["TEST_QUEUE"]
# A killed worker's task comes back soon, and no other worker's does: what is in hand is kept under own names.
CELERY_BROKER_TRANSPORT_OPTIONS |= {
    "visibility_timeout": 2,
    **{
        name: f"{name}-{CELERY_TASK_DEFAULT_QUEUE}"
        for name in ("unacked_key", "unacked_index_key", "unacked_mutex_key")
    },
}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["TEST_LETTER_BOX"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Where a test asks for the schedule as well: what looks for alarms, and sooner than in production.
CELERY_BEAT_SCHEDULE = {"lone visits": CELERY_BEAT_SCHEDULE["lone visits"] | {"schedule": 1.0}}
