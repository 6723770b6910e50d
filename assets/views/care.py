"""The directory's own work list: whatever nobody has confirmed, whether or not anybody here relies on it."""

from django.core.paginator import Paginator
from django.shortcuts import render

from accounts.perms import organisation_only
from assets import models
from assets.forms.care import UnconfirmedFilter
from assets.ladder import unconfirmed as not_confirmed

PER_PAGE = 25


@organisation_only
def unconfirmed(request):
    months = request.org.policy.asset_unconfirmed_months
    form = UnconfirmedFilter(request.GET)
    found = form.filter(not_confirmed(models.directory().open(), months))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assets/unconfirmed.html", {"filter_form": form, "page": page, "months": months})
