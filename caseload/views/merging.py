"""Somebody who is on file twice: the other record found, looked at side by side, merged, and taken back."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from accounts.perms import organisation_only
from accounts.words import count_of
from caseload import actions
from caseload.forms.cases import FindPersonForm
from caseload.forms.merging import MergePeopleForm
from caseload.models import Patient
from caseload.perms import may_merge, may_separate
from caseload.two_records import facts_of
from caseload.views.on_a_case import cannot, find_case, posted

MOST = 20


@organisation_only
@never_cache
def on_file_twice(request, case_id):
    """Who may be the same person; anybody else is searched for, with words that stay out of the address."""
    case = find_case(request, case_id)
    people = request.org.patients.on_file().exclude(pk=case.patient_id)
    form = FindPersonForm(posted(request))
    if form.is_valid():
        found = people.known_by(form.cleaned_data["q"]).order_by("family_name", "given_name", "id")
    else:
        found = request.org.patients.same_as(case.patient).exclude(pk=case.patient_id)
    context = {
        "case": case,
        "person": case.patient,
        "form": form,
        "found": found.select_related("practice")[:MOST],
        "merges": case.patient.merges.select_related("by", "gone", "separated_by").order_by("-at", "id"),
    }
    return render(request, "caseload/on_file_twice.html", context)


@organisation_only
def merge_people(request, case_id, person_id):
    case = find_case(request, case_id)
    kept, other = case.patient, get_object_or_404(request.org.patients.select_related("practice"), pk=person_id)
    if kept.pk in (other.pk, other.merged_into_id):
        return cannot(request, case, f"{kept.short_name} is on file once.")
    if other.merged_into_id or other.is_anonymised:
        return cannot(request, case, "That record is no longer on file by itself.")
    form = MergePeopleForm(posted(request), kept=kept, other=other)
    allowed = may_merge(request.membership, kept, other)
    if form.is_bound and not allowed:
        raise PermissionDenied
    if form.is_valid():
        try:
            actions.merge_people(kept=kept, gone=other, by=request.user, **form.merged)
            messages.success(request, "One record now. It can be taken back: Details, then On file twice")
            return redirect("caseload:case", case_id=case.pk)
        except (MoveNotAllowed, ChangedMeanwhile, actions.TwoOpenCases):
            return _look_again(request, case, other)
    actions.record_people_seen(by=request.user, people=[kept, other])
    context = {
        "case": case,
        "kept": kept,
        "other": other,
        "form": form,
        "facts": list(said_of_both(kept, other)),
        "moves": what_moves(other),
        "may_merge": allowed,
    }
    return render(request, "caseload/merge_people.html", context)


def _look_again(request, case, other):
    """Somebody acted first: nothing was merged, and the page shows how both stand now."""
    messages.warning(request, "A colleague has changed one of the two meanwhile: nothing was merged. Look once more.")
    return redirect("caseload:merge_people", case_id=case.pk, person_id=other.pk)


def said_of_both(kept: Patient, other: Patient) -> Iterator[tuple[str, str, str, bool]]:
    """(fact, as the one says it, as the other does, whether they differ), less what neither says."""
    for fact in facts_of(kept, other):
        words = fact.in_words(kept), fact.in_words(other)
        if set(words) != {"None"}:
            yield fact.label, *words, fact.is_different


def what_moves(other: Patient) -> list[str]:
    """["2 cases", "1 referral"]. Safeguarding concerns move too, and are told to nobody who may not know of them."""
    counted = [
        (other.cases.count(), "case"),
        (other.referrals.count(), "referral"),
        (other.risk_notes.count(), "risk or alert", "risks and alerts"),
    ]
    return [count_of(*some) for some in counted if some[0]]


@organisation_only
def separate_people(request, case_id, person_merge_id):
    case = find_case(request, case_id)
    merge = get_object_or_404(case.patient.merges.select_related("kept", "gone", "by"), pk=person_merge_id)
    if merge.separated_at:
        return cannot(request, case, "They are two records again already.")
    if not may_separate(request.membership, merge):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.separate_people(merge=merge, by=request.user)
            messages.success(request, "Two records again")
        except MoveNotAllowed:
            messages.warning(request, "A later merge has to be taken back first.")
        except actions.NumberGivenSince:
            messages.warning(request, "Somebody else has the number of the other record by now. Put that right first.")
        return redirect("caseload:on_file_twice", case_id=case.pk)
    return render(request, "caseload/separate_people.html", {"case": case, "merge": merge})
