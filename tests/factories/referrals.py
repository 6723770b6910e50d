"""What practices send, and what is asked of services."""

import factory
from django.utils import timezone

from assets.enums import NeedKind
from referrals.enums import OnwardKind
from referrals.models import OnwardReferral, Referral
from tests.factories.accounts import OrganisationFactory, PracticeFactory, UserFactory, in_days
from tests.factories.assets import AssetFactory
from tests.factories.caseload import CaseFactory, PersonFactory


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
