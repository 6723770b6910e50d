"""Back-stage work: logged in a moment, listed for the worker alone."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.shortcuts import get_object_or_404, redirect, render

from accounts.moves import MoveNotAllowed, SentBefore
from accounts.perms import organisation_only
from assets.models import Asset, directory
from caseload import actions
from caseload.forms.backstage import BackstageForm, EditBackstageForm
from caseload.views.on_a_case import done, go_to, posted, show_form

PER_PAGE = 50
TOO_LATE = "Back-stage work can be changed on the day it was logged."


@organisation_only
def backstage(request):
    """One's own, newest first. A manager sees the team's mix, never a worker's list."""
    mine = request.org.backstage_work.filter(worker=request.user)
    minutes = mine.aggregate(all=Sum("minutes"))["all"] or 0
    page = Paginator(mine.select_related("asset").order_by("-done_on", "-logged_at", "id"), PER_PAGE)
    context = {"page": page.get_page(request.GET.get("page")), "minutes": minutes}
    return render(request, "caseload/backstage.html", context)


@organisation_only
def log_backstage(request):
    initial = BackstageForm.initial_now(_service(request.GET.get("asset", "")), request.GET.get("gap", ""))
    form = BackstageForm(posted(request), initial=initial)
    if form.is_valid():
        try:
            actions.log_backstage(organisation=request.org, by=request.user, **form.cleaned_data)
            return done(request, None, "Back-stage work logged")
        except SentBefore:
            form.was_sent_before()
    return show_form(request, None, form, "Log back-stage work")


@organisation_only
def edit_backstage(request, backstage_id):
    work = get_object_or_404(
        request.org.backstage_work.filter(worker=request.user).select_related("asset"), pk=backstage_id
    )
    if request.method == "GET" and not work.may_be_changed_by(request.user):
        return _too_late(request)
    form = EditBackstageForm(posted(request), initial=EditBackstageForm.initial_of(work))
    if form.is_valid():
        try:
            actions.edit_backstage(work=work, by=request.user, **form.cleaned_data)
            return done(request, None, "Back-stage work changed")
        except MoveNotAllowed:
            return _too_late(request)
    return show_form(request, None, form, "Change back-stage work")


def _too_late(request):
    messages.warning(request, TOO_LATE)
    return go_to(request, redirect("caseload:backstage").url)


def _service(asked: str) -> Asset | None:
    try:
        return directory().filter(pk=UUID(asked)).first()
    except ValueError:
        return None
