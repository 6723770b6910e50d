"""The team's holds, and whose door is held open: pages of Team."""

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assets.enums import Capacity, NeedKind
from caseload import actions
from caseload.enums import CaseStatus, Channel, HoldBarrier, MessageStatus, WithWhom
from caseload.sweep import sweep
from tests.factories import (
    AssetFactory,
    CaseFactory,
    ContactFactory,
    FollowUpFactory,
    HoldFactory,
    HoldReviewFactory,
    MessageFactory,
    MissedFactory,
    PatientFactory,
    in_days,
)

pytestmark = pytest.mark.django_db
HOLDS, CSV, DOORS = reverse("caseload:holds"), reverse("caseload:holds_csv"), reverse("caseload:door_open")


@pytest.fixture
def hold(case):
    case.status = CaseStatus.HOLDING
    case.save()
    return HoldFactory(case=case, awaited_need=NeedKind.HOUSING, meanwhile="A call on Mondays")


def another_hold(sam, **what):
    person = PatientFactory(organisation=sam.organisation, practice=sam.practice, given_name="Jean")
    return HoldFactory(case=CaseFactory(patient=person, status="holding"), **what)


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return len(asked)


def shown(response):
    return [(need, [hold.case.patient.given_name for hold in holds]) for need, holds in response.context["groups"]]


def test_holds_stand_by_what_is_awaited_the_longest_first(sign_in, ben, sam, hold):
    another_hold(sam, awaited_need=NeedKind.HOUSING, started_at=in_days(-90))
    another_hold(sam, awaited_need=NeedKind.CARING)
    assert shown(sign_in(ben).get(HOLDS)) == [("Caring", ["Jean"]), ("Housing", ["Jean", "Sam"])]


def test_ground_rule_2_a_hold_on_the_board_says_what_it_waits_for_what_is_done_and_who_looked_last(
    sign_in, amina, ben, hold
):
    hold.awaited_asset = AssetFactory(name="Maryhill Housing", capacity=Capacity.WAITING_LIST, wait_weeks=12)
    hold.save()
    HoldReviewFactory(hold=hold, by=ben, at=in_days(-3))
    page = " ".join(sign_in(amina).get(HOLDS).content.decode().split())
    for words in ("Maryhill Housing", "Waiting list, about 12 weeks", "A call on Mondays", "</time>, Ben"):
        assert words in page


def test_an_ended_hold_and_a_stranger_s_are_not_on_the_board(sign_in, amina, stranger, hold):
    assert shown(sign_in(stranger).get(HOLDS)) == []
    actions.end_hold(hold=hold, by=amina, end="service_started", need_outcome="met")
    assert shown(sign_in(amina).get(HOLDS)) == []


@pytest.mark.parametrize(
    "asked", ["need=housing", "barrier=cost", "worker={amina}", "practice={practice}&barrier=cost", "review=due"]
)
def test_the_board_is_narrowed(sign_in, amina, sam, hold, today, asked):
    hold.barrier, hold.review_on = HoldBarrier.COST, today
    hold.save()
    another_hold(sam)
    response = sign_in(amina).get(f"{HOLDS}?{asked.format(amina=amina.pk, practice=sam.practice_id)}")
    assert shown(response) == [("Housing", ["Sam"])]


def test_each_value_says_how_many_there_are(sign_in, amina, sam, hold):
    another_hold(sam)
    filters = sign_in(amina).get(HOLDS).context["filters"]
    workers = [("", "Any"), (str(amina.pk), "Amina Yusuf (1)"), ("none", "Nobody yet (1)")]
    assert filters.fields["worker"].choices == workers
    assert filters.fields["review"].choices == [("", "Any"), ("later", "Later (2)")]


def test_a_filter_nobody_knows_is_said_and_narrows_nothing(sign_in, amina, hold):
    response = sign_in(amina).get(f"{HOLDS}?need=wealth")
    assert (shown(response), "choose one from the list" in response.content.decode()) == ([("Housing", ["Sam"])], True)


def test_the_board_asks_as_often_for_one_hold_as_for_three(sign_in, amina, ben, sam, hold):
    client = sign_in(amina)
    HoldReviewFactory(hold=hold, by=ben)
    one = queries_of(client, HOLDS)
    for _ in range(2):
        HoldReviewFactory(hold=another_hold(sam, awaited_asset=AssetFactory()), by=ben)
    assert queries_of(client, HOLDS) == one


def test_a_manager_downloads_the_board_without_a_name(sign_in, mo, amina, hold):
    rows = list(csv.DictReader(sign_in(mo).get(CSV).content.decode("utf-8-sig").splitlines()))
    assert [(row["Waiting for"], row["Worker"], row["Days"]) for row in rows] == [("Housing", "Amina Yusuf", "0")]
    assert "Kerr" not in str(rows)
    assert sign_in(amina).get(CSV).status_code == 403


def test_the_case_shows_its_earlier_holds_and_how_they_ended(sign_in, amina, case, hold):
    HoldFactory(
        case=case, started_at=in_days(-100), ended_at=in_days(-30), end="no_service", need_outcome="unmet",
        awaited_need=NeedKind.CARING,
    )  # fmt: skip
    page = " ".join(sign_in(amina).get(reverse("caseload:case", args=[case.pk])).content.decode().split())
    assert "Waiting for a service, caring: 2 months, " in page
    assert "No service exists; the need was unmet." in page


@pytest.fixture
def missed(case):
    """Sam missed a meeting ten days ago, and nobody has reached him since."""
    MissedFactory(case=case, starts_at=in_days(-10), barrier="transport")
    return case


def doors(client, whose="mine"):
    return client.get(f"{DOORS}?whose={whose}").context["doors"]


def test_an_open_door_says_since_when_what_was_in_the_way_what_was_tried_and_what_is_next(
    sign_in, amina, missed, today
):
    for channel, days_ago in (("call", 9), ("call", 5), ("letter", 4), ("call", 30)):
        ContactFactory(case=missed, channel=channel, reached=False, at=in_days(-days_ago))
    MessageFactory(case=missed, status=MessageStatus.SENT, queued_at=in_days(-1), ended_at=in_days(-1))
    MessageFactory(case=missed, status=MessageStatus.FAILED, queued_at=in_days(-1), ended_at=in_days(-1))
    promise = FollowUpFactory(case=missed, due_on=today + timedelta(days=2))

    [door] = doors(sign_in(amina))

    assert (door.case, door.barriers, door.next_try) == (missed, ["Getting there"], promise)
    assert door.tried_in_words == "2 calls, 1 letter and 1 text, the last yesterday"


def test_a_door_nobody_tried_yet_says_so(sign_in, amina, missed):
    [door] = doors(sign_in(amina))
    assert (door.tried_in_words, door.next_try) == ("Nothing yet", None)


def test_a_door_is_one_s_own_or_the_team_s_and_no_stranger_s(sign_in, amina, ben, stranger, missed):
    counts = [len(doors(sign_in(who), whose)) for who in (amina, ben, stranger) for whose in ("mine", "team")]
    assert counts == [1, 1, 0, 1, 0, 0]


def test_whoever_is_reached_leaves_the_list_and_stands_among_those_who_came_back(sign_in, amina, missed):
    actions.log_contact(case=missed, by=amina, channel=Channel.CALL, with_whom=WithWhom.PERSON, reached=True)
    response = sign_in(amina).get(DOORS)
    assert (response.context["doors"], [event.case for event in response.context["back"]]) == ([], [missed])


def test_ground_rule_8_a_safe_contact_note_on_the_list_is_recorded_as_seen(sign_in, amina, missed):
    missed.patient.safe_contact_note = "Never on a Sunday"
    missed.patient.save()
    assert "Never on a Sunday" in sign_in(amina).get(DOORS).content.decode()
    assert list(missed.patient.access_log.values_list("by", "what")) == [(amina.pk, "details")]


def test_ground_rule_1_the_list_of_open_doors_closes_nothing(sign_in, amina, missed):
    for _ in range(20):
        MissedFactory(case=missed, starts_at=in_days(-200))
    doors(sign_in(amina))
    missed.refresh_from_db()
    assert (missed.status, missed.is_open) == (CaseStatus.ACTIVE, True)


def test_the_list_of_open_doors_asks_as_often_for_one_as_for_three(sign_in, amina, sam, missed):
    def add(case):
        ContactFactory(case=case, reached=False)
        MessageFactory(case=case, status=MessageStatus.SENT, ended_at=in_days(0))
        FollowUpFactory(case=case)

    add(missed)
    client = sign_in(amina)
    one = queries_of(client, DOORS)
    for _ in range(2):
        person = PatientFactory(organisation=sam.organisation, practice=sam.practice)
        add(MissedFactory(case=CaseFactory(patient=person, worker=amina, status="active")).case)
    assert queries_of(client, DOORS) == one


def test_repeated_missing_reads_as_concern_for_a_person(sign_in, amina, missed):
    for days_ago in (40, 60):
        MissedFactory(case=missed, starts_at=in_days(-days_ago))
    sweep(missed.organisation)
    for url in (reverse("caseload:case", args=[missed.pk]), reverse("caseload:today")):
        page = " ".join(sign_in(amina).get(url).content.decode().split())
        assert "3 missed in 12 months, the latest on " in page
        assert "How is Sam?" in page
        assert "Check on Sam" in page
