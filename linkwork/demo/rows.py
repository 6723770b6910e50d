"""Rows on their way to the database."""

from collections import Counter, defaultdict
from random import Random
from uuid import UUID

from django.db import connection, models

from accounts.models import Membership, Organisation, Policy, Practice, User
from assets.models import Asset, Source
from caseload.models import (
    AccessLog,
    Appointment,
    Case,
    CaseEvent,
    Contact,
    FollowUp,
    Hold,
    HoldReview,
    Need,
    Patient,
    RiskNote,
)
from referrals.models import Referral, ReferralEvent

# Each after those it points to.
ORDER = [
    User,
    Practice,
    Organisation,
    Organisation.practices.through,
    Policy,
    Membership,
    Source,
    Asset,
    Patient,
    RiskNote,
    Case,
    Need,
    Appointment,
    Contact,
    FollowUp,
    Hold,
    HoldReview,
    CaseEvent,
    Referral,
    ReferralEvent,
    AccessLog,
]
BATCH = 5000


class Rows:
    """Collects rows of any model and writes them in bulk. Until written, a row may still change."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.waiting = defaultdict(list)
        self.written = Counter()

    def add(self, row: models.Model) -> models.Model:
        self.waiting[type(row)].append(row)
        return row

    def new_id(self) -> UUID:
        """An id that the same seed gives again."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def write(self) -> None:
        for model in ORDER:
            rows = self.waiting.pop(model, [])
            model.objects.bulk_create(rows, batch_size=BATCH)
            self.written[model._meta.label] += len(rows)
        # Foreign keys are checked now: a million checks put off to the end slow down every trigger meanwhile.
        connection.check_constraints()
