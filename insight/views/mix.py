from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.perms import organisation_only
from insight import actions
from insight.forms.workload import ShareMixForm
from insight.mix import mix_of
from insight.work import KINDS


@organisation_only
def my_mix(request):
    """A link worker's own work by kind. For everybody else there is no such page, managers included."""
    if request.membership.is_manager:
        raise Http404
    form = ShareMixForm(request.POST if request.method == "POST" else None, org=request.org, owner=request.user)
    if form.is_valid():
        share = actions.share_mix(organisation=request.org, by=request.user, **form.cleaned_data)
        messages.success(request, f"{share.reader.name} can see it now. Take it back whenever you like")
        return redirect("insight:my_mix")
    shares = request.org.mix_shares.current().filter(owner=request.user).select_related("reader")
    context = {
        "mix": mix_of(request.user, request.org, timezone.localdate()),
        "kinds": KINDS,
        "form": form,
        "shares": shares.order_by("shared_at", "id"),
        "shared": _shared_with(request).exists(),
    }
    return render(request, "insight/my_mix.html", context)


@organisation_only
def shared_mixes(request):
    return render(
        request, "insight/shared_mixes.html", {"shares": _shared_with(request).order_by("owner__name", "id")}
    )


@organisation_only
def shared_mix(request, share_id):
    """Somebody else's, while they share it."""
    share = get_object_or_404(_shared_with(request), pk=share_id)
    mix = mix_of(share.owner, request.org, timezone.localdate())
    return render(request, "insight/shared_mix.html", {"share": share, "mix": mix, "kinds": KINDS})


@organisation_only
@require_POST
def end_mix_share(request, share_id):
    share = get_object_or_404(request.org.mix_shares.filter(owner=request.user), pk=share_id)
    actions.end_mix_share(share=share, by=request.user)
    messages.success(request, f"Taken back: {share.reader.name} no longer sees it")
    return redirect("insight:my_mix")


def _shared_with(request):
    return request.org.mix_shares.readable_by(request.user).select_related("owner")
