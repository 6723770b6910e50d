from django.shortcuts import render

from accounts.perms import manager_only
from insight import over_time as charts
from insight.catalogue import BY_TOPIC, OUTCOMES
from insight.forms.scope import ScopeForm


@manager_only
def over_time(request):
    """Every figure but paired change, of a period beside the period before, and over time."""
    topics = {topic: some for topic, some in BY_TOPIC.items() if some != OUTCOMES}
    return _page(request, "insight/over_time.html", topics)


@manager_only
def outcomes(request):
    """What people say has changed: measures nobody filled in are left out."""
    return _page(request, "insight/outcomes.html", {OUTCOMES[0].topic: OUTCOMES})


def _page(request, template, topics):
    form = ScopeForm(request.GET, org=request.org)
    figures = [figure for some in topics.values() for figure in some]
    now, before, drawn = charts.beside_before(figures, form.scope)

    def rows(some):
        for figure in some:
            row = figure, now[figure.key], before[figure.key], drawn[figure.key]
            if not figure.is_left_out_when_empty or _says_anything(*row[1:]):
                yield row

    topics = [(topic, list(rows(some))) for topic, some in topics.items()]
    told = [chart for _, some in topics for *_, chart in some if chart.has_limits]
    context = {
        "filter_form": form,
        "scope": form.scope,
        "rules": charts.RULES_IN_WORDS,
        "topics": topics,
        "notable": [chart for chart in told if chart.is_notable],
        "told": len(told),
        "last_month": told[0].months[-1].period.last if told else None,
    }
    return render(request, template, context)


def _says_anything(now, before, drawn) -> bool:
    return drawn.has_values or any(value and value.n for value in (now, before))
