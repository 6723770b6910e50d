from referrals.models.onward import LinkUse, OnwardEvent, OnwardReferral, capacity_in_words, onward_referrals_of
from referrals.models.referral import ANSWERS, NEWS_OF_CASE, Referral, ReferralEvent, ReferralQuerySet

__all__ = [
    "ANSWERS",
    "NEWS_OF_CASE",
    "LinkUse",
    "OnwardEvent",
    "OnwardReferral",
    "Referral",
    "ReferralEvent",
    "ReferralQuerySet",
    "capacity_in_words",
    "onward_referrals_of",
]
