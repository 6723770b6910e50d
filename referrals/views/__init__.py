from referrals.views import onward
from referrals.views.inbox import accept, decline, inbox, received, return_
from referrals.views.link import link
from referrals.views.practice import edit, refer, sent, sent_referral, withdraw

__all__ = [
    "accept",
    "decline",
    "edit",
    "inbox",
    "link",
    "onward",
    "received",
    "refer",
    "return_",
    "sent",
    "sent_referral",
    "withdraw",
]
