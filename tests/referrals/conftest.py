import uuid

import pytest

from referrals import actions
from tests.factories import AssetFactory, OnwardReferralFactory, ReferralFactory


@pytest.fixture
def referral(organisation, practice, priya):
    """Sam's, from Priya: not answered yet."""
    return ReferralFactory(organisation=organisation, practice=practice, submitted_by=priya)


@pytest.fixture
def accepted(referral, amina):
    """Sam's, which Amina took on herself."""
    actions.accept_referral(referral=referral, by=amina, patient=None, worker=amina)
    referral.refresh_from_db()
    return referral


@pytest.fixture
def typed(organisation):
    """What somebody types who refers Sam Kerr and leaves nothing out."""
    return {
        "once": str(uuid.uuid4()),
        "organisation": str(organisation.pk),
        "given_name": "Sam",
        "family_name": "Kerr",
        "date_of_birth_day": "27",
        "date_of_birth_month": "3",
        "date_of_birth_year": "1971",
        "number_kind": "chi",
        "number": "270371 0003",
        "postcode": "g31 4eb",
        "phone": "0141 496 0000",
        "permissions": ["may_call", "may_text"],
        "reason": "Rarely leaves the flat since her husband died.",
        "needs": ["loneliness", "bereavement"],
        "urgency": "routine",
        "consent_to_refer": "on",
        "consent_to_share_back": "yes",
    }


@pytest.fixture
def cafe(db):
    return AssetFactory(name="Blether Café", email="hello@blether.example.org", need_kinds=["loneliness"])


@pytest.fixture
def sent(case, cafe, amina):
    return OnwardReferralFactory(case=case, asset=cafe, asked_by=amina)
