from datetime import timedelta

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.perms import organisation_only
from caseload import diary
from caseload.forms.week import WeekForm

A_WEEK = timedelta(days=diary.DAYS)


@organisation_only
def week(request):
    """One's own week, or a colleague's: the team sees each other's meetings as it sees the cases."""
    form = WeekForm(request.GET, membership=request.membership)
    monday, worker = form.monday, form.worker
    context = {
        "form": form,
        "worker": worker,
        "is_own": worker == request.user,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "days": diary.week(request.org, worker, monday, reader=request.user),
        "hours": diary.hours(),
        "earlier": _address(request, monday - A_WEEK),
        "this_week": _address(request, diary.monday_of(timezone.localdate())),
        "later": _address(request, monday + A_WEEK),
        "is_this_week": monday == diary.monday_of(timezone.localdate()),
    }
    return render(request, "caseload/week.html", context)


def _address(request, monday) -> str:
    whose = {"whose": request.GET["whose"]} if request.GET.get("whose") else {}
    return f"{reverse('caseload:week')}?{urlencode({'from': monday.isoformat()} | whose)}"
