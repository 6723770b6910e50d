from insight.views.closed import closed_months
from insight.views.enacted import end_ask, funders, practice_as_enacted
from insight.views.equity import equity
from insight.views.evidence import (
    evidence,
    evidence_csv,
    evidence_pdf,
    kept_evidence,
    kept_evidence_csv,
    kept_evidence_pdf,
)
from insight.views.exports import ask_for_export, export, export_file, exports
from insight.views.figure import definitions, draw_anew, draw_through, figure, figure_list
from insight.views.mix import end_mix_share, my_mix, shared_mix, shared_mixes
from insight.views.now import recent_referrals, service
from insight.views.over_time import over_time, topic
from insight.views.practice import practice_mix
from insight.views.workload import pass_on, workload

__all__ = [
    "ask_for_export",
    "closed_months",
    "definitions",
    "draw_anew",
    "draw_through",
    "end_ask",
    "end_mix_share",
    "equity",
    "evidence",
    "evidence_csv",
    "evidence_pdf",
    "export",
    "export_file",
    "exports",
    "figure",
    "figure_list",
    "funders",
    "kept_evidence",
    "kept_evidence_csv",
    "kept_evidence_pdf",
    "my_mix",
    "over_time",
    "pass_on",
    "practice_as_enacted",
    "practice_mix",
    "recent_referrals",
    "service",
    "shared_mix",
    "shared_mixes",
    "topic",
    "workload",
]
