"""What a team has published: an evidence sheet with its words, and an export whose file is kept no longer."""

from datetime import time, timedelta

from insight.actions import keep_evidence
from insight.enums import ExportKind, ExportPurpose, ExportState
from insight.evidence_sheet import sheet_of
from insight.scope import scope_at
from insight.snapshots import half_years, years
from linkwork.demo.calendar import moment
from linkwork.demo.sites import Site

WORDS = (
    "People wait longest where nobody is paid to answer the phone. We hold them, ring every fortnight and go along to "
    "what there is, and that is work; but it is not the help they asked for.\n\n"
    "A second debt adviser two days a week, and a bereavement group that meets after five, would take the most "
    "weight off."
)


def publish(site: Site) -> None:
    manager, today = site.managers[0], site.calendar.today
    last_half, last_year = (of(site.organisation, today)[0] for of in (half_years, years))
    scope = scope_at(site.organisation, last_half, "")
    keep_evidence(scope=scope, by=manager, shown=sheet_of(scope), words=WORDS)
    asked_at = moment(site.calendar.before_today(28), time(14, 12))
    site.organisation.exports.create(
        asked_by=manager,
        asked_at=asked_at,
        kind=ExportKind.FIGURES,
        first=last_year.first,
        last=last_year.last,
        purpose=ExportPurpose.COMMISSIONER,
        purpose_words="The half-year talk with the health and social care partnership.",
        status=ExportState.GONE,
        ended_at=asked_at + timedelta(minutes=1),
        expires_at=asked_at + timedelta(days=7),
    ).fetches.create(by=manager, at=asked_at + timedelta(minutes=4))
