"""Finding a person (docs/adr/0018-names-stay-out-of-addresses.md). Being listed is not being opened."""

from time import time

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.perms import organisation_only
from caseload.forms.cases import FindPersonForm

WORDS, FOUND = "searched_for", "found"
SECONDS = 15 * 60
MOST_IN_PANEL, MOST_ON_PAGE = 8, 50


@organisation_only
@never_cache
def search(request):
    """Everyone's cases: as one types (htmx) in a panel under the box, or as a page."""
    if request.method == "POST" and not request.htmx:
        return _asked(request, "caseload:search")
    form = FindPersonForm({"q": request.POST.get("q", "")} if request.htmx else _words_asked(request))
    most = MOST_IN_PANEL if request.htmx else MOST_ON_PAGE
    cases, has_more = _found(request, form, most) if form.is_valid() else ([], False)
    context = {"form": form, "cases": cases, "most": most, "has_more": has_more}
    return render(request, "caseload/includes/search_panel.html" if request.htmx else "caseload/search.html", context)


@organisation_only
@never_cache
def whom(request):
    """Log a contact with whom? One's own people, or a search; both lead to their form."""
    if request.method == "POST":
        return _asked(request, "caseload:whom")
    form = FindPersonForm(_words_asked(request))
    if form.is_valid():
        cases, _ = _found(request, form, MOST_ON_PAGE)
    else:
        cases = _cases(request).open().filter(worker=request.user).by_name()[:MOST_ON_PAGE]
    return render(request, "caseload/today_whom.html", {"form": form, "cases": cases})


def _cases(request):
    return request.org.cases.visible_to(request.user).select_related("patient", "worker", "practice")


def _found(request, form, most):
    """(cases, whether there are more), in two looks: how many there are is nobody's question."""
    cases = list(form.filter(_cases(request)).open_first()[: most + 1])
    return cases[:most], len(cases) > most


def _asked(request, page):
    """What is typed is a name: it waits in the session for the page of what was found, and is in no address."""
    request.session[WORDS] = {"q": request.POST.get("q", "")[:300], "at": time()}
    return redirect(f"{redirect(page).url}?{FOUND}")


def _words_asked(request):
    """The words last asked for, if this page is to show what they found; gone after a quarter of an hour."""
    words = request.session.get(WORDS)
    if words and time() - words["at"] > SECONDS:
        words = request.session.pop(WORDS) and None
    return {"q": words["q"]} if words and FOUND in request.GET else None
