from django.db import models


class ReferralStatus(models.TextChoices):
    SUBMITTED = "submitted", "Sent"
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Returned with a question"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


# verb: (the statuses it may start from, the status it leads to)
REFERRAL_MOVES = {
    "accept": ([ReferralStatus.SUBMITTED], ReferralStatus.ACCEPTED),
    "return": ([ReferralStatus.SUBMITTED], ReferralStatus.RETURNED),
    "decline": ([ReferralStatus.SUBMITTED], ReferralStatus.DECLINED),
    "resubmit": ([ReferralStatus.RETURNED], ReferralStatus.SUBMITTED),
    "withdraw": ([ReferralStatus.SUBMITTED, ReferralStatus.RETURNED], ReferralStatus.WITHDRAWN),
}


class Urgency(models.TextChoices):
    ROUTINE = "routine", "Routine"
    SOON = "soon", "Soon: within two weeks"
    URGENT = "urgent", "Urgent: this week"


class DeclineReason(models.TextChoices):
    OUT_OF_AREA = "out_of_area", "Outside the area we cover"
    NEEDS_OTHER_SERVICE = "needs_other_service", "Another service is better placed"
    NOT_WANTED = "not_wanted", "The person does not want this"
    ALREADY_SUPPORTED = "already_supported", "Already supported elsewhere"
    NO_ROOM = "no_room", "We have no room now"
    OTHER = "other", "Another reason"
