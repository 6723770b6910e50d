from django.shortcuts import render
from django.utils import timezone

from accounts.perms import manager_only
from insight import equity as groups
from insight.forms.scope import EquityForm
from insight.of_people import groups_of
from insight.snapshots import years
from insight.values import Share

AXIS_OF_SHARES = 100


@manager_only
def equity(request):
    """One figure by every group of people and by practice, with its uncertainty. No order but the natural one."""
    form = EquityForm(request.GET, years=years(request.org, timezone.localdate()), figures=groups.asked())
    context = {"filter_form": form, "year": form.chosen, "figure": form.figure}
    if form.chosen:
        sections = groups.sections(form.figure, groups_of(request.org, form.chosen), request.org)
        reaches = [row.high or row.value or 0 for section in sections for row in section.rows]
        context |= {
            "sections": sections,
            "differing": [section for section in sections if section.named],
            "most": AXIS_OF_SHARES if form.figure.kind is Share else max(reaches, default=1),
            "unit": "%" if form.figure.kind is Share else " days",
        }
    return render(request, "insight/equity.html", context)
