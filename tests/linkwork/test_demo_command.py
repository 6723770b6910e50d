import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.models import Organisation, User
from assets.models import Asset
from caseload.models import Appointment, Case, CaseEvent, Flag, Patient
from caseload.sweep import sweep
from linkwork.demo import build
from linkwork.demo.sign_ins import PASSWORD, SIGN_INS
from linkwork.demo.sizes import SIZES, Size
from referrals.models import Referral
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """A demo smaller than any on offer: what the command does is the same of ninety referrals."""
    monkeypatch.setitem(SIZES, "small", Size(referrals=90, workers=3, practices=4, days=450))


def demo(*arguments):
    out = StringIO()
    call_command("demo", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def made_up():
    """What is drawn from the seed, as it is in the database."""
    return [
        list(Patient.objects.order_by("id").values_list("id", "given_name", "family_name", "number", "date_of_birth")),
        list(Case.objects.order_by("id").values_list("id", "status", "opened_at", "closed_at", "what_matters")),
        list(Appointment.objects.order_by("id").values_list("id", "starts_at", "outcome", "note")),
        list(Referral.objects.order_by("id").values_list("id", "submitted_at", "status", "reason", "answer")),
        sorted(Flag.objects.values_list("rule", "subject_id", "since", "why", "set_aside_until")),
        list(Asset.objects.order_by("id").values_list("id", "confirmed_at", "capacity_said_on", "funding_ends_on")),
        list(CaseEvent.objects.exclude(verb="flag_set_aside").order_by("at", "id").values_list("case", "at", "verb")),
    ]


def test_the_last_line_is_rows_by_model_as_json():
    rows = json.loads(demo("--size=small", "--json").splitlines()[-1])
    assert rows == {label: apps.get_model(label).objects.count() for label in rows}


@pytest.mark.parametrize("noon", [datetime(2026, 3, 30, 12, tzinfo=UTC), datetime(2026, 12, 27, 12, tzinfo=UTC)])
def test_it_loads_the_day_after_clocks_change_and_on_a_holiday_weekend(time_machine, noon):
    time_machine.move_to(noon, tick=True)
    demo("--size=small")
    assert Referral.objects.count() == 90


def test_the_same_seed_gives_the_same_rows_and_flags_at_any_time_of_the_same_day(monkeypatch, time_machine):
    found, swept = [], []
    monkeypatch.setattr(
        build, "sweep", lambda organisation, **as_of: swept.append(as_of) or sweep(organisation, **as_of)
    )
    monkeypatch.setattr(build, "close_months", lambda *of: found.append(made_up()) or fail())
    for hour in (1, 20):
        time_machine.move_to(datetime(2026, 11, 26, hour, tzinfo=UTC))
        with pytest.raises(Halfway):
            demo("--size=small")
    assert found[0] == found[1]
    assert swept[:2] == swept[2:]


class Halfway(Exception):
    pass


def test_another_seed_gives_other_people(monkeypatch):
    found = []
    for seed in (1, 2):
        monkeypatch.setattr(build, "raise_flags", lambda sites: found.append(made_up()[0]) or fail())
        with pytest.raises(Halfway):
            demo("--size=small", f"--seed={seed}")
    assert set(found[0]) & set(found[1]) == set()


def fail():
    raise Halfway


def test_what_fails_halfway_leaves_nothing(monkeypatch):
    monkeypatch.setattr(build, "raise_flags", lambda sites: fail())
    with pytest.raises(Halfway):
        demo("--size=small")
    assert (Organisation.objects.count(), User.objects.count(), Patient.objects.count()) == (0, 0, 0)


def test_it_refuses_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never loaded in production"):
        demo("--size=small")
    assert Organisation.objects.count() == 0


def test_it_refuses_where_there_is_data():
    OrganisationFactory()
    with pytest.raises(CommandError, match="There is data here already"):
        demo("--size=small")
    assert Patient.objects.count() == 0


def test_if_empty_leaves_data_as_it_is_and_says_so():
    OrganisationFactory()
    assert demo("--if-empty") == "There is data here already: nothing was added.\n"
    assert Patient.objects.count() == 0


def test_sign_ins_lists_everyone_and_the_password():
    table = demo("--sign-ins")
    assert [sign_in.email for sign_in in SIGN_INS if sign_in.email not in table] == []
    assert table.count(PASSWORD) == 1
