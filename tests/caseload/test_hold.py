from datetime import timedelta

import pytest

from assets.enums import NeedKind
from caseload.enums import CaseStatus, HoldBarrier, HoldEnd, HoldPurpose, NeedOutcome
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import AssetFactory, HoldFactory, NeedFactory

WAITING_FOR_HOUSING = {
    "purpose": HoldPurpose.WAITING_FOR_SERVICE,
    "awaited_need": NeedKind.HOUSING,
    "barrier": HoldBarrier.WAITING_LIST,
}


STARTED = {"end": HoldEnd.SERVICE_STARTED, "need_outcome": NeedOutcome.MET}


@pytest.fixture
def start_page(case):
    return url_of("start_hold", case)


@pytest.fixture
def hold(case):
    case.status = CaseStatus.HOLDING
    case.save()
    return HoldFactory(case=case)


def test_ground_rule_2_a_hold_says_what_it_is_for_what_blocks_it_and_when_it_is_reviewed(
    sign_in, amina, case, start_page
):
    response = sign_in(amina).post(start_page, filled_in(sign_in(amina), start_page, review_on=""))
    assert errors(response) == [
        "Choose what help is awaited",
        "Choose what stands in the way",
        "Choose what the hold is for",
        "Enter the day to look at this again",
    ]


def test_ground_rule_2_holding_is_a_status_of_its_own_and_no_end(sign_in, amina, case, start_page, today):
    send(sign_in(amina), start_page, **WAITING_FOR_HOUSING)
    case.refresh_from_db()
    assert (case.status, case.hold.review_on) == (CaseStatus.HOLDING, today + timedelta(days=28))


def test_a_hold_offers_the_first_need_of_the_case(sign_in, amina, case, start_page):
    NeedFactory(case=case, kind=NeedKind.CARING)
    assert filled_in(sign_in(amina), start_page)["awaited_need"] == NeedKind.CARING


def test_the_one_service_of_that_name_is_taken(sign_in, amina, case, start_page):
    library = AssetFactory(name="Parkhead Library")
    AssetFactory(name="Bridgeton Allotments")
    send(sign_in(amina), start_page, **WAITING_FOR_HOUSING, service="parkhead lib")
    assert case.hold.awaited_asset == library


def test_several_services_of_that_name_are_offered_to_choose_from(sign_in, amina, case, start_page):
    AssetFactory(name="Parkhead Library")
    gardens = AssetFactory(name="Parkhead Gardens", town="Glasgow")
    response = send(sign_in(amina), start_page, **WAITING_FOR_HOUSING, service="Parkhead")
    assert errors(response) == ["Choose which one is meant, or clear the name above"]
    assert (str(gardens.pk), "Parkhead Gardens, Glasgow") in response.context["form"].fields["awaited_asset"].choices
    send(sign_in(amina), start_page, **WAITING_FOR_HOUSING, service="Parkhead", awaited_asset=str(gardens.pk))
    assert case.hold.awaited_asset == gardens


def test_a_service_nobody_knows_is_not_made_up(sign_in, amina, start_page):
    response = send(sign_in(amina), start_page, **WAITING_FOR_HOUSING, service="Nowhere Hall")
    assert errors(response) == ["Nothing in the directory is called that. Try another name, or clear it"]


def test_a_double_click_starts_one_hold(sign_in, amina, case, start_page):
    client = sign_in(amina)
    data = filled_in(client, start_page, **WAITING_FOR_HOUSING)
    first, second = client.post(start_page, data), client.post(start_page, data)
    assert (first.url, second.url, case.holds.count()) == (url_of("case", case), url_of("case", case), 1)


def test_a_colleague_who_held_it_first_is_named(sign_in, amina, ben, case, start_page):
    data = filled_in(sign_in(amina), start_page, **WAITING_FOR_HOUSING, note="Housing officer is away")
    send(sign_in(ben), start_page, **WAITING_FOR_HOUSING)
    response = sign_in(amina).post(start_page, data)
    assert errors(response)[0].startswith("Ben Taylor started a hold today ")
    assert response.context["form"]["note"].value() == "Housing officer is away"
    assert case.holds.count() == 1


def test_a_review_keeps_its_note_and_sets_the_next_day(sign_in, amina, case, hold, today):
    url = url_of("review_hold", case, hold_id=hold.pk)
    send(sign_in(amina), url, note="Still third on the list", next_review_on=today + timedelta(days=14))
    hold.refresh_from_db()
    assert (hold.review_on, [review.note for review in hold.reviews.all()]) == (
        today + timedelta(days=14),
        ["Still third on the list"],
    )


def test_a_review_without_a_word_is_asked_for_one(sign_in, amina, case, hold):
    response = send(sign_in(amina), url_of("review_hold", case, hold_id=hold.pk))
    assert errors(response) == ["Enter how things stand"]


def test_reviewing_a_hold_a_colleague_has_just_reviewed_says_so_and_loses_nothing(sign_in, amina, ben, case, hold):
    review_page = url_of("review_hold", case, hold_id=hold.pk)
    data = filled_in(sign_in(amina), review_page, note="Rang them")
    send(sign_in(ben), review_page, note="Third on the list")
    response = sign_in(amina).post(review_page, data)
    assert errors(response)[0].startswith("Ben Taylor reviewed the hold today ")
    assert response.context["form"]["note"].value() == "Rang them"
    assert hold.reviews.count() == 1
    send_again = {**data, "seen": response.context["form"]["seen"].value()}
    assert sign_in(amina).post(review_page, send_again).status_code == 302
    assert hold.reviews.count() == 2


def test_ending_a_hold_makes_the_case_active(sign_in, amina, case, hold):
    send(sign_in(amina), url_of("end_hold", case, hold_id=hold.pk), **STARTED)
    case.refresh_from_db()
    hold.refresh_from_db()
    assert (case.status, hold.end) == (CaseStatus.ACTIVE, HoldEnd.SERVICE_STARTED)


def test_closing_the_case_is_no_answer_to_how_a_hold_ended(sign_in, amina, case, hold):
    response = send(
        sign_in(amina), url_of("end_hold", case, hold_id=hold.pk), end=HoldEnd.CASE_CLOSED, need_outcome="met"
    )
    assert errors(response) == ["Choose how the hold ended"]


def test_reviewing_a_hold_a_colleague_ended_says_so_and_keeps_the_note(sign_in, amina, ben, case, hold):
    review_page = url_of("review_hold", case, hold_id=hold.pk)
    data = filled_in(sign_in(amina), review_page, note="Rang them")
    send(sign_in(ben), url_of("end_hold", case, hold_id=hold.pk), **STARTED)
    response = sign_in(amina).post(review_page, data)
    assert errors(response)[0].startswith("Ben Taylor ended the hold today ")
    assert response.context["form"]["note"].value() == "Rang them"


@pytest.mark.parametrize("page", ["review_hold", "end_hold"])
def test_the_form_of_an_ended_hold_goes_back_to_the_case(sign_in, amina, case, hold, page):
    send(sign_in(amina), url_of("end_hold", case, hold_id=hold.pk), **STARTED)
    assert sign_in(amina).get(url_of(page, case, hold_id=hold.pk)).url == url_of("case", case)


def test_what_is_done_meanwhile_is_said_at_the_start_and_carried_on_by_a_review(sign_in, amina, case, start_page):
    client = sign_in(amina)
    send(client, start_page, **WAITING_FOR_HOUSING, meanwhile="A call on Mondays")
    review_page = url_of("review_hold", case, hold_id=case.hold.pk)
    assert filled_in(client, review_page)["meanwhile"] == "A call on Mondays"
    send(client, review_page, note="Third on the list", meanwhile="A call on Mondays, the lunch club with me")
    assert case.hold.meanwhile == "A call on Mondays, the lunch club with me"
    assert list(case.hold.reviews.values_list("meanwhile", flat=True)) == [case.hold.meanwhile]


def test_ending_a_hold_asks_what_became_of_the_need(sign_in, amina, case, hold):
    response = send(sign_in(amina), url_of("end_hold", case, hold_id=hold.pk), end=HoldEnd.SERVICE_STARTED)
    assert errors(response) == ["Choose what became of the need"]


@pytest.mark.parametrize("outcome", ["met", "partly_met"])
def test_ending_a_hold_settles_the_need_in_the_same_step(sign_in, amina, case, hold, outcome):
    need = NeedFactory(case=case, kind=hold.awaited_need)
    send(sign_in(amina), url_of("end_hold", case, hold_id=hold.pk), end=HoldEnd.SERVICE_STARTED, need_outcome=outcome)
    need.refresh_from_db()
    hold.refresh_from_db()
    assert (need.outcome, need.outcome_by, need.barrier, hold.need_outcome) == (outcome, amina, "", outcome)


def test_an_unmet_need_keeps_what_stood_in_the_way_of_the_hold(sign_in, amina, case, hold):
    send(sign_in(amina), url_of("end_hold", case, hold_id=hold.pk), end=HoldEnd.NO_SERVICE, need_outcome="unmet")
    assert list(case.needs.values_list("kind", "outcome", "barrier")) == [
        (hold.awaited_need, NeedOutcome.UNMET, HoldBarrier.WAITING_LIST)
    ]


def test_a_need_may_stay_open_when_support_goes_on(sign_in, amina, case, hold):
    need = NeedFactory(case=case, kind=hold.awaited_need)
    url = url_of("end_hold", case, hold_id=hold.pk)
    send(sign_in(amina), url, end=HoldEnd.BACK_TO_ACTIVE, need_outcome="open")
    need.refresh_from_db()
    case.refresh_from_db()
    assert (need.outcome, case.status) == ("", CaseStatus.ACTIVE)


def test_a_service_that_started_leaves_no_need_open(sign_in, amina, case, hold):
    url = url_of("end_hold", case, hold_id=hold.pk)
    response = send(sign_in(amina), url, end=HoldEnd.SERVICE_STARTED, need_outcome="open")
    assert errors(response) == ["The service started: choose met, partly met or unmet"]
