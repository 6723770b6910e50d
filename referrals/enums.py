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


class Route(models.TextChoices):
    """Whose idea a referral was, whoever typed it."""

    PRACTICE = "practice", "Somebody at the practice"
    SELF = "self", "The person asked"
    FAMILY = "family", "Family, friend or carer"
    PROFESSIONAL = "professional", "Another professional"
    COMMUNITY = "community", "A community organisation"


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


class OnwardKind(models.TextChoices):
    SIGNPOST = "signpost", "Told them about it"
    REFERRAL = "referral", "Referred them"
    ACCOMPANIED = "accompanied", "Going along with them"


class OnwardStatus(models.TextChoices):
    """The closed loop of a referral to a service (Gravity SDOHCC TaskForReferralManagement)."""

    REQUESTED = "requested", "Asked"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Said no"
    IN_PROGRESS = "in-progress", "Going"
    ON_HOLD = "on-hold", "On hold"
    COMPLETED = "completed", "Went"
    FAILED = "failed", "Did not work out"
    CANCELLED = "cancelled", "Called off"
    ENTERED_IN_ERROR = "entered-in-error", "Entered by mistake"


OPEN_ONWARD = [OnwardStatus.REQUESTED, OnwardStatus.ACCEPTED, OnwardStatus.IN_PROGRESS, OnwardStatus.ON_HOLD]

# verb: (the statuses it may start from, the status it leads to)
ONWARD_MOVES = {
    "accept": ([OnwardStatus.REQUESTED], OnwardStatus.ACCEPTED),
    "reject": ([OnwardStatus.REQUESTED], OnwardStatus.REJECTED),
    "start": ([OnwardStatus.ACCEPTED, OnwardStatus.ON_HOLD], OnwardStatus.IN_PROGRESS),
    "pause": ([OnwardStatus.ACCEPTED], OnwardStatus.ON_HOLD),
    "complete": (
        [OnwardStatus.ACCEPTED, OnwardStatus.IN_PROGRESS, OnwardStatus.ON_HOLD],
        OnwardStatus.COMPLETED,
    ),
    "fail": ([OnwardStatus.ACCEPTED, OnwardStatus.IN_PROGRESS, OnwardStatus.ON_HOLD], OnwardStatus.FAILED),
    "cancel": (OPEN_ONWARD, OnwardStatus.CANCELLED),
    "enter_in_error": (
        [status for status in OnwardStatus if status != OnwardStatus.ENTERED_IN_ERROR],
        OnwardStatus.ENTERED_IN_ERROR,
    ),
}
DEAD_ONWARD = [OnwardStatus.CANCELLED, OnwardStatus.ENTERED_IN_ERROR]  # taken back: nothing more is shown or asked
NEEDS_REASON = [OnwardStatus.REJECTED, OnwardStatus.CANCELLED, OnwardStatus.ON_HOLD, OnwardStatus.FAILED]
