"""One figure: over time, split up, the list behind it, and what it counts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.perms import manager_only
from insight import actions
from insight.catalogue import FIGURES, TOPIC_OF, TOPICS
from insight.figure import Figure
from insight.forms.chart import RebaselineForm
from insight.forms.scope import ScopeForm
from insight.listing import listed, row_of
from insight.over_time import RULES_IN_WORDS, beside_before, over_time
from insight.reading import read_split
from insight.splits import SPLITS, splits_of

A_PAGE = 50


def find_figure(key: str) -> Figure:
    if key not in FIGURES:
        raise Http404
    return FIGURES[key]


@manager_only
def figure(request, figure):
    figure = find_figure(figure)
    form = ScopeForm(request.GET, org=request.org)
    scope = form.scope
    now, before, drawn = beside_before([figure], scope)
    drawn = drawn[figure.key]
    splits = [split for split in splits_of(figure) if not split.is_of_people]
    context = {
        "figure": figure,
        "topic": TOPIC_OF[figure.key],
        "filter_form": form,
        "scope": scope,
        "value": now[figure.key],
        "before": before[figure.key],
        "drawn": drawn,
        "rules": RULES_IN_WORDS,
        "splits": [(split, split.labelled(read_split(figure, split, scope), request.org)) for split in splits],
        "anew_form": _rebaseline_form(None, drawn),
    }
    return render(request, "insight/figure.html", context)


@manager_only
def figure_list(request, figure):
    """As many rows as the number says, for those who may open them one by one."""
    figure = find_figure(figure)
    form = ScopeForm(request.GET, org=request.org)
    rows = listed(figure, form.scope)
    split, category = SPLITS.get(request.GET.get("split")), request.GET.get("is", "")
    if split and not split.is_of_people and split.is_for(figure):
        rows = split.narrow(rows, figure, form.scope, category)
        label = split.labels_in(request.org).get(category, "Not known")
    else:
        split, label = None, ""
    # Which rows first, then all that a line says of them: sorting whole rows of some years is slow.
    page = Paginator(rows.values_list("pk", flat=True), A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [row_of(figure, row) for row in rows.filter(pk__in=list(page.object_list))]
    context = {
        "figure": figure,
        "filter_form": form,
        "scope": form.scope,
        "page": page,
        "split": split,
        "label": label,
    }
    return render(request, "insight/figure_list.html", context)


@manager_only
def definitions(request):
    return render(request, "insight/definitions.html", {"topics": TOPICS.values()})


@manager_only
def draw_anew(request, figure):
    """From a month on, the chart's mean and limits are worked out anew."""
    figure = find_figure(figure)
    scope = ScopeForm(request.GET, org=request.org).scope
    form = _rebaseline_form(request.POST if request.method == "POST" else None, over_time([figure], scope)[figure.key])
    if form.is_valid():
        actions.rebaseline(organisation=request.org, by=request.user, figure=figure.key, **form.cleaned_data)
        messages.success(request, "The chart is drawn anew from then on")
        return redirect("insight:figure", figure=figure.key)
    context = {"form": form, "heading": "Draw the chart anew", "caption": figure.name, "button": "Draw anew"}
    return render(request, "components/form_page.html", context)


@manager_only
@require_POST
def draw_through(request, figure):
    figure, asked = find_figure(figure), request.POST.get("rebaseline", "")
    own = request.org.rebaselines.filter(figure=figure.key)
    rebaseline = get_object_or_404(own, pk=asked if asked.isdecimal() else None)
    actions.end_rebaseline(rebaseline=rebaseline, by=request.user)
    messages.success(request, "The chart is drawn through again")
    return redirect("insight:figure", figure=figure.key)


def _rebaseline_form(data, drawn) -> RebaselineForm:
    months = [(month.period.first, label) for month, label in zip(drawn.months, drawn.labels, strict=True)]
    return RebaselineForm(data, months=months, rebaselines=drawn.rebaselines)
