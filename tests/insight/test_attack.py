"""Whoever downloads everything, lays it side by side and has a computer, recovers nothing that is left out.

Two who try: whoever is handed what is made to be passed on (exported figures; evidence sheets of every place and time,
kept and not; what a practice reads on its own page), and a manager, who knows every number of the whole service
besides, and wants the groups of people. Both read tables, sentences and drawings. That PDF, CSV and spreadsheets say
the same is tested where they are made.
"""

import os
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.template import Context, Template

from accounts.enums import Role
from assets.models import AreaDeprivation, Postcode
from caseload.enums import Ethnicity, HoldBarrier, HoldEnd, Mode, Sex
from insight import yearly
from insight.equity import Row
from insight.suppression import Web
from tests.conftest import member
from tests.factories import (
    AttendedFactory,
    CaseFactory,
    HoldFactory,
    MissedFactory,
    PatientFactory,
    PracticeFactory,
    ReferralFactory,
    in_days,
)
from tests.insight.attack import System, options
from tests.insight.downloads import EVIDENCE, evidence, figures, groups_of_people, of_practice, whole_service

pytestmark = pytest.mark.django_db
PLACES = {"Parkhead": "East", "Bridgeton": "East", "Govan": "West"}
POSTCODES = ["G31 4AB", "G40 1AB", "G51 2AB", ""]
AGREED = {"ending": "connected", "ending_how": "agreed", "ending_agreed": True}


@pytest.fixture
def places(organisation):
    organisation.practices.clear()
    found = [PracticeFactory(name=name, cluster=cluster) for name, cluster in PLACES.items()]
    organisation.practices.set(found)
    return found


@pytest.fixture
def service(organisation, places, amina, in_year):
    """service(seed) is some sixty people whose support began in the year closed last, most in small groups."""

    for n, postcode in enumerate(POSTCODES[:3]):
        Postcode.objects.create(pk=postcode, dz2011=f"S{n}")
        of = {"index": "SIMD", "edition": "2020v2", "decile_kind": "equal_count", "area_kind": "dz2011"}
        AreaDeprivation.objects.create(area_code=f"S{n}", rank=n, decile=1 + 4 * n, **of)

    def make(seed):
        dice = random.Random(seed)
        for _ in range(60):
            _somebody(dice, organisation, places, amina, in_year)

    return make


def _somebody(dice, organisation, places, amina, in_year):
    practice = dice.choices(places, [6, 2, 3])[0]
    who = {
        "sex": dice.choices(Sex.values, [9, 8, *[1] * (len(Sex.values) - 2)])[0],
        "ethnicity": dice.choices(Ethnicity.values, [20, *[2] * (len(Ethnicity.values) - 1)])[0],
        "interpreter_language": dice.choice(["Urdu", *[""] * 5]),
        "postcode": dice.choices(POSTCODES, [6, 4, 1, 1])[0],
    }
    patient = PatientFactory(organisation=organisation, practice=practice, **who)
    begins = dice.randrange(250)
    how = {"status": "active"} | _ended(dice, in_year)
    case = CaseFactory(patient=patient, worker=amina, opened_at=in_year(begins), **how)
    ReferralFactory(
        organisation=organisation,
        practice=practice,
        patient=patient,
        case=case,
        status="accepted",
        submitted_at=in_year(begins),
        answered_at=in_year(begins),
        answered_by=amina,
        route=dice.choice(["practice", "practice", "self", "family"]),
    )
    for n in range(dice.randrange(4)):
        where = dice.choice([{}, {"place": "home"}, {"mode": Mode.PHONE, "place": ""}])
        AttendedFactory(case=case, starts_at=in_year(begins + 5 + 10 * n), **where)
    if dice.random() < 0.4:
        MissedFactory(case=case, starts_at=in_year(begins + 60))
    if dice.random() < 0.7:
        since = in_year(begins + 20)
        over = {"ended_at": since + timedelta(days=dice.randrange(20, 300)), "end": HoldEnd.BACK_TO_ACTIVE}
        kind, barrier = dice.choice(["housing", "legal", "caring"]), dice.choice(HoldBarrier.values[:3])
        HoldFactory(case=case, started_at=since, awaited_need=kind, barrier=barrier, **over)
    if dice.random() < 0.3:
        since = in_year(dice.randrange(370, 500))
        over = {"ended_at": since + timedelta(days=20), "end": HoldEnd.BACK_TO_ACTIVE}
        HoldFactory(case=case, started_at=since, awaited_need=dice.choice(["housing", "digital"]), **over)


def _ended(dice, in_year):
    if dice.random() < 0.2:
        return {}
    how = dice.choice(["agreed", "agreed", "own_choice", "drifted", "by_us"])
    agreed = how == "agreed" or (how == "own_choice" and dice.random() < 0.5)
    why = {"drifted": "not_reached", "own_choice": "no_longer_wanted"}.get(how, "connected")
    said = {"ending": why, "ending_how": how, "ending_agreed": agreed, "ending_note": ".", "way_back": "."}
    return said | {"status": "closed", "closed_at": in_year(dice.randrange(255, 364))}


@pytest.fixture
def begun(organisation, practice):
    """A referral in the year that was closed last, or in the month before it."""
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-380))


# The tests.


def holes(system):
    """What can be worked out of people, and what two downloads say differently."""
    assert len(system.left_out) > 20
    return {cell: n for cell, n in system.recovered().items() if n}, system.told_apart


def keep_all(client):
    """The sheet of each half-year, everywhere."""
    page = client.get(EVIDENCE)
    for half in options(page.content.decode(), "half_year"):
        once = client.get(EVIDENCE).context["form"]["once"].value()
        client.post(f"{EVIDENCE}?half_year={half}", {"words": "", "once": once})


@pytest.mark.parametrize("seed", range(int(os.environ.get("ATTACKS", "1"))))
def test_nothing_that_is_left_out_is_recovered(service, organisation, places, sign_in, mo, in_year, monkeypatch, seed):
    """Also where everything is kept, then more is written up, and everything is kept again."""
    monkeypatch.setattr("insight.evidence.CROSSED_FROM", 40)
    service(seed)
    client, handed_on = sign_in(mo), System()
    people = whole_service(client, System())
    staff = sign_in(member("Una Reid", Role.PRACTICE_STAFF, practice=places[0]))
    for _ in range(2):
        keep_all(client)
        groups_of_people(client, people)
        evidence(client, figures(client, handed_on))
        of_unmet = of_practice(staff)
        assert of_unmet == {cell: handed_on.said(cell) for cell in of_unmet} != {}
        late = PatientFactory(organisation=organisation, practice=places[0], sex="male")
        case = CaseFactory(patient=late, opened_at=in_year(-50), status="closed", closed_at=in_year(100), **AGREED)
        HoldFactory(case=case, started_at=in_year(20), awaited_need="legal")
    assert holes(people) == ({}, [])
    assert holes(handed_on) == ({}, [])


def test_the_attack_recovers_what_only_small_groups_themselves_are_left_out_of(service, sign_in, mo, monkeypatch):
    monkeypatch.setattr(Web, "beside_lone_ones", lambda self, out: set())
    monkeypatch.setattr(Web, "another_table", lambda self, out, key, most_steps=0: {key: 1})
    service(0)
    client = sign_in(mo)
    assert holes(groups_of_people(client, whole_service(client, System())))[0] != {}
    assert holes(figures(client, System()))[0] != {}
    assert holes(evidence(client, System()))[0] != {}


def test_the_attack_recovers_who_still_waits_where_holds_started_and_ended_are_exported(
    organisation, places, sign_in, mo, in_year, monkeypatch
):
    for n in range(15):
        case = CaseFactory(patient=PatientFactory(organisation=organisation, practice=places[0]))
        over = {"ended_at": in_year(300), "end": HoldEnd.BACK_TO_ACTIVE} if n < 12 else {}
        HoldFactory(case=case, started_at=in_year(200), **over)
    monkeypatch.setattr(yearly, "NOT_GIVEN", {"held"})
    client = sign_in(mo)
    found = evidence(client, figures(client, System())).recovered()
    assert {cell[3:]: number for cell, number in found.items()} == {
        ("What became of it", "Still waiting at the end"): 3,
        ("What became of it", "Nobody said"): 12,
    }


def test_a_mark_of_a_group_that_is_left_out_would_be_seen():
    chart = Template('{% load charts %}{% interval_chart rows "Met" 50 "Sex" "Met" 100 "%" %}')
    shown, gap = Row("Female", 40.0, 30.0, 50.0, 20, "40%, 8 of 20"), Row("Male", None, None, None, None, "–")
    for left_out, told in ((gap, []), (replace(gap, value=50.0), ["Met"])):
        system = System()
        system.see("Met", chart.render(Context({"rows": [shown, left_out]})))
        assert system.told_apart == told
