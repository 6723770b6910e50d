"""Measures on a case: filled in together, put right, withdrawn, and looked at over time."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from accounts.moves import ChangedMeanwhile
from accounts.perms import organisation_only
from accounts.words import day
from caseload import actions
from caseload.enums import Seen, Verb
from caseload.fillings import answer_by_answer, corrections, in_short, stories, who_filled_in
from caseload.forms.measure import OTHER_CONCERN, FillInForm, PutRightForm, WithdrawForm
from caseload.measures import Measure
from caseload.models import Case, Filling
from caseload.offered import offered
from caseload.views.on_a_case import cannot, catch_up, done, find_case, posted, show_form, told_on

WITHDRAWN = "This was withdrawn."


@organisation_only
def measures(request, case_id):
    case = find_case(request, case_id)
    actions.record_seen(by=request.user, what=Seen.MEASURES, record_id=case.pk, patient=case.patient)
    context = {
        "case": case,
        "stories": stories(case),
        "offered": offered(request.org).values(),
        "link": case.questions_links.unused().first(),
    }
    return render(request, "caseload/measures.html", context)


@organisation_only
def fill_in(request, case_id, measure):
    case = find_case(request, case_id)
    measure = find_measure(request, measure)
    form = FillInForm(posted(request), measure=measure, case=case, initial=FillInForm.initial_now())
    if form.is_valid():
        with told_on(form, request, case, Verb.FILLED_IN):
            try:
                actions.fill_in(case=case, by=request.user, measure=measure.code, **form.said)
                return done(request, case, f"{measure.name}: saved")
            except ChangedMeanwhile:
                form.add_error(None, OTHER_CONCERN)
    return show_form(request, case, form, f"{measure.name} with {case.patient.short_name}")


@organisation_only
def filling(request, case_id, filling_id):
    """One filling, answer by answer, with everything that was put right on it."""
    case = find_case(request, case_id)
    filling = find_filling(case, filling_id)
    actions.record_seen(by=request.user, what=Seen.MEASURES, record_id=case.pk, patient=case.patient)
    offered_here = offered(request.org)
    measure = offered_here.get(filling.measure, filling.definition)
    context = {
        "case": case,
        "filling": filling,
        "measure": measure,
        "answers": answer_by_answer(filling, measure),
        "may_put_right": filling.measure in offered_here,
        "how": who_filled_in(filling),
        "corrections": corrections(filling),
    }
    return render(request, "caseload/filling.html", context)


@organisation_only
def put_right(request, case_id, filling_id):
    case = find_case(request, case_id)
    filling = find_filling(case, filling_id)
    measure = find_measure(request, filling.measure)
    if request.method == "GET" and filling.is_withdrawn:
        return cannot(request, case, WITHDRAWN)
    initial = PutRightForm.initial_of(filling, case)
    form = PutRightForm(posted(request), measure=measure, case=case, rewording=True, initial=initial)
    newer = []
    if form.is_valid():
        with told_on(form, request, case, Verb.FILLING_PUT_RIGHT):
            try:
                actions.put_filling_right(filling=filling, by=request.user, **form.said)
                return done(request, case, "Put right. What it said before is kept")
            except ChangedMeanwhile:
                filling.refresh_from_db()
                newer = [in_short(filling)]
                catch_up(form, filling.history.count(), "version")
                raise
    return show_form(request, case, form, f"Put right: {measure.name}", newer=newer, first=about(filling))


@organisation_only
def withdraw(request, case_id, filling_id):
    case = find_case(request, case_id)
    filling = find_filling(case, filling_id)
    if request.method == "GET" and filling.is_withdrawn:
        return cannot(request, case, WITHDRAWN)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        with told_on(form, request, case, Verb.FILLING_WITHDRAWN):
            actions.withdraw_filling(filling=filling, by=request.user, **form.cleaned_data)
            return done(request, case, "Withdrawn. It counts nowhere any more")
    heading = f"Withdraw: {filling.get_measure_display()}"
    return show_form(request, case, form, heading, "Withdraw", first=about(filling))


def find_measure(request, code: str) -> Measure:
    measure = offered(request.org).get(code)
    if measure is None:
        raise Http404
    return measure


def find_filling(case: Case, filling_id) -> Filling:
    return get_object_or_404(case.fillings.select_related("case", "by", "withdrawn_by"), pk=filling_id)


def about(filling: Filling) -> str:
    return f"Filled in {day(filling.filled_on)}, {who_filled_in(filling)}. {in_short(filling)}"
