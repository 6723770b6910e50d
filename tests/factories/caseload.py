"""The people supported, and everything on a case."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from assets.enums import NeedKind
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
from tests.factories.accounts import OrganisationFactory, PracticeFactory, UserFactory, in_days


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
