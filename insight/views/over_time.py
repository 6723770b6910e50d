from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from accounts.perms import manager_only
from insight import over_time as charts
from insight.catalogue import FIGURES, TOPICS
from insight.forms.scope import ScopeForm, address_of


@manager_only
def over_time(request):
    """Every figure in a line, its last month beside what is usual; before them what was out of the ordinary."""
    form = ScopeForm(request.GET, org=request.org)
    drawn = charts.over_time(FIGURES.values(), form.scope)
    last_month = charts.last_month_of(form.scope.period, timezone.localdate())
    context = {
        "filter_form": form,
        "scope": form.scope,
        "topics": TOPICS.values(),
        "lines": [
            (topic, [drawn[f.key] for f in topic.figures if _says(f, drawn[f.key])]) for topic in TOPICS.values()
        ],
        "last_month": last_month,
        "address_of_month": address_of(last_month, form.scope.asked),
        "told": [chart for chart in drawn.values() if chart.has_limits],
        "notable": [chart for chart in drawn.values() if chart.is_notable],
    }
    return render(request, "insight/over_time.html", context)


@manager_only
def topic(request, topic):
    """The figures of a topic: of a period beside the period before, and month by month."""
    if topic not in TOPICS:
        raise Http404
    topic, form = TOPICS[topic], ScopeForm(request.GET, org=request.org)
    now, before, drawn = charts.beside_before(topic.figures, form.scope)
    rows = [(figure, now[figure.key], before[figure.key], drawn[figure.key]) for figure in topic.figures]
    context = {
        "filter_form": form,
        "scope": form.scope,
        "topics": TOPICS.values(),
        "topic": topic,
        "rows": [(figure, *values, chart) for figure, *values, chart in rows if _says(figure, chart, *values)],
        "rules": charts.RULES_IN_WORDS,
    }
    return render(request, "insight/topic.html", context)


def _says(figure, chart, *values) -> bool:
    """Whether a page of many figures shows it: some are left out where nobody filled in what they are counted from."""
    return not figure.is_left_out_when_empty or chart.has_values or any(value and value.n for value in values)
