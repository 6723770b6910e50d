"""Every choice in casework, and beside the states the table of moves. docs/states.md draws them."""

from django.db import models

from caseload.enums.ending import HOW_OF, NOT_AN_ENDING, WHY_OF, Ending, EndingHow, usual_how
from caseload.enums.goal import GOAL_MOVES, GoalStatus, WhoDoes
from caseload.enums.measure import MeasureCode

__all__ = [
    "GOAL_MOVES",
    "HOW_OF",
    "NOT_AN_ENDING",
    "WHY_OF",
    "Ending",
    "EndingHow",
    "GoalStatus",
    "MeasureCode",
    "WhoDoes",
    "usual_how",
]


class NumberKind(models.TextChoices):
    NONE = "none", "Neither is known"
    NHS = "nhs", "NHS number"
    CHI = "chi", "CHI number"


class Sex(models.TextChoices):
    """As the censuses of both nations ask it. Never required, and nothing in casework depends on it."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    NOT_SAID = "not_said", "Prefers not to say"
    NOT_KNOWN = "not_known", "Not known"


class Ethnicity(models.TextChoices):
    """The high-level groups that the censuses of 2021 (England, Wales) and 2022 (Scotland) both add up to.

    Scotland's two groups "African" and "Caribbean or Black" are one here, as in England: figures of the two
    nations then count the same people. Never required, and nothing in casework depends on it.
    """

    WHITE = "white", "White"
    MIXED = "mixed", "Mixed or multiple ethnic groups"
    ASIAN = "asian", "Asian"
    BLACK = "black", "African, Caribbean or Black"
    OTHER = "other", "Another ethnic group"
    NOT_SAID = "not_said", "Prefers not to say"
    NOT_KNOWN = "not_known", "Not known"


class AgeBand(models.TextChoices):
    CHILD = "0-17", "Under 18"
    FROM_18 = "18-24", "18 to 24"
    FROM_25 = "25-34", "25 to 34"
    FROM_35 = "35-44", "35 to 44"
    FROM_45 = "45-54", "45 to 54"
    FROM_55 = "55-64", "55 to 64"
    FROM_65 = "65-74", "65 to 74"
    FROM_75 = "75-84", "75 to 84"
    FROM_85 = "85+", "85 and over"

    @property
    def youngest(self) -> int:
        return int(self.value.rstrip("+").split("-")[0])

    @classmethod
    def of(cls, age: int) -> "AgeBand":
        return next(band for band in reversed(cls) if age >= band.youngest)


class CaseStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    ACTIVE = "active", "Active"
    HOLDING = "holding", "Holding"
    CLOSED = "closed", "Closed"


OPEN_STATUSES = [CaseStatus.WAITING, CaseStatus.ACTIVE, CaseStatus.HOLDING]

# verb: (the statuses it may start from, the status it leads to)
CASE_MOVES = {
    "meet": ([CaseStatus.WAITING], CaseStatus.ACTIVE),
    "hold": ([CaseStatus.WAITING, CaseStatus.ACTIVE], CaseStatus.HOLDING),
    "end_hold": ([CaseStatus.HOLDING], CaseStatus.ACTIVE),
    "close": (OPEN_STATUSES, CaseStatus.CLOSED),
    "reopen": ([CaseStatus.CLOSED], CaseStatus.ACTIVE),
}


class Complexity(models.TextChoices):
    """What the case asks of its worker, for sharing work out fairly. Never a judgement of the person."""

    LIGHT = "light", "Light"
    USUAL = "usual", "Usual"
    HIGH = "high", "High"


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "Phone"
    VIDEO = "video", "Video"


class Place(models.TextChoices):
    PRACTICE = "practice", "At the practice"
    HOME = "home", "At home"
    COMMUNITY = "community", "Community venue"
    OUTDOORS = "outdoors", "Outdoors"
    HOSPITAL = "hospital", "Hospital"
    OTHER = "other", "Somewhere else"


class Outcome(models.TextChoices):
    ATTENDED = "attended", "Met"
    MISSED = "missed", "Missed"
    CANCELLED_BY_PERSON = "cancelled_by_person", "Cancelled by them"
    CANCELLED_BY_SERVICE = "cancelled_by_service", "Cancelled by us"


class MissedBarrier(models.TextChoices):
    """What got in the way, where it is known."""

    UNWELL = "unwell", "Unwell"
    FORGOT = "forgot", "Forgot or mixed up the time"
    TRANSPORT = "transport", "Getting there"
    COST = "cost", "Cost"
    CARING = "caring", "Caring for someone"
    WORK = "work", "Work"
    ANXIETY = "anxiety", "Anxious about coming"
    NO_MESSAGE = "no_message", "Our message did not reach them"
    UNSAFE = "unsafe", "Not safe to come"
    OTHER = "other", "Something else"


class Channel(models.TextChoices):
    CALL = "call", "Call"
    TEXT = "text", "Text"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"
    DROP_IN = "drop_in", "Drop-in"
    CHANCE = "chance", "Met by chance"


class WithWhom(models.TextChoices):
    PERSON = "person", "The person"
    FAMILY = "family", "Family, friend or carer"
    PROFESSIONAL = "professional", "Another professional"


class HoldPurpose(models.TextChoices):
    WAITING_FOR_SERVICE = "waiting_for_service", "Waiting for a service"
    GETTING_READY = "getting_ready", "Getting ready for change"
    EASING_LOAD = "easing_load", "Easing the load on another professional"
    BEING_ALONGSIDE = "being_alongside", "Being alongside when nothing else will do"


class HoldBarrier(models.TextChoices):
    WAITING_LIST = "waiting_list", "Waiting list"
    CRITERIA = "criteria", "Criteria too narrow"
    CRISIS_ONLY = "crisis_only", "Crisis only"
    RIGID = "rigid", "Rigid hours or rules"
    NONE_EXISTS = "none_exists", "None exists here"
    COST = "cost", "Cost"
    DISTANCE = "distance", "Distance"
    LANGUAGE = "language", "Language"
    ACCESS = "access", "Access"
    BAD_EXPERIENCE = "bad_experience", "Bad past experience"
    FUNDING_ENDED = "funding_ended", "Funding ended"


class NeedOutcome(models.TextChoices):
    MET = "met", "Met"
    PARTLY_MET = "partly_met", "Partly met"
    UNMET = "unmet", "Unmet"


class BackstageKind(models.TextChoices):
    """Work without a person present that casework stands on."""

    ASSET_DEVELOPMENT = "asset_development", "Getting to know a service"
    RELATIONSHIPS = "relationships", "Building a relationship"
    NEW_GROUP = "new_group", "Setting up a group"
    TRAINING = "training", "Training"
    SUPERVISION = "supervision", "Supervision"
    TRAVEL = "travel", "Travel"
    ADMIN = "admin", "Admin"


class HoldEnd(models.TextChoices):
    SERVICE_STARTED = "service_started", "The service started"
    NO_LONGER_WANTED = "no_longer_wanted", "No longer wanted"
    NEED_CHANGED = "need_changed", "The need changed"
    NO_SERVICE = "no_service", "No service exists"
    BACK_TO_ACTIVE = "back_to_active", "Back to active support"
    CASE_CLOSED = "case_closed", "The case was closed"


# After these the need may be left as it is: nothing was found out about it.
NEED_MAY_STAY_OPEN = [HoldEnd.BACK_TO_ACTIVE, HoldEnd.NEED_CHANGED, HoldEnd.NO_LONGER_WANTED]


class FlagRule(models.TextChoices):
    HOLD_REVIEW_OVERDUE = "hold_review_overdue", "Hold to review"
    HOLD_NO_CONTACT = "hold_no_contact", "Held, nobody reached"
    HOLD_LONG = "hold_long", "Held long without a second look"
    OPEN_AFTER_MISSED = "open_after_missed", "Missed, door open"
    REPEATED_MISSED = "repeated_missed", "Check on this person"
    WAITING_LONG = "waiting_long", "Waiting to be met"
    UNANSWERED = "unanswered", "Referral not answered"
    QUIET = "quiet", "Gone quiet"
    ENDING_PASSED = "ending_passed", "Planned ending passed"
    ONWARD_UNKNOWN = "onward_unknown", "Referred on, outcome unknown"
    ASSET_UNCONFIRMED = "asset_unconfirmed", "Service not confirmed"
    ASSET_FUNDING_ENDS = "asset_funding_ends", "Funding of a service ends"


class Verb(models.TextChoices):
    """What a CaseEvent says happened. The label follows the name of who did it."""

    OPENED = "opened", "opened the case"
    JOINED = "joined", "added another referral"
    ASSIGNED = "assigned", "passed the case on"
    UNASSIGNED = "unassigned", "put the case on the waiting list"
    MET = "met", "met them for the first time"
    BOOKED = "booked", "booked a meeting"
    MOVED = "moved", "moved a meeting"
    MEETING_LOGGED = "meeting_logged", "logged a meeting"
    CONTACT_LOGGED = "contact_logged", "logged a contact"
    FOLLOW_UP_SET = "follow_up_set", "set a follow-up"
    FOLLOW_UP_CHANGED = "follow_up_changed", "changed a follow-up"
    FOLLOW_UP_DONE = "follow_up_done", "did a follow-up"
    NOTE_CHANGED = "note_changed", "changed a note"
    HOLD_STARTED = "hold_started", "started a hold"
    HOLD_REVIEWED = "hold_reviewed", "reviewed the hold"
    HOLD_ENDED = "hold_ended", "ended the hold"
    WHAT_MATTERS = "what_matters", "wrote what matters"
    ABOUT_WRITTEN = "about_written", "wrote down a little about them"
    GOAL_ADDED = "goal_added", "wrote down a goal"
    GOAL_REWORDED = "goal_reworded", "changed a goal or its next step"
    GOALS_ORDERED = "goals_ordered", "put the goals in their order"
    GOAL_PROGRESS = "goal_progress", "wrote down progress with a goal"
    GOAL_REACHED = "goal_reached", "wrote down a goal as reached"
    GOAL_LET_GO = "goal_let_go", "wrote down a goal as let go"
    GOAL_TAKEN_UP = "goal_taken_up", "took a goal up again"
    NEED_UNCOVERED = "need_uncovered", "added a need uncovered later"
    DETAILS_CHANGED = "details_changed", "changed the person's details"
    RISK_NOTED = "risk_noted", "noted a risk"
    RISK_REVIEWED = "risk_reviewed", "reviewed a risk"
    PLAN_CHANGED = "plan_changed", "changed the shape of support"
    OUTLINE_AGREED = "outline_agreed", "agreed an outline of support"
    ENDING_REVIEWED = "ending_reviewed", "talked about the planned ending"
    FLAG_SET_ASIDE = "flag_set_aside", "set a flag aside"
    REFERRED_ON = "referred_on", "referred them on"
    ONWARD_MOVED = "onward_moved", "heard from a service"
    NEED_SETTLED = "need_settled", "said what became of a need"
    MESSAGE_SENT = "message_sent", "sent them a message"
    FILLED_IN = "filled_in", "filled in a measure with them"
    FILLING_PUT_RIGHT = "filling_put_right", "put a measure right"
    FILLING_WITHDRAWN = "filling_withdrawn", "withdrew a measure"
    QUESTIONS_LINKED = "questions_linked", "made a link to questions for them"
    QUESTIONS_RECALLED = "questions_recalled", "took back a link to questions"
    LONE_VISIT = "lone_visit", "went on a visit alone"
    VISIT_BACK = "visit_back", "was back safe from a visit alone"
    VISIT_ALARM = "visit_alarm", "raised the alarm over a visit alone"
    BEYOND_USUAL = "beyond_usual", "worked beyond the usual"
    CAME_BACK = "came_back", "saw them come back"
    CONSULTED = "consulted", "asked colleagues"
    CONSULT_ANSWERED = "consult_answered", "answered a question"
    CONSULT_CLOSED = "consult_closed", "decided on a question"
    HAND_OVER_OFFERED = "hand_over_offered", "offered to hand the case over"
    HAND_OVER_DECLINED = "hand_over_declined", "could not take the case over"
    HAND_OVER_ENDED = "hand_over_ended", "called off handing the case over"
    MERGED = "merged", "joined two records of one person"
    SEPARATED = "separated", "separated two records again"
    ANONYMISED = "anonymised", "anonymised the person"
    CLOSED = "closed", "closed the case"
    REOPENED = "reopened", "reopened the case"
    CONTINUED = "continued", "began a new spell of support"


class Seen(models.TextChoices):
    """What was opened, in the access log."""

    CASE = "case", "Case page"
    DETAILS = "details", "Personal details"
    PLAN = "plan", "One-page plan"
    REFERRAL = "referral", "Referral"
    MEASURES = "measures", "Measures"
    LONE_VISIT = "lone_visit", "Where a lone visit went"
    SAFEGUARDING = "safeguarding", "Safeguarding concern"
    CONSULT = "consult", "Question to colleagues"
    SUPERVISION = "supervision", "Note for supervision"
    HAND_OVER = "hand_over", "Hand-over"


class Occasion(models.TextChoices):
    """When there is something to write to somebody."""

    AFTER_MISSED = "after_missed", "After a missed meeting"
    MEETING = "meeting", "Confirming a meeting"
    HOLDING = "holding", "While holding"
    WAY_BACK = "way_back", "The way back at an ending"
    ANY = "any", "At any time"


class MessageStatus(models.TextChoices):
    QUEUED = "queued", "On its way"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
