"""Entries that may be the same: looked at side by side, merged by a person, taken back, or told apart."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.moves import MoveNotAllowed
from accounts.perms import organisation_only
from assets import actions, models
from assets.duplicates import proposals, with_entries
from assets.forms.keep import MergeForm
from assets.timeline import in_words
from assets.views.keep import find

PER_PAGE = 20


@organisation_only
def duplicates(request):
    page = Paginator(proposals(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assets/duplicates.html", {"page": page, "rows": with_entries(page.object_list)})


@organisation_only
def merge(request, asset_id, other_id):
    first, second = _both(asset_id, other_id)
    form = MergeForm(request.POST if request.method == "POST" else None, first=first, second=second)
    if form.is_valid():
        kept, gone = form.kept_and_gone
        try:
            actions.merge_assets(kept=kept, gone=gone, by=request.user)
            messages.success(request, f"Merged into {kept.name}. Its history is where this can be taken back.")
            return redirect("assets:asset", asset_id=kept.pk)
        except MoveNotAllowed:
            form.add_error(None, "One of these was merged meanwhile.")
    context = {"first": first, "second": second, "form": form, "rows": _side_by_side(first, second)}
    return render(request, "assets/merge.html", context)


@require_POST
@organisation_only
def not_the_same(request, asset_id, other_id):
    one, other = _both(asset_id, other_id)
    actions.say_not_the_same(one=one, other=other, by=request.user)
    messages.success(request, f"{one.name} and {other.name} are two. This is not asked again.")
    return redirect("assets:duplicates")


@require_POST
@organisation_only
def undo(request, merge_id):
    merge = get_object_or_404(models.Merge.of_directory(), pk=merge_id)
    try:
        actions.undo_merge(merge=merge, by=request.user)
        messages.success(request, f"Taken back: {merge.gone.name} is an entry of its own again.")
    except MoveNotAllowed:
        messages.warning(request, "This merge was taken back already, or the entry has been merged again since.")
    return redirect("assets:asset", asset_id=merge.kept.counts_as.pk)


def _both(asset_id, other_id):
    if asset_id == other_id:
        raise Http404
    return find(asset_id), find(other_id)


def _side_by_side(first, second) -> list[tuple[str, str, str, bool]]:
    """(field, one, other, they differ), where either says anything."""
    fields = [first._meta.get_field(name) for name in models.CORRECTABLE]
    both = [(field, getattr(first, field.name), getattr(second, field.name)) for field in fields]
    return [
        (field.verbose_name.capitalize(), in_words(field, one), in_words(field, other), one != other)
        for field, one, other in both
        if one not in ("", None, [], {}) or other not in ("", None, [], {})
    ]
