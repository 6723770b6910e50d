"""Bringing lists in: managers begin and decide; the directory being shared, any worker settles a conflict."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.enums import Role
from accounts.moves import MoveNotAllowed
from accounts.perms import manager_only, organisation_only
from accounts.sheets import csv_file
from assets import actions, models
from assets.enums import FeedKind, IntakeState, RowState
from assets.forms.intake import ColumnsForm, IntakeForm
from assets.importing import NotAnAssetList, headings_of
from assets.intake import preview
from assets.intake.run import is_still_a_sheet, needs_columns

PER_PAGE = 25
UNDER_WAY = [IntakeState.READING, IntakeState.WRITING]
STALE = "This has moved on meanwhile. Look again."


@manager_only
def intakes(request):
    found = request.org.intakes.select_related("source", "by").defer("content").order_by("-begun_at", "id")
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "conflicts": models.open_conflicts().count(),
    }
    return render(request, "assets/intakes.html", context)


@manager_only
def start(request):
    form = IntakeForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        sources=models.sources(),
    )
    if form.is_valid():
        intake = actions.start_intake(organisation=request.org, by=request.user, **form.asked)
        return redirect("assets:intake", intake_id=intake.pk)
    return render(request, "assets/intake_start.html", {"form": form, "sources": models.sources()})


@organisation_only
def intake(request, intake_id):
    intake = _intake(request, intake_id)
    if intake.status == IntakeState.READING and needs_columns(intake):
        return redirect("assets:intake_columns", intake_id=intake.pk)
    context = {
        "intake": intake,
        "is_under_way": intake.status in UNDER_WAY,
        "progress": preview.progress(intake),
        "may_map": intake.kind == FeedKind.CSV and intake.status == IntakeState.PREVIEW,
    }
    if request.htmx:
        template = "assets/includes/intake_progress.html"
        response = render(request, template, context)
        if not context["is_under_way"]:
            response["HX-Refresh"] = "true"
        return response
    if not context["is_under_way"]:
        state = _state_asked(request)
        rows = preview.rows(intake, state)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "shown": state, "lines": preview.lines(page.object_list)}
    return render(request, "assets/intake.html", context)


@organisation_only
def rows_csv(request, intake_id):
    """Which rows were kept out, or what becomes of any others, and why."""
    intake = _intake(request, intake_id)
    text = preview.as_csv(intake, _state_asked(request))
    return csv_file(f"rows-{intake.begun_at:%Y-%m-%d}", text)


@organisation_only
def columns(request, intake_id):
    intake = _intake(request, intake_id)
    if is_still_a_sheet(intake):
        return redirect("assets:intake", intake_id=intake.pk)
    try:
        headings = headings_of(bytes(intake.content or b""))
    except NotAnAssetList as why:
        messages.error(request, str(why))
        return redirect("assets:intakes")
    form = ColumnsForm(request.POST if request.method == "POST" else None, source=intake.source, headings=headings)
    if form.is_valid():
        return _decide(request, intake, actions.map_columns, mapping=form.mapping)
    return render(request, "assets/intake_columns.html", {"form": form, "intake": intake})


@require_POST
@organisation_only
def apply(request, intake_id):
    return _decide(request, _intake(request, intake_id), actions.apply_intake)


@require_POST
@organisation_only
def drop(request, intake_id):
    return _decide(request, _intake(request, intake_id), actions.drop_intake)


@require_POST
@organisation_only
def resume(request, intake_id):
    return _decide(request, _intake(request, intake_id), actions.resume_intake)


@organisation_only
def conflicts(request):
    found = models.open_conflicts().order_by("-seen_at", "id")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "conflicts": [preview.both_versions(conflict) for conflict in page]}
    return render(request, "assets/conflicts.html", context)


@require_POST
@organisation_only
def settle_conflict(request, conflict_id):
    conflict = get_object_or_404(models.open_conflicts(), pk=conflict_id)
    try:
        actions.settle_conflict(conflict=conflict, by=request.user, take_theirs=request.POST.get("take") == "theirs")
        messages.success(request, f"Chosen for {conflict.asset.name}")
    except MoveNotAllowed:
        messages.warning(request, STALE)
    return redirect("assets:conflicts")


def _intake(request, intake_id):
    """One of the organisation's own, for its managers: elsewhere it does not exist, to its workers it is closed."""
    found = request.org.intakes.select_related("source", "by").defer("content")
    intake = get_object_or_404(found, pk=intake_id)
    if request.membership.role != Role.MANAGER:
        raise PermissionDenied
    return intake


def _state_asked(request) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in RowState.values else ""


def _decide(request, intake, action, **asked):
    try:
        action(intake=intake, by=request.user, **asked)
    except MoveNotAllowed:
        messages.warning(request, STALE)
    except actions.NoLicence:
        messages.warning(request, f"The licence of {intake.source} is not known. Record it, then bring this in.")
    return redirect("assets:intake", intake_id=intake.pk)
