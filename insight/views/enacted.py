from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.moves import SentBefore
from accounts.perms import manager_only, organisation_only
from insight import actions, enacted, sorting
from insight.forms.chart import AskForm
from insight.forms.scope import YearForm
from insight.of_people import groups_of
from insight.over_time import RULES_IN_WORDS, last_whole_month
from insight.period import Period
from insight.scope import Scope
from insight.snapshots import first_month, years


@organisation_only
def practice_as_enacted(request):
    """Five panels: what is written beside what happens. For managers and workers alike."""
    today = timezone.localdate()
    form = YearForm(request.GET, years=years(request.org, today))
    year = form.chosen or Period.months_to(last_whole_month(today), 12)
    context = {"filter_form": form, "year": year, "rules": RULES_IN_WORDS}
    if first_month(request.org):
        context |= {
            "panels": enacted.panels(request.org, enacted.until(year, form.is_latest)),
            "how_and_why": sorting.how_and_why(Scope(request.org, year)),
            "asked": enacted.asked_and_done(request.org, year),
        }
    if form.chosen:
        groups = groups_of(request.org, form.chosen)
        context |= {"endings": sorting.endings(groups, request.org), "ways_in": sorting.ways_in(groups, request.org)}
    return render(request, "insight/enacted.html", context)


@manager_only
def funders(request):
    """What funders ask for: a short list the organisation writes."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.note_ask(organisation=request.org, by=request.user, **form.cleaned_data)
            messages.success(request, "On the list")
            return redirect("insight:funders")
        except SentBefore:
            form.was_sent_before()
    asks = request.org.funder_asks.select_related("made_by", "ended_by").order_by("funder", "made_at", "id")
    context = {
        "form": form,
        "asks": [ask for ask in asks if ask.ended_at is None],
        "ended": [ask for ask in asks if ask.ended_at],
    }
    return render(request, "insight/funders.html", context)


@organisation_only
@require_POST
def end_ask(request, ask_id):
    ask = get_object_or_404(request.org.funder_asks, pk=ask_id)
    if not request.membership.is_manager:
        raise PermissionDenied
    actions.end_ask(ask=ask, by=request.user)
    messages.success(request, "Off the list. That it was asked for is kept")
    return redirect("insight:funders")
