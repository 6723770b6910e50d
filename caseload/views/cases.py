from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts import words
from accounts.moves import MoveNotAllowed
from accounts.perms import organisation_only
from caseload import actions
from caseload.forms.cases import BulkAssignForm, CaseFilterForm
from caseload.perms import may_assign

A_PAGE = 50
# (how to sort by it, heading) of each column.
COLUMNS = [
    ("name", "Name"),
    ("status", "Status"),
    ("longest", "Waiting for"),
    ("reached", "Last reached"),
    ("next", "Next meeting"),
    ("", "Flags"),
    ("", "Practice"),
]


@organisation_only
def cases(request):
    """The caseload list. Filters once sent are kept for next time, until they are cleared."""
    kept = f"caseload:{request.membership.pk}"
    asked = {name: value for name, value in request.GET.items() if value and name in CaseFilterForm.base_fields}
    if "keep" in request.GET:
        request.session[kept] = asked
        return redirect(_address(asked))
    if "clear" in request.GET:
        request.session.pop(kept, None)
        return redirect(_address(asked))
    if not request.GET and request.session.get(kept):
        return redirect(_address(request.session[kept]))
    return _list(request, _bulk_form(request))


@require_POST
@organisation_only
def assign_cases(request):
    """Pass those ticked on to one worker: all of them, or none."""
    form = _bulk_form(request, request.POST)
    if form.is_valid():
        try:
            passed = actions.assign_cases(by=request.user, **form.cleaned_data)
        except MoveNotAllowed:
            form.add_error("cases", form.fields["cases"].error_messages["invalid_choice"])
        else:
            people = words.count_of(len(passed), "person", "people")
            messages.success(request, f"{people} passed to {form.cleaned_data['worker']}.")
            return redirect(_address(request.GET.dict()))
    return _list(request, form)


def _address(asked):
    return f"{reverse('caseload:cases')}?{urlencode(asked)}" if asked else reverse("caseload:cases")


def _bulk_form(request, data=None):
    return BulkAssignForm(data, cases=request.org.cases.visible_to(request.user), membership=request.membership)


def _list(request, form):
    everyone = request.org.cases.visible_to(request.user)
    filters = CaseFilterForm(request.GET, cases=everyone, membership=request.membership)
    # Which rows there are first, then what they show: else that is worked out for all the pages before this one too.
    found = filters.sorted(filters.filter(filters.of_whom()).with_contact_facts()).values_list("pk", flat=True)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = everyone.in_this_order(page.object_list)
    tabs = filters.count_whose()
    total = next(count for value, _, count in tabs if value == filters.whose_now)
    for case in page:
        case.may_be_ticked = case.is_open and may_assign(request.membership, case)
    filters.count_choices()
    context = {
        "form": form,
        "filters": filters,
        "tabs": tabs,
        "page": page,
        "total": total,
        "hidden": total - page.paginator.count,
        "columns": COLUMNS if filters.whose_now == "mine" else [*COLUMNS, ("", "Worker")],
        "may_pass_on": any(case.may_be_ticked for case in page),
    }
    return render(request, "caseload/cases.html", context)
