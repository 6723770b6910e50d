"""Measures that need a licence: a manager types in the wording their service may use, and says by what licence."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.moves import ChangedMeanwhile
from accounts.perms import manager_only
from caseload import actions
from caseload.forms.licence import LicenceForm
from caseload.measures import FREE, LICENSED, MEASURES, Measure

CHANGED = (
    "A colleague has changed this meanwhile. What you typed is still here: saving again keeps it in place of theirs"
)


@manager_only
def licences(request):
    kept = {wording.measure: wording for wording in request.org.licensed_wordings.select_related("confirmed_by")}
    context = {
        "free": [MEASURES[code] for code in FREE],
        "licensed": [(MEASURES[code], kept.get(code)) for code in LICENSED],
    }
    return render(request, "caseload/licences.html", context)


@manager_only
def licence(request, measure):
    measure = find_licensed(measure)
    wording = request.org.licensed_wordings.filter(measure=measure.code).first()
    form = LicenceForm(
        request.POST if request.method == "POST" else None,
        measure=measure,
        initial=LicenceForm.initial_of(measure, wording),
    )
    if form.is_valid():
        try:
            actions.keep_wording(organisation=request.org, by=request.user, measure=measure.code, **form.said)
        except ChangedMeanwhile:
            form.add_error(None, CHANGED)
            form.data = form.data.copy()
            form.data["version"] = request.org.licensed_wordings.get(measure=measure.code).history.count()
        else:
            messages.success(request, f"{measure.name} is offered from now on")
            return redirect("caseload:licences")
    return render(request, "caseload/licence.html", {"measure": measure, "wording": wording, "form": form})


@require_POST
@manager_only
def end_licence(request, measure):
    measure = find_licensed(measure)
    actions.end_wording(organisation=request.org, by=request.user, measure=measure.code)
    messages.success(request, f"{measure.name} is offered no more. Scores already given stay")
    return redirect("caseload:licences")


def find_licensed(code: str) -> Measure:
    if code not in LICENSED:
        raise Http404
    return MEASURES[code]
