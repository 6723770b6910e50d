"""What is true of the demo's rows: they are as the actions would have left them, and of realistic shape."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Avg, Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, Organisation, Practice, User
from assets.models import Asset, Postcode, deprivation_by_postcode
from caseload.enums import CaseStatus, Outcome, Verb
from caseload.identifiers import validate_nhs_number
from caseload.models import (
    About,
    AccessLog,
    Appointment,
    Case,
    CaseEvent,
    Contact,
    Flag,
    FollowUp,
    Goal,
    Hold,
    HoldReview,
    Patient,
    RiskNote,
)
from caseload.sweep import sweep
from linkwork.demo.build import build
from linkwork.demo.sign_ins import AMINA, EILIDH, PASSWORD, SIGN_INS
from linkwork.management.commands import bench
from referrals.enums import ReferralStatus
from referrals.models import Referral, ReferralEvent
from tests.insight.agreement import disagreements

pytestmark = pytest.mark.django_db  # without it there may be no test database, and this would be the real one


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """The small demo, once for all of these tests: they only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(size="small", seed=1, say=lambda text: None)
        transaction.set_rollback(True)


@pytest.fixture
def amina():
    return User.objects.get(email=AMINA.email)


def test_small_has_513_referrals_3_workers_and_4_practices(demo):
    workers = Membership.objects.filter(role=Role.LINK_WORKER).count()
    assert (demo["referrals.Referral"], workers, demo["accounts.Practice"]) == (513, 3, 4)


def test_the_figures_are_those_of_the_database(demo):
    assert demo == {label: apps.get_model(label).objects.count() for label in demo}


def test_it_locks_nothing_that_another_database_needs():
    """The tables all databases share: two demos loaded side by side would wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relation::regclass::text, mode FROM pg_locks WHERE locktype = 'relation' AND database = 0 "
            "AND pid = pg_backend_pid() AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')"
        )
        assert cursor.fetchall() == []


def test_there_are_two_organisations_with_work_of_their_own():
    open_cases = {org.name: org.cases.open().exists() for org in Organisation.objects.all()}
    assert open_cases == {"Wellpark Link Workers": True, "Tyneside Community Links": True}


def test_everyone_signs_in_with_the_one_password(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    users = User.objects.filter(email__in=[sign_in.email for sign_in in SIGN_INS])
    hashes = set(users.values_list("password", flat=True))
    assert (users.count(), [check_password(PASSWORD, one) for one in hashes]) == (len(SIGN_INS), [True])


def test_one_of_them_has_two_memberships():
    assert Membership.objects.filter(user__email=EILIDH.email).count() == 2


# Consistent with the actions


@pytest.mark.parametrize(
    ("verb", "rows"),
    [
        (Verb.OPENED, lambda: Case.objects.all()),
        (Verb.BOOKED, lambda: Appointment.objects.all()),
        (Verb.MEETING_LOGGED, lambda: Appointment.objects.exclude(outcome="")),
        (Verb.MET, lambda: Case.objects.filter(appointments__outcome=Outcome.ATTENDED).distinct()),
        (Verb.CONTACT_LOGGED, lambda: Contact.objects.all()),
        (Verb.FOLLOW_UP_SET, lambda: FollowUp.objects.exclude(case=None)),
        (Verb.HOLD_STARTED, lambda: Hold.objects.all()),
        (Verb.HOLD_REVIEWED, lambda: HoldReview.objects.all()),
        (Verb.GOAL_ADDED, lambda: Goal.objects.all()),
        (Verb.ABOUT_WRITTEN, lambda: About.objects.all()),
        (Verb.RISK_NOTED, lambda: RiskNote.objects.all()),
    ],
)
def test_every_change_left_its_event(verb, rows):
    assert CaseEvent.objects.filter(verb=verb).count() == rows().count()


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("accept", ReferralStatus.ACCEPTED),
        ("decline", ReferralStatus.DECLINED),
        ("withdraw", ReferralStatus.WITHDRAWN),
    ],
)
def test_every_answer_to_a_referral_left_its_event(verb, status):
    assert ReferralEvent.objects.filter(verb=verb).count() == Referral.objects.filter(status=status).count()


def test_a_case_is_closed_when_its_last_word_is_a_closing():
    closings = CaseEvent.objects.filter(case=OuterRef("pk"), verb=Verb.CLOSED, at=OuterRef("closed_at"))
    closed = Case.objects.filter(status=CaseStatus.CLOSED)
    assert closed.filter(~Exists(closings)).count() == 0
    words = Q(events__verb=Verb.CLOSED), Q(events__verb=Verb.REOPENED)
    ended = Case.objects.annotate(closings=Count("events", words[0]), reopenings=Count("events", words[1]))
    assert ended.filter(closings__gt=F("reopenings")).count() == closed.count()


def test_a_case_has_an_open_hold_exactly_when_it_is_holding():
    held = Case.objects.filter(holds__ended_at=None, holds__isnull=False)
    assert set(held.values_list("pk", flat=True)) == set(Case.objects.holding().values_list("pk", flat=True))


def test_nobody_waiting_has_been_met_and_everybody_active_has_or_came_back_to_us():
    met = Q(appointments__outcome=Outcome.ATTENDED)
    known = Case.objects.filter(met | Q(events__verb=Verb.REOPENED))
    assert Case.objects.waiting().filter(met).count() == 0
    assert Case.objects.filter(status=CaseStatus.ACTIVE).exclude(pk__in=known).count() == 0


def test_ground_rule_1_every_missed_meeting_left_a_follow_up():
    promised = FollowUp.objects.filter(case=OuterRef("case"), made_at=OuterRef("outcome_at"))
    assert Appointment.objects.filter(Exists(promised), outcome=Outcome.MISSED).count() > 50
    assert Appointment.objects.filter(~Exists(promised), outcome=Outcome.MISSED).count() == 0


def test_a_closed_case_has_nothing_booked_and_nothing_to_do():
    closed = Case.objects.filter(status=CaseStatus.CLOSED)
    assert closed.filter(Q(appointments__outcome="", appointments__isnull=False)).count() == 0
    assert closed.filter(follow_ups__in=FollowUp.objects.to_do()).count() == 0


def test_a_hold_is_reviewed_next_when_its_last_review_said():
    reviewed = Hold.objects.exclude(reviews=None)
    said = {hold.pk: hold.reviews.order_by("at").last().next_review_on for hold in reviewed}
    assert said == dict(reviewed.values_list("pk", "review_on"))


def test_nothing_is_dated_after_this_morning():
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    made = Verb.FLAG_SET_ASIDE  # by the sweep at the end, which is of now
    later = [
        CaseEvent.objects.exclude(verb=made).filter(at__gte=midnight).count(),
        Contact.objects.filter(at__gte=midnight).count(),
        Appointment.objects.filter(outcome_at__gte=midnight).count(),
        Referral.objects.filter(submitted_at__gte=midnight).count(),
        ReferralEvent.objects.filter(at__gte=midnight).count(),
        AccessLog.objects.filter(at__gte=midnight).count(),
    ]
    assert later == [0] * 6


def test_nothing_happened_on_a_case_before_it_was_opened():
    assert CaseEvent.objects.filter(at__lt=F("case__opened_at")).count() == 0
    assert (
        Case.objects.filter(referrals__submitted_at__gt=F("opened_at"), referrals__isnull=False)
        .exclude(events__verb=Verb.JOINED)
        .count()
        == 0
    )


def test_every_record_stays_inside_its_organisation():
    assert Case.objects.exclude(organisation=F("patient__organisation")).count() == 0
    assert Referral.objects.exclude(case=None).exclude(organisation=F("case__organisation")).count() == 0
    employed = Membership.objects.filter(user=OuterRef("worker"), organisation=OuterRef("organisation"))
    assert Case.objects.exclude(worker=None).filter(~Exists(employed)).count() == 0


@pytest.mark.parametrize(
    "model", [Patient, Referral, Case, Appointment, Contact, Hold, Asset], ids=lambda m: m.__name__
)
def test_every_value_is_one_a_form_would_take(model):
    related = [field.name for field in model._meta.fields if field.is_relation or field.generated]
    for row in model.objects.all():
        row.clean_fields(exclude=related)


def test_every_number_is_of_the_test_range_and_valid():
    numbers = Patient.objects.exclude(number="").values_list("number", flat=True)
    assert [
        number for number in numbers if not number.startswith("999") or validate_nhs_number(number) != number
    ] == []


@pytest.mark.parametrize("model", [Patient, Case, Appointment, Referral])
def test_row_history_begins_with_the_row(model):
    assert model.history.rel.related_model.objects.filter(pgh_label="insert").count() == model.objects.count()


def test_the_flags_are_those_of_a_sweep(demo):
    night = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    raised = [sweep(organisation, now=night) for organisation in Organisation.objects.all()]
    assert sum(counts["raised"] + counts["cleared"] for rules in raised for counts in rules.values()) == 0
    assert demo["caseload.Flag"] > 20


# Realistic


def test_about_seven_in_ten_engage_and_meet_three_or_four_times():
    attended = Appointment.objects.filter(outcome=Outcome.ATTENDED)
    engaged = attended.values("case").distinct().count()
    assert 0.62 < engaged / Referral.objects.count() < 0.78
    assert 2.9 < attended.count() / engaged < 4.1


def test_people_are_met_and_reached_while_they_are_held():
    begun = Q(at__gte=F("case__holds__started_at"))
    met = Appointment.objects.filter(
        outcome=Outcome.ATTENDED, starts_at__gte=F("case__holds__started_at"), starts_at__lt=F("case__holds__ended_at")
    )
    reached = Contact.objects.filter(begun, reached=True, at__lt=F("case__holds__ended_at"))
    over = Hold.objects.exclude(ended_at=None)
    assert 0.4 < met.count() / over.count() < 2.5
    assert 1.5 < reached.count() / over.count() < 6
    assert over.count() > met.values("case__holds").distinct().count() > over.count() / 3


def test_what_is_said_of_deprivation_is_made_up_and_says_so():
    people = {organisation: organisation.patients.exclude(postcode="") for organisation in Organisation.objects.all()}
    found = {
        organisation.name: {
            (known.index, known.edition)
            for known in deprivation_by_postcode(some.values_list("postcode", flat=True)).values()
        }
        for organisation, some in people.items()
    }
    assert found == {
        "Wellpark Link Workers": {("Made-up SIMD", "demo")},
        "Tyneside Community Links": {("Made-up IMD", "demo")},
    }
    of_glasgow = deprivation_by_postcode(Postcode.objects.filter(pk__startswith="G").values_list("pk", flat=True))
    assert {known.decile for known in of_glasgow.values()} == {1, 2, 3, 4, 5, 6, 7, 8, 10}


def test_some_meetings_are_missed_and_most_last_three_quarters_of_an_hour():
    logged = Appointment.objects.exclude(outcome="")
    assert 0.15 < logged.filter(outcome=Outcome.MISSED).count() / logged.count() < 0.25
    assert 40 < logged.aggregate(minutes=Avg("minutes"))["minutes"] < 50


def test_most_who_get_what_they_came_for_were_accompanied_once():
    completed = Case.objects.filter(ending__in=["goals_reached", "connected"]).filter(
        Exists(Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED))
    )
    together = Appointment.objects.filter(case=OuterRef("pk"), outcome=Outcome.ATTENDED, accompanied=True)
    assert completed.filter(Exists(together)).count() > completed.count() / 2


def test_meetings_are_on_working_days_but_for_today(today):
    elsewhen = Appointment.objects.exclude(starts_at__date=today)
    assert elsewhen.filter(starts_at__week_day__in=[1, 7]).count() == 0
    assert Appointment.objects.exclude(starts_at__hour__range=(9, 15)).count() == 0


def test_no_worker_is_in_two_places_at_once():
    twice = Appointment.objects.values("worker", "starts_at").annotate(n=Count("pk")).filter(n__gt=1)
    assert twice.count() == 0


def test_every_worker_has_meetings_today_and_a_caseload_one_can_carry(today):
    for worker in User.objects.filter(memberships__role=Role.LINK_WORKER):
        assert worker.appointments.filter(starts_at__date=today, outcome="").count() >= 3
        assert 20 <= worker.cases.open().count() <= 60


def test_the_inbox_has_a_few_referrals_and_two_of_them_are_late():
    submitted = Referral.objects.filter(organisation__name="Wellpark Link Workers", status="submitted")
    assert submitted.count() == 6
    assert Flag.objects.open().filter(rule="unanswered", organisation__name="Wellpark Link Workers").count() == 2


def test_practices_are_served_by_one_organisation_or_by_two():
    served = Practice.objects.annotate(n=Count("organisations")).values_list("n", flat=True)
    assert sorted(served) == [1, 1, 1, 2]


# Amina's day


def test_amina_visits_sam_kerr_who_is_holding_at_half_past_nine(amina, today):
    visit = amina.appointments.filter(starts_at__date=today).order_by("starts_at")[0]
    assert (visit.case.patient.name, visit.where, visit.case.status) == ("Sam Kerr", "at home, Partick", "holding")
    assert timezone.localtime(visit.starts_at).strftime("%H:%M") == "09:30"


def test_amina_meets_aisha_malik_for_the_first_time_with_an_interpreter(amina):
    case = amina.cases.get(patient__given_name="Aisha", patient__family_name="Malik", status=CaseStatus.WAITING)
    assert (case.patient.interpreter_language, case.appointments.booked(today_at_midnight()).count()) == ("Urdu", 1)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Tom Boyle", "open_after_missed"),
        ("Jean Morrison", "hold_review_overdue"),
        ("Rajinder Singh", "quiet"),
        ("Kirsty Dunlop", "repeated_missed"),
        ("Wai-yee Chan", "waiting_long"),
        ("Morag Sinclair", "ending_passed"),
    ],
)
def test_amina_s_people_are_flagged_for_what_happened(amina, name, rule):
    given, family = name.split()
    flags = Flag.objects.open().filter(
        case__worker=amina, case__patient__given_name=given, case__patient__family_name=family
    )
    assert flags.filter(rule=rule).count() == 1


def today_at_midnight():
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(seconds=1)


def test_every_figure_of_insight_is_that_of_the_reference():
    organisation = Organisation.objects.order_by("name")[0]
    assert disagreements(organisation, timezone.localdate()) == [{}, {}, {}]


def test_the_bench_opens_pages_of_a_demo_that_is_loaded(monkeypatch, capsys):
    monkeypatch.setattr(bench, "PAGES", [page for page in bench.PAGES if page.what.endswith(("cluster", "Our mix"))])
    call_command("bench", loaded=True, times=2)
    shown = capsys.readouterr().out.splitlines()
    pages = ["Over time, a cluster", "Each, a cluster", "Our mix"]
    assert [line.split("  ")[0] for line in shown] == ["Page, warm", *pages]
