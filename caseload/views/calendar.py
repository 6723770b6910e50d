"""The secret link that puts a worker's meetings into the calendar of their phone."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.links import by_link, count_wrong_try, is_overused, too_many_wrong_tries
from accounts.perms import organisation_only
from caseload import actions
from caseload.calendar_feed import as_ics, feed_of


@organisation_only
@never_cache
def calendar(request):
    """How to, and the link where there is a new one: it is shown this once, and kept nowhere."""
    link = ""
    if request.method == "POST":
        secret = actions.start_calendar_feed(membership=request.membership, by=request.user)
        link = settings.SITE_URL + reverse("caseload:feed", args=[secret])
    context = {
        "feed": request.membership.calendar_feeds.filter(ended_at=None).first(),
        "link": link,
        "webcal": f"webcal://{link.partition('://')[2]}",
    }
    return render(request, "caseload/calendar.html", context)


@organisation_only
@require_POST
def end_feed(request):
    actions.end_calendar_feed(membership=request.membership, by=request.user)
    messages.success(request, "The link has ended. Nothing reads your meetings any more.")
    return redirect("caseload:calendar")


@by_link
@require_safe
def feed(request, secret):
    """What a calendar reads. It signs in with nothing but the address."""
    if too_many_wrong_tries(request):
        return _plainly("Too many tries. Wait ten minutes.", 429)
    found = feed_of(secret)
    if found is None:
        count_wrong_try(request)
        return _plainly("This link does not work, or has ended.", 404)
    if is_overused(f"calendar:{found.pk.hex}"):
        return _plainly("Read too often. Wait ten minutes.", 429)
    actions.record_feed_use(feed=found, by=None)
    return HttpResponse(as_ics(found.membership), content_type="text/calendar; charset=utf-8")


def _plainly(words: str, status: int):
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
