"""Every figure, a module a noun, and the topics pages show them by."""

from dataclasses import dataclass

from django.utils.text import slugify

from insight.catalogue import directory, door, endings, holds, meetings, onward, outcomes, referrals, time
from insight.figure import Figure


@dataclass(frozen=True)
class Topic:
    """Figures that stand together, on a page of their own. `about` goes before them."""

    name: str
    figures: list[Figure]
    about: str = ""

    @property
    def key(self) -> str:
        return slugify(self.name)


_TOPICS = [
    Topic("Coming in", referrals.FIGURES),
    Topic("Meeting people", meetings.FIGURES),
    Topic("Holding", holds.FIGURES),
    Topic("Door held open", door.FIGURES),
    Topic("Referring on", onward.FIGURES + directory.FIGURES),
    Topic("Endings", endings.FIGURES),
    Topic("What has changed", outcomes.FIGURES, about=outcomes.ABOUT),
    Topic("Time", time.FIGURES),
]
TOPICS: dict[str, Topic] = {topic.key: topic for topic in _TOPICS}
FIGURES: dict[str, Figure] = {figure.key: figure for topic in _TOPICS for figure in topic.figures}
TOPIC_OF: dict[str, Topic] = {figure.key: topic for topic in _TOPICS for figure in topic.figures}
