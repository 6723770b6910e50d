"""Things to do with a day, of a case or of none: on Today when due, in the week, done with one press."""

from datetime import timedelta

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.moves import ChangedMeanwhile, MoveNotAllowed, SentBefore
from accounts.perms import organisation_only
from accounts.words import short_day
from caseload import actions
from caseload.forms.to_do import ChangeToDoForm, ToDoForm
from caseload.models import FollowUp, things_to_do
from caseload.views.on_a_case import STILL_HERE, catch_up, done, posted, show_form

A_WEEK = timedelta(days=7)


@organisation_only
def to_do(request):
    """All one has to do, and what one has asked of colleagues."""
    rows = things_to_do(request.org).select_related("case__patient", "case__worker", "worker", "made_by")
    rows, today = rows.order_by("due_on", "id"), timezone.localdate()
    mine = rows.for_worker(request.user)
    asked = rows.to_do().filter(made_by=request.user, worker__isnull=False).exclude(worker=request.user)
    context = {
        "due": mine.due(today),
        "later": mine.to_do().filter(due_on__gt=today),
        "asked": asked,
        "just_done": mine.filter(done_at__gte=timezone.now() - A_WEEK).order_by("-done_at", "id"),
    }
    return render(request, "caseload/to_do.html", context)


@organisation_only
def add_to_do(request):
    form = ToDoForm(posted(request), organisation=request.org, initial=ToDoForm.initial_of(request.user))
    if form.is_valid():
        try:
            added = actions.add_to_do(organisation=request.org, by=request.user, **form.cleaned_data)
            return done(request, None, f"Added for {_whom_and_when(request, added)}", _back())
        except SentBefore:
            form.was_sent_before()
    return show_form(request, None, form, "Add something to do", "Add")


@organisation_only
def change_to_do(request, follow_up_id):
    follow_up = find_to_do(request, follow_up_id)
    if request.method == "GET" and follow_up.done_at:
        return done(request, None, "That is done already.", _back())
    form = ChangeToDoForm(
        posted(request), organisation=request.org, follow_up=follow_up, initial=ChangeToDoForm.initial_of(follow_up)
    )
    if form.is_valid():
        try:
            changed = actions.change_follow_up(follow_up=follow_up, by=request.user, **form.cleaned_data)
            return done(request, None, f"Now for {_whom_and_when(request, changed)}", _back())
        except MoveNotAllowed:
            form.add_error(None, f"It was done in the meantime. {STILL_HERE}")
        except ChangedMeanwhile:
            newer = find_to_do(request, follow_up_id)
            now = f"“{newer.about}” on {short_day(newer.due_on)}, for {newer.whose or 'whoever has the case'}"
            form.add_error(None, f"It was changed in the meantime. It is now: {now}. {STILL_HERE}")
            catch_up(form, newer.history.count(), "version")
    return show_form(request, follow_up.case, form, "Change what is to do")


@organisation_only
@require_POST
def finish_to_do(request, follow_up_id):
    actions.finish_follow_up(follow_up=find_to_do(request, follow_up_id), by=request.user)
    return done(request, None, "Done", _back())


@organisation_only
@require_POST
def take_up_again(request, follow_up_id):
    actions.take_up_again(follow_up=find_to_do(request, follow_up_id), by=request.user)
    return done(request, None, "Back among what is to do", _back())


def find_to_do(request, follow_up_id) -> FollowUp:
    rows = things_to_do(request.org).select_related("case__patient", "case__worker", "case__organisation", "worker")
    return get_object_or_404(rows, pk=follow_up_id)


def _whom_and_when(request, follow_up: FollowUp) -> str:
    whom = "you" if follow_up.whose == request.user else follow_up.whose or "whoever has the case"
    return f"{whom}, {short_day(follow_up.due_on)}"


def _back() -> str:
    return redirect("caseload:to_do").url
