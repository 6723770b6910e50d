from collections import Counter

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.moves import MoveNotAllowed
from accounts.perms import manager_only
from accounts.words import count_of
from caseload import actions
from caseload.forms.cases import BulkAssignForm
from insight import allocating
from insight.forms.workload import WhatIfForm


@manager_only
def workload(request):
    """Who has what, by name; and how it would be if cases moved. Nothing is written here."""
    today, cases = timezone.localdate(), request.org.cases.visible_to(request.user)
    form = WhatIfForm(request.GET or None, org=request.org, cases=cases)
    moved = Counter()
    if form.receiver:
        moved = allocating.of_cases(form.ticked, today) or allocating.of_numbers(form.numbers)
    rows = allocating.loads(request.org, cases, today)
    context = {
        "form": form,
        "moved": moved["open"],
        "rows": allocating.as_it_would_be(rows, moved, form.giver, form.receiver),
        "address": request.GET.urlencode(),
    }
    return render(request, "insight/workload.html", context)


@manager_only
def pass_on(request):
    """Those chosen, once more by name, before they are passed on."""
    cases = request.org.cases.visible_to(request.user)
    sent = request.method == "POST"
    form = BulkAssignForm(request.POST if sent else request.GET, cases=cases, membership=request.membership)
    if form.is_valid() and sent:
        try:
            passed = actions.assign_cases(by=request.user, **form.cleaned_data)
        except MoveNotAllowed:
            form.add_error("cases", form.fields["cases"].error_messages["invalid_choice"])
        else:
            people = count_of(len(passed), "person", "people")
            messages.success(request, f"{people} passed to {form.cleaned_data['worker']}.")
            return redirect("insight:workload")
    chosen = form.cleaned_data.get("cases", cases.none())
    context = {
        "form": form,
        "chosen": chosen.select_related("patient", "worker").by_name(),
        "worker": form.cleaned_data.get("worker"),
    }
    return render(request, "insight/pass_on.html", context)
