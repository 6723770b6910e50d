from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.perms import manager_only
from caseload.sweep import is_overdue
from insight import figures

A_PAGE = 50


@manager_only
def service(request):
    """The manager's home: sentences first, each number a link to the list behind it."""
    today = timezone.localdate()
    cases = request.org.cases.visible_to(request.user)
    held = figures.held(cases, today)
    to_answer = request.org.referrals.submitted()
    context = {
        "today": today,
        "totals": figures.totals(cases, today),
        "held": held,
        "held_by_need": [(need.label, n, _cases(awaited=need)) for need, n in figures.held_by_need(held)],
        "flags": figures.flags(cases),
        "to_answer": to_answer.count(),
        "oldest": to_answer.order_by("submitted_at", "id").first(),
        "practices": figures.by_practice(request.org, cases),
        "workload": figures.workload(request.org, cases),
        "last_sweep": request.org.sweep_runs.exclude(finished_at=None).order_by("-finished_at").first(),
        "sweep_is_overdue": is_overdue(request.org),
    }
    return render(request, "insight/service.html", context)


@manager_only
def recent_referrals(request):
    """What a practice sent in the last days: the list behind its number."""
    rows = figures.by_practice(request.org, request.org.cases.visible_to(request.user))
    asked = request.GET.get("practice")
    practice = next((row.practice for row in rows if str(row.practice.pk) == asked), None)
    if practice is None:
        raise Http404
    referrals = figures.recent_referrals(request.org).filter(practice=practice).order_by("-submitted_at", "-id")
    page = Paginator(referrals, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "practice": practice, "days": figures.RECENT_DAYS}
    return render(request, "insight/recent_referrals.html", context)


def _cases(**narrowed_to):
    return f"{reverse('caseload:cases')}?{urlencode({'whose': 'team'} | narrowed_to)}"
