import json
import uuid

import pytest
from django.urls import reverse

from accounts.enums import Role
from caseload import actions
from caseload.enums import CaseStatus, Seen, Verb
from caseload.models import AccessLog, Case, HandOver
from tests.caseload.sent import errors, filled_in, queries_of, send, url_of
from tests.conftest import member
from tests.factories import AppointmentFactory, CaseFactory, PatientFactory

LIST, START = reverse("caseload:hand_overs"), reverse("caseload:start_hand_over")
PACK = {"stands": "Waiting for a flat", "next_steps": "Ring the association", "reaching": "Afternoons are best"}


def page(name, hand_over):
    return reverse(f"caseload:{name}", args=[hand_over.pk])


@pytest.fixture
def begun(case, amina, ben):
    (hand_over,) = actions.prepare_hand_overs(cases=[case], by=amina, receiver=ben)
    return hand_over


@pytest.fixture
def offered(begun, amina, ben):
    return actions.offer_hand_over(hand_over=begun, by=amina, revision=0, receiver=ben, **PACK)


def worker_of(case):
    case.refresh_from_db()
    return case.worker


def test_a_hand_over_is_begun_for_several_and_written_one_by_one(sign_in, amina, ben, case, organisation, practice):
    other = CaseFactory(patient=PatientFactory(organisation=organisation, practice=practice), worker=amina)
    client = sign_in(amina)
    data = filled_in(client, START, receiver=str(ben.pk)) | {"cases": [str(case.pk), str(other.pk)]}
    client.post(START, data)
    assert sorted(HandOver.objects.values_list("case", "status")) == sorted(
        [(case.pk, "preparing"), (other.pk, "preparing")]
    )
    assert (worker_of(case), worker_of(other)) == (amina, amina)


def test_only_ones_own_people_are_handed_over_and_only_to_a_link_worker_here(sign_in, ben, stranger, case):
    client = sign_in(ben)
    wrong = {"cases": [str(case.pk)], "receiver": str(stranger.pk)}
    assert errors(client.post(START, wrong)) == [
        "Choose somebody from the list",
        "One of these was passed on or closed meanwhile. Look again, then tick who is left",
    ]


def test_a_manager_hands_over_the_people_of_somebody_who_has_left(sign_in, amina, ben, mo, case):
    amina.memberships.update(is_active=False)
    client, url = sign_in(mo), f"{START}?whose={amina.pk}"
    client.post(url, {"cases": [str(case.pk)], "receiver": str(ben.pk)})
    hand_over = HandOver.objects.get()
    send(client, hand_over.write_url, **PACK)
    send(sign_in(ben), page("accept_hand_over", hand_over))
    assert worker_of(case) == ben


def test_until_it_is_accepted_the_case_has_its_owner(amina, case, offered):
    assert (worker_of(case), offered.status) == (amina, "offered")


def test_the_pack_shows_what_the_giver_wrote_beside_what_the_record_says(sign_in, ben, case, begun, amina):
    Case.objects.update(what_matters="Getting back to the allotment")
    actions.offer_hand_over(hand_over=begun, by=amina, revision=0, receiver=ben, **PACK)
    shown = sign_in(ben).get(page("hand_over", begun)).content.decode()
    assert [words for words in [*PACK.values(), "allotment"] if words not in shown] == []


def test_accepting_makes_the_case_the_receivers_with_its_meetings_and_the_pack(sign_in, ben, case, offered):
    meeting = AppointmentFactory(case=case)
    client = sign_in(ben)
    data = filled_in(client, page("accept_hand_over", offered))
    client.post(page("accept_hand_over", offered), data)
    assert client.post(page("accept_hand_over", offered), data).status_code == 302  # A double click.
    meeting.refresh_from_db()
    event = case.events.get(verb=Verb.ASSIGNED)
    assert (worker_of(case), meeting.worker, PACK["stands"] in event.words) == (ben, ben, True)


def test_declining_takes_a_word_and_puts_the_case_on_the_unassigned_list(sign_in, ben, case, offered):
    client = sign_in(ben)
    assert errors(send(client, page("decline_hand_over", offered))) == ["Enter why you cannot take them on"]
    send(client, page("decline_hand_over", offered), answer="I am full until January")
    assert list(Case.objects.unassigned()) == [case]
    assert case.events.get(verb=Verb.HAND_OVER_DECLINED).words == "I am full until January"
    assert "full until January" in client.get(LIST).content.decode()


def test_only_the_receiver_answers(sign_in, amina, mo, offered):
    pages = ["accept_hand_over", "decline_hand_over"]
    assert [sign_in(who).post(page(name, offered)).status_code for who in [amina, mo] for name in pages] == [403] * 4


def test_only_the_giver_or_a_manager_writes_and_calls_off(sign_in, amina, ben, mo, offered):
    assert [sign_in(who).get(offered.write_url).status_code for who in [amina, mo, ben]] == [
        200,
        200,
        403,
    ]
    assert sign_in(ben).post(page("call_off_hand_over", offered)).status_code == 403
    sign_in(amina).post(page("call_off_hand_over", offered))
    offered.refresh_from_db()
    assert offered.status == "called_off"


@pytest.mark.parametrize("how", ["passed on", "closed"])
def test_a_hand_over_ends_with_a_case_that_goes_another_way(sign_in, amina, ben, mo, case, offered, how):
    if how == "closed":
        actions.close_case(case=case, by=amina, ending="moved", ending_agreed=True)
    else:
        actions.assign_case(case=case, by=mo, worker=mo)
    offered.refresh_from_db()
    response = sign_in(ben).post(page("accept_hand_over", offered), {"answer": ""})
    assert (offered.status, worker_of(case) == ben, response.status_code) == ("called_off", False, 200)


def test_a_pack_written_by_two_at_once_is_not_lost(sign_in, amina, mo, begun):
    url = begun.write_url
    late = filled_in(sign_in(amina), url, **PACK)
    send(sign_in(mo), url, stands="Mo wrote this")
    assert errors(sign_in(amina).post(url, late)) == [
        "Somebody wrote this anew: “Mo wrote this” What you wrote is still here."
    ]


def test_an_offer_stands_on_the_receivers_today_and_beside_team(sign_in, ben, offered):
    shown = sign_in(ben).get(reverse("caseload:today")).content.decode()
    assert ("would like to hand over" in shown, 'Team <span class="lw-count">1' in shown) == (True, True)


def test_reading_a_pack_is_written_in_the_access_log(sign_in, ben, sam, offered):
    sign_in(ben).get(page("hand_over", offered))
    assert (ben, sam) in [(seen.by, seen.patient) for seen in AccessLog.objects.filter(what=Seen.HAND_OVER)]


def test_the_list_takes_as_many_queries_with_three_as_with_one(sign_in, amina, ben, organisation, practice):
    def offer():
        somebody = CaseFactory(patient=PatientFactory(organisation=organisation, practice=practice), worker=amina)
        (begun,) = actions.prepare_hand_overs(cases=[somebody], by=amina, receiver=ben)
        actions.offer_hand_over(hand_over=begun, by=amina, revision=0, receiver=ben, **PACK)

    client = sign_in(ben)
    offer()
    with_one = queries_of(client, LIST)
    offer(), offer()
    assert queries_of(client, LIST) == with_one


def everybody_has_a_place(organisation):
    """Each open case has a worker who works here, or stands on the unassigned list."""
    members = set(organisation.members.values_list("pk", flat=True))
    unassigned = set(organisation.cases.unassigned().values_list("pk", flat=True))
    cases = organisation.cases.open()
    return all((case.worker_id in members) != (case.pk in unassigned) for case in cases)


def test_nobodys_case_is_ever_without_an_owner_or_a_place_on_the_unassigned_list(
    amina, ben, mo, case, offered, organisation, practice
):
    for status in [CaseStatus.WAITING, CaseStatus.HOLDING]:
        patient = PatientFactory(organisation=organisation, practice=practice)
        CaseFactory(patient=patient, worker=amina, status=status)
    steps = [
        lambda: None,
        lambda: ben.memberships.update(is_active=False),
        lambda: amina.memberships.update(is_active=False),  # By the operator, or by SQL: there is nothing to forget.
        lambda: actions.assign_case(case=case, by=mo, worker=mo),
        lambda: amina.memberships.update(is_active=True),
        lambda: amina.__class__.objects.filter(pk=amina.pk).update(is_active=False),
        lambda: mo.memberships.all().delete(),
    ]
    for step in steps:
        step()
        assert everybody_has_a_place(organisation)
    assert organisation.cases.unassigned().count() == 3


def test_the_people_of_somebody_who_has_left_are_on_the_service_page_and_the_list(sign_in, amina, mo, case):
    member("Third", Role.LINK_WORKER, organisation=case.organisation)
    amina.memberships.update(is_active=False)
    client, cases = sign_in(mo), reverse("caseload:cases")
    assert "1 person whose link worker has left" in client.get(reverse("insight:service")).content.decode()
    found = [client.get(cases, {"whose": "team", "worker": value}).context["page"] for value in ["none", "left"]]
    assert [[each.pk for each in some] for some in found] == [[case.pk], [case.pk]]
    assert "has left" in client.get(url_of("case", case)).content.decode()


def test_a_link_worker_takes_a_case_whose_worker_has_left_with_its_meetings(sign_in, amina, ben, case):
    meeting = AppointmentFactory(case=case)
    amina.memberships.update(is_active=False)
    send(sign_in(ben), url_of("assign", case), worker=str(ben.pk))
    meeting.refresh_from_db()
    assert (worker_of(case), meeting.worker) == (ben, ben)


def test_what_is_written_for_a_hand_over_is_kept_as_a_draft_until_it_is_offered(sign_in, amina, ben, case, begun):
    client, draft_id = sign_in(amina), uuid.uuid4()
    draft = {"draft_id": draft_id, "form": begun.write_url, "words": json.dumps(PACK), "written_at": 1}
    client.post(url_of("keep_draft", case), draft)
    assert amina.drafts.live().get().words == PACK
    send(client, begun.write_url, **PACK, draft=str(draft_id))
    assert not amina.drafts.live().exists()
