"""Goals: the person's words, at the place they give each, and what they say of it."""

import pytest

from caseload import actions
from caseload.enums import CaseStatus, GoalStatus
from caseload.models import Goal
from tests.caseload.sent import HTMX, errors, filled_in, send, url_of
from tests.factories import GoalFactory
from tests.referrals.pages import said


@pytest.fixture
def goals(case):
    return [GoalFactory(case=case, words=words, rank=n) for n, words in enumerate(["Sleep", "Swim", "Sing"], start=1)]


def in_order(case):
    return [goal.words for goal in case.goals.in_their_order()]


def ids(*goals):
    return ",".join(str(goal.pk) for goal in goals)


def test_ground_rule_3_a_goal_is_in_their_words_comes_last_and_asks_for_no_score(sign_in, amina, case, goals):
    send(sign_in(amina), url_of("add_goal", case), words="Get the allotment back. Before the frost.")
    assert in_order(case) == ["Sleep", "Swim", "Sing", "Get the allotment back. Before the frost."]
    asked = sign_in(amina).get(url_of("add_goal", case)).context["form"].fields
    assert sorted(asked) == ["is_private", "next_step", "once", "step_by", "words"]
    assert "ncomplete" not in said(sign_in(amina).get(url_of("case", case)))


def test_ground_rule_3_the_person_sets_the_order(sign_in, amina, case, goals):
    sleep, swim, sing = goals
    typed = {"seen": ids(sleep, swim, sing), "order": ids(sing, sleep, swim)}
    response = sign_in(amina).post(url_of("order_goals", case), typed)
    assert (response.url, in_order(case)) == (url_of("case", case), ["Sing", "Sleep", "Swim"])
    assert [event.words for event in case.events.all()] == ["1. Sing\n2. Sleep\n3. Swim"]


def test_without_javascript_a_button_moves_a_goal_up(sign_in, amina, case, goals):
    client = sign_in(amina)
    shown = client.get(url_of("case", case)).context["goals"]
    client.post(url_of("order_goals", case), {"seen": shown["seen"], "order": shown["open"][1].order_up})
    assert in_order(case) == ["Swim", "Sleep", "Sing"]


def test_the_first_goal_has_no_way_up_and_the_last_none_down(sign_in, amina, case, goals):
    shown = sign_in(amina).get(url_of("case", case)).context["goals"]["open"]
    assert [(bool(goal.order_up), bool(goal.order_down)) for goal in shown] == [
        (False, True),
        (True, True),
        (True, False),
    ]


def test_an_order_from_another_tab_is_not_lost_to_an_older_one(sign_in, amina, ben, case, goals):
    sleep, swim, sing = goals
    old = {"seen": ids(*goals), "order": ids(swim, sleep, sing)}
    sign_in(ben).post(url_of("order_goals", case), {"seen": ids(*goals), "order": ids(sing, swim, sleep)})
    response = sign_in(amina).post(url_of("order_goals", case), old, follow=True)
    assert in_order(case) == ["Sing", "Swim", "Sleep"]
    assert "Ben Taylor put the goals in their order today" in said(response)


def test_an_order_that_knows_nothing_of_a_new_goal_is_told_so(sign_in, amina, ben, case, goals):
    actions.add_goal(case=case, by=ben, words="Walk")
    order = {"seen": ids(*goals), "order": ids(*reversed(goals))}
    response = sign_in(amina).post(url_of("order_goals", case), order, headers=HTMX)
    assert in_order(case) == ["Sleep", "Swim", "Sing", "Walk"]
    assert "Ben Taylor wrote down a goal today" in response.content.decode()


def test_the_same_order_twice_is_saved_once(sign_in, amina, case, goals):
    client, order = sign_in(amina), {"seen": ids(*goals), "order": ids(*reversed(goals))}
    for _ in range(2):
        client.post(url_of("order_goals", case), order)
    assert case.events.count() == 1


@pytest.mark.parametrize("order", ["", "nonsense", "1,2,3", "{other}"])
def test_an_order_of_anything_else_changes_nothing(sign_in, amina, case, goals, order):
    order = order.format(other=GoalFactory().pk)
    response = sign_in(amina).post(url_of("order_goals", case), {"seen": ids(*goals), "order": order})
    assert (response.status_code, in_order(case)) == (302, ["Sleep", "Swim", "Sing"])


def test_dragging_answers_with_the_goals_alone(sign_in, amina, case, goals):
    order = {"seen": ids(*goals), "order": ids(*reversed(goals))}
    response = sign_in(amina).post(url_of("order_goals", case), order, headers=HTMX)
    assert response.templates[0].name == "caseload/includes/case_goals.html"
    assert [goal.words for goal in response.context["goals"]["open"]] == ["Sing", "Swim", "Sleep"]


def test_a_goal_that_was_reached_keeps_its_place_when_others_are_put_in_order(amina, case, goals):
    sleep, swim, sing = goals
    note(swim, amina, status=GoalStatus.REACHED)
    actions.order_goals(case=case, by=amina, seen=[sleep.pk, sing.pk], order=[sing.pk, sleep.pk])
    assert in_order(case) == ["Sing", "Swim", "Sleep"]


def note(goal, by, words="Four lengths", status=GoalStatus.OPEN, **step):
    step = {"next_step": "", "step_by": ""} | step
    return actions.note_progress(goal=goal, by=by, revision=goal.revision, words=words, status=status, **step)


def test_progress_is_in_their_words_and_all_of_it_is_kept(sign_in, amina, case, goals):
    client, page = sign_in(amina), url_of("note_progress", case, goal_id=goals[0].pk)
    send(client, page, words="Slept till six")
    send(client, page, words="Slept till seven", next_step="No news after nine", step_by="person")
    goals[0].refresh_from_db()
    assert [progress.words for progress in goals[0].progress.order_by("at")] == ["Slept till six", "Slept till seven"]
    assert (goals[0].next_step, goals[0].status) == ("No news after nine", GoalStatus.OPEN)
    entries = client.get(url_of("case", case), {"kind": "matters"}).context["entries"]
    assert [entry.note for entry in entries] == ["Sleep\n“Slept till seven”", "Sleep\n“Slept till six”"]


@pytest.mark.parametrize("status", [GoalStatus.REACHED, GoalStatus.LET_GO])
def test_reached_and_let_go_are_the_persons_words_too(sign_in, amina, case, goals, status):
    page = url_of("note_progress", case, goal_id=goals[0].pk)
    assert errors(send(sign_in(amina), page, status=status)) == ["Enter what they say about it"]
    send(sign_in(amina), page, status=status, words="That is done with")
    goals[0].refresh_from_db()
    assert (goals[0].status, goals[0].ended_at is not None) == (status, True)


def test_a_goal_let_go_is_taken_up_again_at_its_place(sign_in, amina, case, goals):
    note(goals[0], amina, status=GoalStatus.LET_GO)
    page = url_of("note_progress", case, goal_id=goals[0].pk)
    send(sign_in(amina), page, status=GoalStatus.OPEN, words="Another try")
    assert [goal.words for goal in case.goals.open().in_their_order()] == ["Sleep", "Swim", "Sing"]


def test_a_next_step_says_who_takes_it(sign_in, amina, case):
    response = send(sign_in(amina), url_of("add_goal", case), words="Swim", next_step="Ring the pool")
    assert errors(response) == ["Choose who does the next step"]


def test_two_people_changing_a_goal_the_second_sees_both(sign_in, amina, ben, case, goals):
    page = url_of("change_goal", case, goal_id=goals[1].pk)
    drawn = filled_in(sign_in(amina), page, words="Swim in the sea")
    send(sign_in(ben), page, words="Swim on Tuesdays")
    response = sign_in(amina).post(page, drawn)
    assert response.context["newer"] == ["It now reads: Swim on Tuesdays"]
    assert errors(response)[0].startswith("Ben Taylor changed a goal or its next step today")
    sign_in(amina).post(page, drawn | {"revision": response.context["form"]["revision"].value()})
    assert in_order(case) == ["Sleep", "Swim in the sea", "Sing"]


def test_a_double_click_notes_progress_once(sign_in, amina, case, goals):
    client, page = sign_in(amina), url_of("note_progress", case, goal_id=goals[0].pk)
    typed = filled_in(client, page, words="Slept")
    sent = [client.post(page, typed).status_code for _ in range(2)]
    assert (sent, goals[0].progress.count(), case.events.count()) == ([302, 302], 1, 1)


@pytest.mark.parametrize("page", ["add_goal", "change_goal", "note_progress"])
def test_goals_of_a_closed_case_stay_as_they_are(sign_in, amina, case, goals, page):
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    address = url_of(page, case, **({} if page == "add_goal" else {"goal_id": goals[0].pk}))
    assert sign_in(amina).get(address).url == url_of("case", case)


def test_an_order_for_a_closed_case_is_refused_in_words(sign_in, amina, case, goals):
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    order = {"seen": ids(*goals), "order": ids(*reversed(goals))}
    response = sign_in(amina).post(url_of("order_goals", case), order, follow=True)
    assert "This case is closed. Reopen it first." in said(response)
    case.refresh_from_db()
    assert (case.status, in_order(case)) == (CaseStatus.CLOSED, ["Sleep", "Swim", "Sing"])


def test_every_change_of_a_goal_is_kept_as_row_history(amina, goals):
    note(goals[0], amina, status=GoalStatus.REACHED)
    kept = Goal.history.rel.related_model.objects.filter(pgh_obj=goals[0]).order_by("pgh_id")
    assert list(kept.values_list("status", flat=True)) == [GoalStatus.OPEN, GoalStatus.REACHED]
