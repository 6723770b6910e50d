import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Nation, Role
from accounts.models import Policy
from assets.enums import NeedKind
from caseload.actions import close_case, start_hold
from caseload.enums import Ending, HoldBarrier, HoldPurpose
from caseload.models import AccessLog
from referrals import actions
from referrals.enums import DeclineReason, ReferralStatus
from referrals.models import Referral, ReferralEvent
from tests.caseload.sent import errors
from tests.factories import (
    AttendedFactory,
    CaseFactory,
    MembershipFactory,
    OrganisationFactory,
    PatientFactory,
    PracticeFactory,
    ReferralFactory,
    in_days,
)
from tests.referrals.pages import said, url, words

REFER = "/refer/"
SENT = "/referrals/"


def became(client) -> str:
    """What the list says became of the first referral on it."""
    cell = client.get(SENT, {"show": "all"}).content.decode().partition('lw-table__words">')[2].partition("</td>")[0]
    return words(cell)


# Refer


def test_priya_refers_somebody_and_lands_on_what_she_sent(sign_in, priya, practice, typed):
    response = sign_in(priya).post(REFER, typed)
    referral = practice.referrals.get()
    assert response.url == url("sent_referral", referral)
    assert (referral.number, referral.postcode, referral.permissions) == ("2703710003", "G31 4EB", ["call", "text"])
    assert (referral.submitted_by, referral.needs) == (priya, ["loneliness", "bereavement"])
    assert referral.consent_to_share_back is True


def test_a_double_click_sends_one_referral(sign_in, priya, practice, typed):
    client = sign_in(priya)
    first, second = client.post(REFER, typed), client.post(REFER, typed)
    assert first.url == second.url
    assert practice.referrals.count() == 1


def test_an_empty_form_says_what_is_missing_in_a_summary_with_links(sign_in, priya, organisation):
    response = sign_in(priya).post(REFER, {"organisation": organisation.pk, "once": uuid.uuid4()})
    assert response.status_code == 200
    summary = response.content.decode().partition("nhsuk-error-summary__list")[2].partition("</ul>")[0]
    assert re.findall(r'<a href="#id_\w+">([^<]+)</a>', summary) == [
        "Enter a first name",
        "Enter a date of birth, like 27 3 1985",
        "Choose NHS number, CHI number or neither",
        "Enter a postcode, or tick “No fixed abode”",
        "Choose at least one way, or say under “Safe contact” how to reach them",
        "Enter why you are referring them now",
        "Choose at least one kind of help",
        "Choose how soon they need to be met",
        "Ask them first, then tick that they agree to this referral",
        "Choose whether they agree that we tell you",
    ]


def test_what_was_typed_is_kept_beside_an_error(sign_in, priya, practice, typed):
    response = sign_in(priya).post(REFER, typed | {"given_name": "Samʼ", "number": "270371 0004"})
    form = response.context["form"]
    assert form.errors == {"number": ["Check the CHI number: one of its digits is wrong"]}
    assert form["given_name"].value() == "Samʼ"
    assert form["reason"].value() == typed["reason"]
    assert practice.referrals.count() == 0


@pytest.mark.parametrize(
    "nation, kind", [(Nation.SCOTLAND, "chi"), (Nation.ENGLAND, "nhs"), (Nation.NORTHERN_IRELAND, "nhs")]
)
def test_the_usual_number_of_the_nation_is_chosen_already(sign_in, priya, practice, organisation, nation, kind):
    practice.nation = nation
    practice.save()
    assert sign_in(priya).get(REFER).context["form"]["number_kind"].value() == kind


def test_with_the_list_closed_the_page_says_so_and_offers_no_form(sign_in, priya, organisation):
    Policy.objects.create(organisation=organisation, waiting_list_open=False, waiting_list_note="Back in January.")
    page = sign_in(priya).get(REFER)
    assert 'name="given_name"' not in page.content.decode()
    assert "Wellpark Link Workers is not taking new referrals now. Back in January." in said(page)


def test_a_list_that_closes_while_somebody_writes_keeps_their_words(sign_in, priya, organisation, practice, typed):
    Policy.objects.create(organisation=organisation, waiting_list_open=False)
    form = sign_in(priya).post(REFER, typed).context["form"]
    assert form.errors == {
        "organisation": ["Wellpark Link Workers has just stopped taking referrals. Nothing was sent"]
    }
    assert form["reason"].value() == typed["reason"]
    assert practice.referrals.count() == 0


def test_a_practice_with_two_organisations_chooses(sign_in, priya, practice, organisation, typed):
    other = OrganisationFactory(name="Calton Connects")
    other.practices.add(practice)
    client = sign_in(priya)
    form = client.post(REFER, typed | {"organisation": ""}).context["form"]
    assert form.errors == {"organisation": ["Choose who to send it to"]}
    client.post(REFER, typed | {"organisation": other.pk})
    assert practice.referrals.get().organisation == other


def test_a_practice_cannot_send_to_an_organisation_that_does_not_serve_it(
    sign_in, priya, practice, typed, other_organisation
):
    sign_in(priya).post(REFER, typed | {"organisation": other_organisation.pk})
    assert Referral.objects.count() == 0


def met_after(days, organisation, practice, count):
    for _ in range(count):
        patient = PatientFactory(organisation=organisation, practice=practice)
        case = CaseFactory(patient=patient, status="active")
        ReferralFactory(
            organisation=organisation,
            practice=practice,
            submitted_at=in_days(-10 - days),
            status=ReferralStatus.ACCEPTED,
            patient=patient,
            case=case,
        )
        AttendedFactory(case=case)
        AttendedFactory(case=case, starts_at=in_days(-1))


def test_the_wait_is_the_median_of_those_met_lately(sign_in, priya, organisation, practice):
    met_after(4, organisation, practice, 2)
    met_after(9, organisation, practice, 3)
    assert "waited 9 days or less from referral to first meeting" in said(sign_in(priya).get(REFER))


def test_the_wait_of_four_people_is_too_few_to_say(sign_in, priya, organisation, practice):
    met_after(9, organisation, practice, 4)
    CaseFactory.create_batch(4, patient__organisation=organisation, patient__practice=practice)
    page = said(sign_in(priya).get(REFER))
    assert "too few met in the last three months to say. Fewer than 5 people are waiting." in page


# Likely duplicates


def test_a_second_referral_of_the_same_person_asks_first(sign_in, priya, practice, typed):
    client = sign_in(priya)
    client.post(REFER, typed)
    again = typed | {"once": uuid.uuid4(), "given_name": "Samantha", "number_kind": "none", "number": ""}
    page = client.post(REFER, again)
    assert page.context["form"].matches == [practice.referrals.get()]
    assert "You may have sent this already" in said(page)
    client.post(REFER, again | {"send_anyway": "on"})
    assert practice.referrals.count() == 2


def test_the_same_number_under_another_name_asks_too(sign_in, priya, practice, typed):
    client = sign_in(priya)
    client.post(REFER, typed)
    form = client.post(REFER, typed | {"once": uuid.uuid4(), "given_name": "Mary", "family_name": "Bell"})
    assert form.context["form"].matches == [practice.referrals.get()]


def test_a_referral_by_another_practice_is_never_a_match(sign_in, priya, practice, organisation, typed):
    ReferralFactory(organisation=organisation, number_kind="chi", number="2703710003")
    PatientFactory(organisation=organisation, number_kind="chi", number="2703710003")
    sign_in(priya).post(REFER, typed)
    assert practice.referrals.count() == 1


# Our referrals


def test_a_referral_not_answered_says_how_long(sign_in, priya, referral):
    assert became(sign_in(priya)) == "Not answered yet."


def test_an_accepted_referral_says_the_wait_and_who_to_talk_to(sign_in, priya, accepted, organisation):
    organisation.phone = "0141 496 0199"
    organisation.save()
    accepted.case.opened_at = in_days(-12)
    accepted.case.save()
    client = sign_in(priya)
    assert became(client) == "Accepted. Waiting to be met; 12 days so far."
    assert "Amina Yusuf, 0141 496 0199" in said(client.get(SENT))


def test_a_held_case_says_what_it_waits_for(sign_in, priya, accepted, amina):
    start_hold(
        case=accepted.case,
        by=amina,
        purpose=HoldPurpose.WAITING_FOR_SERVICE,
        awaited_need=NeedKind.HOUSING,
        awaited_asset=None,
        barrier=HoldBarrier.WAITING_LIST,
        review_on=timezone.localdate() + timedelta(days=14),
        note="Told me about the eviction in confidence.",
    )
    client = sign_in(priya)
    assert became(client) == "Holding since today: waiting for help with housing."
    assert "eviction" not in client.get(url("sent_referral", accepted)).content.decode()


def test_a_returned_referral_shows_the_question(sign_in, priya, referral, amina):
    actions.return_referral(referral=referral, by=amina, answer="Is the phone his own?")
    assert became(sign_in(priya)) == "Returned with a question: Is the phone his own? Answer about Sam Kerr"


def test_a_declined_referral_shows_the_reason_and_the_words(sign_in, priya, referral, amina):
    actions.decline_referral(
        referral=referral, by=amina, decline_reason=DeclineReason.OUT_OF_AREA, answer="Try Calton Connects."
    )
    assert became(sign_in(priya)) == "Declined: outside the area we cover. Try Calton Connects."


def test_without_consent_nothing_after_acceptance_is_told(sign_in, priya, accepted, amina):
    Referral.objects.update(consent_to_share_back=False)
    client = sign_in(priya)
    told = "Accepted today. They asked us not to share what happens next."
    before = became(client), client.get(SENT).context["page"].paginator.count
    close_case(case=accepted.case, by=amina, ending=Ending.DIED, ending_agreed=False)
    after = became(client), client.get(SENT).context["page"].paginator.count
    assert before == after == (told, 0)
    assert "Amina" not in said(client.get(SENT, {"show": "all"}))


def test_news_comes_first_and_goes_when_opened(sign_in, priya, organisation, practice, amina, referral):
    ReferralFactory(organisation=organisation, practice=practice, given_name="Tom")
    Referral.objects.update(practice_seen_at=timezone.now())
    actions.return_referral(referral=referral, by=amina, answer="Is the phone his own?")
    client = sign_in(priya)
    assert [row.has_news for row in client.get(SENT).context["page"]] == [True, False]
    client.get(url("sent_referral", referral))
    assert [row.has_news for row in client.get(SENT).context["page"]] == [False, False]


def test_a_search_finds_a_name_by_a_part_of_it(sign_in, priya, referral, organisation, practice):
    ReferralFactory(organisation=organisation, practice=practice, given_name="Aisha", family_name="Malik")
    page = sign_in(priya).get(SENT, {"q": "MALI ais"}).context["page"]
    assert [row.name for row in page] == ["Aisha Malik"]


def test_a_practice_that_sent_nothing_is_shown_where_to_begin(sign_in, priya, practice):
    assert "You have sent no referrals yet. Refer somebody" in said(sign_in(priya).get(SENT))


def test_our_referrals_ask_as_often_for_three_rows_as_for_one(
    sign_in, priya, organisation, practice, accepted, amina, django_assert_num_queries
):
    client = sign_in(priya)
    client.get(SENT)
    with django_assert_num_queries(9):
        client.get(SENT)
    for name in ["Tom", "Aisha"]:
        other = ReferralFactory(organisation=organisation, practice=practice, given_name=name)
        actions.accept_referral(referral=other, by=amina, patient=None, worker=None)
    with django_assert_num_queries(9):
        client.get(SENT)


# One referral


def test_a_referral_stays_as_it_was_sent_when_the_persons_details_change(sign_in, priya, accepted):
    patient = accepted.patient
    patient.given_name, patient.phone, patient.date_of_birth = "Alex", "0141 496 0555", timezone.localdate()
    patient.save()
    page = said(sign_in(priya).get(url("sent_referral", accepted)))
    assert "Born Saturday 27 March 1971" in page
    assert "0141 496 0000" in page
    assert "Alex" not in page


def test_opening_a_referral_is_in_the_access_log(sign_in, priya, accepted):
    sign_in(priya).get(url("sent_referral", accepted))
    entry = AccessLog.objects.get()
    assert (entry.by, entry.record_id, entry.patient, entry.what) == (priya, accepted.pk, accepted.patient, "referral")


def test_priya_answers_the_question_and_sends_it_again(sign_in, priya, referral, amina, typed):
    actions.return_referral(referral=referral, by=amina, answer="Is the phone his own?")
    client = sign_in(priya)
    start = client.get(url("edit", referral)).context["form"]
    assert start["given_name"].value() == "Sam"
    answer = {"revision": referral.revision, "words": "His daughter's.", "safe_contact_note": "Ask for Kim"}
    client.post(url("edit", referral), typed | answer)
    referral.refresh_from_db()
    assert (referral.status, referral.safe_contact_note) == ("submitted", "Ask for Kim")
    assert referral.latest_event.words == "His daughter's."


def test_a_referral_not_returned_has_no_question_to_answer(sign_in, priya, referral, typed):
    client = sign_in(priya)
    assert client.get(url("edit", referral)).url == url("sent_referral", referral)
    client.post(url("edit", referral), typed | {"revision": 0, "words": "As asked.", "given_name": "Alex"})
    referral.refresh_from_db()
    assert referral.given_name == "Sam"


def test_an_answer_is_kept_on_the_page_when_a_colleague_withdrew_meanwhile(sign_in, priya, referral, amina, typed):
    actions.return_referral(referral=referral, by=amina, answer="Is the phone his own?")
    actions.withdraw_referral(referral=referral, by=amina)
    page = sign_in(priya).post(url("edit", referral), typed | {"revision": 0, "words": "His daughter's."})
    assert page.context["form"]["words"].value() == "His daughter's."
    assert "Amina Yusuf withdrew it at" in said(page)


def test_priya_withdraws_a_referral_once_however_often_she_clicks(sign_in, priya, referral):
    client = sign_in(priya)
    for _ in range(2):
        response = client.post(url("withdraw", referral), {"words": "She moved away."})
        assert response.url == url("sent_referral", referral)
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    assert referral.events.filter(verb=ReferralEvent.Verb.WITHDRAW).count() == 1


def test_a_withdrawal_too_late_says_who_answered(sign_in, priya, referral, amina):
    actions.accept_referral(referral=referral, by=amina, patient=None, worker=None)
    page = sign_in(priya).post(url("withdraw", referral), {"words": ""}, follow=True)
    assert re.search(r"Amina Yusuf accepted it at \d\d:\d\d, so it was not withdrawn", said(page))


@pytest.mark.parametrize("status, moves", [("submitted", ["Withdraw"]), ("withdrawn", [])])
def test_buttons_are_the_moves_allowed(sign_in, priya, referral, status, moves):
    Referral.objects.update(status=status)
    page = sign_in(priya).get(url("sent_referral", referral)).content.decode()
    assert re.findall(r'role="button" draggable="false">([^<]+)<', page) == moves


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["sent_referral", "edit", "withdraw"])
def test_another_practice_finds_nothing(sign_in, stranger_practice, referral, page, method):
    assert getattr(sign_in(stranger_practice), method)(url(page, referral)).status_code == 404


# What could go astray


def test_a_second_person_written_over_the_first_after_going_back_is_not_lost(sign_in, priya, practice, typed):
    client = sign_in(priya)
    client.post(REFER, typed)
    maria = typed | {"given_name": "Maria", "date_of_birth_day": "2", "number_kind": "none", "number": ""}
    response = client.post(REFER, maria)
    assert errors(response) == ["You have sent this page already. To send what it says now as well, send it once more"]
    client.post(REFER, maria | {"once": response.context["form"]["once"].value()})
    assert sorted(practice.referrals.values_list("given_name", flat=True)) == ["Maria", "Sam"]


def test_the_id_of_a_referral_of_another_practice_makes_nothing(sign_in, priya, practice, typed):
    other = ReferralFactory()
    response = sign_in(priya).post(REFER, typed | {"once": other.pk})
    assert (response.status_code, practice.referrals.count()) == (200, 0)


def test_a_referral_goes_from_the_practice_its_page_was_opened_for(sign_in, priya, practice, organisation, typed):
    other = PracticeFactory()
    organisation.practices.add(other)
    elsewhere = MembershipFactory(user=priya, role=Role.PRACTICE_STAFF, practice=other)
    client, here = sign_in(priya), priya.memberships.get(practice=practice)
    client.post(reverse("accounts:switch", args=[elsewhere.pk]))
    response = client.post(REFER, typed | {"acting_as": here.pk})
    assert (practice.referrals.count(), other.referrals.count()) == (1, 0)
    assert client.get(response.url).status_code == 200


def test_ground_rule_8_answering_a_question_shows_the_referral_and_is_recorded(sign_in, priya, referral, amina):
    actions.return_referral(referral=referral, by=amina, answer="Which flat?")
    sign_in(priya).get(url("edit", referral))
    assert [(seen.by, seen.record_id) for seen in AccessLog.objects.all()] == [(priya, referral.pk)]
