from referrals.forms.inbound import (
    AcceptForm,
    DeclineForm,
    InboxFilter,
    ReferForm,
    ReferralForm,
    ResubmitForm,
    ReturnForm,
    SentFilter,
    WithdrawForm,
)

__all__ = [
    "AcceptForm",
    "DeclineForm",
    "InboxFilter",
    "ReferForm",
    "ReferralForm",
    "ResubmitForm",
    "ReturnForm",
    "SentFilter",
    "WithdrawForm",
]
