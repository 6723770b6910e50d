from accounts.perms import organisation_only
from caseload import actions
from caseload.enums import NeedOutcome
from caseload.forms.need import SettleNeedForm
from caseload.views.on_a_case import done, find_case, posted, show_form


@organisation_only
def settle_need(request, case_id):
    """What became of a need; from a search that found nothing (?kind=&outcome=unmet), or from the case."""
    case = find_case(request, case_id)
    initial = {name: request.GET[name] for name in ("kind", "outcome") if name in request.GET}
    form = SettleNeedForm(posted(request), case=case, initial=initial)
    if form.is_valid():
        need = actions.settle_need(case=case, by=request.user, **form.cleaned_data)
        return done(request, case, f"{need}: {need.get_outcome_display().lower()}. Recorded")
    heading = "What is missing" if initial.get("outcome") == NeedOutcome.UNMET else "What became of a need"
    return show_form(request, case, form, heading)
