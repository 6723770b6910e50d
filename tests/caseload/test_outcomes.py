"""Ground rule 9: change is per case, from its own first and last score, and says how many pairs of how many."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseload.measures import SCALES
from caseload.models import Case, Filling
from caseload.outcomes import last_scores, paired_change, paired_changes
from tests.factories import CaseFactory, FillingFactory, UserFactory, in_days

DAY = date(2026, 3, 1)
UNTIL = DAY + timedelta(days=6)
ANXIOUS, SATISFIED, WHO5 = SCALES["anxious"], SCALES["satisfied"], SCALES["who5"]

# (day, anxious or left out, satisfied or left out, is withdrawn)
sittings = st.tuples(
    st.integers(0, 9), st.none() | st.integers(0, 10), st.none() | st.integers(0, 10), st.booleans()
).filter(lambda sitting: sitting[1:3] != (None, None))
histories = st.lists(st.lists(sittings, max_size=4), min_size=1, max_size=4)


@pytest.fixture
def cases(organisation, practice):
    def made(number):
        return [CaseFactory(patient__organisation=organisation, patient__practice=practice) for _ in range(number)]

    return made


def by_hand(histories, item, sign, until=None):
    """Counted in plain Python from what was said, in the order it was written down."""
    eligible, pairs = 0, []
    for history in histories:
        told = [(day, n, sitting[item]) for n, (day, *sitting, gone) in enumerate(history) if not gone]
        told = [one for one in told if one[2] is not None and (until is None or one[0] <= until)]
        scores = [score for _, _, score in sorted(told)]
        eligible += bool(scores)
        if len(scores) > 1:
            pairs.append((scores[0], scores[-1]))
    gains = [sign * (last - first) for first, last in pairs]
    return {
        "eligible": eligible,
        "paired": len(pairs),
        "better": sum(gain > 0 for gain in gains),
        "same": sum(gain == 0 for gain in gains),
        "worse": sum(gain < 0 for gain in gains),
        "first_mean": round(sum(first for first, _ in pairs) / len(pairs), 6) if pairs else None,
        "last_mean": round(sum(last for _, last in pairs) / len(pairs), 6) if pairs else None,
    }


def counted(change, names):
    found = {name: getattr(change, name) for name in names}
    return {name: round(float(value), 6) if isinstance(value, Decimal) else value for name, value in found.items()}


def record(histories, cases, by):
    rows = []
    for case, history in zip(cases, histories, strict=False):
        for n, (day, anxious, satisfied, is_withdrawn) in enumerate(history):
            given = {"anxious": anxious, "satisfied": satisfied}
            answers = {key: value for key, value in given.items() if value is not None}
            gone = {"withdrawn_at": in_days(0), "withdrawn_by": by, "withdrawn_why": "Wrong"} if is_withdrawn else {}
            row = {"case": case, "by": by, "measure": "ons4", "answers": answers, "scores": answers, **gone}
            rows.append(Filling(filled_on=DAY + timedelta(days=day), made_at=in_days(n), **row))
    Filling.objects.bulk_create(rows)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=histories)
def test_ground_rule_9_change_is_what_plain_python_counts(db, histories, cases):
    with transaction.atomic():
        record(histories, cases(len(histories)), UserFactory())
        asked = [(scale, until) for scale in (ANXIOUS, SATISFIED) for until in (None, UNTIL)]
        found = [paired_change(Case.objects.all(), scale, until) for scale, until in asked]
        transaction.set_rollback(True)
    expected = [by_hand(histories, item, sign, until) for item, sign in ((0, -1), (1, 1)) for until in (None, 6)]
    assert [counted(change, by_hand(histories, 0, 1)) for change in found] == expected


def test_ground_rule_9_no_change_is_taken_between_two_people(cases):
    one, other = cases(2)
    FillingFactory(case=one, answers={"anxious": 9})
    FillingFactory(case=other, answers={"anxious": 2})
    change = paired_change(Case.objects.all(), ANXIOUS)
    assert (change.n_of_n, change.better, change.first_mean) == ("0 of 2", 0, None)


def test_only_the_cases_asked_about_count(cases):
    one, other = cases(2)
    for case in (one, other):
        for anxious in (8, 5):
            FillingFactory(case=case, answers={"anxious": anxious})
    assert paired_change(Case.objects.filter(pk=one.pk), ANXIOUS).n_of_n == "1 of 1"


def test_ground_rule_3_who_left_the_measure_out_is_not_eligible(cases):
    cases(3)
    FillingFactory(case=cases(1)[0], answers={"anxious": 9})
    assert paired_change(Case.objects.all(), ANXIOUS).n_of_n == "0 of 1"
    assert paired_change(Case.objects.all(), SATISFIED).n_of_n == "0 of 0"


def test_feeling_less_anxious_is_better_and_less_satisfied_is_worse(cases):
    case = cases(1)[0]
    for value in (8, 5):
        FillingFactory(case=case, answers={"anxious": value, "satisfied": value})
    changes = {change.scale.code: (change.better, change.worse) for change in paired_changes(Case.objects.all())}
    assert changes == {"satisfied": (0, 1), "anxious": (1, 0)}


@pytest.mark.parametrize(("first", "last", "matters"), [(10, 12, (0, 0)), (10, 13, (1, 0)), (13, 10, (0, 1))])
def test_a_change_matters_from_the_published_size_on(cases, first, last, matters):
    """WHO-5: 10 points, so that 8 do not and 12 do."""
    case = cases(1)[0]
    for raw in (first, last):
        answers = {f"item_{n}": raw // 5 + (n <= raw % 5) for n in range(1, 6)}
        FillingFactory(case=case, measure="who5", answers=answers)
    change = paired_change(Case.objects.all(), WHO5)
    assert (change.matters_better, change.matters_worse) == matters
    assert paired_change(Case.objects.all(), ANXIOUS).matters_better is None


def test_an_ordinal_scale_is_counted_and_never_averaged(cases):
    case = cases(1)[0]
    for value in (1, 4):
        FillingFactory(case=case, measure="loneliness", answers={"lonely": value})
    change = paired_change(Case.objects.all(), SCALES["lonely"])
    assert (change.better, change.first_mean, change.last_mean) == (1, None, None)


def test_a_converted_score_keeps_its_hundredths(cases):
    case = cases(1)[0]
    for value in (2, 4):
        FillingFactory(case=case, measure="swemwbs", answers={f"item_{n}": value for n in range(1, 8)})
    change = paired_change(Case.objects.all(), SCALES["swemwbs"])
    assert (change.first_mean, change.last_mean, change.matters_better) == (Decimal("15.32"), Decimal("25.03"), 1)


def test_change_is_one_query_however_many_cases(cases, django_assert_num_queries):
    for case in cases(3):
        FillingFactory(case=case)
    with django_assert_num_queries(1):
        paired_change(Case.objects.all(), SATISFIED)


def test_the_pairs_themselves_can_be_listed(cases):
    case = cases(1)[0]
    for value in (8, 6, 5):
        FillingFactory(case=case, answers={"anxious": value})
    pair = last_scores(Case.objects.all(), ANXIOUS).get(times__gte=2)
    assert (pair.case, pair.first, pair.score, pair.times) == (case, 8, 5, 3)
