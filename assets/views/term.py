"""Publishers' own words, and what each means here: looked at and put right by managers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.perms import manager_only
from assets import actions, models
from assets.forms.term import MeansForm, WordsFilter

PER_PAGE = 50


@manager_only
def words(request):
    form = WordsFilter(request.GET)
    page = Paginator(form.filter(models.terms()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assets/words.html", {"filter_form": form, "page": page})


@manager_only
def means(request, term_id):
    term = get_object_or_404(models.terms(), pk=term_id)
    if not term.choices:
        raise Http404
    form = MeansForm(request.POST if request.method == "POST" else None, term=term)
    if form.is_valid():
        actions.decide_term(term=term, by=request.user, **form.cleaned_data)
        messages.success(request, f"“{term}” is read so from now on")
        return redirect("assets:words")
    context = {"form": form, "heading": f"What “{term}” means", "caption": term.source.name}
    return render(request, "components/form_page.html", context | {"cancel": reverse("assets:words")})
