"""The worker's side of a referral to a service: the message, the loop until it closes, and where it is seen."""

import re
import uuid
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from caseload.models import AccessLog
from referrals import actions
from referrals.tasks import tell_service
from tests.factories import (
    AssetFactory,
    CaseFactory,
    OnwardReferralFactory,
    PatientFactory,
    in_days,
)


def said(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def told(client, url, data=None):
    """What the page after says in its messages."""
    return [str(message) for message in client.post(url, data or {}, follow=True).context["messages"]]


def page(name, onward):
    return reverse(f"referrals:{name}", args=[onward.case_id, onward.pk])


def verbs(onward):
    return list(onward.events.order_by("id").values_list("verb", flat=True))


# The message


def test_a_message_is_sent_once_however_often_the_task_runs(sent, amina):
    actions.resend_link(onward=sent, by=amina, sent_to="hello@blether.example.org")
    for _ in range(2):
        tell_service(str(sent.pk))
    assert len(mail.outbox) == 1
    assert verbs(sent) == ["renew", "sent"]


def test_no_message_goes_out_about_what_was_called_off_meanwhile(sent, amina):
    actions.resend_link(onward=sent, by=amina, sent_to="hello@blether.example.org")
    actions.call_off(onward=sent, by=amina, reason="Found another.")
    tell_service(str(sent.pk))
    assert mail.outbox == []


def test_a_message_about_nothing_is_no_error(db):
    tell_service(str(uuid.uuid4()))
    assert mail.outbox == []


# The loop


def test_a_worker_writes_down_what_was_said_by_phone(sign_in, amina, sent):
    told_ = told(sign_in(amina), page("heard", sent), {"verb": "accept", "capacity": "capacity"})
    sent.refresh_from_db()
    assert told_ == ["Noted"]
    assert (sent.status, sent.capacity) == ("accepted", "capacity")
    assert list(sent.events.values_list("by__name", flat=True).distinct()) == ["Amina Yusuf"]


def test_a_stale_button_says_where_things_stand(sign_in, amina, ben, sent):
    client = sign_in(amina)
    actions.call_off(onward=sent, by=ben, reason="Found another.")
    (message,) = told(client, page("call_off", sent), {"reason": "Not wanted."})
    assert re.fullmatch(
        r"Ben Taylor called it off today \d\d:\d\d\. Called off today: Found another\. Nothing was changed\.", message
    )


def test_asking_the_person_is_a_step_of_its_own(sign_in, amina, sent):
    told(sign_in(amina), page("ask_person", sent), {"got_there": "no", "said": "The bus did not come."})
    sent.refresh_from_db()
    assert (sent.person_got_there, sent.person_said, sent.status) == (False, "The bus did not come.", "requested")
    assert verbs(sent) == ["person_said"]


def test_what_the_person_says_is_written_down_once_however_often_it_is_sent(sign_in, amina, sent):
    client = sign_in(amina)
    for _ in range(2):
        told(client, page("ask_person", sent), {"got_there": "yes", "said": "Lovely scones."})
    assert verbs(sent) == ["person_said"]


def test_a_signpost_closes_on_the_person_s_word(amina, case, cafe):
    onward = actions.refer_on(case=case, by=amina, asset=cafe, kind="signpost", once=uuid.uuid4())
    actions.ask_person(onward=onward, by=amina, got_there=True, said="Lovely scones.")
    onward.refresh_from_db()
    assert (onward.status, verbs(onward)) == ("completed", ["ask", "person_said", "accept", "complete"])


def test_what_was_learnt_goes_into_the_directory_on_a_worker_s_word(sign_in, amina, sent, cafe):
    typed = {"capacity": "waitlist", "wait_weeks": "9", "threshold": "Over 50.", "is_gone": "on"}
    told(sign_in(amina), page("learnt", sent), typed)
    cafe.refresh_from_db()
    assert (cafe.capacity, cafe.wait_weeks, cafe.threshold, cafe.is_closed) == ("waitlist", 9, "Over 50.", True)
    assert set(cafe.events.values_list("verb", "by__name")) == {
        ("capacity", "Amina Yusuf"),
        ("corrected", "Amina Yusuf"),
        ("closed", "Amina Yusuf"),
    }


def test_a_refusal_s_words_do_not_reach_the_directory(amina, sent, cafe):
    actions.hear_from_service(
        onward=sent, by=amina, verb="reject", words="Sam was here before.", capacity="no-capacity"
    )
    assert list(cafe.events.values_list("words", flat=True)) == ["Full: heard by asking about a place"]


def test_the_end_of_consent_is_on_the_case(sign_in, amina, sent):
    told(sign_in(amina), page("end_consent", sent))
    sent.refresh_from_db()
    assert (sent.consent, sent.status, sent.reason) == (False, "cancelled", "They no longer agree.")
    assert verbs(sent) == ["consent_ended", "cancel"]


def test_opening_the_page_is_on_record(sign_in, amina, sent):
    sign_in(amina).get(page("onward", sent))
    assert AccessLog.objects.filter(record_id=sent.case_id, by=amina).count() == 1


def test_the_worker_sees_whether_the_link_was_opened(sign_in, amina, sent):
    client = sign_in(amina)
    before = said(client.get(page("onward", sent)))
    actions.record_link_use(onward=sent, by=None, did="open", was_valid=True)
    after = said(client.get(page("onward", sent)))
    assert ("Nobody has opened it yet." in before, "Last used today" in after) == (True, True)


# Where it is seen


def test_the_timeline_tells_what_passed(sign_in, amina, sent):
    actions.hear_from_service(onward=sent, by=None, verb="accept")
    actions.hear_from_service(onward=sent, by=amina, verb="complete")
    response = sign_in(amina).get(reverse("caseload:case", args=[sent.case_id]), {"kind": "referrals"})
    assert [entry.title for entry in response.context["entries"]] == [
        "Said they went: Blether Café",
        "Blether Café: said yes",
    ]


def reasons(response):
    return [reason.sentence for _, rows in response.context["groups"] for row in rows for reason in row.reasons]


def test_a_question_is_on_today_until_it_is_answered(sign_in, amina, sent):
    client = sign_in(amina)
    actions.hear_from_service(onward=sent, by=None, verb="question", words="Stairs?")
    client.get(reverse("caseload:case", args=[sent.case_id]))
    assert "Blether Café asks: “Stairs?”" in reasons(client.get("/today/"))
    client.post(page("answer_question", sent), {"words": "A few."})
    assert [sentence for sentence in reasons(client.get("/today/")) if "Blether" in sentence] == []


def test_news_is_on_today_until_the_case_is_opened(sign_in, amina, sent):
    client = sign_in(amina)
    actions.hear_from_service(onward=sent, by=None, verb="accept")
    assert "Blether Café said yes today." in reasons(client.get("/today/"))
    client.get(reverse("caseload:case", args=[sent.case_id]))
    assert [sentence for sentence in reasons(client.get("/today/")) if "Blether" in sentence] == []


@pytest.fixture
def several(organisation, practice, amina, ben):
    def one(worker, **fields):
        patient = PatientFactory(organisation=organisation, practice=practice)
        case = CaseFactory(patient=patient, worker=worker, status="active")
        return OnwardReferralFactory(case=case, asset=AssetFactory(name=fields.pop("name")), **fields)

    actions.hear_from_service(onward=one(amina, name="Asks"), by=None, verb="question", words="Which days?")
    one(amina, name="Silent", asked_at=in_days(-1))
    one(amina, name="Went", status="completed", asked_at=in_days(-2))
    one(ben, name="Ben's", asked_at=in_days(-3))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Asks", "Silent"]),
        ({"whose": "team"}, ["Asks", "Silent", "Ben's"]),
        ({"show": "question"}, ["Asks"]),
        ({"show": "ended"}, ["Went"]),
        ({"show": "all", "q": "ent"}, ["Silent", "Went"]),
        ({"show": "nonsense"}, ["Asks", "Silent"]),
    ],
)
def test_the_list_narrows(sign_in, amina, several, asked, found):
    response = sign_in(amina).get("/onward/", asked)
    assert [onward.asset.name for onward in response.context["page"]] == found


def test_the_list_of_another_organisation_is_empty(sign_in, stranger, several):
    assert list(sign_in(stranger).get("/onward/", {"show": "all", "whose": "team"}).context["page"]) == []


def test_the_list_asks_as_many_queries_for_three_as_for_one(
    sign_in, amina, sent, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(amina)
    client.get("/onward/")
    with django_assert_max_num_queries(30) as one:
        client.get("/onward/")
    for _ in range(2):
        OnwardReferralFactory(case=sent.case)
    with django_assert_num_queries(len(one)):
        client.get("/onward/")
