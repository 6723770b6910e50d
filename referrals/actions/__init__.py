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
from referrals.actions.onward import (
    NotAgreed,
    ServiceGone,
    answer_question,
    ask_person,
    call_off,
    end_consent,
    hear_from_service,
    put_in_directory,
    record_link_use,
    refer_on,
    resend_link,
)

__all__ = [
    "NotAgreed",
    "NumberAlreadyKnown",
    "ServiceGone",
    "WaitingListClosed",
    "accept_referral",
    "answer_question",
    "ask_person",
    "call_off",
    "decline_referral",
    "end_consent",
    "hear_from_service",
    "put_in_directory",
    "record_link_use",
    "refer_on",
    "resend_link",
    "resubmit_referral",
    "return_referral",
    "see_sent_referral",
    "submit_referral",
    "withdraw_referral",
]
