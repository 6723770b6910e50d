"""The shape of support: its outline, and the talk about its ending."""

from accounts.moves import ChangedMeanwhile
from accounts.perms import organisation_only
from accounts.words import full_day
from caseload import actions
from caseload.actions.shape import OUTLINE
from caseload.enums import Verb
from caseload.forms.shape import OutlineForm, ReviewEndingForm
from caseload.views.on_a_case import (
    CLOSED,
    address_of,
    cannot,
    catch_up,
    done,
    find_case,
    go_to,
    now_reads,
    posted,
    show_form,
    told_on,
)


@organisation_only
def outline(request, case_id):
    case = find_case(request, case_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    form = OutlineForm(posted(request), initial=OutlineForm.initial_of(case))
    newer = []
    if form.is_valid():
        with told_on(form, request, case, Verb.OUTLINE_AGREED):
            try:
                actions.agree_outline(case=case, by=request.user, **form.cleaned_data)
                return done(request, case, "Outline saved")
            except ChangedMeanwhile:
                newer = now_reads(case, OUTLINE, form.cleaned_data)
                catch_up(form, case.revision)
                raise
    first = "" if case.has_outline else "What is usual stands here already. Put it into words you both agree on."
    return show_form(request, case, form, "How we will go about it", first=first, newer=newer)


@organisation_only
def review_ending(request, case_id):
    """The planned ending has come near, or passed: what was said, and a new day or the closing page."""
    case = find_case(request, case_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    form = ReviewEndingForm(posted(request), initial={"revision": case.revision})
    if form.is_valid():
        with told_on(form, request, case, Verb.ENDING_REVIEWED):
            try:
                actions.review_ending(case=case, by=request.user, **form.cleaned_data)
            except ChangedMeanwhile:
                catch_up(form, case.revision)
                raise
            if form.ends_now:
                return go_to(request, address_of(request, "caseload:close", case))
            return done(request, case, "A new day is agreed")
    heading = f"The planned ending of {case.patient.short_name}'s support"
    return show_form(request, case, form, heading, first=planned(case))


def planned(case) -> str:
    return f"It was planned for {full_day(case.planned_ending_on)}." if case.planned_ending_on else ""
