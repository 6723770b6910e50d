from caseload.models.backstage import BackstageWork
from caseload.models.beyond import BeyondUsual, beyond_usual_of
from caseload.models.calendar_feed import CalendarFeed
from caseload.models.case import Case, CaseEvent, Need
from caseload.models.consult import Consult, ConsultAnswer, ConsultColleague
from caseload.models.cover import Away
from caseload.models.draft import Draft
from caseload.models.flag import Flag, SweepRun
from caseload.models.follow_up import FollowUp, things_to_do
from caseload.models.goal import Goal, GoalProgress
from caseload.models.hand_over import HandOver
from caseload.models.hold import Hold, HoldReview
from caseload.models.lone_visit import AlarmCheck, AlarmMessage, LoneVisit, LoneVisitEvent
from caseload.models.measure import Concern, Filling, LicensedWording, QuestionsLink, QuestionsLinkUse
from caseload.models.meeting import Appointment, Contact
from caseload.models.merge import PersonMerge
from caseload.models.message import Message, MessageTemplate, ShortlistItem
from caseload.models.person import About, AccessLog, Patient, PersonDetails, PersonQuerySet, RiskNote
from caseload.models.safeguarding import SafeguardingConcern, SafeguardingEntry, SafeguardingReader
from caseload.models.supervision import SupervisionItem

__all__ = [
    "beyond_usual_of",
    "About",
    "AccessLog",
    "AlarmCheck",
    "AlarmMessage",
    "Away",
    "BackstageWork",
    "Appointment",
    "CalendarFeed",
    "BeyondUsual",
    "Case",
    "CaseEvent",
    "Concern",
    "Consult",
    "ConsultAnswer",
    "ConsultColleague",
    "Contact",
    "Draft",
    "Filling",
    "Flag",
    "FollowUp",
    "HandOver",
    "Goal",
    "GoalProgress",
    "Hold",
    "HoldReview",
    "LicensedWording",
    "LoneVisit",
    "LoneVisitEvent",
    "Message",
    "MessageTemplate",
    "Need",
    "Patient",
    "PersonDetails",
    "PersonMerge",
    "PersonQuerySet",
    "QuestionsLink",
    "QuestionsLinkUse",
    "RiskNote",
    "SafeguardingConcern",
    "SafeguardingEntry",
    "SafeguardingReader",
    "ShortlistItem",
    "SupervisionItem",
    "SweepRun",
    "things_to_do",
]
