"""Exports: asked for with a purpose, made in the background, taken by whoever asked."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.moves import SentBefore
from accounts.perms import manager_only, organisation_only
from insight import actions
from insight.forms.publishing import ExportForm

A_PAGE = 25
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",
}


@manager_only
def exports(request):
    """Who exported what, when and what for; newest first."""
    found = request.org.exports.latest_first().with_times_taken()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "insight/exports.html", {"page": page})


@manager_only
def ask_for_export(request):
    form = ExportForm(request.POST if request.method == "POST" else None, org=request.org)
    if form.is_valid():
        try:
            export = actions.ask_for_export(organisation=request.org, by=request.user, **form.cleaned_data)
        except SentBefore:
            form.was_sent_before()
        else:
            return redirect("insight:export", export_id=export.pk)
    context = {"form": form, "heading": "Export", "caption": "Insight", "button": "Make the file"}
    return render(request, "insight/ask_for_export.html", context)


@organisation_only
def export(request, export_id):
    """How far it is, and the file when it is there; it asks again by itself."""
    export = _own(request, export_id)
    template = "insight/includes/export_progress.html" if request.htmx else "insight/export.html"
    return render(request, template, {"export": export})


@organisation_only
def export_file(request, export_id):
    export = _own(request, export_id)
    content = actions.take_export(export=export, by=request.user)
    if content is None:
        messages.warning(request, "This file is not there")
        return redirect("insight:export", export_id=export.pk)
    response = HttpResponse(content, content_type=TYPES[export.comes_as])
    response["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    response["Cache-Control"] = "no-store"
    return response


def _own(request, export_id):
    """What they asked for themselves, as long as they are a manager."""
    export = get_object_or_404(request.org.exports.defer("content"), pk=export_id)
    if not request.membership.is_manager or export.asked_by_id != request.user.pk:
        raise PermissionDenied
    return export
