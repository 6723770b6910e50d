"""with_contact_facts against the same facts worked out in plain Python, over random histories."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseload.enums import Outcome
from caseload.models import Appointment, Case, Contact
from tests.factories import AppointmentFactory, CaseFactory, ContactFactory, in_days

SPRING = datetime(2026, 3, 29, tzinfo=UTC)  # Clocks go forward at 01:00.
NOW = SPRING + timedelta(hours=3)
FACTS = [
    "first_met_at",
    "last_reached_at",
    "next_appointment_at",
    "last_outcome",
    "last_missed_at",
    "door_open_since",
]
# Few enough moments, an hour apart around the change of the clocks, for things to coincide.
moments = st.integers(min_value=-6, max_value=6).map(lambda hours: NOW + timedelta(hours=hours))


@dataclass
class History:
    meetings: list[tuple[datetime, str]]
    contacts: list[tuple[datetime, bool]]

    def with_outcome(self, *outcomes):
        return sorted(at for at, outcome in self.meetings if outcome in outcomes)

    def facts(self, now):
        met, missed = self.with_outcome(Outcome.ATTENDED), self.with_outcome(Outcome.MISSED)
        reached = max([*met, *(at for at, was_reached in self.contacts if was_reached)], default=None)
        telling = [(at, o) for at, o in self.meetings if o not in ("", Outcome.CANCELLED_BY_SERVICE)]
        return {
            "first_met_at": min(met, default=None),
            "last_reached_at": reached,
            "next_appointment_at": min((at for at in self.with_outcome("") if at >= now), default=None),
            "last_outcome": max(telling, default=(None, None))[1],
            "last_missed_at": max(missed, default=None),
            "door_open_since": min((at for at in missed if reached is None or at > reached), default=None),
        }


histories = st.builds(
    History,
    # One meeting a moment: of two at once, none is the later.
    meetings=st.lists(
        st.tuples(moments, st.sampled_from(["", *Outcome.values])), max_size=6, unique_by=lambda meeting: meeting[0]
    ),
    contacts=st.lists(st.tuples(moments, st.booleans()), max_size=4),
)


def record(case, history):
    Appointment.objects.bulk_create(
        [AppointmentFactory.build(case=case, starts_at=at, outcome=outcome) for at, outcome in history.meetings]
    )
    Contact.objects.bulk_create(
        [ContactFactory.build(case=case, at=at, reached=reached) for at, reached in history.contacts]
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories, others=histories)
def test_contact_facts_are_those_of_the_history(case, ben, history, others):
    with transaction.atomic():
        record(case, history)
        record(CaseFactory(worker=ben), others)
        found = Case.objects.with_contact_facts(NOW).get(pk=case.pk)
        transaction.set_rollback(True)
    assert {fact: getattr(found, fact) for fact in FACTS} == history.facts(NOW)


def test_a_meeting_we_called_off_does_not_close_the_door(case):
    missed = AppointmentFactory(case=case, starts_at=in_days(-9), outcome=Outcome.MISSED)
    AppointmentFactory(case=case, starts_at=in_days(-2), outcome=Outcome.CANCELLED_BY_SERVICE)
    found = Case.objects.door_open().get()
    assert (found.last_outcome, found.door_open_since) == (Outcome.MISSED, missed.starts_at)


def test_a_letter_that_reached_nobody_leaves_the_door_open(case):
    AppointmentFactory(case=case, starts_at=in_days(-9), outcome=Outcome.MISSED)
    ContactFactory(case=case, at=in_days(-2), reached=False)
    assert Case.objects.door_open().get() == case


def test_reaching_the_person_closes_the_door(case):
    AppointmentFactory(case=case, starts_at=in_days(-9), outcome=Outcome.MISSED)
    ContactFactory(case=case, at=in_days(-2), reached=True)
    assert not Case.objects.door_open().exists()
