import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import time_machine
from django.core import mail
from django.db import connection
from kombu.exceptions import OperationalError

from accounts.models import Policy
from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from caseload.enums import Verb
from caseload.models import Case
from referrals import actions
from referrals.enums import REFERRAL_MOVES, DeclineReason, ReferralStatus
from referrals.models import Referral, ReferralEvent
from referrals.tasks import tell_practice_of_answer, tell_practices_of_answers_missed
from tests.factories import CaseFactory, PatientFactory, ReferralFactory, in_days

SAM = {
    "given_name": "Sam",
    "family_name": "Kerr",
    "date_of_birth": date(1971, 3, 27),
    "number_kind": "none",
    "needs": ["loneliness"],
    "reason": "Rarely leaves the flat.",
    "consent_to_refer": True,
    "consent_to_share_back": True,
}


def submit(practice, organisation, by, once):
    return actions.submit_referral(practice=practice, organisation=organisation, by=by, once=once, **SAM)


def verbs(referral):
    return list(referral.events.order_by("at", "id").values_list("verb", flat=True))


def test_a_referral_sent_twice_is_one(practice, organisation, priya):
    once = uuid.uuid4()
    first, second = (submit(practice, organisation, priya, once) for _ in range(2))
    assert first == second
    assert verbs(first) == ["submit"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_one_moment_send_one_referral(practice, organisation, priya):
    once = uuid.uuid4()

    def click(_):
        try:
            return submit(practice, organisation, priya, once).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clicks:
        assert list(clicks.map(click, range(4))) == [once] * 4
    assert Referral.objects.count() == 1
    assert verbs(Referral.objects.get()) == ["submit"]


def test_a_closed_list_takes_nobody(practice, organisation, priya):
    Policy.objects.create(organisation=organisation, waiting_list_open=False)
    with pytest.raises(actions.WaitingListClosed):
        submit(practice, organisation, priya, uuid.uuid4())
    assert Referral.objects.count() == 0


def test_a_second_click_after_the_list_closed_still_finds_the_first(practice, organisation, priya):
    once = uuid.uuid4()
    first = submit(practice, organisation, priya, once)
    Policy.objects.create(organisation=organisation, waiting_list_open=False)
    assert submit(practice, organisation, priya, once) == first


def test_accepting_makes_a_person_and_a_case_with_what_was_sent(referral, amina, ben):
    referral.risks = "Large dog"
    referral.save()
    case = actions.accept_referral(referral=referral, by=amina, patient=None, worker=ben)
    assert (case.status, case.worker, case.what_matters) == ("waiting", ben, referral.wants)
    assert case.patient.details == referral.details
    assert list(case.needs.values_list("kind", "on_referral")) == [("loneliness", True)]
    assert case.patient.risk_notes.get().text == "From the referral: Large dog"
    assert verbs(referral) == ["accept"]


def test_accepting_for_a_person_with_an_open_case_joins_it(referral, amina, ben, organisation):
    case = CaseFactory(patient__organisation=organisation, worker=ben, status="active")
    joined = actions.accept_referral(referral=referral, by=amina, patient=case.patient, worker=amina)
    assert (joined, joined.worker) == (case, ben)
    assert list(case.events.values_list("verb", flat=True)) == [Verb.JOINED]


def test_accepting_for_a_person_whose_case_closed_opens_another(referral, amina, organisation, practice):
    patient = PatientFactory(organisation=organisation, practice=practice)
    case = actions.accept_referral(referral=referral, by=amina, patient=patient, worker=None)
    assert (case.patient, case.worker) == (patient, None)


def test_accepting_as_new_somebody_whose_number_we_know_saves_nothing(referral, amina, organisation):
    PatientFactory(organisation=organisation, number_kind="chi", number="2703710003")
    Referral.objects.update(number_kind="chi", number="2703710003")
    with pytest.raises(actions.NumberAlreadyKnown):
        actions.accept_referral(referral=referral, by=amina, patient=None, worker=None)
    referral.refresh_from_db()
    assert (referral.status, verbs(referral), Case.objects.count()) == ("submitted", [], 0)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_accepting_at_one_moment_open_one_case(referral, amina, ben):
    def accept(by):
        try:
            return actions.accept_referral(referral=referral, by=by, patient=None, worker=by).worker
        except MoveNotAllowed:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as colleagues:
        answers = list(colleagues.map(accept, [amina, ben]))
    assert answers.count(None) == 1
    assert Case.objects.get().worker in (amina, ben)


def act(verb, referral, by):
    """Do the verb, with what it needs besides."""
    with_words = {"referral": referral, "by": by, "answer": "Words."}
    return {
        "accept": lambda: actions.accept_referral(**with_words, patient=None, worker=None),
        "return": lambda: actions.return_referral(**with_words),
        "decline": lambda: actions.decline_referral(**with_words, decline_reason=DeclineReason.NO_ROOM),
        "resubmit": lambda: actions.resubmit_referral(referral=referral, by=by, revision=0, words="Words."),
        "withdraw": lambda: actions.withdraw_referral(referral=referral, by=by, words="Words."),
    }[verb]()


def in_status(status, organisation, practice, by):
    referral = ReferralFactory(organisation=organisation, practice=practice, submitted_by=by)
    way = {"accepted": ["accept"], "returned": ["return"], "declined": ["decline"], "withdrawn": ["withdraw"]}
    for verb in way.get(status, []):
        act(verb, referral, by)
    referral.refresh_from_db()
    return referral


@pytest.mark.parametrize("verb", REFERRAL_MOVES)
@pytest.mark.parametrize("status", ReferralStatus.values)
def test_a_move_happens_only_where_the_table_has_it(organisation, practice, priya, status, verb):
    referral = in_status(status, organisation, practice, priya)
    before = verbs(referral)
    starts, end = REFERRAL_MOVES[verb]
    if status in starts:
        act(verb, referral, priya)
        referral.refresh_from_db()
        assert (referral.status, verbs(referral)) == (end, [*before, verb])
    else:
        with pytest.raises(MoveNotAllowed):
            act(verb, referral, priya)
        referral.refresh_from_db()
        assert (referral.status, verbs(referral)) == (status, before)


def test_an_answer_started_from_an_older_version_is_refused(referral, amina, priya):
    actions.return_referral(referral=referral, by=amina, answer="Which street?")
    actions.resubmit_referral(referral=referral, by=priya, revision=0, words="Duke Street.")
    actions.return_referral(referral=referral, by=amina, answer="Which end?")
    with pytest.raises(ChangedMeanwhile):
        actions.resubmit_referral(referral=referral, by=priya, revision=0, words="Duke Street.")


def test_what_was_sent_first_stays_in_the_history(referral, amina, priya):
    actions.return_referral(referral=referral, by=amina, answer="Which street?")
    actions.resubmit_referral(referral=referral, by=priya, revision=0, words="Duke Street.", reason="Lives alone.")
    assert list(referral.history.order_by("pgh_id").values_list("reason", flat=True)) == [
        "Rarely leaves the flat since her husband died.",
        "Rarely leaves the flat since her husband died.",
        "Lives alone.",
    ]


def test_the_practice_is_told_once_of_an_answer_and_nothing_about_the_person(referral, amina):
    actions.return_referral(referral=referral, by=amina, answer="Is Sam Kerr's phone his own?")
    for _ in range(2):
        tell_practice_of_answer(str(referral.pk))
    assert [message.to for message in mail.outbox] == [["priya.nair@example.org"]]
    assert "Kerr" not in mail.outbox[0].subject + mail.outbox[0].body
    assert referral.events.filter(verb=ReferralEvent.Verb.PRACTICE_TOLD).count() == 1


def test_a_referral_that_is_gone_is_nothing_to_tell(db):
    tell_practice_of_answer(str(uuid.uuid4()))
    assert mail.outbox == []


@pytest.fixture
def queue_down(monkeypatch):
    def down(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(tell_practice_of_answer, "delay", down)


def test_an_answer_stands_when_the_queue_is_down(
    referral, amina, queue_down, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_referral(referral=referral, by=amina, answer="Which flat?")
    referral.refresh_from_db()
    assert (referral.status, mailoutbox) == ("returned", [])


@pytest.mark.parametrize(("days_ago", "told"), [(0, 1), (8, 0)])
def test_a_practice_not_told_of_an_answer_is_told_within_the_hour_and_once(
    referral, amina, monkeypatch, mailoutbox, days_ago, told
):
    monkeypatch.setattr(tell_practice_of_answer, "delay", tell_practice_of_answer)
    with time_machine.travel(in_days(-days_ago)):
        actions.return_referral(referral=referral, by=amina, answer="Which flat?")
    tell_practices_of_answers_missed()
    tell_practices_of_answers_missed()
    assert len(mailoutbox) == told
