"""Lone visits, a safeguarding concern and work beyond the usual, as the actions would have left them."""

from datetime import time, timedelta

from accounts.models import SafeguardingLead
from caseload.enums import Verb
from caseload.enums.safety import BeyondKind, ConcernVerb, VisitStatus, VisitVerb
from caseload.models import BeyondUsual, LoneVisit, LoneVisitEvent, SafeguardingConcern, SafeguardingEntry
from linkwork.demo.calendar import moment
from linkwork.demo.rows import Rows
from linkwork.demo.sites import Site
from linkwork.demo.story import Story

PHONE = "07700 900142"
EVENING, HOME_BY = time(20), time(22)


def name_leads(rows: Rows, sites: list[Site]) -> None:
    for site in sites:
        lead = site.managers[0]
        named = {"organisation": site.organisation, "named_at": site.organisation.created_at, "named_by": lead}
        rows.add(SafeguardingLead(id=rows.new_id(), user=lead, **named))


def went_alone(story: Story) -> None:
    """A visit alone that was over an hour ago, and ended well."""
    set_out = story.at - timedelta(hours=1)
    visit = _visit(story, set_out, set_out + timedelta(minutes=90), VisitStatus.BACK, ended_at=story.tick())
    _event(story, visit, VisitVerb.PLANNED)
    _event(story, visit, VisitVerb.SET_OUT)
    _event(story, visit, VisitVerb.BACK)
    story.record(Verb.LONE_VISIT)
    story.record(Verb.VISIT_BACK)


def goes_alone_tonight(story: Story) -> None:
    """A visit this evening, planned and not begun."""
    made_at = moment(story.site.calendar.before_today(1), time(16, 40))
    tonight = [moment(story.today, at) for at in (EVENING, HOME_BY)]
    _event(story, _visit(story, *tonight, VisitStatus.PLANNED, made_at=made_at), VisitVerb.PLANNED)


def _visit(story: Story, starts_at, expected_back_at, status: VisitStatus, **more) -> LoneVisit:
    person = story.case.patient
    return story.rows.add(
        LoneVisit(
            id=story.rows.new_id(),
            organisation=story.site.organisation,
            worker=story.worker,
            watcher=next(worker for worker in story.site.workers if worker != story.worker),
            case=story.case,
            where=", ".join(filter(None, [*person.address.splitlines(), person.postcode])),
            phone=PHONE,
            starts_at=starts_at,
            expected_back_at=expected_back_at,
            status=status,
            **{"made_at": starts_at, **more},
        )
    )


def _event(story: Story, visit: LoneVisit, verb: VisitVerb) -> None:
    story.rows.add(LoneVisitEvent(visit=visit, at=visit.made_at, verb=verb, by=story.worker))


def raise_concern(story: Story, *, happened: str, wishes: str, about_whom: str, told: str) -> None:
    """On no timeline: only its readers know."""
    concern = story.rows.add(
        SafeguardingConcern(
            id=story.rows.new_id(),
            organisation=story.site.organisation,
            patient=story.case.patient,
            case=story.case,
            about_whom=about_whom,
            raised_by=story.worker,
            raised_at=story.tick(),
            happened=happened,
            wishes=wishes,
            is_immediate_danger=False,
        )
    )
    for verb, whom in ((ConcernVerb.RAISED, ""), (ConcernVerb.TOLD, told)):
        said = {"at": story.tick(), "written_at": story.at, "by": story.worker, "verb": verb, "told": whom}
        story.rows.add(SafeguardingEntry(id=story.rows.new_id(), concern=concern, **said))


def go_beyond(story: Story, kind: BeyondKind, *, what: str, why: str, agreed_with: str, minutes: int) -> None:
    story.tick()
    said = {"kind": kind, "what": what, "why": why, "agreed_with": agreed_with, "minutes": minutes}
    when = {"done_on": story.day, "logged_at": story.at}
    story.rows.add(BeyondUsual(id=story.rows.new_id(), case=story.case, by=story.worker, **said, **when))
    story.record(Verb.BEYOND_USUAL)


def on_a_sunday(story: Story) -> None:
    """Callum Reid's application."""
    go_beyond(
        story,
        BeyondKind.PAPERWORK,
        what="Filled in the homeless application with him on a Sunday, on my phone, on the same bench.",
        why="The office wanted it by Monday morning and nobody else was open.",
        agreed_with="Mo, on the Monday",
        minutes=90,
    )


def at_her_mum_s(story: Story) -> None:
    """Kirsty Dunlop's mum: an afternoon beyond the usual, and what was heard there."""
    go_beyond(
        story,
        BeyondKind.CRISIS,
        what="Stayed with her mum for two hours while Kirsty was at the hospital with her own chest pain.",
        why="No sitter at an hour's notice, and she would not have gone.",
        agreed_with="",
        minutes=120,
    )
    raise_concern(
        story,
        about_whom="her mum",
        happened="Kirsty said: “My brother has her card again. He takes what he needs, he says.” The gas was off.",
        wishes="Kirsty wants it to stop without her brother hearing it from her. Her mum has not been asked yet.",
        told="Duty social worker, adult support and protection",
    )
