from assets.enums import NeedKind
from caseload.enums import CaseStatus
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import AboutFactory, CaseFactory, NeedFactory
from tests.referrals.pages import said


def test_what_is_kept_about_somebody_is_there_for_the_next_spell(sign_in, amina, case, sam):
    send(sign_in(amina), url_of("about", case), strengths="Tells stories", people="Jean, my sister", story="The yard")
    earlier = CaseFactory(
        patient=sam, status=CaseStatus.CLOSED, closed_at=case.opened_at, ending="moved", ending_agreed=True
    )
    page = said(sign_in(amina).get(url_of("case", earlier)))
    assert [words in page for words in ["Tells stories", "Jean, my sister", "The yard"]] == [True] * 3
    assert [event.verb for event in case.events.all()] == ["about_written"]


def test_two_people_writing_about_somebody_the_second_sees_both(sign_in, amina, ben, case, sam):
    AboutFactory(patient=sam, strengths="Patience")
    page = url_of("about", case)
    drawn = filled_in(sign_in(amina), page, people="Jean, her sister")
    send(sign_in(ben), page, people="Tam, from the yard")
    response = sign_in(amina).post(page, drawn)
    assert response.context["newer"] == ["Important people now reads: Tam, from the yard"]
    assert errors(response)[0].startswith("Ben Taylor wrote down a little about them today")
    sign_in(amina).post(page, drawn | {"revision": response.context["form"]["revision"].value()})
    sam.about.refresh_from_db()
    assert (sam.about.people, sam.about.strengths) == ("Jean, her sister", "Patience")


def test_every_version_about_somebody_is_kept(sign_in, amina, case, sam):
    for words in ["Patience", "Patience and a good ear"]:
        send(sign_in(amina), url_of("about", case), strengths=words)
    kept = sam.about.history.order_by("pgh_id").values_list("strengths", flat=True)
    assert list(kept) == ["", "Patience", "Patience and a good ear"]


def test_needs_say_whether_they_were_on_the_referral_or_when_they_came_to_light(sign_in, amina, case):
    NeedFactory(case=case, kind=NeedKind.HOUSING)
    NeedFactory(case=case, kind=NeedKind.LEGAL, on_referral=False)
    page = said(sign_in(amina).get(url_of("case", case)))
    assert page.count("uncovered later,") == 1
