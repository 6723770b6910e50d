"""The service's side: one page, no account, reached by the signed link it was sent (docs/adr/0009-signed-links.md)."""

from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.links import TOO_MANY, by_link, count_wrong_try, is_overused, nothing_here, too_many_wrong_tries
from accounts.moves import MoveNotAllowed
from referrals import actions, links
from referrals.forms import LinkForm
from referrals.links import LinkState

# For each state of a link that is good for nothing: what the answer is called, and in words.
GONE = {
    LinkState.EXPIRED: (410, "This link has run out", "Ask whoever sent it for a new one."),
    LinkState.RENEWED: (410, "A newer link was sent", "Use the link in the latest message."),
    LinkState.CALLED_OFF: (410, "There is nothing to answer any more", "The request was taken back or has ended."),
    LinkState.UNKNOWN: (404, "This link does not work", "Part of it may be missing. Copy the whole link."),
}


# No cookie lets anybody in here, only the address itself: there is nothing for a forged request to ride on.
@csrf_exempt
@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def link(request, token):
    if too_many_wrong_tries(request):
        return nothing_here(request, *TOO_MANY)
    state, onward = links.look_up(token)
    if onward is None:
        count_wrong_try(request)
    elif is_overused(onward.pk.hex):
        return nothing_here(request, *TOO_MANY)
    if state == LinkState.LIVE:
        return _answer(request, token, onward)
    if onward:
        actions.record_link_use(onward=onward, by=None, did="open", was_valid=False)
    return nothing_here(request, *GONE[state])


def _answer(request, token, onward):
    form = LinkForm(request.POST if request.method == "POST" else None, onward=onward)
    did = "open"
    if form.is_valid():
        did = form.heard["verb"]
        try:
            actions.hear_from_service(onward=onward, by=None, **form.heard)
        except actions.NotAgreed:
            return nothing_here(request, *GONE[LinkState.CALLED_OFF])
        except MoveNotAllowed:
            did = "too_late"
            form.add_error(None, "Something else was said in the meantime. Read below where it stands")
        else:
            actions.record_link_use(onward=onward, by=None, did=did, was_valid=True)
            return redirect("referrals:link", token=token)
    actions.record_link_use(onward=onward, by=None, did=did, was_valid=True)
    return render(request, "referrals/link/page.html", {"onward": onward, "form": form, "said": _said(onward)})


def _said(onward):
    """What passed, as far as the service said it or was meant to read it."""
    own = [event for event in onward.all_events if event.is_from_service or event.verb == "answer"]
    return own[::-1]
