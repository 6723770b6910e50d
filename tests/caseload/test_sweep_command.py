import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from caseload.models import Flag, SweepRun
from caseload.sweep import rules
from tests.factories import CaseFactory, MissedFactory, PatientFactory, in_days

NOTHING = {"raised": 0, "cleared": 0, "open": 0}


@pytest.fixture(autouse=True)
def two_missed(case, other_organisation):
    """One missed meeting here, one in another organisation, both eight days ago."""
    MissedFactory(case=case, starts_at=in_days(-8))
    theirs = CaseFactory(patient=PatientFactory(organisation=other_organisation), status="active")
    MissedFactory(case=theirs, starts_at=in_days(-8))


def run(*arguments):
    out = StringIO()
    call_command("sweep", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def counts(*arguments):
    return json.loads(run("--json", *arguments).splitlines()[-1])


def test_sweep_counts_every_rule_over_all_organisations():
    expected = {rule.value: NOTHING for rule in rules()}
    expected["open_after_missed"] = {"raised": 2, "cleared": 0, "open": 2}
    assert counts() == expected
    assert Flag.objects.open().count() == 2


def test_sweep_again_finds_the_same_flags_open():
    counts()
    assert counts()["open_after_missed"] == {"raised": 0, "cleared": 0, "open": 2}


@pytest.mark.parametrize("name", ["Wellpark Link Workers", "wellpark link workers"])
def test_sweep_of_one_organisation_by_name(name, organisation):
    assert counts("--organisation", name)["open_after_missed"]["raised"] == 1
    assert Flag.objects.get().organisation == organisation


def test_sweep_of_one_organisation_by_id(organisation):
    assert counts("--organisation", str(organisation.pk))["open_after_missed"]["raised"] == 1


def test_sweep_as_of_another_day_counts_from_that_day():
    yesterday, long_after = in_days(-1).date().isoformat(), in_days(100).date().isoformat()
    assert counts("--dry-run", "--as-of", in_days(-2).date().isoformat())["open_after_missed"] == NOTHING
    assert counts("--dry-run", "--as-of", yesterday)["open_after_missed"]["raised"] == 2
    assert counts("--dry-run", "--as-of", long_after)["quiet"]["raised"] == 2


def test_a_dry_run_changes_nothing():
    assert counts("--dry-run")["open_after_missed"]["raised"] == 2
    assert not Flag.objects.exists()
    assert not SweepRun.objects.exists()


def test_sweep_prints_a_table_for_people():
    row = next(line for line in run().splitlines() if line.startswith("Missed, door open"))
    assert row.split()[-3:] == ["2", "0", "2"]


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "22/11/2026", "0001-01-01", "9999-12-31"])
def test_sweep_as_of_something_that_is_no_date_is_refused(day):
    with pytest.raises(CommandError):
        run("--as-of", day)
    assert not SweepRun.objects.exists()


@pytest.mark.parametrize("day", ["1950-01-01", "2099-12-31"])
def test_sweep_as_of_the_first_and_last_day_works(day):
    counts("--as-of", day)


@pytest.mark.parametrize("which", ["Nobody", "00000000-0000-4000-8000-000000000000"])
def test_sweep_of_an_organisation_that_is_not_there_is_refused(which):
    with pytest.raises(CommandError):
        run("--organisation", which)
