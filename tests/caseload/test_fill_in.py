"""Filling a measure in together, putting it right, withdrawing it; and what the case shows of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from caseload import actions
from caseload.enums import Verb
from caseload.fillings import corrections, in_short, stories
from caseload.models import AccessLog
from caseload.timeline import Kind, timeline
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import CaseFactory, FillingFactory, PatientFactory

EIGHT = {"ons4_anxious": "8"}


@pytest.fixture
def page(case):
    return url_of("fill_in", case, measure="ons4")


def sentences(case):
    return [course.sentence for story in stories(case) for course in story.courses]


def test_a_filling_keeps_the_answers_and_the_scores_made_of_them(sign_in, amina, case, page, today):
    send(sign_in(amina), page, ons4_satisfied="4", **EIGHT)
    filling = case.fillings.get()
    assert (filling.measure, filling.by, filling.filled_on) == ("ons4", amina, today)
    assert (filling.answers, filling.scores) == ({"satisfied": 4, "anxious": 8}, {"satisfied": 4, "anxious": 8})


def test_ground_rule_3_any_question_may_be_left_out_and_the_rest_is_kept(sign_in, amina, case):
    send(sign_in(amina), url_of("fill_in", case, measure="loneliness"), loneliness_isolated="3", loneliness_lonely="2")
    filling = case.fillings.get()
    assert (filling.answers, filling.scores) == ({"isolated": 3, "lonely": 2}, {"lonely": 2})
    assert in_short(filling) == "Feeling lonely some of the time. Left out: loneliness score."


def test_ground_rule_3_leaving_scores_out_is_never_called_incomplete(sign_in, amina, case):
    text = sign_in(amina).get(url_of("case", case)).content.decode()
    assert "Nothing filled in. That is fine" in text
    for word in ["incomplete", "missing", "overdue", "outstanding"]:
        assert word not in text.lower()
    assert case.flags.count() == 0


def test_leaving_everything_out_saves_nothing(sign_in, amina, case, page):
    response = sign_in(amina).post(page, filled_in(sign_in(amina), page))
    assert errors(response) == ["Nothing is filled in. Choose an answer, or go back: leaving it all out is fine"]
    assert case.fillings.count() == 0


@pytest.mark.parametrize("answer", ["11", "-1", "2.5", "many"])
def test_an_answer_is_one_of_those_offered(sign_in, amina, page, answer):
    response = send(sign_in(amina), page, ons4_happy=answer)
    assert errors(response) == ["Choose one of the answers, or leave it out"]


def test_a_form_sent_twice_makes_one_filling(sign_in, amina, case, page):
    data = filled_in(sign_in(amina), page, **EIGHT)
    for _ in range(2):
        sign_in(amina).post(page, data)
    assert case.fillings.count() == 1
    assert case.events.filter(verb=Verb.FILLED_IN).count() == 1


def test_a_measure_without_its_licence_is_not_there(sign_in, amina, case):
    assert sign_in(amina).get(url_of("fill_in", case, measure="who5")).status_code == 404
    assert "WHO-5" not in sign_in(amina).get(url_of("measures", case)).content.decode()


def test_a_closed_case_still_takes_a_filling(sign_in, amina, case, page):
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    send(sign_in(amina), page, **EIGHT)
    assert case.fillings.count() == 1


def test_a_filling_may_be_of_an_earlier_day_and_never_of_one_to_come(sign_in, amina, case, page, today):
    send(sign_in(amina), page, filled_on=(today - timedelta(days=9)).isoformat(), **EIGHT)
    assert case.fillings.get().filled_on == today - timedelta(days=9)
    response = send(sign_in(amina), page, filled_on=(today + timedelta(days=1)).isoformat(), **EIGHT)
    assert list(response.context["form"].errors) == ["filled_on"]
    assert case.fillings.count() == 1


# A concern in their own words


def test_a_concern_is_named_once_and_asked_about_in_the_same_words(sign_in, amina, case):
    url = url_of("fill_in", case, measure="concern")
    send(sign_in(amina), url, concern_1_words="The damp", concern_concern_1="5")
    assert "“The damp”: how much does this bother you now?" in sign_in(amina).get(url).content.decode()
    send(sign_in(amina), url, concern_concern_1="3", concern_2_words="My sister", concern_concern_2="4")
    assert list(case.concerns.order_by("place").values_list("words", flat=True)) == ["The damp", "My sister"]
    assert sentences(case)[0] == "“The damp”: from 5 to 3 since today, lower is better."


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"concern_1_words": "The damp"}, "Choose how much it bothers you, from 0 to 6"),
        ({"concern_concern_1": "0"}, "Write down what it is that bothers you"),
    ],
)
def test_a_concern_has_words_and_a_number(sign_in, amina, case, typed, error):
    response = send(sign_in(amina), url_of("fill_in", case, measure="concern"), **typed)
    assert errors(response) == [error]


def test_a_concern_does_not_take_the_place_of_one_a_colleague_named_meanwhile(sign_in, amina, ben, case):
    url = url_of("fill_in", case, measure="concern")
    data = filled_in(sign_in(amina), url, concern_1_words="The damp", concern_concern_1="5")
    send(sign_in(ben), url, concern_1_words="My knees", concern_concern_1="6")
    response = sign_in(amina).post(url, data)
    assert errors(response) == [
        "A colleague has written down another concern meanwhile. Open this page again to see it"
    ]
    assert list(case.fillings.values_list("scores", flat=True)) == [{"concern_1": 6}]


# Put right, withdrawn


def test_a_filling_is_put_right_and_keeps_what_it_said(sign_in, amina, case):
    filling = FillingFactory(case=case, by=amina, answers={"anxious": 3, "happy": 5})
    url = url_of("put_right", case, filling_id=filling.pk)
    send(sign_in(amina), url, ons4_anxious="8", why="Read from the wrong line")
    filling.refresh_from_db()
    assert (filling.answers, filling.scores["anxious"]) == ({"anxious": 8, "happy": 5}, 8)
    assert [(c.who, c.why, c.changes) for c in corrections(filling)] == [
        ("Amina Yusuf", "Read from the wrong line", ["Feeling anxious: was 3, now 8"])
    ]
    event = case.events.get(verb=Verb.FILLING_PUT_RIGHT)
    assert event.words == "Personal wellbeing (ONS4): Read from the wrong line"
    assert b"was 3, now 8" in sign_in(amina).get(url_of("filling", case, filling_id=filling.pk)).content


def test_putting_right_takes_a_reason(sign_in, amina, case):
    filling = FillingFactory(case=case)
    response = send(sign_in(amina), url_of("put_right", case, filling_id=filling.pk), ons4_anxious="8")
    assert errors(response) == ["Enter what was wrong"]


def test_of_two_who_put_it_right_the_second_is_told(amina, ben, case, today):
    filling = FillingFactory(case=case, answers={"anxious": 3})
    said = {"why": "Wrong line", "filled_on": today, "version": 1}
    actions.put_filling_right(filling=filling, by=amina, answers={"anxious": 8}, **said)
    with pytest.raises(ChangedMeanwhile):
        actions.put_filling_right(filling=filling, by=ben, answers={"anxious": 7}, **said)


def test_the_words_of_a_concern_are_put_right(sign_in, amina, case):
    url = url_of("fill_in", case, measure="concern")
    send(sign_in(amina), url, concern_1_words="The dump", concern_concern_1="5")
    filling = case.fillings.get()
    right = url_of("put_right", case, filling_id=filling.pk)
    send(sign_in(amina), right, concern_1_words="The damp", why="Misspelt")
    concern = case.concerns.get()
    assert (concern.words, concern.history.order_by("pgh_id").first().words) == ("The damp", "The dump")


def test_a_withdrawn_filling_counts_nowhere_and_stays_to_be_read(sign_in, amina, case):
    filling = FillingFactory(case=case, answers={"anxious": 3})
    send(sign_in(amina), url_of("withdraw", case, filling_id=filling.pk), why="Another person's paper")
    filling.refresh_from_db()
    assert (filling.withdrawn_by, filling.withdrawn_why) == (amina, "Another person's paper")
    assert sentences(case) == []
    assert "Another person&#x27;s paper" in sign_in(amina).get(url_of("measures", case)).content.decode()
    with pytest.raises(MoveNotAllowed):
        actions.withdraw_filling(filling=filling, by=amina, why="Again")


@pytest.mark.parametrize(
    "wrong",
    [{"by": None}, {"answers": {}}, {"withdrawn_why": "Wrong"}],
    ids=["neither a worker nor a link", "no answer at all", "withdrawn by nobody"],
)
def test_the_database_refuses_a_filling_that_cannot_be(case, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        FillingFactory(case=case, **wrong)


# On the case


def test_a_course_says_where_from_where_to_since_when_and_which_way_is_better(case, today):
    FillingFactory(case=case, answers={"anxious": 8}, filled_on=today - timedelta(days=1))
    FillingFactory(case=case, answers={"anxious": 5}, filled_on=today)
    assert sentences(case) == ["Feeling anxious: from 8 to 5 since yesterday, lower is better."]


def test_a_single_score_says_its_band_and_no_change(case, today):
    FillingFactory(case=case, answers={"happy": 4}, filled_on=today.replace(month=1, day=3))
    assert sentences(case) == ["Feeling happy: 4 (low), 3 January."]


def test_a_published_change_that_matters_is_said(case, today):
    for raw in (2, 3):
        FillingFactory(case=case, measure="who5", answers={f"item_{n}": raw for n in range(1, 6)})
    assert sentences(case)[0].endswith(
        "from 40 to 60 since today, higher is better. A change of 10 or more is one people notice."
    )


def test_an_ordinal_scale_is_said_in_its_words(case):
    for value in (1, 3):
        FillingFactory(case=case, measure="loneliness", answers={"lonely": value})
    assert sentences(case) == ["Feeling lonely: from often/always to occasionally since today."]


def test_the_case_shows_a_chart_with_its_figures_in_a_table(sign_in, amina, case):
    FillingFactory(case=case, answers={"anxious": 8})
    FillingFactory(case=case, answers={"anxious": 5, "happy": 6})
    text = sign_in(amina).get(url_of("case", case)).content.decode()
    assert 'aria-label="Feeling anxious: from 8 to 5 since today, lower is better."' in text
    assert "The figures: Personal wellbeing (ONS4)" in text
    assert text.count("left out") >= 1


def test_a_filling_is_on_the_timeline_once(case, amina):
    actions.fill_in(case=case, by=amina, measure="ons4", answers={"anxious": 8}, filled_on=case.opened_at.date())
    titles = [entry.title for entry in timeline(case)]
    assert titles == ["Personal wellbeing (ONS4) filled in"]
    assert [entry.by for entry in timeline(case, Kind.MEASURES)] == ["Amina Yusuf"]


def test_ground_rule_8_opening_measures_is_recorded(sign_in, amina, case):
    filling = FillingFactory(case=case)
    for page, ids in [("measures", {}), ("filling", {"filling_id": filling.pk}), ("link_questions", {})]:
        sign_in(amina).get(url_of(page, case, **ids))
    assert list(AccessLog.objects.values_list("what", "patient")) == [("measures", case.patient_id)] * 3


def test_a_filling_is_not_found_through_another_case(sign_in, amina, case, organisation, practice):
    filling = FillingFactory(case=case)
    other = CaseFactory(patient=PatientFactory(organisation=organisation, practice=practice), worker=amina)
    for page in ("filling", "put_right", "withdraw"):
        assert sign_in(amina).get(url_of(page, other, filling_id=filling.pk)).status_code == 404


@pytest.mark.parametrize("page", ["case", "measures"])
def test_one_query_count_however_many_fillings(sign_in, amina, case, page):
    client, url = sign_in(amina), url_of(page, case)
    FillingFactory(case=case, by=amina)
    client.get(url)
    counts = []
    for measures in [[], ["ons4", "loneliness"]]:
        for measure in measures:
            FillingFactory(case=case, by=amina, measure=measure)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
