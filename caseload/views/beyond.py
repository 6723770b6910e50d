"""Work beyond the usual: noted on a case by whoever did it, listed for the manager without ranking anybody."""

from django.core.paginator import Paginator
from django.shortcuts import render

from accounts.perms import manager_only, organisation_only
from caseload import actions
from caseload.enums import Verb
from caseload.forms.beyond import BeyondForm
from caseload.models import beyond_usual_of
from caseload.views.on_a_case import done, find_case, posted, show_form, told_on

PER_PAGE = 50


@organisation_only
def log_beyond(request, case_id):
    case = find_case(request, case_id)
    form = BeyondForm(posted(request), initial=BeyondForm.initial_now())
    if form.is_valid():
        with told_on(form, request, case, Verb.BEYOND_USUAL):
            actions.log_beyond(case=case, by=request.user, **form.cleaned_data)
            return done(request, case, "Noted. It counts as work")
    return show_form(request, case, form, f"Beyond the usual for {case.patient.short_name}")


@manager_only
def beyond_usual(request):
    """Of the whole service, by day."""
    page = Paginator(beyond_usual_of(request.org), PER_PAGE).get_page(request.GET.get("page"))
    actions.record_people_seen(by=request.user, people={note.case.patient for note in page})
    return render(request, "caseload/beyond_usual.html", {"page": page})
