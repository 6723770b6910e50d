"""Who is away when, and who covers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.moves import ChangedMeanwhile, SentBefore
from accounts.perms import organisation_only
from accounts.words import short_day
from caseload import actions, colleagues
from caseload.actions.cover import AwayAlready
from caseload.forms.cover import AwayForm, ChangeAwayForm
from caseload.models import Away
from caseload.perms import may_change_away
from caseload.views.on_a_case import STILL_HERE, catch_up, done, posted, show_form


@organisation_only
def cover(request):
    rows = list(
        request.org.away.now_or_later(timezone.localdate())
        .select_related("worker", "cover")
        .order_by("first_on", "worker__name", "id")
    )
    members = set(request.org.members.values_list("pk", flat=True))
    for away in rows:
        away.gaps = colleagues.gaps(away, rows, members, request.org.nation)
        away.may_be_changed = may_change_away(request.membership, away)
    context = {"rows": rows, "day": timezone.localdate()}
    return render(request, "caseload/cover.html", context)


@organisation_only
def add_away(request):
    form = AwayForm(posted(request), membership=request.membership)
    if form.is_valid():
        try:
            away = actions.plan_away(organisation=request.org, by=request.user, **form.cleaned_data)
            return done(request, None, _planned(away), reverse("caseload:cover"))
        except AwayAlready:
            form.add_error("first_on", _already(request.org, form.cleaned_data))
        except SentBefore:
            form.was_sent_before()
    return show_form(request, None, form, "Days away", back=reverse("caseload:cover"))


@organisation_only
def change_away(request, away_id):
    away = find_away(request, away_id)
    form = ChangeAwayForm(posted(request), away=away, initial=ChangeAwayForm.initial_of(away))
    newer = []
    if form.is_valid():
        try:
            away = actions.change_away(away=away, by=request.user, **form.cleaned_data)
            return done(request, None, _planned(away), reverse("caseload:cover"))
        except AwayAlready:
            form.add_error("first_on", _already(request.org, form.cleaned_data | {"worker": away.worker}, away))
        except ChangedMeanwhile:
            away.refresh_from_db()
            newer = [_planned(away)]
            catch_up(form, away.history.count(), "version")
            form.add_error(None, f"Somebody changed these days. {STILL_HERE}")
    return show_form(request, None, form, f"{away.worker.name} is away", back=reverse("caseload:cover"), newer=newer)


@organisation_only
@require_POST
def remove_away(request, away_id):
    actions.remove_away(away=find_away(request, away_id), by=request.user)
    messages.success(request, "Taken out")
    return redirect("caseload:cover")


def find_away(request, away_id) -> Away:
    away = get_object_or_404(request.org.away.select_related("worker", "cover", "organisation"), pk=away_id)
    if not may_change_away(request.membership, away):
        raise PermissionDenied
    return away


def _planned(away: Away) -> str:
    days = f"Away from {short_day(away.first_on)} to {short_day(away.last_on)}"
    return f"{days}. {away.cover.name} covers" if away.cover else f"{days}. Nobody covers yet"


def _already(organisation, said: dict, besides: Away | None = None) -> str:
    overlapping = organisation.away.filter(
        worker=said["worker"], first_on__lte=said["last_on"], last_on__gte=said["first_on"]
    ).exclude(pk=besides and besides.pk)
    known = overlapping.order_by("first_on").first()
    if known is None:
        return "Some of these days were written down already. Look at the list"
    return (
        f"Days from {short_day(known.first_on)} to {short_day(known.last_on)} are written down already: change those"
    )
