from datetime import timedelta

import pytest
from django.urls import reverse

from caseload.enums import Seen
from caseload.enums.safety import RiskKind
from caseload.models import AccessLog
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import PatientFactory, RiskNoteFactory


@pytest.fixture
def sam(sam):
    sam.postcode = "G31 4EB"
    sam.save()
    return sam


@pytest.fixture
def details_page(case):
    return url_of("details", case)


def test_details_are_changed_with_an_event(sign_in, amina, case, sam, details_page):
    response = send(sign_in(amina), details_page, preferred_name="Sammy")
    sam.refresh_from_db()
    assert (response.url, sam.preferred_name, sam.revision) == (url_of("case", case), "Sammy", 1)
    assert [(event.verb, event.by) for event in case.events.all()] == [("details_changed", amina)]


def test_two_people_changing_details_at_once_the_second_is_told_and_loses_nothing(
    sign_in, amina, ben, sam, details_page
):
    aminas = filled_in(sign_in(amina), details_page, phone="0141 496 0111")
    bens = filled_in(sign_in(ben), details_page, phone="0141 496 0222")
    sign_in(ben).post(details_page, bens)
    response = sign_in(amina).post(details_page, aminas)
    assert errors(response)[0].startswith("Ben Taylor changed the person's details today ")
    assert response.context["newer"] == ["Phone is now: 0141 496 0222"]
    assert response.context["form"]["phone"].value() == "0141 496 0111"


def test_having_been_told_the_second_may_save_over_it(sign_in, amina, ben, sam, details_page):
    client = sign_in(amina)
    aminas = filled_in(client, details_page, phone="0141 496 0111")
    send(sign_in(ben), details_page, phone="0141 496 0222")
    told = client.post(details_page, aminas)
    client.post(details_page, aminas | {"revision": told.context["form"]["revision"].value()})
    sam.refresh_from_db()
    assert sam.phone == "0141 496 0111"


def test_a_number_somebody_else_has_is_refused(sign_in, amina, organisation, practice, details_page):
    PatientFactory(organisation=organisation, practice=practice, number_kind="nhs", number="9990000018")
    response = send(sign_in(amina), details_page, number_kind="nhs", number="999 000 0018")
    assert errors(response) == ["Somebody else here has this number. Check it, or ask your manager"]


def test_ground_rule_8_opening_the_case_and_the_details_is_recorded(sign_in, ben, case, sam, details_page):
    client = sign_in(ben)
    client.get(url_of("case", case))
    client.get(details_page)
    assert [(seen.by, seen.patient, seen.what) for seen in AccessLog.objects.order_by("id")] == [
        (ben, sam, Seen.CASE),
        (ben, sam, Seen.DETAILS),
    ]


def test_ground_rule_8_a_manager_sees_who_opened_the_record(sign_in, ben, mo, case):
    sign_in(ben).get(url_of("case", case))
    response = sign_in(mo).get(url_of("access", case))
    assert [seen.by for seen in response.context["page"]] == [ben]


def test_who_opened_a_record_is_not_for_link_workers(sign_in, amina, case):
    assert sign_in(amina).get(url_of("access", case)).status_code == 403


def test_a_risk_is_noted_once_with_a_day_to_look_again(sign_in, amina, case, sam, today):
    client, url = sign_in(amina), url_of("add_risk", case)
    data = filled_in(client, url, kind="on_visit", text="Dog loose in the close", review_on=today + timedelta(days=28))
    client.post(url, data)
    client.post(url, data)
    assert [risk.text for risk in sam.risk_notes.current()] == ["Dog loose in the close"]


def test_a_risk_that_still_stands_gets_another_day(sign_in, amina, case, sam, today):
    risk = RiskNoteFactory(patient=sam, review_on=today)
    url = url_of("review_risk", case, risk_id=risk.pk)
    send(sign_in(amina), url, stands="yes", review_on=today + timedelta(days=84))
    risk.refresh_from_db()
    assert (risk.review_on, risk.ended_at) == (today + timedelta(days=84), None)


def test_a_risk_that_has_passed_is_no_longer_shown(sign_in, amina, case, sam):
    risk = RiskNoteFactory(patient=sam)
    send(sign_in(amina), url_of("review_risk", case, risk_id=risk.pk), stands="no")
    assert sam.risk_notes.current().count() == 0


def test_a_review_of_a_risk_asks_whether_it_stands(sign_in, amina, case, sam):
    risk = RiskNoteFactory(patient=sam)
    response = send(sign_in(amina), url_of("review_risk", case, risk_id=risk.pk))
    assert errors(response) == ["Say whether it is still so"]


@pytest.mark.parametrize("kind", RiskKind)
def test_the_header_says_what_kind_of_risk_or_alert_it_is(sign_in, amina, case, today, kind):
    send(sign_in(amina), url_of("add_risk", case), kind=kind, text="Not before noon", review_on=today)
    header = sign_in(amina).get(url_of("case", case)).content.decode().split("<main")[1].split("</header>")[0]
    assert f"<strong>{kind.label}:</strong> Not before noon" in header


def test_a_risk_of_no_kind_is_asked_for_one(sign_in, amina, case, today):
    response = send(sign_in(amina), url_of("add_risk", case), text="Dog", review_on=today)
    assert errors(response) == ["Choose what kind it is"]


def test_risks_that_have_passed_stay_with_who_said_so(sign_in, amina, ben, case, sam):
    risk = RiskNoteFactory(patient=sam, noted_by=ben)
    send(sign_in(amina), url_of("review_risk", case, risk_id=risk.pk), stands="no")
    page = sign_in(ben).get(url_of("risks", case))
    assert ([r.text for r in page.context["ended"]], list(page.context["current"])) == (["Large dog in the house"], [])
    assert "Ben Taylor noted it, Amina Yusuf said that it has passed" in page.content.decode()


def test_a_risk_to_look_at_again_is_on_today_once_its_day_has_come(sign_in, amina, case, sam, today):
    risk = RiskNoteFactory(patient=sam, review_on=today + timedelta(days=1))
    assert today_s_headings(sign_in(amina)) == []
    risk.review_on = today
    risk.save()
    assert today_s_headings(sign_in(amina)) == ["Risks and alerts to review"]


def today_s_headings(client):
    return [heading for heading, _ in client.get(reverse("caseload:today")).context["groups"]]
