"""Keeping an entry right: confirm, correct, report, note, and its history."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.moves import ChangedMeanwhile, MoveNotAllowed, SentBefore
from accounts.perms import organisation_only
from assets import actions, models
from assets.forms.keep import CorrectForm, EditNoteForm, NoteForm, ReportForm, SettleForm
from assets.provenance import corrections
from assets.quality import quality_of
from assets.timeline import history as history_of
from assets.timeline import in_words, who_said


@require_POST
@organisation_only
def confirm(request, asset_id):
    asset = find(asset_id)
    actions.confirm_asset(asset=asset, by=request.user)
    return done(request, asset, f"Confirmed: {asset.name} is right")


@organisation_only
def correct(request, asset_id):
    asset = find(asset_id)
    form = CorrectForm(request.POST if request.method == "POST" else None, initial=CorrectForm.initial_of(asset))
    newer = []
    if form.is_valid():
        said = {"seen": form.cleaned_data["seen"], "confirm": form.cleaned_data["confirm"]}
        try:
            actions.correct_asset(asset=asset, by=request.user, **said, **form.corrected)
            return done(request, asset, "Saved")
        except ChangedMeanwhile:
            newer = _differences(form, asset)
            form.add_error(None, "Somebody changed this entry meanwhile. What you wrote is still here.")
            form.catch_up(asset)
    context = {"asset": asset, "form": form, "newer": newer, "heading": f"Correct {asset.name}"}
    return render(request, "assets/correct.html", context | {"cancel": way_back(request, asset)})


@organisation_only
def report(request, asset_id):
    asset = find(asset_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.report_problem(asset=asset, by=request.user, organisation=request.org, **form.cleaned_data)
            return done(request, asset, "Reported. Anybody who knows better can settle it.")
        except SentBefore:
            form.was_sent_before()
    return _form(request, asset, form, "Report a problem", "Report")


@organisation_only
def settle(request, problem_id):
    """Anybody who keeps the directory may settle what anybody found."""
    problem = get_object_or_404(models.Problem.of_directory(), pk=problem_id)
    asset = problem.asset
    if request.method == "GET" and problem.settled_at:
        return _too_late(request, asset, "This problem is settled.")
    form = SettleForm(request.POST if request.method == "POST" else None, asset=asset)
    if form.is_valid():
        try:
            actions.settle_problem(problem=problem, by=request.user, **form.cleaned_data)
            return done(request, asset, "Settled")
        except MoveNotAllowed:
            return _too_late(request, asset, "Somebody settled this problem meanwhile.")
    said = f": “{problem.words}”" if problem.words else "."
    return _form(request, asset, form, "Settle a problem", "Settle", first=f"{problem.get_kind_display()}{said}")


@require_POST
@organisation_only
def close(request, asset_id):
    return _move(request, asset_id, actions.close_asset, "Marked as closed. It stays here for earlier work.")


@require_POST
@organisation_only
def reopen(request, asset_id):
    return _move(request, asset_id, actions.reopen_asset, "Marked as open again")


@organisation_only
def add_note(request, asset_id):
    asset = find(asset_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_note(asset=asset, organisation=request.org, by=request.user, **form.cleaned_data)
            return done(request, asset, "Note added")
        except SentBefore:
            form.was_sent_before()
    return _form(request, asset, form, "Add a local note", first=f"Only {request.org} ever sees it.")


@organisation_only
def edit_note(request, note_id):
    note = _own_note(request, note_id)
    form = EditNoteForm(request.POST if request.method == "POST" else None, initial={"text": note.text})
    if form.is_valid():
        actions.edit_note(note=note, by=request.user, **form.cleaned_data)
        return done(request, note.asset.counts_as, "Note saved")
    return _form(request, note.asset.counts_as, form, "Change your note", first=f"Only {request.org} ever sees it.")


@require_POST
@organisation_only
def remove_note(request, note_id):
    note = _own_note(request, note_id)
    actions.remove_note(note=note, by=request.user)
    return done(request, note.asset.counts_as, "Note removed")


@organisation_only
def history(request, asset_id):
    asset = find(asset_id)
    merges = asset.merges.filter(undone_at=None).select_related("gone__source").order_by("-at", "-id")
    context = {"asset": asset, "entries": history_of(asset, request.org), "merges": merges}
    return render(request, "assets/history.html", context)


def find(asset_id):
    return get_object_or_404(models.directory(), pk=asset_id)


def care_of(request, asset) -> dict:
    """What the page of an entry says of how true it is. Nothing for a practice: the notes are a team's own."""
    if request.org is None:
        return {}
    of_this = Q(asset=asset) | Q(asset__merged_into=asset)
    return {
        "quality": quality_of(asset, timezone.localdate()),
        "confirmed_by": who_said(asset.confirmed_by_id, request.org) if asset.confirmed_at else "",
        "problems": models.Problem.of_directory().open().filter(of_this).order_by("at", "id"),
        "notes": request.org.local_notes.filter(of_this).select_related("by").order_by("-at", "id"),
        "corrections": corrections(asset, request.org),
        "contested": models.open_conflicts().filter(asset=asset).count(),
        "keeps": True,
    }


def way_back(request, asset) -> str:
    asked = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("assets:asset", args=[asset.pk])


def done(request, asset, said: str):
    messages.success(request, said)
    return redirect(way_back(request, asset))


def _too_late(request, asset, why: str):
    messages.warning(request, why)
    return redirect(way_back(request, asset))


def _move(request, asset_id, action, said: str):
    asset = find(asset_id)
    try:
        action(asset=asset, by=request.user)
    except MoveNotAllowed:
        return _too_late(request, asset, "Somebody did that meanwhile.")
    return done(request, asset, said)


def _form(request, asset, form, heading: str, button: str = "Save", **context):
    context |= {"form": form, "heading": heading, "button": button, "caption": asset.name}
    return render(request, "assets/keep_form.html", context | {"cancel": way_back(request, asset)})


def _own_note(request, note_id):
    """One's own, of the organisation one is at now."""
    notes = request.org.local_notes.filter(by=request.user).select_related("asset__merged_into")
    return get_object_or_404(notes, pk=note_id)


def _differences(form: CorrectForm, asset) -> list[str]:
    """What the entry says now where it is not what was typed."""
    asset.refresh_from_db()
    fields = {name: asset._meta.get_field(name) for name in form.corrected}
    return [
        f"{fields[name].verbose_name.capitalize()} is now: {in_words(fields[name], getattr(asset, name))}"
        for name, typed in form.corrected.items()
        if getattr(asset, name) != typed
    ]
