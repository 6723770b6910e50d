"""The one-page plan, to hand over: as a page to print, and as PDF; in large print on request."""

from django.shortcuts import render

from accounts.pdf import pdf_response
from accounts.perms import organisation_only
from caseload import actions
from caseload.enums import Seen
from caseload.forms.our_plan import PlanOptionsForm
from caseload.our_plan import our_plan as plan_of
from caseload.views.on_a_case import find_case


@organisation_only
def our_plan(request, case_id):
    case, options, plan = _asked(request, case_id)
    query = request.GET.urlencode()
    return render(request, "caseload/our_plan.html", {"case": case, "options": options, "plan": plan, "query": query})


@organisation_only
def our_plan_pdf(request, case_id):
    _, _, plan = _asked(request, case_id)
    return pdf_response("caseload/our_plan.typ", plan, "plan.pdf")


def _asked(request, case_id) -> tuple:
    case = find_case(request, case_id)
    actions.record_seen(by=request.user, what=Seen.PLAN, record_id=case.pk, patient=case.patient)
    options = PlanOptionsForm(request.GET)
    options.is_valid()
    plan = plan_of(case, request.org.policy, with_matters=not options.cleaned_data["without_matters"])
    return case, options, plan | {"large": options.cleaned_data["large"]}
