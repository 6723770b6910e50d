import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from caseload.models import AccessLog, Case, Patient
from referrals import actions
from referrals.enums import ReferralStatus
from referrals.models import Referral
from tests.factories import CaseFactory, MembershipFactory, PatientFactory, PracticeFactory, ReferralFactory, in_days
from tests.referrals.pages import said, url

INBOX = "/inbox/"
TO_THE_WAITING_LIST = {"person": "new", "worker": "waiting_list"}
KERR = {"number_kind": "chi", "number": "2703710003"}


def names(response):
    return [referral.given_name for referral in response.context["page"]]


@pytest.fixture
def sent(organisation, practice, priya):
    """sent(given_name=…): another referral from Priya's practice."""
    return lambda **fields: ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya, **fields)


# The list


def test_the_inbox_is_oldest_first(sign_in, amina, sent):
    sent(given_name="New")
    sent(given_name="Old", submitted_at=in_days(-9))
    assert names(sign_in(amina).get(INBOX)) == ["Old", "New"]


def test_reason_and_urgency_are_read_without_opening(sign_in, mo, referral):
    page = said(sign_in(mo).get(INBOX))
    assert "Sam Kerr , 55 Routine Rarely leaves the flat since her husband died. Loneliness" in page


@time_machine.travel("2026-11-24 10:00 +0000", tick=False)
def test_waiting_is_counted_in_working_days(sign_in, amina, sent):
    sent(submitted_at=timezone.now() - timedelta(days=4))  # Friday 20 November
    assert "1 referral to answer, the oldest sent 2 working days ago." in said(sign_in(amina).get(INBOX))


def test_the_inbox_narrows_by_urgency_and_practice(sign_in, amina, sent, organisation):
    other = PracticeFactory()
    organisation.practices.add(other)
    sent(given_name="Routine")
    sent(given_name="Urgent", urgency="urgent")
    ReferralFactory(organisation=organisation, practice=other, given_name="Other", urgency="urgent")
    client = sign_in(amina)
    assert names(client.get(INBOX, {"urgency": "urgent"})) == ["Urgent", "Other"]
    assert names(client.get(INBOX, {"urgency": "urgent", "practice": other.pk})) == ["Other"]


def test_what_makes_no_sense_in_the_address_narrows_nothing(sign_in, amina, referral):
    response = sign_in(amina).get(INBOX, {"urgency": "x\0", "practice": "1", "show": "?", "page": "-"})
    assert names(response) == ["Sam"]


def test_answered_referrals_are_a_list_of_their_own(sign_in, amina, sent):
    answered = sent(given_name="Answered")
    sent(given_name="New")
    actions.return_referral(referral=answered, by=amina, answer="Which street?")
    client = sign_in(amina)
    assert names(client.get(INBOX)) == ["New"]
    assert names(client.get(INBOX, {"show": "answered"})) == ["Answered"]


def test_an_empty_inbox_says_what_comes_here(sign_in, amina):
    assert "New referrals appear here as practices send them." in said(sign_in(amina).get(INBOX))


def test_those_answered_are_read_in_their_order_and_never_sorted(organisation):
    """Of tens of thousands a page shows 25."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
        )
    assert "referral_last_said" in organisation.referrals.answered()[:25].explain()


def test_the_inbox_asks_as_often_for_three_rows_as_for_one(sign_in, amina, sent, django_assert_num_queries):
    client = sign_in(amina)
    sent()
    client.get(INBOX)
    with django_assert_num_queries(12):
        client.get(INBOX)
    sent(), sent()
    with django_assert_num_queries(12):
        client.get(INBOX)


# One referral


def test_opening_a_received_referral_is_in_the_access_log(sign_in, amina, referral):
    sign_in(amina).get(url("received", referral))
    entry = AccessLog.objects.get()
    assert (entry.by, entry.record_id, entry.patient, entry.what) == (amina, referral.pk, None, "referral")


def test_people_we_know_are_shown_beside_it_whichever_practice_they_came_from(
    sign_in, amina, ben, referral, organisation
):
    known = PatientFactory(organisation=organisation, given_name="Samuel", postcode="G31 4EB")
    CaseFactory(patient=known, worker=ben, status="active")
    response = sign_in(amina).get(url("received", referral))
    assert list(response.context["form"].matches.values()) == [known]
    assert "Samuel Kerr Saturday 27 March 1971 None known G31 4EB Active , Ben Taylor" in said(response)


def test_people_another_organisation_knows_are_not_shown(sign_in, amina, referral, other_organisation):
    PatientFactory(organisation=other_organisation)
    assert sign_in(amina).get(url("received", referral)).context["form"].matches == {}


def test_a_received_referral_asks_as_often_with_three_matches_as_with_one(
    sign_in, amina, referral, organisation, django_assert_num_queries
):
    client = sign_in(amina)
    CaseFactory(patient__organisation=organisation)
    client.get(url("received", referral))
    with django_assert_num_queries(14):
        client.get(url("received", referral))
    CaseFactory.create_batch(2, patient__organisation=organisation, worker=amina)
    with django_assert_num_queries(14):
        client.get(url("received", referral))


# Accept


def test_accept_takes_two_clicks_when_nobody_is_like_them(sign_in, amina, referral):
    client = sign_in(amina)
    form = client.get(url("received", referral)).context["form"]
    response = client.post(url("accept", referral), {name: form[name].value() or "" for name in form.fields})
    case = Case.objects.get()
    assert response.url == INBOX
    assert (case.status, case.worker, case.patient.name) == ("waiting", None, "Sam Kerr")


@pytest.mark.parametrize("who", ["amina", "mo"])
def test_a_link_worker_and_a_manager_may_accept_for_a_colleague(request, sign_in, who, ben, referral):
    client = sign_in(request.getfixturevalue(who))
    client.post(url("accept", referral), {"person": "new", "worker": ben.pk, "answer": "Ben will ring."})
    referral.refresh_from_db()
    assert (referral.case.worker, referral.answer) == (ben, "Ben will ring.")


def test_colleagues_are_listed_by_name_with_their_open_cases(sign_in, amina, ben, referral, organisation):
    CaseFactory.create_batch(2, patient__organisation=organisation, worker=ben)
    form = sign_in(amina).get(url("received", referral)).context["form"]
    assert [words for _, words in form.fields["worker"].choices] == [
        "The waiting list",
        "Me (0 open cases)",
        "Ben Taylor (2 open cases)",
    ]


def test_a_case_can_not_be_given_to_a_stranger(sign_in, amina, stranger, referral):
    page = sign_in(amina).post(url("accept", referral), {"person": "new", "worker": stranger.pk})
    assert page.context["form"].errors == {"worker": ["Choose somebody from the list"]}
    assert Case.objects.count() == 0


def test_somebody_alike_must_be_chosen_or_ruled_out(sign_in, amina, referral, organisation):
    PatientFactory(organisation=organisation)
    client = sign_in(amina)
    assert client.get(url("received", referral)).context["form"]["person"].value() is None
    page = client.post(url("accept", referral), {"worker": "waiting_list", "answer": "We will ring."})
    assert page.context["form"].errors == {"person": ["Choose who this is"]}
    assert page.context["form"]["answer"].value() == "We will ring."
    client.post(url("accept", referral), TO_THE_WAITING_LIST)
    assert Patient.objects.count() == 2


def test_the_same_number_is_the_same_person(sign_in, amina, sent, organisation):
    known = PatientFactory(organisation=organisation, given_name="Mary", **KERR)
    PatientFactory(organisation=organisation)
    client = sign_in(amina)
    referral = sent(**KERR)
    assert client.get(url("received", referral)).context["form"]["person"].value() == str(known.pk)
    refused = client.post(url("accept", referral), TO_THE_WAITING_LIST)
    assert refused.context["form"].errors == {"person": ["Choose who this is"]}
    client.post(url("accept", referral), {"person": known.pk, "worker": "waiting_list"})
    assert Case.objects.get().patient == known


def test_a_person_of_another_organisation_can_not_be_chosen(sign_in, amina, referral, other_organisation):
    theirs = PatientFactory(organisation=other_organisation)
    page = sign_in(amina).post(url("accept", referral), {"person": theirs.pk, "worker": "waiting_list"})
    assert page.context["form"].errors == {"person": ["Choose who this is"]}


def test_a_referral_for_an_open_case_joins_it(sign_in, amina, ben, referral, organisation):
    case = CaseFactory(patient__organisation=organisation, worker=ben, status="active")
    sign_in(amina).post(url("accept", referral), {"person": case.patient.pk, "worker": amina.pk})
    referral.refresh_from_db()
    assert (referral.case, referral.case.worker) == (case, ben)
    assert Case.objects.count() == 1


def test_after_an_answer_the_next_referral_is_one_click_away(sign_in, amina, referral, sent):
    following = sent(given_name="Next")
    page = sign_in(amina).post(url("accept", referral), TO_THE_WAITING_LIST, follow=True)
    link = f'<a href="{url("received", following)}">Next in the inbox</a>'
    assert link in page.content.decode()


def test_a_second_click_of_accept_is_no_second_case(sign_in, amina, referral):
    client = sign_in(amina)
    client.post(url("accept", referral), TO_THE_WAITING_LIST)
    assert client.post(url("accept", referral), TO_THE_WAITING_LIST).url == url("received", referral)
    assert Case.objects.count() == 1


# Return and decline


def test_a_question_goes_back_with_the_referral(sign_in, mo, referral):
    sign_in(mo).post(url("return", referral), {"answer": "Is the phone his own?"})
    referral.refresh_from_db()
    assert (referral.status, referral.answer, referral.answered_by) == ("returned", "Is the phone his own?", mo)


def test_a_decline_needs_a_reason_and_words(sign_in, amina, referral):
    page = sign_in(amina).post(url("decline", referral), {"answer": " \u200e "})
    assert page.context["form"].errors == {
        "decline_reason": ["Choose a reason"],
        "answer": ["Enter what the practice should know, or could try"],
    }
    sign_in(amina).post(url("decline", referral), {"decline_reason": "no_room", "answer": "Try Calton Connects."})
    referral.refresh_from_db()
    assert (referral.status, referral.decline_reason) == (ReferralStatus.DECLINED, "no_room")


@pytest.mark.parametrize("page", ["accept", "return", "decline"])
def test_who_will_read_the_words_stands_beside_them(sign_in, amina, referral, page):
    assert re.search(r"Priya Nair will read (the reason and )?this\.", said(sign_in(amina).get(url(page, referral))))


# Too late


@pytest.mark.parametrize("verb", ["accept", "return", "decline"])
def test_the_second_to_answer_is_told_who_was_first_and_keeps_the_words(sign_in, amina, ben, referral, verb):
    with time_machine.travel("2026-11-24 10:42 +0000", tick=False):
        actions.return_referral(referral=referral, by=ben, answer="Which street?")
        typed = {**TO_THE_WAITING_LIST, "decline_reason": "no_room", "answer": "Come on Tuesday <10:00>."}
        page = said(sign_in(amina).post(url(verb, referral), typed))
    assert "Ben Taylor returned it with a question at 10:42, so your answer was not sent." in page
    assert "You wrote: Come on Tuesday <10:00>." in page
    referral.refresh_from_db()
    assert referral.answered_by == ben


def test_a_number_added_meanwhile_is_a_plain_error(sign_in, amina, sent, organisation, monkeypatch):
    def somebody_was_quicker(**_):
        raise actions.NumberAlreadyKnown

    monkeypatch.setattr(actions, "accept_referral", somebody_was_quicker)
    page = sign_in(amina).post(url("accept", sent(**KERR)), {**TO_THE_WAITING_LIST, "answer": "Hello."})
    assert page.context["form"].errors == {
        "person": ["A colleague has just added somebody with this number. Open this page again to see them"]
    }
    assert page.context["form"]["answer"].value() == "Hello."


# Whose it is


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["received", "accept", "return", "decline"])
@pytest.mark.parametrize("who", ["stranger", "stranger_manager", "stranger_practice", "priya"])
def test_nobody_else_finds_a_referral_in_the_inbox(request, sign_in, referral, who, page, method):
    client = sign_in(request.getfixturevalue(who))
    response = getattr(client, method)(url(page, referral), {"person": "new", "answer": "x"})
    assert response.status_code == 404
    assert Referral.objects.get().status == "submitted"


def test_a_strangers_inbox_is_empty(sign_in, stranger, referral):
    assert names(sign_in(stranger).get(INBOX)) == []


def test_ground_rule_8_the_people_shown_beside_a_referral_are_recorded_too(sign_in, amina, referral, sam):
    sign_in(amina).get(url("received", referral))
    seen = AccessLog.objects.order_by("id").values_list("what", "record_id", "patient")
    assert list(seen) == [("referral", referral.pk, None), ("details", sam.pk, sam.pk)]


@pytest.mark.parametrize("page", ["received", "return", "decline"])
def test_a_name_is_never_markup(sign_in, amina, referral, page):
    referral.submitted_by.name = "<b>Priya"
    referral.submitted_by.save()
    assert "<b>Priya" not in sign_in(amina).get(url(page, referral)).content.decode()


def test_a_worker_of_two_organisations_is_named_once(sign_in, mo, amina, referral, other_organisation):
    MembershipFactory(user=amina, role=Role.LINK_WORKER, organisation=other_organisation)
    offered = sign_in(mo).get(url("received", referral)).context["form"].fields["worker"].choices
    assert [value for value, _ in offered] == ["waiting_list", str(amina.pk)]
