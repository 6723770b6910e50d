"""A practice's own page: what it sent, what became of it, and what its patients cannot get."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from insight.period import Period, starts_at
from insight.practice_mix import mix_of
from insight.snapshots import last_half_year
from referrals.models import Referral
from tests.factories import CaseFactory, HoldFactory, PatientFactory, PracticeFactory, ReferralFactory, in_days

pytestmark = pytest.mark.django_db
MIX = reverse("insight:practice_mix")


@pytest.fixture
def last_year():
    return Period.months_to(in_days(-40).date(), 12)


@pytest.fixture
def held_at(today):
    """A day of the half-year whose unmet need is told."""
    return starts_at(last_half_year(today).first + timedelta(days=40))


@pytest.fixture
def referred(organisation, practice, amina, held_at):
    """referred(…) is the case of somebody the practice sent, who agreed that it hears back unless said otherwise."""

    def make(may_share=True, at=practice, **given):
        patient = PatientFactory(organisation=organisation, practice=at)
        case = CaseFactory(patient=patient, worker=amina, status="holding", opened_at=in_days(-90))
        answered = {"answered_at": in_days(-90), "answered_by": amina}
        ReferralFactory(
            organisation=organisation,
            practice=at,
            patient=patient,
            case=case,
            status="accepted",
            consent_to_share_back=may_share,
            submitted_at=in_days(-95),
            **answered | given,
        )
        HoldFactory(case=case, started_at=held_at)
        return case

    return make


def test_the_page_is_for_the_practice(sign_in, priya, amina, mo):
    assert [sign_in(who).get(MIX).status_code for who in (priya, amina, mo)] == [200, 404, 404]


def unmet(practice, period):
    """[(where, how many by kind of help, by what stood in the way)]"""
    found = mix_of(practice, period).unmet
    return [(shown.where, *(dict(chart["rows"]) for chart in shown.bars)) for shown in found]


def test_what_became_of_those_who_agreed_is_counted(practice, referred, last_year):
    for _ in range(6):
        referred()
    assert mix_of(practice, last_year).became == [("Held, while help is looked for", 6)]


def test_who_did_not_agree_counts_only_as_referred(practice, referred, last_year):
    for may_share in [True] * 6 + [False] * 5:
        referred(may_share=may_share)
    mix = mix_of(practice, last_year)
    assert mix.sent == 11
    assert dict(mix.became) == {
        "Accepted. They did not agree that you hear more": 5,
        "Held, while help is looked for": 6,
    }


def test_unmet_need_is_that_of_the_evidence_sheet(practice, referred, last_year):
    """Of those alone who agreed, it would tell beside the sheet of the one who did not."""
    for may_share in [True] * 6 + [False]:
        referred(may_share=may_share)
    assert unmet(practice, last_year) == [(practice.name, {"Mental wellbeing": 7}, {"Waiting list": 7})]


def test_unmet_need_of_too_few_is_told_of_what_is_around(practice, organisation, referred, last_year):
    practice.cluster = "East"
    practice.save()
    other = PracticeFactory(cluster="East")
    organisation.practices.add(other)
    for at in [practice] * 2 + [other] * 4:
        referred(at=at)
    assert unmet(practice, last_year) == [("East", {"Mental wellbeing": 6}, {"Waiting list": 6})]


def test_unmet_need_stays_as_it_was_counted_first(practice, referred, last_year):
    cases = [referred() for _ in range(6)]
    before = unmet(practice, last_year)
    cases[0].holds.update(awaited_need="legal")
    Referral.objects.filter(case=cases[1]).update(consent_to_share_back=False)
    assert unmet(practice, last_year) == before


def test_small_groups_are_left_out_and_what_gives_them_away(practice, referred, last_year):
    for _ in range(6):
        referred()
    referred(may_share=False)
    assert [number for _, number in mix_of(practice, last_year).became] == [None, None]


def test_another_practice_s_people_are_not_in_it(practice, organisation, referred, last_year):
    other = PracticeFactory()
    organisation.practices.add(other)
    for _ in range(6):
        referred(at=other)
    mix = mix_of(practice, last_year)
    assert (mix.sent, [shown.where for shown in mix.unmet]) == (0, [practice.cluster])


def test_no_name_stands_on_it(sign_in, priya, referred):
    case = referred()
    page = sign_in(priya).get(MIX).content.decode()
    assert case.patient.family_name not in page
    assert case.worker.name not in page


def test_queries_do_not_grow_with_referrals(sign_in, priya, referred):
    client, counts = sign_in(priya), []
    referred()
    client.get(MIX)  # counts the half-year's unmet need, once
    for _ in range(2):
        referred()
        with CaptureQueriesContext(connection) as captured:
            client.get(MIX)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_when_it_does_not_know_is_the_last_year(sign_in, priya):
    period = sign_in(priya).get(MIX, {"months": "x"}).context["period"]
    assert (len(period.months), period.last < timezone.localdate()) == (12, True)


def test_unmet_need_is_of_the_same_half_year_whatever_months_are_asked_for(sign_in, priya, referred, today):
    """A page of three months beside one of twelve would tell of those between."""
    for _ in range(6):
        referred()
    client = sign_in(priya)
    mixes = [client.get(MIX, {"months": months}).context["mix"] for months in ("3", "12", "24")]
    assert {mix.half_year for mix in mixes} == {last_half_year(today)}
    assert [mix.unmet for mix in mixes] == [mixes[0].unmet] * 3 != [[]] * 3


def test_who_began_to_wait_since_is_told_when_the_half_year_is_closed(practice, referred, last_year, today):
    for _ in range(6):
        referred()
    referred().holds.update(awaited_need="legal", started_at=last_half_year(today).ends_at)
    assert unmet(practice, last_year) == [(practice.name, {"Mental wellbeing": 6}, {"Waiting list": 6})]
