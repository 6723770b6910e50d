from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from assets.enums import NeedKind
from caseload import actions
from caseload.enums import CASE_MOVES, CaseStatus, HoldBarrier, HoldPurpose, Seen
from caseload.models import AccessLog, Consult
from tests.caseload.sent import errors, filled_in, queries_of, send, url_of
from tests.conftest import member
from tests.factories import AppointmentFactory, CaseFactory, ConsultFactory, NeedFactory, PatientFactory

TEAM = reverse("caseload:team")


def page(name, consult):
    return reverse(f"caseload:{name}", args=[consult.pk])


@pytest.fixture
def ask_page(case):
    return url_of("ask_about", case)


@pytest.fixture
def consult(case):
    """Amina's question to the team, which leads nobody to Sam's case."""
    return ConsultFactory(case=case)


def moves_of(case, by):
    """Every move a case can make, as its action."""
    how = {
        "purpose": HoldPurpose.BEING_ALONGSIDE,
        "awaited_need": NeedKind.HOUSING,
        "barrier": HoldBarrier.COST,
        "review_on": timezone.localdate(),
    }
    start = timezone.now() - timedelta(minutes=5)
    return {
        "meet": lambda: actions.log_outcome(
            appointment=AppointmentFactory(case=case, starts_at=start), by=by, outcome="attended", mode="phone"
        ),
        "hold": lambda: actions.start_hold(case=case, by=by, **how),
        "end_hold": lambda: actions.end_hold(hold=case.holds.get(), by=by, end="back_to_active"),
        "close": lambda: actions.close_case(case=case, by=by, ending="connected", ending_agreed=True),
        "reopen": lambda: actions.reopen_case(case=case, by=by, worker=by, words="Rang us"),
    }


def test_ground_rule_6_asking_is_not_asking_permission_every_move_stays_possible(case, amina, consult):
    case.status = CaseStatus.WAITING
    case.save()
    moves = moves_of(case, amina)
    assert list(moves) == list(CASE_MOVES)
    for verb, make in moves.items():
        make()
        case.refresh_from_db()
        assert case.status == CASE_MOVES[verb][1]
        assert Consult.objects.open().get() == consult


def test_ground_rule_6_closing_a_question_needs_no_answer(sign_in, amina, consult):
    send(sign_in(amina), page("decide", consult), decision="I ring the association myself.")
    consult.refresh_from_db()
    assert (consult.is_open, consult.decision, consult.answers.count()) == (
        False,
        "I ring the association myself.",
        0,
    )


def test_a_consult_records_question_answers_and_decision(sign_in, amina, ben, mo, case, consult):
    for who, words in [(ben, "Try the co-op"), (mo, "The co-op took two last month")]:
        client = sign_in(who)
        client.post(page("consult", consult), filled_in(client, page("consult", consult), words=words))
    send(sign_in(amina), page("decide", consult), decision="The co-op it is")
    shown = sign_in(amina).get(url_of("case", case) + "?kind=questions").content.decode()
    said = ["Asked the team", "Try the co-op", "took two", "The co-op it is"]
    assert [words for words in said if words not in shown] == []


def test_a_question_begins_with_age_needs_and_area_and_never_the_name(sign_in, amina, case, ask_page):
    case.patient.date_of_birth = date(timezone.localdate().year - 64, 1, 1)
    case.patient.save()
    NeedFactory(case=case, kind=NeedKind.HOUSING)
    begun = sign_in(amina).get(ask_page).context["form"]["question"].value()
    assert begun == "Somebody of mine, 60s, housing, Glasgow North East. "


def test_a_name_in_a_question_is_pointed_out_until_it_is_said_to_be_needed(sign_in, amina, ask_page):
    client = sign_in(amina)
    typed = {"question": "Has anybody met sam?"}
    assert errors(send(client, ask_page, **typed)) == ["This says “Sam”. Take it out, or tick that it is needed"]
    send(client, ask_page, named="on", **typed)
    assert Consult.objects.get().question == "Has anybody met sam?"


def test_a_question_sent_twice_is_asked_once(sign_in, amina, ask_page):
    client = sign_in(amina)
    data = filled_in(client, ask_page, question="Who has been to the new food pantry?")
    client.post(ask_page, data)
    client.post(ask_page, data)
    assert Consult.objects.count() == 1


def test_a_question_without_a_case_is_asked_of_the_team(sign_in, amina, ben):
    send(sign_in(amina), reverse("caseload:ask"), question="Is the pantry open on Saturdays?")
    assert [each.question for each in sign_in(ben).get(TEAM).context["asked_of_you"]] == [
        "Is the pantry open on Saturdays?"
    ]


@pytest.mark.parametrize(
    ("opens", "allowed", "leads"),
    [("nobody", [], False), ("asked", [], True), ("some", ["ben"], True), ("some", ["mo"], False)],
)
def test_a_question_leads_to_the_case_only_those_whom_the_asker_allows(
    request, sign_in, amina, ben, mo, case, opens, allowed, leads
):
    may_open = [request.getfixturevalue(name) for name in allowed]
    consult = actions.ask_colleagues(
        organisation=case.organisation, by=amina, case=case, question="Housing?", opens=opens, may_open=may_open
    )
    shown = [sign_in(ben).get(url).content.decode() for url in [TEAM, page("consult", consult)]]
    assert [("Sam Kerr" in each, str(case.pk) in each) for each in shown] == [(leads, leads)] * 2
    on_the_case = sign_in(ben).get(url_of("case", case)).content.decode()
    assert ("Housing?" in on_the_case, "Asked the team" in on_the_case) == (leads, leads)


def test_whoever_takes_the_case_over_finds_its_questions(sign_in, ben, amina, case, consult):
    actions.assign_case(case=case, by=amina, worker=ben)
    assert "Sam Kerr" in sign_in(ben).get(page("consult", consult)).content.decode()


def test_a_question_to_one_colleague_does_not_exist_for_another(sign_in, amina, ben, mo, organisation):
    consult = actions.ask_colleagues(organisation=organisation, by=amina, question="Between us?", asked=[ben])
    assert [sign_in(who).get(page("consult", consult)).status_code for who in [ben, mo]] == [200, 404]


def test_the_case_can_be_opened_to_more_colleagues_later(sign_in, amina, ben, consult):
    send(sign_in(amina), page("who_opens", consult), opens="some", may_open=[str(ben.pk)])
    assert "Sam Kerr" in sign_in(ben).get(page("consult", consult)).content.decode()


def test_only_whoever_asks_decides(sign_in, ben, mo, consult):
    assert [sign_in(who).get(page("decide", consult)).status_code for who in [ben, mo]] == [403, 403]


def test_what_is_asked_goes_from_the_list_once_answered_or_passed_by(sign_in, ben, mo, consult):
    actions.answer_consult(consult=consult, by=ben, words="Yes")
    sign_in(mo).post(page("pass_on_consult", consult))
    of = [Consult.objects.asked_of(who).count() for who in [ben, mo, consult.asked_by]]
    assert of == [0, 0, 0]


def test_what_is_asked_stands_on_today_and_beside_team(sign_in, ben, consult):
    shown = sign_in(ben).get(reverse("caseload:today")).content.decode()
    assert ("Asked of you" in shown, 'Team <span class="lw-count">1' in shown) == (True, True)


def test_a_new_answer_stands_on_the_askers_today_until_it_is_read(sign_in, amina, ben, consult):
    client, today = sign_in(amina), reverse("caseload:today")
    actions.answer_consult(consult=consult, by=ben, words="Try the co-op")
    before = client.get(today).context["waiting"]["answered"]
    client.get(page("consult", consult))
    assert (before, client.get(today).context["waiting"]["answered"]) == ([consult], [])


def test_reading_a_question_is_written_in_the_access_log(sign_in, ben, sam, consult):
    sign_in(ben).get(page("consult", consult))
    seen = AccessLog.objects.get(what=Seen.CONSULT)
    assert (seen.by, seen.patient, seen.record_id) == (ben, sam, consult.pk)


def test_an_email_to_a_colleague_says_only_that_something_is_asked(
    django_capture_on_commit_callbacks, settings, amina, ben, case
):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_colleagues(
            organisation=case.organisation, by=amina, case=case, question="Sam: housing?", asked=[ben]
        )
    (message,) = mail.outbox
    assert message.to == [ben.email]
    assert [word for word in ["Sam", "Kerr", "housing", "Amina", str(case.pk)] if word in message.body] == []


def test_team_takes_as_many_queries_with_three_questions_as_with_one(sign_in, organisation, practice, ben, amina):
    def ask():
        somebody = CaseFactory(patient=PatientFactory(organisation=organisation, practice=practice), worker=amina)
        consult = ConsultFactory(case=somebody, opens="asked")
        colleague = member(f"Colleague {consult.pk}", Role.MANAGER, organisation=organisation)
        actions.answer_consult(consult=consult, by=colleague, words="Yes")
        actions.close_consult(consult=ConsultFactory(case=somebody, opens="asked"), by=amina, decision="So be it")

    client = sign_in(ben)
    ask()
    with_one = queries_of(client, TEAM)
    ask(), ask()
    assert queries_of(client, TEAM) == with_one
