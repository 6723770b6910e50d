from random import Random
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from caseload.models import AccessLog, FollowUp
from linkwork.demo.loading import copy_statement, set_aside
from linkwork.demo.rows import Rows, usual
from tests.factories import CaseFactory, UserFactory

pytestmark = pytest.mark.django_db
TABLE = FollowUp._meta.db_table


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql, [TABLE])
        return cursor.fetchall()


def keys():
    """Its own and those that point to it."""
    return asked(
        "SELECT conname, pg_get_constraintdef(oid), convalidated, condeferrable FROM pg_constraint "
        "WHERE contype <> 'c' AND contype <> 'n' AND %s::regclass IN (conrelid, confrelid) ORDER BY conname"
    )


def indexes():
    return asked("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass ORDER BY 1")


def triggers():
    return asked(
        "SELECT tgname FROM pg_trigger "
        "WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND NOT tgisinternal ORDER BY tgname"
    )


def copy(model, rows, of):
    sql, lines = copy_statement(model, rows, of)
    with connection.cursor() as cursor:
        cursor.copy_expert(sql, lines)


def copy_instances(*rows):
    copy(type(rows[0]), [vars(row) for row in rows], usual(type(rows[0])))


def follow_up(case, **more):
    made = {"case_id": case.pk, "due_on": "2026-11-27", "made_at": case.opened_at, "made_by_id": UserFactory().pk}
    rows = Rows(Random(1))
    return rows.new(FollowUp, id=rows.new_id(), **made | more)


def test_triggers_keys_and_indexes_are_not_there_meanwhile_and_as_they_were_afterwards():
    before = [triggers(), keys(), indexes()]
    with transaction.atomic(), set_aside([TABLE]):
        meanwhile = [triggers(), keys(), indexes()]
    assert (all(before), meanwhile, [triggers(), keys(), indexes()]) == (True, [[], [], []], before)


def test_a_row_that_points_nowhere_is_refused_at_the_end():
    case = CaseFactory()
    refused = pytest.raises(IntegrityError, match="violates foreign key")
    with refused, transaction.atomic(), set_aside([TABLE]):
        copy_instances(follow_up(case, case_id=UUID(int=1)))
    assert FollowUp.objects.count() == 0


def test_two_rows_of_one_id_are_refused_at_the_end():
    row = follow_up(CaseFactory())
    refused = pytest.raises(IntegrityError, match="could not create unique index")
    with refused, transaction.atomic(), set_aside([TABLE]):
        copy_instances(row, row)
    assert FollowUp.objects.count() == 0


@pytest.mark.parametrize("words", ["", "a, b", 'She said "no", twice,\nand O’Hara\'s;\t日本 \\.'])
def test_words_arrive_as_they_were(words):
    copy_instances(follow_up(CaseFactory(), about=words))
    assert FollowUp.objects.get().about == words


def test_a_row_made_past_the_constructor_is_as_the_constructor_makes_it():
    case = CaseFactory()
    fast = follow_up(case)
    slow = FollowUp(**{name: getattr(fast, name) for name in ("id", "case_id", "due_on", "made_at", "made_by_id")})
    assert vars(fast) | {"_state": None} == vars(slow) | {"_state": None}
    assert (fast._state.adding, fast._state.db) == (slow._state.adding, slow._state.db)


def test_a_plain_row_is_usual_where_nothing_else_is_said():
    case, by = CaseFactory(), UserFactory()
    said = {"at": case.opened_at, "by_id": by.pk, "what": "case", "record_id": case.pk}
    copy(AccessLog, [said], usual(AccessLog))
    seen = AccessLog.objects.get()
    assert (seen.at, seen.by, seen.patient, seen.record_id) == (case.opened_at, by, None, case.pk)


def test_the_same_seed_draws_the_same_ids_and_they_are_of_version_4():
    drawn, again = Rows(Random(7)), Rows(Random(7))
    ids = [drawn.new_id() for _ in range(3)]
    assert ids == [again.new_id() for _ in range(3)]
    assert {(UUID(one).version, str(UUID(one)) == one) for one in ids} == {(4, True)}
