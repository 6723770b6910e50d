"""Endings: how, and why."""

from django.db import models


class Ending(models.TextChoices):
    GOALS_REACHED = "goals_reached", "They have what they came for"
    CONNECTED = "connected", "Connected to support that will go on"
    NO_LONGER_WANTED = "no_longer_wanted", "They no longer want this"
    PASSED_ON = "passed_on", "Another service took over"
    MOVED = "moved", "Moved away"
    DIED = "died", "Died"
    NOTHING_AVAILABLE = "nothing_available", "What they need does not exist here"
    NOT_REACHED = "not_reached", "We could not reach them after missed meetings"
    OTHER_CASE = "other_case", "It goes on in their other case"


class EndingHow(models.TextChoices):
    """How a spell of support ended; Ending says why. Two facts: somebody may drift away with all they came for."""

    AGREED = "agreed", "Agreed together"
    OWN_CHOICE = "own_choice", "Their own choice"
    DRIFTED = "drifted", "Drifted: we could not reach them"
    MOVED = "moved", "They moved away"
    DIED = "died", "They died"
    BY_US = "by_us", "We ended it, and they did not agree"
    JOINED = "joined", "They were on file twice"


# Where how it ended already says why.
WHY_OF = {
    EndingHow.DRIFTED: Ending.NOT_REACHED,
    EndingHow.MOVED: Ending.MOVED,
    EndingHow.DIED: Ending.DIED,
    EndingHow.JOINED: Ending.OTHER_CASE,
}
# Nobody says so: two records of one person were merged, each with an open case. It counts as no ending.
NOT_AN_ENDING = EndingHow.JOINED
HOW_OF = {why: how for how, why in WHY_OF.items()} | {Ending.NO_LONGER_WANTED: EndingHow.OWN_CHOICE}


def usual_how(why: Ending, is_agreed: bool) -> EndingHow:
    return HOW_OF.get(why) or (EndingHow.AGREED if is_agreed else EndingHow.BY_US)
