"""Goals: what the person says of them, and who takes the next step."""

from django.db import models


class GoalStatus(models.TextChoices):
    """What the person says of a goal. Never a score."""

    OPEN = "open", "Still on it"
    REACHED = "reached", "Reached"
    LET_GO = "let_go", "Let go"


GOAL_MOVES = {
    "reach": ([GoalStatus.OPEN], GoalStatus.REACHED),
    "let_go": ([GoalStatus.OPEN], GoalStatus.LET_GO),
    "take_up": ([GoalStatus.REACHED, GoalStatus.LET_GO], GoalStatus.OPEN),
}


class WhoDoes(models.TextChoices):
    PERSON = "person", "The person"
    WORKER = "worker", "Their link worker"
    TOGETHER = "together", "Both together"
    OTHER = "other", "Somebody else"
