"""Several cases passed on at once, from the caseload."""

from django.urls import reverse

from caseload import actions
from caseload.enums import Verb
from caseload.models import Case

CASES = reverse("caseload:cases")
PASS_ON = reverse("caseload:assign_cases")


def closed(case, by):
    return actions.close_case(case=case, by=by, ending="connected", ending_agreed=True)


def pass_on(client, to, *cases, words=""):
    return client.post(PASS_ON, {"cases": [case.pk for case in cases], "worker": to.pk, "words": words})


def test_a_manager_passes_several_on(sign_in, someone, mo, amina, ben):
    cases = [someone("One"), someone("Two", worker=None, status="waiting")]
    pass_on(sign_in(mo), ben, *cases, words="Amina is on leave")
    assert [Case.objects.get(pk=case.pk).worker for case in cases] == [ben, ben]
    events = [case.events.get() for case in cases]
    assert [(e.verb, e.by, e.about, e.words) for e in events] == [(Verb.ASSIGNED, mo, ben, "Amina is on leave")] * 2


def test_a_link_worker_passes_on_their_own(sign_in, someone, amina, ben):
    case = someone("Mine")
    pass_on(sign_in(amina), ben, case)
    case.refresh_from_db()
    assert case.worker == ben


def test_a_link_worker_does_not_pass_on_a_colleagues(sign_in, someone, amina, ben):
    mine, bens = someone("Mine"), someone("Bens", worker=ben)
    pass_on(sign_in(amina), amina, mine, bens)
    assert not bens.events.exists()


def test_a_link_worker_has_nothing_to_tick_on_a_colleagues_row(sign_in, someone, amina, ben):
    mine, bens = someone("Mine"), someone("Bens", worker=ben)
    page = sign_in(amina).get(CASES, {"whose": "team"}).content.decode()
    assert f'value="{mine.pk}"' in page
    assert f'value="{bens.pk}"' not in page


def test_nobody_passes_on_to_another_organisation(sign_in, someone, mo, stranger):
    case = someone("Kerr")
    response = pass_on(sign_in(mo), stranger, case)
    assert response.context["form"].errors == {"worker": ["Choose who to pass them to"]}
    assert not case.events.exists()


def test_nobody_passes_on_a_case_of_another_organisation(sign_in, someone, stranger_manager, stranger):
    case = someone("Kerr")
    response = pass_on(sign_in(stranger_manager), stranger, case)
    assert list(response.context["form"].errors) == ["cases"]
    assert not case.events.exists()


def test_passing_on_keeps_the_filters_and_the_ticks_when_a_worker_is_missing(sign_in, someone, mo):
    case = someone("Held", status="holding")
    someone("Other")
    response = sign_in(mo).post(f"{PASS_ON}?status=holding", {"cases": [case.pk], "worker": ""})
    assert [each.patient.family_name for each in response.context["page"]] == ["Held"]
    assert response.context["form"].ticked == {str(case.pk)}
    assert "Choose who to pass them to" in response.content.decode()


def test_passing_on_goes_back_to_the_filtered_list(sign_in, someone, mo, ben):
    case = someone("Held", status="holding")
    response = sign_in(mo).post(f"{PASS_ON}?status=holding", {"cases": [case.pk], "worker": ben.pk})
    assert response.url == f"{CASES}?status=holding"


def test_nothing_ticked_says_so(sign_in, someone, mo, ben):
    response = sign_in(mo).post(PASS_ON, {"worker": ben.pk})
    assert response.context["form"].errors == {"cases": ["Tick the people to pass on"]}


def test_a_case_closed_meanwhile_passes_none_of_them(sign_in, someone, mo, ben):
    left, gone = someone("Left"), closed(someone("Gone"), ben)
    response = pass_on(sign_in(mo), ben, left, gone)
    assert list(response.context["form"].errors) == ["cases"]
    assert not left.events.filter(verb=Verb.ASSIGNED).exists()


def test_passing_on_to_who_has_it_already_changes_nothing(sign_in, someone, mo, amina):
    case = someone("Kerr")
    pass_on(sign_in(mo), amina, case)
    assert not case.events.exists()
