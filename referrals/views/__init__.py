from referrals.views.inbox import accept, decline, inbox, received, return_
from referrals.views.practice import edit, refer, sent, sent_referral, withdraw

__all__ = ["accept", "decline", "edit", "inbox", "received", "refer", "return_", "sent", "sent_referral", "withdraw"]
