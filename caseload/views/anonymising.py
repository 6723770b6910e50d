"""Somebody asks to be forgotten, or was kept long enough: removed for good, and what is left of them to be counted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from accounts.moves import MoveNotAllowed
from accounts.perms import organisation_only
from accounts.words import count_of
from caseload import actions
from caseload.actions.anonymising import referrals_alike, what_is_open
from caseload.forms.anonymising import AnonymiseForm
from caseload.models import Case, Patient
from caseload.perms import may_anonymise
from caseload.timeline import ending_words
from caseload.views.on_a_case import find_case, posted


@organisation_only
def anonymise(request, case_id):
    case = find_case(request, case_id)
    person = case.patient
    if not request.membership.is_manager:
        raise PermissionDenied
    if not may_anonymise(request.membership):
        return _ask_a_lead(request, case)
    form = AnonymiseForm(posted(request), person=person, referrals=referrals_alike(person))
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("why", "referrals")}
        try:
            actions.anonymise_person(case=case, by=request.user, **said)
            messages.success(request, "Anonymised. What is left says nothing of who it was")
            return redirect("caseload:case", case_id=case.pk)
        except (actions.NotYet, MoveNotAllowed):
            form.add_error(None, "Something has been opened for this person meanwhile. Nothing was removed")
    actions.record_people_seen(by=request.user, people=[person])
    context = {"case": case, "person": person, "form": form, "open": what_is_open(person), "goes": what_goes(person)}
    return render(request, "caseload/anonymise.html", context)


def _ask_a_lead(request, case: Case):
    """The same page for everybody, so that it does not tell whether there is a concern."""
    if request.method == "POST":
        raise PermissionDenied
    context = {"case": case, "person": case.patient, "leads": request.org.safeguarding_leads}
    return render(request, "caseload/anonymise.html", context)


def what_goes(person: Patient) -> list[str]:
    """How much there is of it: ["2 cases", "1 referral", "1 safeguarding concern"]."""
    counted = [
        (person.cases.count(), "case"),
        (person.referrals.count(), "referral"),
        (person.safeguarding_concerns.count(), "safeguarding concern"),
    ]
    return [count_of(*some) for some in counted if some[0]]


def what_was_kept(request, case: Case):
    """Instead of the page of a case: what is still counted, and nothing to do."""
    person = case.patient
    spells = person.cases.with_list_data().prefetch_related("needs").order_by("opened_at", "id")
    context = {
        "case": case,
        "person": person,
        "spells": [(spell, ending_words(spell)) for spell in spells],
        "came": person.referrals.select_related("practice").order_by("first_submitted_at", "id"),
    }
    return render(request, "caseload/anonymised.html", context)
