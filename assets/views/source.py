"""Whose lists these are, and on what terms each may be used: managers record that."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.perms import manager_only
from assets import actions, models
from assets.forms.intake import LicenceForm

PER_PAGE = 50


@manager_only
def publishers(request):
    found = models.with_what_they_gave(models.sources().select_related("licence_by"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assets/publishers.html", {"page": page})


@manager_only
def licence(request, source_id):
    source = get_object_or_404(models.sources(), pk=source_id)
    form = LicenceForm(request.POST if request.method == "POST" else None, initial={"licence": source.licence})
    if form.is_valid():
        actions.record_licence(source=source, by=request.user, **form.cleaned_data)
        messages.success(request, f"Recorded: the licence of {source}")
        return redirect("assets:publishers")
    context = {"form": form, "heading": f"The licence of {source}", "caption": "Publishers", "button": "Record it"}
    return render(request, "components/form_page.html", context | {"cancel": reverse("assets:publishers")})
