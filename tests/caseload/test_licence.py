"""Licensed measures: the wording a manager types in, its licence, and what is offered because of it."""

import pytest
from django.urls import reverse

from accounts.moves import ChangedMeanwhile
from caseload import actions
from caseload.links import token_of
from caseload.measures import ACTIVATION, LICENSED, MEASURES, SWEMWBS, WHO5
from caseload.offered import offered
from tests.caseload.sent import errors, send, url_of
from tests.factories import FillingFactory

DATE = {"licensed_on_day": "3", "licensed_on_month": "2", "licensed_on_year": "2026"}
BEFORE = "About the last two weeks."
LICENCE = {
    "instruction": BEFORE,
    "licence_holder": "Wellpark",
    "licence_reference": "L-77",
    "is_confirmed": "on",
} | DATE
PAGE = reverse("caseload:licences")


def wording_of(measure):
    """Made-up words: the real ones are not ours to write down."""
    values = sorted(value for value, _ in measure.items[0].answers)
    questions = {f"question_{n}": f"Made-up question {n}?" for n in range(1, len(measure.items) + 1)}
    return questions | {f"answer_{value}": f"Answer {value}" for value in values}


def page_of(measure):
    return reverse("caseload:licence", kwargs={"measure": measure.code})


@pytest.fixture
def who5(sign_in, mo):
    send(sign_in(mo), page_of(WHO5), **LICENCE, **wording_of(WHO5))
    return WHO5


@pytest.mark.parametrize("code", LICENSED)
def test_a_manager_types_the_wording_in_and_the_measure_is_offered(sign_in, mo, organisation, code):
    measure = MEASURES[code]
    send(sign_in(mo), page_of(measure), **LICENCE, **wording_of(measure))
    kept = organisation.licensed_wordings.get()
    assert (kept.licence_holder, kept.licence_reference, kept.confirmed_by) == ("Wellpark", "L-77", mo)
    items = offered(organisation)[code].items
    assert [item.text for item in items] == [f"Made-up question {n}?" for n in range(1, len(items) + 1)]
    assert [dict(item.answers)[value] for item in items for value, _ in measure.items[0].answers] == [
        f"Answer {value}" for _ in items for value, _ in measure.items[0].answers
    ]


def test_no_licensed_measure_is_offered_before(organisation):
    assert list(offered(organisation)) == ["ons4", "loneliness", "concern"]


def test_a_wording_is_offered_in_its_own_organisation_alone(who5, organisation, other_organisation):
    assert ("who5" in offered(organisation), "who5" in offered(other_organisation)) == (True, False)


@pytest.mark.parametrize(
    ("left_out", "error"),
    [
        ("licence_holder", "Enter who holds the licence"),
        ("licence_reference", "Enter the reference of the licence"),
        ("is_confirmed", "Tick that your licence lets you use the wording here, or leave this page"),
        ("question_5", "Enter question 5"),
        ("answer_0", "Enter the answer scored 0"),
    ],
)
def test_wording_is_not_taken_without_its_licence_or_in_part(sign_in, mo, organisation, left_out, error):
    typed = LICENCE | wording_of(WHO5) | {left_out: ""}
    assert errors(send(sign_in(mo), page_of(WHO5), **typed)) == [error]
    assert organisation.licensed_wordings.count() == 0


def test_a_licence_is_not_dated_in_the_future(sign_in, mo, today):
    typed = LICENCE | wording_of(WHO5) | {"licensed_on_year": str(today.year + 1)}
    assert errors(send(sign_in(mo), page_of(WHO5), **typed)) == ["The date of the licence is still to come"]


def test_a_licensed_measure_is_filled_in_in_its_own_words_and_scored(sign_in, amina, case, who5):
    url = url_of("fill_in", case, measure="who5")
    page = sign_in(amina).get(url).content.decode()
    assert page.index(BEFORE) < page.index("Made-up question 1?")
    assert "Used under licence L-77, held by Wellpark." in page
    assert page.index("Answer 5") < page.index("Answer 0")
    send(sign_in(amina), url, **{f"who5_item_{n}": "3" for n in range(1, 6)})
    assert case.fillings.get().scores == {"who5": 60}


def test_a_licensed_measure_is_asked_by_link_in_its_own_words(client, amina, case, who5):
    link = actions.link_questions(case=case, by=amina, measures=["who5"])
    page = client.get(f"/q/{token_of(link)}/").content.decode()
    assert page.index(BEFORE) < page.index("Made-up question 1?") < page.index("Used under licence L-77")
    client.post(f"/q/{token_of(link)}/", {f"who5_item_{n}": "1" for n in range(1, 6)})
    assert case.fillings.get().scores == {"who5": 20}


def test_patient_activation_takes_the_score_of_the_holders_own_tool(sign_in, mo, amina, case):
    send(sign_in(mo), page_of(ACTIVATION), **LICENCE, **wording_of(ACTIVATION))
    url = url_of("fill_in", case, measure="activation")
    send(sign_in(amina), url, activation_item_1="3", typed_score="55.1")
    filling = case.fillings.get()
    assert (filling.answers, filling.scores) == ({"item_1": 3, "typed_score": 55.1}, {"activation": 55.1})
    assert errors(send(sign_in(amina), url, typed_score="101")) == [
        "Enter the score as a number from 0 to 100, like 55.1"
    ]


def test_when_the_licence_ends_the_words_go_and_the_scores_stay(sign_in, mo, amina, case, who5):
    FillingFactory(case=case, measure="who5", answers={f"item_{n}": 3 for n in range(1, 6)})
    sign_in(mo).post(reverse("caseload:end_licence", kwargs={"measure": "who5"}))
    assert sign_in(amina).get(url_of("fill_in", case, measure="who5")).status_code == 404
    page = sign_in(amina).get(url_of("filling", case, filling_id=case.fillings.get().pk)).content.decode()
    assert ("Made-up question" in page, "60 (not low)" in page) == (False, True)
    assert "WHO-5 wellbeing: 60" in sign_in(amina).get(url_of("measures", case)).content.decode()


def test_a_wording_is_changed_with_its_history_kept(sign_in, mo, organisation, who5):
    send(sign_in(mo), page_of(WHO5), question_1="Put right?", is_confirmed="on")
    kept = organisation.licensed_wordings.get()
    assert (kept.questions[0], kept.history.count()) == ("Put right?", 2)


def test_of_two_managers_who_change_it_the_second_is_told(mo, organisation, today, who5):
    kept = organisation.licensed_wordings.get()
    said = {"licence_holder": "W", "licence_reference": "L", "licensed_on": today, "instruction": ""}
    words = {"questions": kept.questions, "answers": kept.answers}
    with pytest.raises(ChangedMeanwhile):
        actions.keep_wording(organisation=organisation, by=mo, measure="who5", version=0, **said, **words)


@pytest.mark.parametrize("address", [PAGE, page_of(SWEMWBS)])
def test_only_a_manager_says_what_is_licensed(sign_in, amina, mo, address):
    assert [sign_in(who).get(address).status_code for who in (amina, mo)] == [403, 200]


@pytest.mark.parametrize("code", ["ons4", "nothing"])
def test_a_measure_that_needs_no_licence_has_no_such_page(sign_in, mo, code):
    assert sign_in(mo).get(reverse("caseload:licence", kwargs={"measure": code})).status_code == 404


def test_the_page_says_what_is_offered_by_whose_licence(sign_in, mo, who5):
    page = sign_in(mo).get(PAGE).content.decode()
    assert "L-77, held by Wellpark" in page
    assert "Confirmed by Mo Farrell" in page
