from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Policy
from assets.enums import AreaKind, DecileKind, NeedKind
from assets.models import AreaDeprivation, Postcode
from caseload import actions
from caseload.enums import CaseStatus, Complexity, Ending, HoldBarrier
from caseload.models import Case
from caseload.timeline import Kind, door_sentence, status_sentence
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import (
    AppointmentFactory,
    AssetFactory,
    AttendedFactory,
    ContactFactory,
    FlagFactory,
    FollowUpFactory,
    GoalFactory,
    HoldFactory,
    MissedFactory,
    ReferralFactory,
    in_days,
)

ON_22_NOVEMBER = datetime(2026, 11, 22, 10, tzinfo=timezone.get_default_timezone())


def fresh(case):
    return Case.objects.with_list_data().get(pk=case.pk)


def text_of(response):
    return " ".join(response.content.decode().split())


@time_machine.travel(ON_22_NOVEMBER, tick=False)
def test_a_held_case_says_since_when_for_what_and_when_it_is_reviewed(case):
    counselling = AssetFactory(name="Wellpark Counselling")
    HoldFactory(case=case, awaited_asset=counselling, review_on=date(2026, 11, 30), started_at=in_days(-50))
    case.status = CaseStatus.HOLDING
    case.save()
    assert status_sentence(fresh(case)) == (
        "Holding since 3 October: waiting for Wellpark Counselling (mental wellbeing), waiting list. "
        "Review on 30 November."
    )


@time_machine.travel(ON_22_NOVEMBER, tick=False)
@pytest.mark.parametrize(
    ("review_on", "words"),
    [
        (date(2026, 11, 22), "Review is due today."),
        (date(2026, 11, 20), "Review was due on 20 November."),
        (date(2026, 11, 23), "Review on 23 November."),
    ],
)
def test_a_held_case_says_whether_its_review_is_due(case, review_on, words):
    HoldFactory(case=case, review_on=review_on, barrier=HoldBarrier.NONE_EXISTS)
    case.status = CaseStatus.HOLDING
    case.save()
    assert status_sentence(fresh(case)) == (
        f"Holding since today: waiting for help with mental wellbeing, none exists here. {words}"
    )


@time_machine.travel(ON_22_NOVEMBER, tick=False)
def test_a_door_held_open_says_since_when(case):
    MissedFactory(case=case, starts_at=in_days(-10))
    MissedFactory(case=case, starts_at=in_days(-3))
    assert door_sentence(fresh(case)) == "Door held open since Thursday 12 November: missed, not reached since."


def test_a_door_is_no_longer_held_once_the_person_is_reached(case):
    MissedFactory(case=case, starts_at=in_days(-10))
    ContactFactory(case=case, at=in_days(-1))
    assert door_sentence(fresh(case)) == ""


def test_a_waiting_case_that_is_nobodys_says_so(case):
    case.status, case.worker, case.assigned_at = CaseStatus.WAITING, None, None
    case.save()
    assert status_sentence(fresh(case)) == (
        "Waiting since today for a first meeting, and nobody has taken the case yet."
    )


@pytest.mark.parametrize(("days", "when"), [(0, "today"), (-50, "on 3 October")])
@time_machine.travel(ON_22_NOVEMBER, tick=False)
def test_a_closed_case_says_when_and_how_it_ended(case, amina, days, when):
    actions.close_case(case=case, by=amina, ending=Ending.CONNECTED, ending_agreed=True)
    Case.objects.filter(pk=case.pk).update(closed_at=in_days(days))
    assert status_sentence(fresh(case)) == f"Closed {when}: connected to support that will go on, agreed with them."


@pytest.fixture
def full_case(case, amina, organisation, practice, priya):
    """A case with something of every kind in its timeline."""
    AttendedFactory(case=case, starts_at=in_days(-20), note="Walked to the allotment")
    ContactFactory(case=case, at=in_days(-15), note="Rang back")
    FlagFactory(case=case)
    referral = ReferralFactory(
        organisation=organisation, practice=practice, submitted_by=priya, submitted_at=in_days(-30)
    )
    case.referrals.model.objects.filter(pk=referral.pk).update(
        status="accepted", case=case, patient=case.patient, answered_at=timezone.now(), answered_by=amina
    )
    hold = actions.start_hold(
        case=case,
        by=amina,
        purpose="getting_ready",
        awaited_need=NeedKind.LONELINESS,
        barrier=HoldBarrier.COST,
        review_on=timezone.localdate() + timedelta(days=14),
    )
    actions.review_hold(hold=hold, by=amina, note="Still nervous", next_review_on=timezone.localdate())
    actions.end_hold(hold=hold, by=amina, end="need_changed")
    actions.uncover_need(case=case, by=amina, kind=NeedKind.LEGAL)
    return case


def test_the_timeline_has_everything_newest_first(sign_in, amina, full_case):
    entries = sign_in(amina).get(url_of("case", full_case)).context["entries"]
    assert [entry.title for entry in entries] == [
        "Added a need uncovered later",
        "Hold ended: the need changed",
        f"Hold reviewed, again on {timezone.localdate():%-d %B}",
        "Hold started: getting ready for change (help with loneliness), cost",
        "Flag: Gone quiet",
        "Call, reached them",
        "Met, at the practice, 45 minutes",
        "Referred by Parkhead Health Centre: loneliness",
    ]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (Kind.MEETINGS, 1),
        (Kind.CONTACTS, 1),
        (Kind.HOLDS, 3),
        (Kind.REFERRALS, 1),
        (Kind.FLAGS, 1),
        (Kind.CHANGES, 1),
        ("nonsense", 8),
    ],
)
def test_the_timeline_shows_one_kind_when_asked(sign_in, amina, full_case, kind, number):
    response = sign_in(amina).get(url_of("case", full_case), {"kind": kind})
    assert response.context["entries"].paginator.count == number


def test_the_query_count_does_not_grow_with_the_case(
    sign_in, amina, ben, full_case, django_assert_num_queries, django_assert_max_num_queries
):
    client, url = sign_in(amina), url_of("case", full_case)
    AppointmentFactory(case=full_case)
    GoalFactory(case=full_case)
    with django_assert_max_num_queries(47) as few:
        client.get(url)
    for days in range(1, 4):
        AttendedFactory(case=full_case, worker=ben, starts_at=in_days(-days))
        ContactFactory(case=full_case, by=ben)
        AppointmentFactory(case=full_case, starts_at=in_days(days))
        FollowUpFactory(case=full_case)
        GoalFactory(case=full_case, rank=days + 1)
        actions.uncover_need(case=full_case, by=ben, kind=list(NeedKind)[days])
        HoldFactory(case=full_case, ended_at=timezone.now(), end="need_changed", awaited_asset=AssetFactory())
    with django_assert_num_queries(len(few)):
        client.get(url)


def test_a_note_is_shown_as_text_never_as_markup(sign_in, amina, case):
    AttendedFactory(case=case, note="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text_of(sign_in(amina).get(url_of("case", case)))


@pytest.mark.parametrize(("held", "prompts"), [(6, 0), (7, 1)])
def test_ground_rule_5_passing_the_usual_number_prompts_and_never_blocks(sign_in, amina, case, held, prompts):
    for days in range(held):
        AttendedFactory(case=case, starts_at=in_days(-days - 1))
    client = sign_in(amina)
    page = text_of(client.get(url_of("case", case)))
    assert page.count(f"{held} meetings so far; usually about 6.") == 1
    assert page.count("It may be time to talk about what comes next.") == prompts
    send(client, url_of("book", case), time="10:30", place="home")
    assert case.appointments.booked().count() == 1


def test_the_usual_number_is_the_organisations_own(sign_in, amina, case, organisation):
    Policy.objects.create(organisation=organisation, suggested_meetings=10)
    assert "usually about 10." in text_of(sign_in(amina).get(url_of("case", case)))


def test_deprivation_is_named_with_its_index_and_edition(sign_in, amina, case, sam):
    Postcode.objects.create(postcode="G31 4EB", dz2011="S01010265")
    AreaDeprivation.objects.create(
        index="SIMD",
        edition="2020v2",
        decile_kind=DecileKind.EQUAL_COUNT,
        area_kind=AreaKind.DZ2011,
        area_code="S01010265",
        rank=12,
        decile=1,
    )
    sam.postcode = "G31 4EB"
    sam.save()
    page = text_of(sign_in(amina).get(url_of("case", case)))
    assert "Where they live: SIMD 2020v2 decile 1 (1 is most deprived)" in page


def test_ground_rule_3_what_matters_is_in_their_words_and_may_stay_empty(sign_in, amina, case):
    words = "Seeing my sister.\nThen the allotment, if my back lets me."
    send(sign_in(amina), url_of("what_matters", case), what_matters=words)
    case.refresh_from_db()
    assert case.what_matters == words
    send(sign_in(amina), url_of("what_matters", case), what_matters="")
    case.refresh_from_db()
    assert case.what_matters == ""


def test_two_people_writing_what_matters_the_second_sees_both(sign_in, amina, ben, case):
    url = url_of("what_matters", case)
    data = filled_in(sign_in(amina), url, what_matters="The allotment")
    send(sign_in(ben), url, what_matters="Her sister in Ayr")
    response = sign_in(amina).post(url, data)
    assert errors(response)[0].startswith("Ben Taylor wrote what matters today ")
    assert response.context["newer"] == ["It now reads: Her sister in Ayr"]
    assert response.context["form"]["what_matters"].value() == "The allotment"
    case.refresh_from_db()
    assert case.what_matters == "Her sister in Ayr"


def test_the_shape_of_support_is_planned(sign_in, amina, case, today):
    send(sign_in(amina), url_of("plan", case), complexity=Complexity.HIGH, planned_ending_on=today)
    case.refresh_from_db()
    assert (case.complexity, case.planned_ending_on) == (Complexity.HIGH, today)


def test_a_need_uncovered_later_is_marked(sign_in, amina, case):
    send(sign_in(amina), url_of("add_need", case), kind=NeedKind.LEGAL)
    assert [(need.kind, need.on_referral) for need in case.needs.all()] == [(NeedKind.LEGAL, False)]


def test_a_follow_up_is_set_once_and_done(sign_in, amina, case, today):
    client, url = sign_in(amina), url_of("follow_up", case)
    data = filled_in(client, url, about="Ask about the bus pass", due_on=today)
    client.post(url, data)
    client.post(url, data)
    promise = case.follow_ups.to_do().get()
    client.post(url_of("finish_follow_up", case, follow_up_id=promise.pk))
    assert case.follow_ups.to_do().count() == 0


def test_a_link_worker_hands_on_their_own_case(sign_in, amina, ben, case):
    send(sign_in(amina), url_of("assign", case), worker=ben.pk, words="Likes to talk about the allotment")
    case.refresh_from_db()
    assert case.worker == ben


def test_a_link_worker_takes_a_case_nobody_has(sign_in, ben, case):
    case.worker = case.assigned_at = None
    case.save()
    send(sign_in(ben), url_of("assign", case))
    case.refresh_from_db()
    assert case.worker == ben


def test_a_link_worker_does_not_pass_on_a_colleagues_case(sign_in, ben, case):
    assert sign_in(ben).post(url_of("assign", case), {"worker": ben.pk}).status_code == 403


def test_a_manager_passes_on_any_case_also_to_nobody(sign_in, mo, case):
    send(sign_in(mo), url_of("assign", case), worker="")
    case.refresh_from_db()
    assert case.worker is None
