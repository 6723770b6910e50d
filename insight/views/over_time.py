from django.shortcuts import render

from accounts.perms import manager_only
from insight import over_time as charts
from insight.catalogue import BY_TOPIC, FIGURES
from insight.forms import ScopeForm
from insight.reading import read_values


@manager_only
def over_time(request):
    """Every figure of a period beside that of the period before, and over time."""
    form = ScopeForm(request.GET, org=request.org)
    figures = list(FIGURES.values())
    now, before = read_values(figures, form.scope), read_values(figures, form.scope.before)
    drawn = charts.over_time(figures, form.scope)

    def rows(some):
        for figure in some:
            row = figure, now[figure.key], before[figure.key], drawn[figure.key]
            if not figure.is_left_out_when_empty or _says_anything(*row[1:]):
                yield row

    topics = [(topic, list(rows(some))) for topic, some in BY_TOPIC.items()]
    context = {"filter_form": form, "scope": form.scope, "topics": topics, "rules": charts.RULES_IN_WORDS}
    return render(request, "insight/over_time.html", context)


def _says_anything(now, before, drawn) -> bool:
    return drawn.has_values or any(value and value.n for value in (now, before))
