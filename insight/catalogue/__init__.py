"""Every figure, a module a noun, in the order pages show them."""

from itertools import groupby
from operator import attrgetter

from insight.catalogue import directory, door, endings, holds, meetings, onward, outcomes, referrals, time
from insight.figure import Figure

MODULES = [referrals, meetings, holds, door, onward, endings, outcomes, time, directory]
FIGURES: dict[str, Figure] = {figure.key: figure for module in MODULES for figure in module.FIGURES}
OUTCOMES: list[Figure] = outcomes.FIGURES
BY_TOPIC: dict[str, list[Figure]] = {
    topic: list(some) for topic, some in groupby(FIGURES.values(), key=attrgetter("topic"))
}
