"""The link to questions: what it opens, once, for whom, until when; and everything it must not reveal."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links import USES, WRONG_TRIES
from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from caseload import actions
from caseload.enums import Verb
from caseload.links import LinkState, look_up, token_of, url_of
from caseload.models import Concern, Message, QuestionsLink
from caseload.timeline import Kind, timeline
from tests.caseload.sent import errors
from tests.caseload.sent import url_of as page_of

ANSWERS = {"ons4_anxious": "8", "ons4_happy": "3"}


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def link(case, amina):
    return actions.link_questions(case=case, by=amina, measures=["ons4"])


def address(link):
    return f"/q/{token_of(link)}/"


def gone(client, link, status, heading):
    response = client.get(address(link))
    assert (response.status_code, heading in response.content.decode()) == (status, True)
    assert "ons4" not in response.content.decode()


def uses(link):
    return list(link.uses.order_by("id").values_list("did", "was_valid"))


# What it does


def test_somebody_answers_on_their_own_phone(client, link, case, today):
    assert client.get(address(link)).status_code == 200
    response = client.post(address(link), ANSWERS, follow=True)
    assert "Thank you" in response.content.decode()
    filling = case.fillings.get()
    assert (filling.answers, filling.by, filling.link) == ({"anxious": 8, "happy": 3}, None, link)
    assert filling.filled_on == today
    entry = timeline(case, Kind.MEASURES)[0]
    assert entry.title == "Personal wellbeing (ONS4) filled in by themselves, on their phone"


def test_several_measures_come_back_as_a_filling_each(client, case, amina):
    link = actions.link_questions(case=case, by=amina, measures=["ons4", "loneliness", "concern"])
    typed = {"loneliness_lonely": "2", "concern_1_words": "The damp", "concern_concern_1": "5"}
    client.post(address(link), ANSWERS | typed)
    assert sorted(case.fillings.values_list("measure", flat=True)) == ["concern", "loneliness", "ons4"]
    assert case.concerns.get().words == "The damp"


def test_ground_rule_3_a_measure_left_out_altogether_makes_no_filling(client, case, amina):
    link = actions.link_questions(case=case, by=amina, measures=["ons4", "loneliness"])
    client.post(address(link), ANSWERS)
    assert list(case.fillings.values_list("measure", flat=True)) == ["ons4"]


def test_sending_nothing_does_not_use_the_link_up(client, link):
    response = client.post(address(link), {})
    assert errors(response) == ["Nothing is filled in. Choose an answer, or go back: leaving it all out is fine"]
    link.refresh_from_db()
    assert link.is_live


def test_opening_the_link_changes_nothing(client, link, case):
    client.get(address(link))
    client.head(address(link))
    link.refresh_from_db()
    assert (link.is_live, case.fillings.count()) == (True, 0)


def test_every_use_is_recorded(client, link):
    client.get(address(link))
    client.post(address(link), ANSWERS)
    client.get(address(link))
    assert uses(link) == [("open", True), ("answer", True), ("open", False)]


# What it reveals


@pytest.mark.parametrize("secret", ["Sam", "Kerr", "0141", "Amina", "allotment", "1971", "Parkhead"])
def test_the_page_and_the_address_say_nothing_of_the_person(client, link, case, secret):
    case.what_matters = "The allotment"
    case.save()
    assert secret not in client.get(address(link)).content.decode()
    assert secret.lower() not in address(link)


def test_a_concern_named_before_is_not_asked_by_link(client, sign_in, amina, case):
    link = actions.link_questions(case=case, by=amina, measures=["ons4", "concern"])
    Concern.objects.create(case=case, place=1, words="What he said to me")
    page = client.get(address(link)).content.decode()
    assert ("What he said to me" in page, "concern" in page) == (False, False)
    assert "a link shows nobody’s words" in sign_in(amina).get(page_of("link_questions", case)).content.decode()


def test_the_page_sets_no_cookie_and_is_kept_by_nobody(client, link):
    for response in (client.get(address(link)), client.post(address(link), ANSWERS)):
        assert response.cookies == {}
        assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
        assert "no-store" in response["Cache-Control"]


def test_an_answer_without_referrer_origin_or_token_is_taken(link, case):
    Client(enforce_csrf_checks=True).post(address(link), ANSWERS, headers={"Origin": "null"})
    assert case.fillings.count() == 1


# When it ends


def test_a_link_answers_once(client, link, case):
    client.post(address(link), ANSWERS)
    client.post(address(link), ANSWERS)
    gone(client, link, 410, "Thank you")
    assert case.fillings.count() == 1


def test_a_link_runs_out_after_a_fortnight(client, link):
    QuestionsLink.objects.update(expires_at=timezone.now())
    gone(client, link, 410, "This link has run out")
    assert link.expires_at - link.made_at > timedelta(days=13)


def test_a_link_taken_back_opens_nothing(client, sign_in, amina, case, link):
    sign_in(amina).post(page_of("recall_questions", case))
    gone(client, link, 410, "This link is not used any more")
    assert case.events.filter(verb=Verb.QUESTIONS_RECALLED).count() == 1


def test_a_newer_link_ends_the_one_before(client, amina, case, link):
    newer = actions.link_questions(case=case, by=amina, measures=["loneliness"], replaces=link.pk)
    gone(client, link, 410, "This link is not used any more")
    assert client.get(address(newer)).status_code == 200


def test_the_case_closing_ends_the_link_for_good(client, amina, case, link):
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    gone(client, link, 410, "This link is not used any more")
    actions.reopen_case(case=case, by=amina, worker=amina, words="Came back")
    gone(client, link, 410, "This link is not used any more")


def test_a_wording_whose_licence_has_ended_is_not_asked(client, case, amina):
    link = actions.link_questions(case=case, by=amina, measures=["who5"])
    gone(client, link, 410, "This link is not used any more")


# Guessing


@pytest.mark.parametrize(
    "change",
    [lambda t: t[:-1] + ("x" if t[-1] != "x" else "y"), lambda t: f"2{t}", lambda t: "é", lambda t: "0-" * 40],
    ids=["last sign", "another key", "a sign that is none of ours", "far too long"],
)
def test_a_changed_link_is_no_link(client, link, change):
    assert look_up(change(token_of(link))) == (LinkState.UNKNOWN, None)
    assert client.get(f"/q/{change(token_of(link))}/").status_code == 404


@pytest.mark.parametrize(
    "read_out",
    [str.upper, lambda t: t.replace("-", ""), lambda t: t.replace("0", "O").replace("1", "l")],
    ids=["capitals", "no dashes", "letters for digits"],
)
def test_a_link_read_out_may_be_typed_as_one_likes(client, link, read_out):
    assert client.get(f"/q/{read_out(token_of(link))}/").status_code == 200


def test_a_link_is_short_enough_for_a_text(link):
    assert re.fullmatch(r"[0-9a-z]{1,6}(-[0-9a-hjkmnp-tv-z]{4}){3}", token_of(link))
    assert url_of(link).endswith(address(link))


def test_trying_many_links_is_stopped(client, link):
    statuses = [client.get("/q/guess/").status_code for _ in range(WRONG_TRIES + 1)]
    assert statuses == [404] * WRONG_TRIES + [429]
    assert client.get(address(link)).status_code == 429


def test_a_link_used_by_a_machine_is_stopped(client, link):
    statuses = [client.get(address(link)).status_code for _ in range(USES + 1)]
    assert statuses[-2:] == [200, 429]
    assert link.uses.count() == USES


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(link, case):
    def answer(_):
        Client().post(address(link), ANSWERS)
        connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(answer, range(2)))
    assert case.fillings.count() == 1


# The worker's side


def test_a_worker_makes_a_link_and_sees_it(sign_in, amina, case):
    url = page_of("link_questions", case)
    sign_in(amina).post(url, {"measures": ["ons4", "loneliness"]})
    link = case.questions_links.get()
    page = sign_in(amina).get(url).content.decode()
    assert url_of(link) in page
    assert "A square code that opens the questions" in page


def test_a_link_asked_for_twice_is_made_once(sign_in, amina, case):
    for _ in range(2):
        sign_in(amina).post(page_of("link_questions", case), {"measures": ["ons4"]})
    assert case.questions_links.count() == 1
    assert case.events.filter(verb=Verb.QUESTIONS_LINKED).count() == 1


def test_a_worker_does_not_end_the_link_a_colleague_has_just_made(amina, ben, case, link):
    with pytest.raises(ChangedMeanwhile):
        actions.link_questions(case=case, by=ben, measures=["ons4"])


def test_a_closed_case_gets_no_link(sign_in, amina, case):
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    with pytest.raises(MoveNotAllowed):
        actions.link_questions(case=case, by=amina, measures=["ons4"])
    assert sign_in(amina).get(page_of("link_questions", case)).status_code == 302


def test_choosing_nothing_is_told_plainly(sign_in, amina, case):
    assert errors(sign_in(amina).post(page_of("link_questions", case), {})) == ["Choose what to ask"]


def test_the_link_is_sent_by_text_where_the_person_allows_it(sign_in, amina, case, link):
    case.patient.may_text = True
    case.patient.save()
    page = sign_in(amina).get(page_of("link_questions", case))
    form = page.context["send_form"]
    typed = {name: form[name].value() for name in ("once", "body")} | {"channel": "text"}
    sign_in(amina).post(page_of("send_questions", case), typed)
    message = Message.objects.get()
    assert (message.channel, message.about, url_of(link) in message.body) == ("text", "a few questions", True)


def test_nothing_is_sent_without_the_persons_permission(sign_in, amina, case, link):
    assert "has not said we may text or email" in sign_in(amina).get(page_of("link_questions", case)).content.decode()
    response = sign_in(amina).post(page_of("send_questions", case), {"channel": "text", "body": "Hello"})
    assert (response.status_code, Message.objects.count()) == (200, 0)


def test_a_link_that_is_over_is_not_sent(sign_in, amina, case, link):
    actions.recall_questions(case=case, by=amina)
    response = sign_in(amina).post(page_of("send_questions", case), {"channel": "text", "body": "Hello"}, follow=True)
    assert "The link has been used or taken back." in response.content.decode()


def test_today_tells_of_answers_until_the_case_is_opened(client, sign_in, amina, case, link):
    client.post(address(link), ANSWERS)
    today = reverse("caseload:today")
    assert "Answered the questions you sent, today." in sign_in(amina).get(today).content.decode()
    sign_in(amina).get(page_of("case", case))
    assert "Answered the questions" not in sign_in(amina).get(today).content.decode()
