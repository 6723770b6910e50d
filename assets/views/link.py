"""What the contact of some entries sees and says, by a signed link and without an account."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render

from accounts.links import by_link
from assets import actions
from assets.actions.capacity import note_capacity
from assets.enums import Capacity, ProblemKind
from assets.forms.keep import ServiceForm
from assets.links import LinkBroken, LinkExpired, entry_of, kept_with

PROBLEM = {"changed": ProblemKind.OTHER, "gone": ProblemKind.GONE}


@by_link
def kept_by(request, token):
    """Every entry this address keeps, each with its form. GET only notes that the link was used."""
    try:
        named = entry_of(token)
    except LinkExpired:
        return render(request, "assets/link_over.html", {"is_expired": True}, status=410)
    except LinkBroken:
        return render(request, "assets/link_over.html", status=404)
    entries = list(kept_with(named).order_by("name", "id"))
    answered, form = None, None
    if request.method == "POST":
        answered = _asked_about(request, entries)
        form = ServiceForm(request.POST, prefix=answered.pk.hex)
        if form.is_valid():
            _answer(answered, form.cleaned_data)
            messages.success(request, f"Thank you. We have noted what you said of {answered.name}.")
            return redirect("assets:kept_by", token=token)
    else:
        actions.record_link_opened(asset=named)
    forms = [(entry, form if entry == answered else ServiceForm(prefix=entry.pk.hex)) for entry in entries]
    return render(request, "assets/link.html", {"entries": forms, "form": form})


def _asked_about(request, entries):
    asked = request.POST.get("entry")
    found = next((entry for entry in entries if str(entry.pk) == asked), None)
    if found is None:
        raise Http404
    return found


@transaction.atomic
def _answer(asset, said: dict) -> None:
    """Room is the service's to say. Words go to people, who put the entry right; nothing closes by itself."""
    if said["capacity"]:
        room = {"capacity": said["capacity"], "wait_weeks": said["wait_weeks"]}
        note_capacity(asset=asset, by=None, words=Capacity(said["capacity"]).label, **room)
    if said["answer"] == "gone" or said["words"]:
        kind = PROBLEM.get(said["answer"], ProblemKind.OTHER)
        actions.report_problem(asset=asset, by=None, kind=kind, words=said["words"])
    else:
        actions.confirm_asset(asset=asset, by=None)
