"""Lone visits: setting out, being back, and answering for a colleague who is not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.moves import MoveNotAllowed, SentBefore
from accounts.perms import organisation_only
from accounts.words import day_and_time
from caseload import actions
from caseload.actions.lone_visit import ColleagueIsThere, OutAlready
from caseload.enums import Seen
from caseload.forms.lone_visit import AnswerAlarmForm, LoneVisitForm, LongerForm, PhoneForm
from caseload.lone_visits import on_page, proposal
from caseload.models import Case, LoneVisit
from caseload.perms import may_see_where
from caseload.views.meeting import find_meeting
from caseload.views.on_a_case import done, find_case, go_to, posted, show_form

EARLIER = 20
OUT_ALREADY = "You are out on another visit. Say that you are back from that one first."
COLLEAGUE_IS_THERE = "A colleague is out alone to this meeting. If you go too, write down a visit of your own."


@organisation_only
def lone_visits(request):
    """One's own visits, those one watches, and who is out."""
    visits = request.org.lone_visits.select_related("worker", "watcher")
    mine = visits.filter(worker=request.user)
    context = {
        "mine": mine.open().order_by("starts_at", "id"),
        "watching": request.org.lone_visits.watched_by(request.user),
        "out": visits.open().exclude(worker=request.user).order_by("expected_back_at", "id"),
        "earlier": mine.exclude(ended_at=None).order_by("-ended_at", "id")[:EARLIER],
        "alarms": visits.visible_to(request.user).alarmed().order_by("-starts_at", "id")[:EARLIER],
    }
    return render(request, "caseload/lone_visits.html", context)


@organisation_only
def new_lone_visit(request):
    return _new(request, None, None)


@organisation_only
def new_lone_visit_to(request, case_id):
    return _new(request, find_case(request, case_id), None)


@organisation_only
def new_lone_visit_for(request, case_id, appointment_id):
    case = find_case(request, case_id)
    return _new(request, case, find_meeting(case, appointment_id))


def _new(request, case: Case | None, meeting):
    proposed = proposal(request.org, request.user, case, meeting)
    form = LoneVisitForm(
        posted(request), organisation=request.org, worker=request.user, initial=LoneVisitForm.initial_of(proposed)
    )
    if form.is_valid():
        about = {"organisation": request.org, "by": request.user, "case": case, "appointment": meeting}
        try:
            visit = actions.start_lone_visit(**about, **form.cleaned_data)
            return done(request, case, _watched(visit))
        except OutAlready:
            form.add_error(None, OUT_ALREADY)
        except ColleagueIsThere:
            form.add_error(None, COLLEAGUE_IS_THERE)
        except SentBefore:
            form.was_sent_before()
    return show_form(request, case, form, "Go on a visit alone", "Set out, or plan it")


@require_POST
@organisation_only
def go_alone(request, case_id, appointment_id):
    """One tap: to this meeting, watched as last time. The first time it asks who watches."""
    case = find_case(request, case_id)
    meeting = find_meeting(case, appointment_id)
    proposed = proposal(request.org, request.user, case, meeting)
    if not (proposed["watcher"] and proposed["phone"] and proposed["where"]):
        return go_to(request, f"{_address_of_form(case, meeting)}?{request.GET.urlencode()}")
    try:
        visit = actions.start_lone_visit(organisation=request.org, by=request.user, **proposed)
    except OutAlready:
        messages.warning(request, OUT_ALREADY)
        return redirect("caseload:lone_visits")
    except ColleagueIsThere:
        messages.warning(request, COLLEAGUE_IS_THERE)
        return redirect("caseload:lone_visits")
    return done(request, case, _watched(visit))


def _address_of_form(case: Case, meeting) -> str:
    return redirect("caseload:new_lone_visit_for", case_id=case.pk, appointment_id=meeting.pk).url


def _watched(visit: LoneVisit) -> str:
    return f"{visit.watcher.name} watches. Expected back {day_and_time(visit.expected_back_at)}"


@organisation_only
def lone_visit(request, visit_id):
    """How a visit stands. Where it went is shown to others only when it is overdue, and that is written down."""
    visit = _find(request, visit_id, to_watch=True)
    form = AnswerAlarmForm(posted(request))
    if form.is_valid():
        try:
            actions.answer_alarm(visit=visit, by=request.user, **form.cleaned_data)
            messages.success(request, "Everybody who had the alarm can read what you did")
        except MoveNotAllowed:
            messages.warning(request, "This visit is not overdue any more.")
        return redirect("caseload:lone_visit", visit_id=visit.pk)
    shows_where = may_see_where(visit, request.membership)
    if shows_where and visit.worker_id != request.user.pk:
        patient = visit.case.patient if visit.case else None
        actions.record_seen(by=request.user, what=Seen.LONE_VISIT, record_id=visit.pk, patient=patient)
    context = {
        "visit": visit,
        "form": form,
        "shows_where": shows_where,
        "is_own": visit.worker_id == request.user.pk,
        "log": visit.events.select_related("by").order_by("-at", "-id"),
        "sent": visit.messages.filter(round=visit.rounds).select_related("to").order_by("to__name", "channel"),
        "procedure": request.org.policy.lone_visit_procedure,
    }
    return render(request, "caseload/lone_visit.html", context)


@require_POST
@organisation_only
def back_safe(request, visit_id):
    return _moved(request, visit_id, actions.back_safe, "Good that you are back safe")


@require_POST
@organisation_only
def set_out(request, visit_id):
    return _moved(request, visit_id, actions.set_out, "You are out")


@require_POST
@organisation_only
def call_off_visit(request, visit_id):
    return _moved(request, visit_id, actions.call_off_visit, "Visit called off")


@require_POST
@organisation_only
def need_longer(request, visit_id):
    form = LongerForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Choose 15 or 30 minutes.")
        return redirect("caseload:lone_visit", visit_id=_find_own(request, visit_id).pk)
    return _moved(request, visit_id, actions.need_longer, "Expected back later", **form.cleaned_data)


def _moved(request, visit_id, action, said: str, **how):
    visit = _find_own(request, visit_id)
    try:
        visit = action(visit=visit, by=request.user, **how)
        said = f"{said}: {day_and_time(visit.expected_back_at)}" if how else said
        return done(request, None, said)
    except OutAlready:
        messages.warning(request, OUT_ALREADY)
    except MoveNotAllowed:
        messages.warning(request, "This visit has ended.")
    return redirect("caseload:lone_visit", visit_id=visit.pk)


def _find(request, visit_id, *, to_watch: bool = False) -> LoneVisit:
    visits = request.org.lone_visits.visible_to(request.user).select_related("case__patient", "organisation")
    return get_object_or_404(visits.with_watch() if to_watch else visits, pk=visit_id)


def _find_own(request, visit_id) -> LoneVisit:
    return get_object_or_404(request.org.lone_visits.filter(worker=request.user), pk=visit_id)


@organisation_only
def alarm_phone(request):
    """Where alarms reach one by text."""
    form = PhoneForm(posted(request), initial={"phone": request.user.phone})
    if form.is_valid():
        actions.change_phone(by=request.user, **form.cleaned_data)
        messages.success(request, "Saved")
        return redirect("caseload:lone_visits")
    context = {"form": form, "heading": "Where alarms reach you", "cancel": redirect("caseload:lone_visits").url}
    return render(request, "components/form_page.html", context)


@login_not_required
def banner(request):
    """What stands across every page, asked for again each minute by a page left open. Signed out, it says nothing:
    a page somebody is writing on must not be taken from under them."""
    if request.org is None or request.GET.get("shown") == on_page(request.membership).mark:
        return HttpResponse(status=204)
    return render(request, "components/lone_visits.html")
