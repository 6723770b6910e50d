from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.moves import MoveNotAllowed
from accounts.perms import organisation_only
from assets.models import directory
from caseload import actions
from caseload.actions.message import NotPermitted
from caseload.actions.shortlist import ABOUT, NothingToSend
from caseload.forms.shortlist import SendShortlistForm
from caseload.shortlist import may_be_named, message_about, services_of
from caseload.views.on_a_case import CLOSED, cannot, done, find_case, posted

MESSAGES_SHOWN = 10


@organisation_only
def shortlist(request, case_id):
    """The services put aside, and sending them."""
    case = find_case(request, case_id)
    case.note_details_seen(by=request.user)
    form = SendShortlistForm(posted(request), case=case)
    if form.is_valid():
        try:
            actions.send_shortlist(case=case, by=request.user, **form.cleaned_data)
            messages.success(request, "On its way. Whether it arrived is shown here")
            return redirect("caseload:shortlist", case_id=case.pk)
        except NotPermitted:
            form.add_error("channel", f"{case.patient.short_name} has not said we may send them that")
        except NothingToSend:
            form.add_error(None, "Nothing on the shortlist is for a message. Print it, or talk it over")
        except MoveNotAllowed:
            form.add_error(None, CLOSED)
    services = services_of(case)
    context = {
        "case": case,
        "form": form,
        "services": services,
        "kept_out": [service.name for service in services if not may_be_named(service)],
        "body": message_about(case, services),
        "sent": case.messages.filter(about=ABOUT).select_related("by").newest_first()[:MESSAGES_SHOWN],
    }
    return render(request, "caseload/shortlist.html", context)


@organisation_only
def print_shortlist(request, case_id):
    case = find_case(request, case_id)
    case.note_details_seen(by=request.user)
    return render(request, "caseload/shortlist_print.html", {"case": case, "services": services_of(case)})


@require_POST
@organisation_only
def add_to_shortlist(request, case_id, asset_id):
    case = find_case(request, case_id)
    asset = get_object_or_404(directory(), pk=asset_id)
    try:
        actions.add_to_shortlist(case=case, by=request.user, asset=asset)
    except MoveNotAllowed:
        return cannot(request, case, CLOSED)
    return done(request, case, f"{asset.name} is on {case.patient.short_name}'s shortlist")


@require_POST
@organisation_only
def remove_from_shortlist(request, case_id, asset_id):
    case = find_case(request, case_id)
    asset = next((service for service in services_of(case) if service.pk == asset_id), None)
    if asset:
        actions.remove_from_shortlist(case=case, by=request.user, asset=asset)
        messages.success(request, f"{asset.name} is off the shortlist")
    return redirect("caseload:shortlist", case_id=case.pk)
