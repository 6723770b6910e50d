"""The sweep over every rule: what raises a flag, what clears it at once, and what it leaves alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assets.models import Asset
from caseload import actions
from caseload.enums import CaseStatus, Channel, Ending, FlagRule, HoldEnd, Mode, Outcome, Place, WithWhom
from caseload.models import Case, Flag, SweepRun
from caseload.sweep import rules, sweep
from referrals import actions as referral_actions
from referrals.models import Referral
from tests.factories import (
    AppointmentFactory,
    AssetFactory,
    AttendedFactory,
    CaseFactory,
    ContactFactory,
    HoldFactory,
    MissedFactory,
    PatientFactory,
    ReferralFactory,
    in_days,
)


@dataclass
class Example:
    """Facts that raise one flag and no other, and the changes that each clear it at once."""

    arrange: Callable
    changes: dict[str, Callable]


def held(case, *, days, review_in=14):
    ContactFactory(case=case, at=in_days(-1))
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.HOLDING)
    return HoldFactory(case=case, started_at=in_days(-days), review_on=in_days(review_in).date())


def held_silently(case):
    hold = held(case, days=2)
    case.contacts.update(at=in_days(-40))
    return hold


def missed_three_times(case):
    for days in (30, 60, 90):
        MissedFactory(case=case, starts_at=in_days(-days))
    ContactFactory(case=case, at=in_days(-1))


def never_met(case):
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.WAITING, opened_at=in_days(-20))


def silent(case):
    AttendedFactory(case=case, starts_at=in_days(-50))


def past_its_ending(case):
    AttendedFactory(case=case, starts_at=in_days(-1))
    Case.objects.filter(pk=case.pk).update(planned_ending_on=in_days(-2).date())


def reach(case, by):
    actions.log_contact(case=case, by=by, channel=Channel.CALL, with_whom=WithWhom.PERSON, reached=True)


def book(case, by):
    actions.book_appointment(
        case=case,
        by=by,
        worker=by,
        starts_at=in_days(3),
        minutes_planned=45,
        mode=Mode.PHONE,
    )


def meet(case, by):
    actions.log_outcome(
        appointment=AppointmentFactory(case=case, starts_at=in_days(-0.1)),
        by=by,
        outcome=Outcome.ATTENDED,
        mode=Mode.IN_PERSON,
        place=Place.HOME,
    )


def review(case, by):
    actions.review_hold(hold=case.hold, by=by, note="Still waiting", next_review_on=in_days(7).date())


def end_hold(case, by):
    actions.end_hold(hold=case.hold, by=by, end=HoldEnd.SERVICE_STARTED, need_outcome="met")


def start_hold(case, by):
    actions.start_hold(
        case=case,
        by=by,
        purpose="waiting_for_service",
        awaited_need="housing",
        barrier="waiting_list",
        review_on=in_days(7).date(),
    )


def plan_another_ending(case, by):
    actions.change_plan(
        case=case, by=by, revision=case.revision, complexity="usual", planned_ending_on=in_days(30).date()
    )


def give_to_nobody(case, by):
    actions.assign_case(case=case, by=by, worker=None)


def close(case, by):
    actions.close_case(case=case, by=by, ending=Ending.GOALS_REACHED, ending_agreed=True)


EXAMPLES = {
    FlagRule.HOLD_REVIEW_OVERDUE: Example(
        lambda case: held(case, days=5, review_in=-1), {"reviewed": review, "ended": end_hold, "closed": close}
    ),
    FlagRule.HOLD_NO_CONTACT: Example(held_silently, {"reached": reach, "met": meet, "closed": close}),
    FlagRule.HOLD_LONG: Example(
        lambda case: held(case, days=100), {"reviewed by a colleague": review, "ended": end_hold, "closed": close}
    ),
    FlagRule.OPEN_AFTER_MISSED: Example(
        lambda case: MissedFactory(case=case, starts_at=in_days(-8)),
        {"reached": reach, "booked": book, "met": meet, "closed": close},
    ),
    FlagRule.REPEATED_MISSED: Example(missed_three_times, {"closed": close}),
    FlagRule.WAITING_LONG: Example(never_met, {"met": meet, "held": start_hold, "closed": close}),
    FlagRule.QUIET: Example(
        silent, {"reached": reach, "booked": book, "met": meet, "held": start_hold, "closed": close}
    ),
    FlagRule.ENDING_PASSED: Example(past_its_ending, {"planned again": plan_another_ending, "closed": close}),
}
CHANGES = [
    pytest.param(rule, change, id=f"{rule}, {words}")
    for rule, example in EXAMPLES.items()
    for words, change in example.changes.items()
]


@pytest.fixture
def flags(organisation):
    """flags() are the rules with an open flag, in their order."""
    return lambda: sorted(Flag.objects.open().filter(organisation=organisation).values_list("rule", flat=True))


# About referrals and services: tests/referrals/test_rules.py and test_rules_services.py.
RULES_OF_REFERRALS = {
    FlagRule.UNANSWERED,
    FlagRule.ONWARD_UNKNOWN,
    FlagRule.ASSET_UNCONFIRMED,
    FlagRule.ASSET_FUNDING_ENDS,
}


def test_every_rule_about_cases_has_an_example_here():
    assert set(rules()) == {*EXAMPLES, *RULES_OF_REFERRALS} == set(FlagRule)


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_flag_is_raised_once_however_often_the_sweep_runs(organisation, case, flags, rule):
    EXAMPLES[rule].arrange(case)
    assert sweep(organisation)[rule] == {"raised": 1, "cleared": 0, "open": 1}
    assert sweep(organisation)[rule] == {"raised": 0, "cleared": 0, "open": 1}
    assert flags() == [rule]


@pytest.mark.parametrize(("rule", "change"), CHANGES)
def test_a_flag_clears_at_once_with_the_action_that_changes_the_fact(organisation, case, ben, flags, rule, change):
    EXAMPLES[rule].arrange(case)
    sweep(organisation)
    change(Case.objects.get(pk=case.pk), ben)
    assert flags() == []


@pytest.mark.parametrize(("rule", "change"), CHANGES)
def test_a_flag_does_not_come_back_while_the_fact_stays_changed(organisation, case, ben, flags, rule, change):
    EXAMPLES[rule].arrange(case)
    sweep(organisation)
    change(Case.objects.get(pk=case.pk), ben)
    assert sweep(organisation)[rule] == {"raised": 0, "cleared": 0, "open": 0}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_flag_clears_by_itself_when_the_fact_changes_behind_its_back(organisation, case, flags, rule):
    EXAMPLES[rule].arrange(case)
    sweep(organisation)
    Case.objects.update(
        status="closed", closed_at=timezone.now(), ending="moved", ending_how="moved", ending_agreed=True
    )
    assert sweep(organisation)[rule] == {"raised": 0, "cleared": 1, "open": 0}
    assert flags() == []


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_dry_run_counts_and_writes_nothing(organisation, case, flags, rule):
    EXAMPLES[rule].arrange(case)
    assert sweep(organisation, dry_run=True)[rule] == {"raised": 1, "cleared": 0, "open": 1}
    assert flags() == []
    assert not SweepRun.objects.exists()


def test_a_colleagues_unrelated_work_clears_nothing(organisation, case, ben, flags):
    MissedFactory(case=case, starts_at=in_days(-8))
    sweep(organisation)
    actions.write_what_matters(case=case, by=ben, revision=0, what_matters="The allotment")
    actions.log_contact(case=case, by=ben, channel=Channel.CALL, with_whom=WithWhom.PERSON, reached=False)
    assert flags() == [FlagRule.OPEN_AFTER_MISSED]


def test_a_long_hold_is_not_settled_by_its_own_workers_review(organisation, case, amina, flags):
    held(case, days=100)
    sweep(organisation)
    review(Case.objects.get(pk=case.pk), amina)
    assert flags() == [FlagRule.HOLD_LONG]


def test_an_unanswered_referral_is_flagged_until_it_is_answered(organisation, practice, priya, amina, flags):
    referral = ReferralFactory(
        organisation=organisation, practice=practice, submitted_by=priya, submitted_at=in_days(-10)
    )
    sweep(organisation)
    assert flags() == [FlagRule.UNANSWERED]
    referral_actions.return_referral(referral=referral, by=amina, answer="Which flat is it?")
    assert flags() == []


def test_a_flag_changes_its_words_with_its_figures_and_stays_the_same_flag(organisation, case):
    missed = MissedFactory(case=case, starts_at=in_days(-20))
    sweep(organisation)
    flag = Flag.objects.get()
    missed.starts_at = in_days(-9)
    missed.save()
    sweep(organisation)
    again = Flag.objects.get()
    assert (again.pk, again.since) == (flag.pk, timezone.localdate(missed.starts_at))
    assert again.why != flag.why


def test_a_flag_needs_no_new_words_the_next_night(organisation, case):
    MissedFactory(case=case, starts_at=in_days(-20))
    sweep(organisation)
    before = Flag.objects.get().why
    sweep(organisation, now=in_days(1))
    assert Flag.objects.get().why == before


def test_two_flags_of_one_rule_and_subject_cannot_both_be_open(organisation, case):
    flag = {"organisation": organisation, "rule": FlagRule.QUIET, "subject_id": case.pk, "since": in_days(0).date()}
    Flag.objects.create(**flag)
    with pytest.raises(IntegrityError):
        Flag.objects.create(**flag)


def test_a_sweep_leaves_another_organisations_flags_alone(organisation, other_organisation, case):
    theirs = CaseFactory(patient=PatientFactory(organisation=other_organisation))
    for one in (case, theirs):
        MissedFactory(case=one, starts_at=in_days(-8))
    sweep(organisation)
    assert [flag.case for flag in Flag.objects.all()] == [case]


def test_a_sweep_says_when_it_finished_who_asked_and_what_it_found(organisation, case, mo):
    MissedFactory(case=case, starts_at=in_days(-8))
    counts = sweep(organisation, by=mo)
    run = SweepRun.objects.get()
    assert (run.asked_by, run.as_of, run.counts) == (mo, timezone.localdate(), counts)
    assert run.finished_at >= run.started_at


def test_a_sweep_asks_the_same_for_one_case_and_for_three(organisation, case, amina):
    """Set-based: also with flags to raise, to reword and to clear."""
    MissedFactory(case=case, starts_at=in_days(-8))
    queries = _queries(organisation)
    for _ in range(2):
        more = CaseFactory(patient=PatientFactory(organisation=organisation), worker=amina, status="active")
        MissedFactory(case=more, starts_at=in_days(-8))
    assert _queries(organisation) == queries


# Ground rules


@pytest.fixture
def everything(organisation, practice, priya, amina):
    """A case in each state with all that could go wrong, a referral in the inbox, and a service."""
    for example in EXAMPLES.values():
        patient = PatientFactory(organisation=organisation, practice=practice)
        case = CaseFactory(patient=patient, worker=amina, status="active")
        example.arrange(case)
        missed_three_times(case)
    ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya)
    AssetFactory()


def test_ground_rule_1_no_sweep_closes_declines_or_drops_anything(organisation, everything):
    def records():
        return [list(model.objects.order_by("pk").values()) for model in (Case, Referral, Asset)]

    before = records()
    for days in (0, 30, 400):
        sweep(organisation, now=timezone.now() + timedelta(days=days))
    assert Flag.objects.open().count() > len(EXAMPLES)
    assert records() == before


@pytest.mark.parametrize("status", ["waiting", "active", "holding"])
def test_ground_rule_1_a_missed_meeting_never_changes_the_status(organisation, case, amina, status):
    Case.objects.update(status=status)
    for days in (30, 20, 10, 1):
        actions.log_outcome(
            appointment=AppointmentFactory(case=case, starts_at=in_days(-days)),
            by=amina,
            outcome=Outcome.MISSED,
            mode=Mode.PHONE,
            follow_up_on=in_days(1).date(),
            follow_up_about="Ring",
        )
        sweep(organisation, now=in_days(400))
    assert Case.objects.get().status == status


def test_ground_rule_2_a_hold_looked_at_in_time_is_never_flagged(organisation, case, ben, flags, time_machine):
    """Longer than any limit, reached every three weeks and looked at by a colleague every week."""
    held(case, days=0, review_in=7)
    for week in range(1, 27):
        time_machine.move_to(timezone.now() + timedelta(weeks=1))
        if week % 3 == 0:
            reach(case, ben)
        sweep(organisation)
        assert flags() == []
        review(Case.objects.get(), ben)


def _queries(organisation):
    with CaptureQueriesContext(connection) as queries:
        sweep(organisation)
    Flag.objects.update(why="Something else")
    with CaptureQueriesContext(connection) as more:
        sweep(organisation)
    Flag.objects.all().delete()
    return len(queries) + len(more)
