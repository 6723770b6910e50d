"""The evidence sheet: as it would be now, and as it was kept; as a page, a PDF and a CSV."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.moves import SentBefore
from accounts.pdf import pdf_response
from accounts.perms import manager_only, organisation_only
from accounts.sheets import csv_file, csv_text
from insight import actions
from insight.evidence_sheet import as_lines, bars_of, last_words, sheet_of
from insight.forms.publishing import WordsForm
from insight.forms.scope import EvidenceScopeForm

HEADER = ["Table", "Row", "What", "Number"]


@manager_only
def evidence(request):
    """The sheet of half a year and place, with the words last kept for it; saved, it is kept with its words."""
    asked = EvidenceScopeForm(request.GET, org=request.org)
    if asked.scope is None:
        return render(request, "insight/no_evidence.html")
    sheet = sheet_of(asked.scope)
    words = last_words(asked.scope)
    form = WordsForm(request.POST if request.method == "POST" else None, initial={"words": words})
    if form.is_valid():
        try:
            kept = actions.keep_evidence(scope=asked.scope, by=request.user, shown=sheet, **form.cleaned_data)
        except SentBefore:
            form.was_sent_before()
        else:
            messages.success(request, "The sheet is kept as it stands")
            return redirect("insight:kept_evidence", sheet_id=kept.pk)
    context = {
        "filter_form": asked,
        "scope": asked.scope,
        "sheet": sheet | {"words": words},
        "bars": bars_of(sheet),
        "form": form,
        "kept": request.org.evidence_sheets.select_related("kept_by").order_by("-kept_at", "id")[:20],
    }
    return render(request, "insight/evidence.html", context)


@manager_only
def evidence_pdf(request):
    return _pdf(_live(request))


@manager_only
def evidence_csv(request):
    return _csv(_live(request))


@organisation_only
def kept_evidence(request, sheet_id):
    kept = _kept(request, sheet_id)
    context = {"kept": kept, "sheet": kept.shown | {"words": kept.words}, "bars": bars_of(kept.shown)}
    return render(request, "insight/kept_evidence.html", context)


@organisation_only
def kept_evidence_pdf(request, sheet_id):
    kept = _kept(request, sheet_id)
    return _pdf(kept.shown | {"words": kept.words})


@organisation_only
def kept_evidence_csv(request, sheet_id):
    kept = _kept(request, sheet_id)
    return _csv(kept.shown | {"words": kept.words})


def _live(request) -> dict:
    scope = EvidenceScopeForm(request.GET, org=request.org).scope
    if scope is None:
        raise Http404
    return sheet_of(scope) | {"words": last_words(scope)}


def _kept(request, sheet_id):
    """Theirs, or nowhere; a link worker may not open it."""
    kept = get_object_or_404(request.org.evidence_sheets.select_related("kept_by"), pk=sheet_id)
    if not request.membership.is_manager:
        raise PermissionDenied
    return kept


def _pdf(sheet: dict):
    return pdf_response("insight/evidence.typ", sheet, "unmet-need.pdf")


def _csv(sheet: dict):
    return csv_file("unmet-need", csv_text(HEADER, as_lines(sheet)))
