from insight.views.closed import closed_months
from insight.views.enacted import end_ask, funders, practice_as_enacted
from insight.views.figure import definitions, draw_anew, draw_through, figure, figure_list
from insight.views.now import recent_referrals, service
from insight.views.over_time import outcomes, over_time

__all__ = [
    "closed_months",
    "definitions",
    "draw_anew",
    "draw_through",
    "end_ask",
    "figure",
    "figure_list",
    "funders",
    "outcomes",
    "over_time",
    "practice_as_enacted",
    "recent_referrals",
    "service",
]
