from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Policy
from accounts.perms import everyone
from assets import models
from assets.enums import NeedKind
from assets.forms.find import HOME, DirectoryForm, Start
from assets.map import plot
from assets.views.keep import care_of

PER_PAGE = 25
LAST_IN_WORDS = {1: "not confirmed lately", 2: "full", 3: "closed"}


@everyone
def directory(request):
    case = _case_in_hand(request)
    form = DirectoryForm(_asked(request, case), starts=_starts(request, case))
    every = models.directory().select_related(None)  # no row shows its source, and joining it costs a second search
    found = form.filter(every).useful_first(_policy(request).asset_unconfirmed_months)
    counts = dict(found.order_by().values_list("last").annotate(n=Count("pk")))
    paginator = Paginator(found, PER_PAGE)
    paginator.count = sum(counts.values())
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "case": case,
        "shortlisted": _shortlisted(case),
        "last_counts": [(counts[last], words) for last, words in LAST_IN_WORDS.items() if last in counts],
        "unmet_kinds": _looked_for(case, form.asks.get("need", [])),
        "unsaid_count": form.filter(every, unsaid=True).count() - paginator.count if form.may_be_unsaid else 0,
        "start": every.place_of(form.postcode) if form.postcode else None,
    }
    if form.cleaned_data.get("view") == "map":
        context["plot"] = plot(enumerate(page, page.start_index()), context["start"], form.start_in_words)
    return render(request, "assets/directory.html", context)


@everyone
def asset(request, asset_id):
    if kept_id := models.merged_into(asset_id):
        return redirect("assets:asset", asset_id=kept_id)
    asset = get_object_or_404(models.directory(), pk=asset_id)
    case = _case_in_hand(request)
    context = {"asset": asset, "case": case, "shortlisted": _shortlisted(case)} | care_of(request, asset)
    return render(request, "assets/asset.html", context)


def _policy(request) -> Policy:
    return request.org.policy if request.org else Policy()


def _case_in_hand(request):
    """The case services are looked for, of the organisation's own; a practice has none."""
    asked = request.GET.get("case")
    if not asked:
        return None
    try:
        case_id = UUID(asked)
    except ValueError:
        raise Http404 from None
    if request.org is None:
        raise Http404
    cases = request.org.cases.visible_to(request.user).select_related("patient", "practice")
    case = get_object_or_404(cases, pk=case_id)
    case.note_details_seen(by=request.user)
    return case


def _shortlisted(case) -> set:
    return set(case.shortlist.values_list("asset_id", flat=True)) if case else set()


def _looked_for(case, asked: list[str]) -> list[tuple[str, str]]:
    """(kind, words) of what was looked for, to say that nothing fits."""
    return [(kind, NeedKind(kind).label) for kind in asked] if case else []


def _asked(request, case):
    """What is asked for; of a case just taken in hand, its needs and where the person lives."""
    if case is None or "asked" in request.GET:
        return request.GET
    asked = request.GET.copy()
    asked.setlist("need", case.needs.order_by("added_at", "id").filter(outcome="").values_list("kind", flat=True))
    asked["start"] = HOME if case.patient.postcode else str(case.practice_id)
    return asked


def _starts(request, case) -> list[Start]:
    practices = request.org.practices.order_by("name", "id") if request.org else [request.practice]
    starts = [Start(str(practice.pk), practice.name, practice.postcode) for practice in practices]
    if case and case.patient.postcode:
        starts.insert(0, Start(HOME, f"where {case.patient.short_name} lives", case.patient.postcode))
    return [start for start in starts if start.postcode]
