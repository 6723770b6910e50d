from django.shortcuts import get_object_or_404

from accounts.moves import MoveNotAllowed
from accounts.perms import organisation_only
from accounts.words import short_day
from caseload import actions
from caseload.forms.flag import SetAsideForm
from caseload.models import Case, Flag
from caseload.views.on_a_case import cannot, done, find_case, posted, show_form

CLEARED = "This flag has cleared: what it was about has changed."


@organisation_only
def set_flag_aside(request, case_id, flag_id):
    case = find_case(request, case_id)
    return set_aside(request, get_object_or_404(case.flags, pk=flag_id), case)


@organisation_only
def set_any_flag_aside(request, flag_id):
    """For flags about what is no case, such as a referral nobody has answered."""
    return set_aside(request, get_object_or_404(request.org.flags, pk=flag_id), None)


def set_aside(request, flag: Flag, case: Case | None):
    if request.method == "GET" and flag.cleared_at:
        return cannot(request, case, CLEARED)
    form = SetAsideForm(posted(request))
    if form.is_valid():
        try:
            actions.set_flag_aside(flag=flag, by=request.user, **form.cleaned_data)
            return done(request, case, f"Set aside until {short_day(form.cleaned_data['until'])}")
        except MoveNotAllowed:
            return cannot(request, case, CLEARED)
    heading = f"Set aside: {flag.get_rule_display()}"
    return show_form(
        request, case, form, heading, "Set aside", first=f"{flag.why} It comes back on the day you choose."
    )
