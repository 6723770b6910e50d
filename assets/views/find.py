from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from accounts.perms import everyone
from assets import models
from assets.forms import DirectoryForm

PER_PAGE = 25


@everyone
def directory(request):
    form = DirectoryForm(request.GET)
    found = form.filter(models.directory())
    page = Paginator(form.shown(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "has_miles": bool(form.postcode) and any(asset.miles is not None for asset in page),
        "closed_hidden": found.closed().count() if form.hides_closed else 0,
    }
    return render(request, "assets/directory.html", context)


@everyone
def asset(request, asset_id):
    asset = get_object_or_404(models.directory(), pk=asset_id)
    return render(request, "assets/asset.html", {"asset": asset})
