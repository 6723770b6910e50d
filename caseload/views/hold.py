from django.shortcuts import get_object_or_404

from accounts.perms import organisation_only
from accounts.words import short_day
from caseload import actions
from caseload.enums import Verb
from caseload.forms.hold import EndHoldForm, HoldForm, ReviewHoldForm
from caseload.models import Case, Hold
from caseload.timeline import hold_words, last_change
from caseload.views.on_a_case import CHANGES_OF_STATUS, cannot, catch_up, done, find_case, posted, show_form, told_on


@organisation_only
def start_hold(request, case_id):
    case = find_case(request, case_id)
    if request.method == "GET" and "hold" not in case.allowed_moves:
        return cannot(request, case, last_change(case, request.user, *CHANGES_OF_STATUS))
    form = HoldForm(posted(request), initial=HoldForm.initial_of(case))
    if form.is_valid():
        with told_on(form, request, case, Verb.HOLD_STARTED):
            hold = actions.start_hold(case=case, by=request.user, **form.cleaned_data)
            return done(request, case, f"Hold started. Review on {short_day(hold.review_on)}")
    return show_form(request, case, form, f"Hold {case.patient.short_name}'s case", "Start the hold")


@organisation_only
def review_hold(request, case_id, hold_id):
    case = find_case(request, case_id)
    hold = find_hold(case, hold_id)
    if request.method == "GET" and not hold.is_open:
        return cannot(request, case, "This hold has ended.")
    form = ReviewHoldForm(posted(request), initial=ReviewHoldForm.initial_of(hold))
    if form.is_valid():
        with told_on(form, request, case, Verb.HOLD_REVIEWED):
            review = actions.review_hold(hold=hold, by=request.user, **form.cleaned_data)
            return done(request, case, f"Hold reviewed. Again on {short_day(review.next_review_on)}")
        catch_up(form, hold.reviews.count(), "seen")
    heading = f"Review the hold for {case.patient.short_name}"
    return show_form(request, case, form, heading, first=first_words(hold))


@organisation_only
def end_hold(request, case_id, hold_id):
    case = find_case(request, case_id)
    hold = find_hold(case, hold_id)
    if request.method == "GET" and not hold.is_open:
        return cannot(request, case, "This hold has ended.")
    form = EndHoldForm(posted(request), hold=hold)
    if form.is_valid():
        with told_on(form, request, case, Verb.HOLD_ENDED):
            actions.end_hold(hold=hold, by=request.user, **form.cleaned_data)
            return done(request, case, "Hold ended. The case is active again")
    heading = f"End the hold for {case.patient.short_name}"
    return show_form(request, case, form, heading, "End the hold", first=first_words(hold))


def find_hold(case: Case, hold_id) -> Hold:
    return get_object_or_404(case.holds.select_related("awaited_asset__merged_into", "case"), pk=hold_id)


def first_words(hold: Hold) -> str:
    return f"Since {short_day(hold.started_at)}: {hold_words(hold)}."
