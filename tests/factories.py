"""Test data without surprises: nothing random, nothing a test did not ask for.

Names and dates are fixed; numbers come from the 999 range that no real person has.
"""

from datetime import date, timedelta

import factory
from django.utils import timezone

from accounts.enums import Nation, Role
from accounts.models import Membership, Organisation, Practice, User
from assets.enums import IntakeState, NeedKind
from assets.models import Asset, Conflict, Intake, Source, Term
from caseload.enums import (
    Channel,
    FlagRule,
    HoldBarrier,
    HoldPurpose,
    MessageStatus,
    Mode,
    NumberKind,
    Outcome,
    Place,
    WithWhom,
    usual_how,
)
from caseload.enums.safety import BeyondKind, VisitStatus
from caseload.measures import MEASURES
from caseload.models import (
    About,
    Appointment,
    Away,
    BeyondUsual,
    Case,
    Consult,
    Contact,
    Filling,
    Flag,
    FollowUp,
    Goal,
    HandOver,
    Hold,
    HoldReview,
    LoneVisit,
    Message,
    Need,
    Patient,
    RiskNote,
)
from insight.enums import ExportKind, ExportPurpose
from insight.models import EvidenceSheet, Export
from referrals.enums import OnwardKind
from referrals.models import OnwardReferral, Referral

PASSWORD = "correct horse battery"


def in_days(days: float):
    """A moment so many days from now; before now when negative."""
    return timezone.now() + timedelta(days=days)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Worker {n}")
    email = factory.Sequence(lambda n: f"worker{n}@example.org")
    password = factory.django.Password(PASSWORD)


class PracticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Practice

    name = factory.Sequence(lambda n: f"Practice {n}")
    ods_code = factory.Sequence(lambda n: f"S{n:05}")
    nation = Nation.SCOTLAND
    cluster = "Glasgow North East"


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    nation = Nation.SCOTLAND


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.LINK_WORKER


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    given_name = "Sam"
    family_name = "Kerr"
    date_of_birth = date(1971, 3, 27)
    number_kind = NumberKind.NONE
    phone = "0141 496 0000"
    may_call = True


class PatientFactory(PersonFactory):
    class Meta:
        model = Patient

    organisation = factory.SubFactory(OrganisationFactory)
    practice = factory.SubFactory(PracticeFactory)


class CaseFactory(factory.django.DjangoModelFactory):
    """A waiting, unassigned case. `CaseFactory(status=…, worker=…)` for others."""

    class Meta:
        model = Case

    patient = factory.SubFactory(PatientFactory)
    organisation = factory.SelfAttribute("patient.organisation")
    practice = factory.SelfAttribute("patient.practice")
    assigned_at = factory.LazyAttribute(lambda case: timezone.now() if case.worker else None)
    worker = None
    ending = ""
    ending_agreed = None
    ending_how = factory.LazyAttribute(lambda case: usual_how(case.ending, case.ending_agreed) if case.ending else "")


class AppointmentFactory(factory.django.DjangoModelFactory):
    """Booked for tomorrow. `outcome=` makes it a logged one; give `starts_at` as well."""

    class Meta:
        model = Appointment

    case = factory.SubFactory(CaseFactory)
    worker = factory.LazyAttribute(lambda appointment: appointment.case.worker or UserFactory())
    starts_at = factory.LazyFunction(lambda: in_days(1))
    mode = Mode.IN_PERSON
    place = Place.PRACTICE
    outcome = ""
    outcome_at = factory.LazyAttribute(lambda a: timezone.now() if a.outcome else None)
    outcome_by = factory.LazyAttribute(lambda a: a.worker if a.outcome else None)


class MissedFactory(AppointmentFactory):
    starts_at = factory.LazyFunction(lambda: in_days(-10))
    outcome = Outcome.MISSED


class AttendedFactory(AppointmentFactory):
    starts_at = factory.LazyFunction(lambda: in_days(-10))
    outcome = Outcome.ATTENDED
    minutes = 45


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    case = factory.SubFactory(CaseFactory)
    by = factory.LazyAttribute(lambda contact: contact.case.worker or UserFactory())
    channel = Channel.CALL
    with_whom = WithWhom.PERSON
    reached = True


class MessageFactory(factory.django.DjangoModelFactory):
    """A text on its way."""

    class Meta:
        model = Message

    case = factory.SubFactory(CaseFactory)
    by = factory.LazyAttribute(lambda message: message.case.worker or UserFactory())
    channel = Channel.TEXT
    to = "07700 900123"
    sender = "Amina"
    about = "a way back after a missed meeting"
    body = "Hello Sam, it is Amina. Shall we find another time?"


class LetterFactory(MessageFactory):
    channel = Channel.LETTER
    status = MessageStatus.SENT
    ended_at = factory.LazyFunction(timezone.now)


class HoldFactory(factory.django.DjangoModelFactory):
    """An open hold; the case's status is the test's own to set."""

    class Meta:
        model = Hold

    case = factory.SubFactory(CaseFactory, status="holding")
    purpose = HoldPurpose.WAITING_FOR_SERVICE
    awaited_need = NeedKind.MENTAL_WELLBEING
    barrier = HoldBarrier.WAITING_LIST
    review_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))
    started_by = factory.LazyAttribute(lambda hold: hold.case.worker or UserFactory())


class HoldReviewFactory(factory.django.DjangoModelFactory):
    """A review; the hold's own date is the test's to set."""

    class Meta:
        model = HoldReview

    hold = factory.SubFactory(HoldFactory)
    by = factory.SelfAttribute("hold.started_by")
    note = "Still waiting for a place."
    next_review_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))


class FillingFactory(factory.django.DjangoModelFactory):
    """A measure filled in with the worker today; its scores follow from the answers."""

    class Meta:
        model = Filling

    case = factory.SubFactory(CaseFactory)
    measure = "ons4"
    by = factory.LazyAttribute(lambda filling: filling.case.worker or UserFactory())
    answers = factory.LazyAttribute(lambda filling: {MEASURES[filling.measure].item_keys[0]: 3})
    scores = factory.LazyAttribute(lambda filling: MEASURES[filling.measure].scores(filling.answers))


class NeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Need

    case = factory.SubFactory(CaseFactory)
    kind = NeedKind.LONELINESS
    on_referral = True
    added_by = factory.SubFactory(UserFactory)


class GoalFactory(factory.django.DjangoModelFactory):
    """The first of the case; `rank=` for others."""

    class Meta:
        model = Goal

    case = factory.SubFactory(CaseFactory)
    words = "Getting back to the allotment"
    rank = 1
    added_by = factory.SubFactory(UserFactory)


class AboutFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = About

    patient = factory.SubFactory(PatientFactory)
    revision = 1


class FollowUpFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FollowUp

    case = factory.SubFactory(CaseFactory)
    due_on = factory.LazyFunction(timezone.localdate)
    about = "Ring to see how they are"
    made_by = factory.SubFactory(UserFactory)


class RiskNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RiskNote

    patient = factory.SubFactory(PatientFactory)
    text = "Large dog in the house"
    review_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=28))
    noted_by = factory.SubFactory(UserFactory)


class LoneVisitFactory(factory.django.DjangoModelFactory):
    """Somebody is out, back in an hour. `worker=` and `watcher=` are the test's to give."""

    class Meta:
        model = LoneVisit

    where = "12 Elm Street, G11 5AB"
    phone = "07700 900123"
    status = VisitStatus.OUT
    starts_at = factory.LazyFunction(lambda: in_days(-1 / 24))
    expected_back_at = factory.LazyFunction(lambda: in_days(1 / 24))


class BeyondUsualFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BeyondUsual

    case = factory.SubFactory(CaseFactory)
    by = factory.LazyAttribute(lambda note: note.case.worker or UserFactory())
    done_on = factory.LazyFunction(timezone.localdate)
    kind = BeyondKind.PRACTICAL
    what = "Took the forms to the housing office"
    why = "The bus does not run on Sundays"


class FlagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Flag

    case = factory.SubFactory(CaseFactory)
    organisation = factory.SelfAttribute("case.organisation")
    subject_id = factory.SelfAttribute("case.pk")
    rule = FlagRule.QUIET
    since = factory.LazyFunction(timezone.localdate)
    why = "Nobody has reached them for 6 weeks."


class ConsultFactory(factory.django.DjangoModelFactory):
    """A question of the case's worker to the whole team, which opens the case to nobody."""

    class Meta:
        model = Consult

    case = factory.SubFactory(CaseFactory)
    organisation = factory.SelfAttribute("case.organisation")
    asked_by = factory.LazyAttribute(lambda consult: consult.case.worker or UserFactory())
    question = "Somebody of mine, 50s, waiting for housing. Who has got somebody a ground floor?"
    to_team = True
    opens = "nobody"


class AwayFactory(factory.django.DjangoModelFactory):
    """Somebody's days away: a fortnight around today, so that working days are among them. Nobody covers."""

    class Meta:
        model = Away

    organisation = factory.SubFactory(OrganisationFactory)
    worker = factory.SubFactory(UserFactory)
    first_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=2))
    last_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=12))
    made_by = factory.SelfAttribute("worker")


class HandOverFactory(factory.django.DjangoModelFactory):
    """Written and offered."""

    class Meta:
        model = HandOver

    case = factory.SubFactory(CaseFactory)
    organisation = factory.SelfAttribute("case.organisation")
    giver = factory.SubFactory(UserFactory)
    receiver = factory.SubFactory(UserFactory)
    made_by = factory.SelfAttribute("giver")
    status = "offered"
    offered_at = factory.LazyFunction(timezone.now)
    stands = "Waiting for a flat."


class ReferralFactory(PersonFactory):
    """Submitted today. `accepted=True` would need a case: use actions.accept_referral."""

    class Meta:
        model = Referral

    organisation = factory.SubFactory(OrganisationFactory)
    practice = factory.SubFactory(PracticeFactory)
    submitted_by = factory.SubFactory(UserFactory)
    submitted_at = factory.LazyFunction(timezone.now)
    first_submitted_at = factory.SelfAttribute("submitted_at")
    needs = [NeedKind.LONELINESS]
    reason = "Rarely leaves the flat since her husband died."
    wants = "Company on weekday afternoons."
    consent_to_refer = True
    consent_to_share_back = True


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Source {n}")


class AssetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Asset

    source = factory.SubFactory(SourceFactory)
    source_ref = factory.Sequence(lambda n: f"ref-{n}")
    name = factory.Sequence(lambda n: f"Community place {n}")


class OnwardReferralFactory(factory.django.DjangoModelFactory):
    """A referral to a service, sent with the person's consent and not answered; its link is good for 28 days."""

    class Meta:
        model = OnwardReferral

    case = factory.SubFactory(CaseFactory)
    asset = factory.SubFactory(AssetFactory)
    kind = OnwardKind.REFERRAL
    asked_by = factory.LazyAttribute(lambda onward: onward.case.worker or UserFactory())
    consent = True
    shared = {"name": "Sam", "wants": "Company on weekday afternoons.", "reach": ["Ring 0141 496 0000"]}
    sent_to = "hello@blether.example.org"
    link_expires_at = factory.LazyFunction(lambda: in_days(28))


class TermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Term

    source = factory.SubFactory(SourceFactory)
    vocabulary = "category"
    ref = factory.Sequence(lambda n: f"term-{n}")
    name = factory.Sequence(lambda n: f"Category {n}")


class IntakeFactory(factory.django.DjangoModelFactory):
    """A list that has been read and is to be looked at."""

    class Meta:
        model = Intake

    organisation = factory.SubFactory(OrganisationFactory)
    source = factory.SubFactory(SourceFactory, licence="Open Government Licence v3.0")
    status = IntakeState.PREVIEW
    content = b"Name\nOne\n"


class ConflictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Conflict

    asset = factory.SubFactory(AssetFactory)
    field = "phone"
    theirs = {"phone": "0141 496 0009"}


class EvidenceSheetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EvidenceSheet

    first, last = date(2026, 1, 1), date(2026, 6, 30)
    kept_by = factory.SubFactory(UserFactory)
    shown = factory.LazyFunction(
        lambda: {
            "title": "Unmet need",
            "period": "January to June 2026",
            "where": "All practices",
            "organisation": "Wellpark Link Workers",
            "counted": "3 July 2026, 10:00",
            "sentences": ["6 waits for help that was not to be had, by 6 people."],
            "unknown": [],
            "about": [],
            "tables": [
                {
                    "key": "kind",
                    "name": "By kind of help",
                    "of": "Help with",
                    "columns": ["People"],
                    "rows": [{"label": "Housing", "cells": [["People", "6"]]}],
                    "note": "",
                }
            ],
        }
    )


class ExportFactory(factory.django.DjangoModelFactory):
    """Asked for, and not made yet."""

    class Meta:
        model = Export

    kind = ExportKind.FIGURES
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    asked_by = factory.SubFactory(UserFactory)
    purpose = ExportPurpose.COMMISSIONER
    purpose_words = "The half-year talk with the commissioner."
