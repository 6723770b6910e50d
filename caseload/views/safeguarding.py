"""Safeguarding concerns: raised by anybody, read by few. To everybody else they do not exist."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.moves import MoveNotAllowed, SentBefore
from accounts.perms import manager_only, organisation_only
from caseload import actions
from caseload.enums import Seen
from caseload.forms.safeguarding import (
    AddToConcernForm,
    CloseConcernForm,
    LeadForm,
    RaiseConcernForm,
    ReaderForm,
)
from caseload.models import Case, SafeguardingConcern
from caseload.perms import is_safeguarding_lead
from caseload.views.on_a_case import find_case, go_to, posted, show_form

READINGS = 20
DANGER = "In immediate danger? Ring 999 first, then write this."


@organisation_only
def safeguarding(request):
    """Those one may read: one's own, and all of them for a lead."""
    concerns = request.org.safeguarding_concerns.visible_to(request.user).select_related("patient", "raised_by")
    context = {
        "concerns": concerns.open_first(),
        "leads": request.org.safeguarding_leads,
        "is_lead": is_safeguarding_lead(request.membership),
    }
    return render(request, "caseload/safeguarding.html", context)


@organisation_only
def raise_concern(request):
    """About anybody: they need no case, nor be known to us."""
    return _raise(request, None)


@organisation_only
def raise_concern_on(request, case_id):
    return _raise(request, find_case(request, case_id))


def _raise(request, case: Case | None):
    form = RaiseConcernForm(posted(request), is_about_a_person=case is not None)
    if form.is_valid():
        try:
            concern = actions.raise_concern(organisation=request.org, by=request.user, case=case, **form.cleaned_data)
            messages.success(request, "Concern raised. The safeguarding leads are told")
            return go_to(request, _address(concern))
        except SentBefore:
            form.was_sent_before()
    return show_form(request, case, form, "Raise a safeguarding concern", "Raise the concern", first=DANGER)


@organisation_only
def safeguarding_concern(request, safeguarding_id):
    """The concern with its log. Each reading is written down, where only its readers see it."""
    concern = _find(request, safeguarding_id)
    form = AddToConcernForm(posted(request))
    if form.is_valid():
        try:
            actions.add_to_concern(concern=concern, by=request.user, **form.cleaned_data)
            messages.success(request, "Added")
            return redirect(_address(concern))
        except SentBefore:
            form.was_sent_before()
    actions.record_seen(by=request.user, what=Seen.SAFEGUARDING, record_id=concern.pk, patient=concern.patient)
    is_lead = is_safeguarding_lead(request.membership)
    readers = concern.readers.current().select_related("user", "added_by").order_by("added_at", "id")
    context = {
        "concern": concern,
        "form": form,
        "log": concern.log.select_related("by", "about").order_by("at", "written_at", "id"),
        "readers": readers,
        "leads": request.org.safeguarding_leads,
        "is_lead": is_lead,
        "reader_form": _reader_form(request, concern) if is_lead else None,
        "readings": concern.readings[:READINGS],
    }
    return render(request, "caseload/safeguarding_concern.html", context)


def _reader_form(request, concern: SafeguardingConcern, data=None) -> ReaderForm:
    already = [lead.pk for lead in request.org.safeguarding_leads]
    already += [concern.raised_by_id, *concern.readers.current().values_list("user_id", flat=True)]
    return ReaderForm(data, organisation=request.org, besides=already)


@require_POST
@organisation_only
def let_read(request, safeguarding_id):
    concern = _find_as_lead(request, safeguarding_id)
    form = _reader_form(request, concern, request.POST)
    if form.is_valid():
        actions.let_read(concern=concern, by=request.user, **form.cleaned_data)
        messages.success(request, f"{form.cleaned_data['user'].name} can read this concern")
    else:
        messages.warning(request, "Choose somebody from the list.")
    return redirect(_address(concern))


@require_POST
@organisation_only
def end_reading(request, safeguarding_id, reader_id):
    concern = _find_as_lead(request, safeguarding_id)
    reader = get_object_or_404(concern.readers.select_related("user"), pk=reader_id)
    actions.end_reading(concern=concern, by=request.user, user=reader.user)
    messages.success(request, f"{reader.user.name} can no longer read this concern")
    return redirect(_address(concern))


@organisation_only
def close_concern(request, safeguarding_id):
    concern = _find_as_lead(request, safeguarding_id)
    form = CloseConcernForm(posted(request))
    if form.is_valid():
        try:
            actions.close_concern(concern=concern, by=request.user, **form.cleaned_data)
            messages.success(request, "Concern closed. It can be opened again")
        except MoveNotAllowed:
            messages.warning(request, "This concern is closed already: see the log.")
        return redirect(_address(concern))
    context = {"form": form, "heading": "Close the concern", "button": "Close it", "cancel": _address(concern)}
    return render(request, "components/form_page.html", context)


@require_POST
@organisation_only
def reopen_concern(request, safeguarding_id):
    concern = _find_as_lead(request, safeguarding_id)
    try:
        actions.reopen_concern(concern=concern, by=request.user)
        messages.success(request, "Concern opened again")
    except MoveNotAllowed:
        messages.warning(request, "This concern is open.")
    return redirect(_address(concern))


@manager_only
def safeguarding_leads(request):
    """Who reads the organisation's concerns, and who did before."""
    form = LeadForm(posted(request), organisation=request.org)
    if form.is_valid():
        lead = actions.name_lead(organisation=request.org, by=request.user, **form.cleaned_data)
        messages.success(request, f"{lead.user.name} is a safeguarding lead")
        return redirect("caseload:safeguarding_leads")
    named = request.org.named_leads.select_related("user", "named_by", "ended_by").order_by("-named_at", "id")
    context = {"form": form, "named": named, "leads": request.org.safeguarding_leads}
    return render(request, "caseload/safeguarding_leads.html", context)


@require_POST
@organisation_only
def end_lead(request, lead_id):
    lead = get_object_or_404(request.org.named_leads.select_related("user"), pk=lead_id)
    if not request.membership.is_manager:
        raise PermissionDenied
    actions.end_lead(lead=lead, by=request.user)
    messages.success(request, f"{lead.user.name} is no longer a safeguarding lead")
    return redirect("caseload:safeguarding_leads")


def _find(request, safeguarding_id) -> SafeguardingConcern:
    concerns = request.org.safeguarding_concerns.visible_to(request.user)
    return get_object_or_404(concerns.select_related("patient", "case", "raised_by", "closed_by"), pk=safeguarding_id)


def _find_as_lead(request, safeguarding_id) -> SafeguardingConcern:
    concern = _find(request, safeguarding_id)
    if not is_safeguarding_lead(request.membership):
        raise PermissionDenied
    return concern


def _address(concern: SafeguardingConcern) -> str:
    return reverse("caseload:safeguarding_concern", args=[concern.pk])
