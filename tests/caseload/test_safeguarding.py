"""Safeguarding concerns: anybody raises one, few read it, and to everybody else it does not exist."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Policy
from caseload import actions
from caseload.enums import Seen
from caseload.enums.safety import ConcernOutcome, ConcernStatus, ConcernVerb
from caseload.models import AccessLog, SafeguardingConcern
from caseload.tasks import tell_colleague
from caseload.timeline import timeline
from tests.caseload.sent import errors, send, url_of

ALL = reverse("caseload:safeguarding")
LEADS = reverse("caseload:safeguarding_leads")
SAID = {"happened": "He said: they take my pension card.", "is_immediate_danger": "no"}


def address(page, concern, **more):
    return reverse(f"caseload:{page}", kwargs={"safeguarding_id": concern.pk, **more})


def raised(organisation, by, case, happened="They take his pension card."):
    return actions.raise_concern(
        organisation=organisation, by=by, case=case, happened=happened, is_immediate_danger=False
    )


@pytest.fixture
def concern(organisation, amina, mo, case):
    """Raised by Amina about Sam; nobody is named as a lead, so that Mo, the manager, is one."""
    return actions.raise_concern(
        organisation=organisation,
        by=amina,
        case=case,
        happened="They take his pension card.",
        is_immediate_danger=False,
    )


@pytest.fixture
def lead(organisation, mo, ben):
    """Ben, named by Mo: from now on the managers are not."""
    return actions.name_lead(organisation=organisation, by=mo, user=ben)


# Raising


def test_a_concern_is_raised_on_a_case_in_their_own_words(sign_in, amina, mo, case, sam):
    send(sign_in(amina), url_of("raise_concern_on", case), **SAID, told="Duty social worker, Glasgow HSCP")
    concern = SafeguardingConcern.objects.get()
    assert (concern.patient, concern.happened, concern.raised_by) == (sam, SAID["happened"], amina)
    assert list(concern.log.order_by("written_at").values_list("verb", "told")) == [
        (ConcernVerb.RAISED, ""),
        (ConcernVerb.TOLD, "Duty social worker, Glasgow HSCP"),
    ]


@pytest.mark.parametrize("status", ["closed"])
def test_it_is_on_a_case_that_is_closed_too(sign_in, amina, case, status):
    actions.close_case(case=case, by=amina, ending="died", ending_how="died", ending_agreed=False)
    page = sign_in(amina).get(url_of("case", case)).content.decode()
    assert url_of("raise_concern_on", case) in page
    assert sign_in(amina).get(url_of("raise_concern_on", case)).status_code == 200


def test_it_needs_neither_a_case_nor_somebody_we_know(sign_in, amina, mo):
    url = reverse("caseload:raise_concern")
    assert errors(send(sign_in(amina), url, **SAID)) == ["Enter who it is about"]
    send(sign_in(amina), url, **SAID, about_whom="The boy next door")
    assert SafeguardingConcern.objects.get().about == "The boy next door"


def test_an_empty_concern_says_what_is_missing(sign_in, amina, case):
    assert errors(send(sign_in(amina), url_of("raise_concern_on", case))) == [
        "Enter what you saw or heard",
        "Say whether anybody is in immediate danger",
    ]


def test_a_double_click_raises_one(sign_in, amina, case):
    once = "00000000-0000-4000-8000-000000000001"
    for _ in range(2):
        send(sign_in(amina), url_of("raise_concern_on", case), **SAID, once=once)
    assert SafeguardingConcern.objects.count() == 1


def test_no_setting_switches_it_off():
    assert [name for name in Policy.SETTINGS if "safeguarding" in name or "concern" in name] == []


def test_the_leads_are_told_that_there_is_something_and_nothing_of_it(
    monkeypatch, django_capture_on_commit_callbacks, organisation, amina, ben, mo, case, lead
):
    monkeypatch.setattr("caseload.tasks.tell_colleague.delay", tell_colleague)
    with django_capture_on_commit_callbacks(execute=True):
        raised(organisation, amina, case)
    assert [letter.to for letter in mail.outbox] == [[ben.email]]
    words = mail.outbox[0].subject + mail.outbox[0].body
    assert [word for word in ("Sam", "Kerr", "Amina", "pension", "safeguarding concern") if word in words] == []


# Who reads it


def test_the_author_and_the_lead_read_it_and_each_reading_is_written_down(sign_in, amina, mo, concern, sam):
    for who in (amina, mo):
        assert "pension card" in sign_in(who).get(address("safeguarding_concern", concern)).content.decode()
    seen = AccessLog.objects.filter(what=Seen.SAFEGUARDING).order_by("id").values_list("by", "record_id", "patient")
    assert list(seen) == [(who.pk, concern.pk, sam.pk) for who in (amina, mo)]


def test_a_colleague_does_not_see_that_it_exists(sign_in, ben, case, concern):
    client = sign_in(ben)
    assert client.get(address("safeguarding_concern", concern)).status_code == 404
    assert client.post(address("safeguarding_concern", concern), {"words": "x"}).status_code == 404
    for url in (ALL, url_of("case", case), reverse("caseload:cases"), reverse("caseload:today")):
        page = client.get(url).content.decode()
        assert (str(concern.pk) in page, "pension" in page) == (False, False)


def test_the_pages_of_a_colleague_are_the_same_with_and_without_one(sign_in, ben, case, organisation, amina):
    def words():
        page = sign_in(ben).get(url_of("case", case)).content.decode().split("<main")[1]
        return [line for line in page.splitlines() if "csrf" not in line and "value=" not in line]

    before = words()
    raised(organisation, amina, case)
    assert words() == before


def test_it_leaves_nothing_on_the_timeline(case, concern):
    assert (case.events.count(), timeline(case)) == (0, [])


def test_the_header_shows_it_to_its_readers(sign_in, amina, mo, case, concern):
    for who in (amina, mo):
        assert "Safeguarding concern" in sign_in(who).get(url_of("case", case)).content.decode().split('lw-case"')[0]


def test_who_opened_the_record_does_not_tell_that_a_concern_was_read(sign_in, amina, mo, case, concern, lead):
    sign_in(amina).get(address("safeguarding_concern", concern))
    page = sign_in(mo).get(url_of("access", case)).content.decode()
    assert "Safeguarding" not in page.split("<main")[1]


def test_once_somebody_is_named_a_manager_who_is_not_does_not_read_it(sign_in, mo, ben, concern, lead):
    url = address("safeguarding_concern", concern)
    assert (sign_in(mo).get(url).status_code, sign_in(ben).get(url).status_code) == (404, 200)


def test_a_lead_who_has_left_reads_nothing_and_the_managers_do_again(sign_in, mo, ben, concern, lead):
    ben.memberships.update(is_active=False)
    assert sign_in(mo).get(address("safeguarding_concern", concern)).status_code == 200
    assert SafeguardingConcern.objects.visible_to(ben).count() == 0


def test_a_lead_lets_a_colleague_read_one_and_ends_it(sign_in, mo, ben, concern):
    client, url = sign_in(mo), address("safeguarding_concern", concern)
    client.post(address("let_read", concern), {"user": str(ben.pk)})
    assert sign_in(ben).get(url).status_code == 200
    reader = concern.readers.get()
    client.post(address("end_reading", concern, reader_id=reader.pk))
    assert sign_in(ben).get(url).status_code == 404
    assert [entry.about for entry in concern.log.exclude(about=None)] == [ben, ben]


def test_only_a_lead_lets_others_read_and_closes(sign_in, amina, ben, concern):
    client = sign_in(amina)
    answers = [client.post(address(page, concern), {}).status_code for page in ("let_read", "close_concern")]
    assert answers == [403, 403]


# The log


def test_what_was_done_and_who_was_told_is_added_with_its_time(sign_in, amina, concern):
    yesterday = timezone.localdate() - timedelta(days=1)
    send(
        sign_in(amina),
        address("safeguarding_concern", concern),
        verb="told",
        told="PC Reid, Police Scotland",
        day=yesterday,
        time="14:05",
    )
    entry = concern.log.get(verb=ConcernVerb.TOLD)
    assert (entry.told, timezone.localtime(entry.at).strftime("%H:%M")) == ("PC Reid, Police Scotland", "14:05")


def test_telling_somebody_asks_whom_and_doing_something_asks_what(sign_in, amina, concern):
    url = address("safeguarding_concern", concern)
    assert errors(send(sign_in(amina), url, verb="told")) == ["Enter who was told"]
    assert errors(send(sign_in(amina), url, verb="did")) == ["Enter what was done, seen or heard"]


@pytest.mark.parametrize("change", [lambda log: log.update(words="Nothing"), lambda log: log.all().delete()])
def test_the_log_is_only_ever_added_to(concern, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(concern.log)


def test_a_lead_closes_it_with_what_came_of_it_and_may_open_it_again(sign_in, mo, concern):
    client, url = sign_in(mo), address("close_concern", concern)
    assert errors(send(client, url)) == ["Choose what came of it", "Enter how it stands now"]
    send(client, url, outcome=ConcernOutcome.REFERRED, outcome_note="Social work visits weekly.")
    concern.refresh_from_db()
    assert (concern.status, concern.closed_by) == (ConcernStatus.CLOSED, mo)
    client.post(address("reopen_concern", concern))
    concern.refresh_from_db()
    assert (concern.status, concern.outcome) == (ConcernStatus.OPEN, "")
    assert "Social work visits weekly." in concern.log.get(verb=ConcernVerb.CLOSED).words


# The leads


def test_a_manager_names_the_leads_and_their_history_stays(sign_in, mo, ben, organisation):
    client = sign_in(mo)
    send(client, LEADS, user=str(ben.pk))
    assert list(organisation.safeguarding_leads) == [ben]
    client.post(reverse("caseload:end_lead", args=[organisation.named_leads.get().pk]))
    assert list(organisation.safeguarding_leads) == [mo]
    assert (
        "Ben Taylor</strong>, named by Mo Farrell today, ended by Mo Farrell today"
        in client.get(LEADS).content.decode()
    )


def test_a_link_worker_does_not_name_leads(sign_in, amina):
    assert sign_in(amina).get(LEADS).status_code == 403


def test_three_concerns_take_no_more_queries_than_one(
    sign_in, amina, mo, organisation, case, concern, django_assert_max_num_queries
):
    client = sign_in(mo)
    with django_assert_max_num_queries(20) as with_one:
        client.get(ALL)
    for _ in range(2):
        actions.raise_concern(
            organisation=organisation, by=amina, case=case, happened="More", is_immediate_danger=False
        )
    with django_assert_max_num_queries(len(with_one)):
        client.get(ALL)
