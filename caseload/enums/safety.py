"""Risks, lone visits, safeguarding and work beyond the usual; beside the states the table of moves."""

from django.db import models


class RiskKind(models.TextChoices):
    ON_VISIT = "on_visit", "Risk on a visit"
    TO_PERSON = "to_person", "Risk to the person"
    ALERT = "alert", "Alert"


class VisitStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    OUT = "out", "Out"
    BACK = "back", "Back safe"
    CALLED_OFF = "called_off", "Called off"


# Planned counts as open: whoever forgets to say that they set out is waited for all the same.
VISIT_OPEN = [VisitStatus.PLANNED, VisitStatus.OUT]

VISIT_MOVES = {
    "set_out": ([VisitStatus.PLANNED], VisitStatus.OUT),
    "back": (VISIT_OPEN, VisitStatus.BACK),
    "call_off": (VISIT_OPEN, VisitStatus.CALLED_OFF),
}


class VisitVerb(models.TextChoices):
    """What happened on a lone visit. The label follows the name of who did it."""

    PLANNED = "planned", "planned the visit"
    SET_OUT = "set_out", "set out"
    LONGER = "longer", "needed longer"
    BACK = "back", "is back safe"
    CALLED_OFF = "called_off", "called the visit off"
    ALARM = "alarm", "raised the alarm"
    ANSWERED = "answered", "answered the alarm"


class ConcernStatus(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


CONCERN_MOVES = {
    "close": ([ConcernStatus.OPEN], ConcernStatus.CLOSED),
    "reopen": ([ConcernStatus.CLOSED], ConcernStatus.OPEN),
}


class ConcernVerb(models.TextChoices):
    """An entry of a safeguarding concern's log. The label follows the name of who wrote it."""

    RAISED = "raised", "raised the concern"
    TOLD = "told", "told somebody"
    DID = "did", "did something"
    HEARD = "heard", "heard more"
    READER_ADDED = "reader_added", "let somebody read this"
    READER_ENDED = "reader_ended", "ended somebody's reading"
    CLOSED = "closed", "closed the concern"
    REOPENED = "reopened", "opened it again"


class ConcernOutcome(models.TextChoices):
    REFERRED = "referred", "Passed to the local authority's safeguarding team"
    POLICE = "police", "Passed to the police or an emergency service"
    SUPPORTED = "supported", "The person is supported to stay safe by us and others"
    OTHER_ROUTE = "other_route", "Taken up another way, such as a complaint or the GP"
    NO_ACTION_NOW = "no_action_now", "Looked into; nothing more to do now"


class BeyondKind(models.TextChoices):
    """What went beyond the usual, so that the themes can be seen. Work, never fault."""

    OUT_OF_HOURS = "out_of_hours", "Outside working hours"
    PRACTICAL = "practical", "Practical help: shopping, a lift, carrying"
    PAPERWORK = "paperwork", "Forms and calls somebody else should do"
    LONGER = "longer", "Support for longer than usual"
    CRISIS = "crisis", "Staying in a crisis"
    OTHER = "other", "Something else"
