from insight.views.closed import closed_months
from insight.views.figure import definitions, draw_anew, draw_through, figure, figure_list
from insight.views.now import recent_referrals, service
from insight.views.over_time import outcomes, over_time

__all__ = [
    "closed_months",
    "definitions",
    "draw_anew",
    "draw_through",
    "figure",
    "figure_list",
    "outcomes",
    "over_time",
    "recent_referrals",
    "service",
]
