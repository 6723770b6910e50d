from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.moves import ChangedMeanwhile
from accounts.perms import organisation_only
from accounts.words import day, day_and_time
from caseload import actions, colleagues
from caseload.actions.closing import MeetingStillBooked
from caseload.enums import Seen, Verb
from caseload.fillings import stories
from caseload.forms.case import (
    AssignForm,
    CloseForm,
    CloseHeldForm,
    FollowUpForm,
    NeedForm,
    PlanForm,
    ReopenForm,
    WhatMattersForm,
)
from caseload.models import Case
from caseload.models.case import PASSING
from caseload.perms import may_assign, may_put_right
from caseload.timeline import (
    Kind,
    door_sentence,
    ending_words,
    hold_words,
    last_change,
    latest,
    status_sentence,
    timeline,
)
from caseload.views.anonymising import what_was_kept
from caseload.views.goal import goals_of
from caseload.views.on_a_case import CLOSED, cannot, catch_up, done, find_case, go_to, posted, show_form, told_on

TIMELINE_PAGE = 40
MESSAGES_SHOWN = 3


@organisation_only
def page(request, case_id):
    case = get_object_or_404(request.org.cases.visible_to(request.user).with_list_data(), pk=case_id)
    actions.record_seen(by=request.user, what=Seen.CASE, record_id=case.pk, patient=case.patient)
    if case.patient.is_anonymised:
        return what_was_kept(request, case)
    kind = request.GET.get("kind", "")
    entries = Paginator(timeline(case, kind, request.user), TIMELINE_PAGE).get_page(request.GET.get("page"))
    context = {
        "case": case,
        "person": case.patient,
        "risks": case.patient.risk_notes.current().order_by("review_on", "id"),
        "goals": goals_of(case),
        "about": case.patient.known_about,
        "spells": case.patient.cases.exclude(pk=case.pk).order_by("-opened_at", "id"),
        "safeguarding": case.patient.safeguarding_concerns.visible_to(request.user).open_first(),
        "needs": case.needs.order_by("added_at", "id"),
        "onward_referrals": case.onward_referrals.with_list_data().newest_first(),
        "follow_ups": case.follow_ups.to_do().select_related("worker").order_by("due_on", "id"),
        "to_log": case.appointments.to_log().order_by("starts_at", "id"),
        "booked": case.appointments.booked().prefetch_related("lone_visits").order_by("starts_at", "id"),
        "status_sentence": status_sentence(case),
        "door_sentence": door_sentence(case),
        "hold_words": hold_words(case.hold) if case.hold else "",
        "ending_words": ending_words(case) if not case.is_open else "",
        "is_ending_due": bool(case.planned_ending_on and case.planned_ending_on <= timezone.localdate()),
        "deprivation": case.patient.deprivation,
        "last_look": case.hold.last_look if case.hold else None,
        "earlier_holds": case.holds.ended().order_by("-ended_at", "id"),
        "written": case.messages.select_related("by").newest_first()[:MESSAGES_SHOWN],
        "stories": stories(case),
        "entries": entries,
        "may_put_right": {e.record.pk for e in entries if e.record and may_put_right(request.membership, e.record)},
        "kind": kind,
        "kinds": Kind.choices,
        "policy": request.org.policy,
        "may_assign": may_assign(request.membership, case),
        "colleagues": colleagues.around(case, request.user),
    }
    return render(request, "caseload/case.html", context)


@organisation_only
def what_matters(request, case_id):
    case = find_case(request, case_id)
    initial = {"what_matters": case.what_matters, "revision": case.revision}
    form = WhatMattersForm(posted(request), initial=initial)
    newer = []
    if form.is_valid():
        with told_on(form, request, case, Verb.WHAT_MATTERS):
            try:
                actions.write_what_matters(case=case, by=request.user, **form.cleaned_data)
                return done(request, case, "Saved")
            except ChangedMeanwhile:
                newer = [f"It now reads: {case.what_matters}"]
                catch_up(form, case.revision)
                raise
    return show_form(request, case, form, f"What matters to {case.patient.short_name}", newer=newer)


@organisation_only
def plan(request, case_id):
    case = find_case(request, case_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    now = {field: getattr(case, field) for field in ["complexity", "planned_ending_on", "revision"]}
    form = PlanForm(posted(request), initial=now)
    newer = []
    if form.is_valid():
        with told_on(form, request, case, Verb.PLAN_CHANGED):
            try:
                actions.change_plan(case=case, by=request.user, **form.cleaned_data)
                return done(request, case, "Saved")
            except ChangedMeanwhile:
                newer = [f"It is now: {case.get_complexity_display().lower()}, {planned_words(case)}"]
                catch_up(form, case.revision)
                raise
    return show_form(request, case, form, "The shape of support", newer=newer)


def planned_words(case: Case) -> str:
    return f"ending planned for {case.planned_ending_on:%-d %B %Y}" if case.planned_ending_on else "no ending planned"


@organisation_only
def add_need(request, case_id):
    case = find_case(request, case_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    form = NeedForm(posted(request), case=case)
    if form.is_valid():
        with told_on(form, request, case, Verb.NEED_UNCOVERED):
            need = actions.uncover_need(case=case, by=request.user, **form.cleaned_data)
            return done(request, case, f"{need} added")
    return show_form(request, case, form, "Add a need uncovered later", "Add")


@organisation_only
def follow_up(request, case_id):
    case = find_case(request, case_id)
    form = FollowUpForm(posted(request))
    if form.is_valid():
        with told_on(form, request, case, Verb.FOLLOW_UP_SET):
            actions.set_follow_up(case=case, by=request.user, **form.cleaned_data)
            return done(request, case, "Follow-up set")
    return show_form(request, case, form, f"Follow up with {case.patient.short_name}")


@organisation_only
@require_POST
def finish_follow_up(request, case_id, follow_up_id):
    case = find_case(request, case_id)
    promise = get_object_or_404(case.follow_ups, pk=follow_up_id)
    actions.finish_follow_up(follow_up=promise, by=request.user)
    return done(request, case, "Follow-up done")


@organisation_only
def close(request, case_id):
    case = find_case(request, case_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, last_change(case, request.user, Verb.CLOSED))
    hold = case.hold
    form = CloseHeldForm(posted(request), hold=hold) if hold else CloseForm(posted(request))
    if form.is_valid():
        with told_on(form, request, case, Verb.CLOSED):
            try:
                actions.close_case(case=case, by=request.user, **form.cleaned_data)
                return done(request, case, "Case closed. It can be reopened at any time")
            except MeetingStillBooked:
                form.add_error(None, still_booked(case))
    return show_form(
        request, case, form, f"Close {case.patient.short_name}'s case", "Close the case", first=last_said(case)
    )


def last_said(case: Case) -> str:
    """What was said of the ending, for whoever writes it down now."""
    said = latest(case, [Verb.ENDING_REVIEWED])
    return f"Said of the ending {day(said.at)}: “{said.words}”" if said else ""


def still_booked(case: Case) -> str:
    meeting = case.appointments.booked().prefetch_related("lone_visits").order_by("starts_at", "id").first()
    when = f" for {day_and_time(meeting.starts_at)}" if meeting else ""
    return f"A meeting is booked{when}. Log it as cancelled first, so that nobody turns up to it."


@organisation_only
def reopen(request, case_id):
    case = find_case(request, case_id)
    other = case.patient.cases.open().exclude(pk=case.pk).first()
    if other:
        if str(other.pk) == request.POST.get("once"):  # the page was sent twice: it is begun
            return redirect("caseload:case", case_id=other.pk)
        return cannot(request, other, f"{case.patient.short_name} has another open case: this one.")
    if request.method == "GET" and case.is_open:
        return cannot(request, case, "This case is open.")
    form = ReopenForm(posted(request), organisation=request.org, initial={"worker": request.user})
    if form.is_valid():
        with told_on(form, request, case, Verb.REOPENED):
            return take_up_again(request, case, form)
    return show_form(request, case, form, f"Reopen {case.patient.short_name}'s case", "Reopen")


def take_up_again(request, case: Case, form: ReopenForm):
    said = {name: form.cleaned_data[name] for name in ["worker", "words"]}
    if not form.is_new_spell:
        actions.reopen_case(case=case, by=request.user, **said)
        return done(request, case, "Case reopened")
    once, needs = form.cleaned_data["once"], form.cleaned_data["needs"]
    new = actions.begin_new_spell(case=case, by=request.user, needs=needs, once=once, **said)
    messages.success(request, "A new spell has begun. What was before is linked from here")
    return go_to(request, reverse("caseload:case", args=[new.pk]))


def whose(case: Case) -> str:
    """Who has the case: what somebody who passes it on believes, and may be wrong about by the time they send it."""
    return str(case.worker_id or "nobody")


@organisation_only
def assign(request, case_id):
    case = find_case(request, case_id)
    if request.POST.get("whose", whose(case)) != whose(case):
        return cannot(request, case, last_change(case, request.user, *PASSING, Verb.UNASSIGNED))
    if not may_assign(request.membership, case):
        raise PermissionDenied
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    form = AssignForm(
        posted(request),
        case=case,
        initial={"worker": case.worker or request.user, "whose": whose(case)},
    )
    if form.is_valid():
        with told_on(form, request, case, Verb.ASSIGNED):
            case = actions.assign_case(case=case, by=request.user, **form.cleaned_data)
            return done(request, case, f"Passed to {case.worker}" if case.worker else "Back on the waiting list")
    return show_form(request, case, form, f"Pass on {case.patient.short_name}'s case", "Pass on")
