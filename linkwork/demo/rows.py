"""Rows on their way to the database."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO
from operator import attrgetter, itemgetter
from random import Random
from uuid import UUID

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

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
    BackstageWork,
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
    AccessLog,
]
# Of these there are most and none changes once it is there: plain columns do, without a model instance for each.
PLAIN = {GoalProgress, Contact, HoldReview, Filling, CaseEvent, ReferralEvent, AccessLog}
EMPTY = {"note_changed_at": None, "note_changed_by_id": None}  # Nobody in the demo puts a note right.
NULL = "\\N"


class Rows:
    """Collects rows of any model and writes them in bulk. Until written, a row may still change."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.waiting = defaultdict(list)
        self.copying = None

    def add(self, row: models.Model) -> models.Model:
        self.waiting[type(row)].append(row)
        return row

    def put(self, model: type[models.Model], **columns) -> None:
        """A row of one of the PLAIN models: every column but a drawn id and what is empty for all."""
        self.waiting[model].append(EMPTY | columns)

    def new_id(self) -> UUID:
        """An id that the same seed gives again."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    @contextmanager
    def being_written(self) -> Iterator[None]:
        """While PostgreSQL takes in one batch, the next is made up.

        Row history is written at the end in one go: a trigger a row takes longer than all the rest. Foreign keys
        are checked batch by batch. Both settings last until they are undone, in this transaction only.
        """
        with (
            pgtrigger.ignore(),
            transaction.atomic(),
            connection.cursor() as self.cursor,
            ThreadPoolExecutor(1) as self.copier,
        ):
            self.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            yield
            self.write()
            self.copying.result()
            self.cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        write_history()

    def write(self) -> None:
        if self.copying:
            self.copying.result()
        for model in FEW:
            model.objects.bulk_create(self.waiting.pop(model, []))
        statements = [copy_statement(model, self.waiting.pop(model)) for model in MANY if model in self.waiting]
        self.copying = self.copier.submit(self.copy, statements)

    def copy(self, statements: list[tuple[str, StringIO]]) -> None:
        for sql, lines in statements:
            self.cursor.copy_expert(sql, lines)


def copy_statement(model: type[models.Model], rows: list) -> tuple[str, StringIO]:
    fields = [f for f in model._meta.concrete_fields if not f.generated and not isinstance(f, models.AutoField)]
    values_of = (itemgetter if model in PLAIN else attrgetter)(*[field.attname for field in fields])
    lines = StringIO()
    csv.writer(lines).writerows([as_csv(value) for value in values_of(row)] for row in rows)
    lines.seek(0)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f"COPY {model._meta.db_table} ({columns}) FROM STDIN (FORMAT csv, NULL '{NULL}')", lines


def as_csv(value):
    if value is None:
        return NULL
    if isinstance(value, dict):
        return json.dumps(value)
    return f"{{{','.join(value)}}}" if isinstance(value, list) else value


def write_history() -> None:
    """What the triggers of accounts.history would have written of every row, in a statement a model."""
    for model in apps.get_models():
        if tracked := getattr(model, "pgh_tracked_model", None):
            columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if not f.name.startswith("pgh_"))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {model._meta.db_table} ({columns}, pgh_created_at, pgh_label, pgh_obj_id) "
                    f"SELECT {columns}, now(), 'insert', id FROM {tracked._meta.db_table}"
                )


def analyze() -> None:
    """Lets PostgreSQL plan with what is there now.

    Of these tables by name: of the whole database it would lock the catalogs all databases share, until the end of
    the transaction, and two demos being loaded side by side would wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in [*FEW, *MANY])}")
