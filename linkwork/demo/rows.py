"""Rows on their way to the database."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from random import Random

from django.db import connection, models, transaction
from django.db.models.base import ModelState

from accounts.models import Membership, Organisation, Policy, Practice, SafeguardingLead, User
from assets.models import Asset, AssetEvent, LocalNote, Problem, Source
from caseload.models import (
    About,
    AccessLog,
    Appointment,
    BackstageWork,
    BeyondUsual,
    Case,
    CaseEvent,
    Concern,
    Contact,
    Draft,
    Filling,
    FollowUp,
    Goal,
    GoalProgress,
    Hold,
    HoldReview,
    LoneVisit,
    LoneVisitEvent,
    Message,
    Need,
    Patient,
    RiskNote,
    SafeguardingConcern,
    SafeguardingEntry,
)
from linkwork.demo.loading import analyze, copy_statement, histories, set_aside, write_history
from referrals.models import LinkUse, OnwardEvent, OnwardReferral, Referral, ReferralEvent

# Each after those it points to. A few rows of these:
FEW = [
    User,
    Practice,
    Organisation,
    Organisation.practices.through,
    Policy,
    Membership,
    SafeguardingLead,
    Source,
    Asset,
    AssetEvent,
    LocalNote,
    Problem,
]
# and hundreds of thousands of these, which therefore go by COPY.
MANY = [
    Patient,
    About,
    RiskNote,
    Case,
    Need,
    Goal,
    GoalProgress,
    Appointment,
    BeyondUsual,
    LoneVisit,
    LoneVisitEvent,
    SafeguardingConcern,
    SafeguardingEntry,
    Contact,
    Message,
    FollowUp,
    Draft,
    Hold,
    HoldReview,
    Concern,
    Filling,
    CaseEvent,
    Referral,
    ReferralEvent,
    OnwardReferral,
    OnwardEvent,
    LinkUse,
    BackstageWork,
    AccessLog,
]
# Of these there are most and none changes once it is there: plain columns do, without a model instance for each.
PLAIN = {
    About,
    AccessLog,
    BackstageWork,
    CaseEvent,
    Concern,
    Contact,
    Filling,
    GoalProgress,
    HoldReview,
    LinkUse,
    Message,
    OnwardEvent,
    ReferralEvent,
}


class Rows:
    """Collects rows of any model and writes them in bulk. Until written, a row may still change."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.waiting = defaultdict(list)
        self.copying = None

    def add(self, row: models.Model) -> models.Model:
        self.waiting[type(row)].append(row)
        return row

    def new(self, model: type[models.Model], **columns) -> models.Model:
        """As add(model(**columns)) of plain columns, ten times as fast.

        It goes past the constructor, as unpickling does: that alone took a quarter of all the time.
        """
        row = model.__new__(model)
        row.__dict__ = {"_state": ModelState(), **usual(model), **columns}
        self.waiting[model].append(row)
        return row

    def put(self, model: type[models.Model], **columns) -> None:
        """A row of one of the PLAIN models."""
        self.waiting[model].append(columns)

    def new_id(self) -> str:
        """An id that the same seed gives again."""
        drawn = f"{self.rng.getrandbits(128):032x}"
        return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"

    @contextmanager
    def being_written(self) -> Iterator[None]:
        """While PostgreSQL takes in one batch, the next is made up.

        Row history is written at the end in one go, keys are checked and indexes made then.
        """
        tables, kept = ([model._meta.db_table for model in some] for some in ([*FEW, *MANY], histories()))
        with (
            transaction.atomic(),
            set_aside([*tables, *kept]),
            connection.cursor() as self.cursor,
            ThreadPoolExecutor(1) as self.copier,
        ):
            yield
            self.write()
            self.copying.result()
            write_history()
        analyze(tables)

    def write(self) -> None:
        if self.copying:
            self.copying.result()
        for model in FEW:
            model.objects.bulk_create(self.waiting.pop(model, []))
        statements = [
            copy_statement(model, rows if model in PLAIN else [vars(row) for row in rows], usual(model))
            for model in MANY
            if (rows := self.waiting.pop(model, []))
        ]
        self.copying = self.copier.submit(self.copy, statements)

    def copy(self, statements: list) -> None:
        for sql, lines in statements:
            self.cursor.copy_expert(sql, lines)


@cache
def usual(model: type[models.Model]) -> dict:
    """What the columns of a row are that nobody has said anything else of."""
    return {field.attname: field.get_default() for field in model._meta.concrete_fields if not field.generated}
