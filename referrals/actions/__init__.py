"""Every way a referral is written: those that come in, and those that go on to a service."""

from referrals.actions.inbound import (
    NumberAlreadyKnown,
    WaitingListClosed,
    accept_referral,
    decline_referral,
    resubmit_referral,
    return_referral,
    see_sent_referral,
    submit_referral,
    withdraw_referral,
)

__all__ = [
    "NumberAlreadyKnown",
    "WaitingListClosed",
    "accept_referral",
    "decline_referral",
    "resubmit_referral",
    "return_referral",
    "see_sent_referral",
    "submit_referral",
    "withdraw_referral",
]
