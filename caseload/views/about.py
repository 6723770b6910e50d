from accounts.moves import ChangedMeanwhile
from accounts.perms import organisation_only
from caseload import actions
from caseload.enums import Verb
from caseload.forms.about import AboutForm
from caseload.models import About
from caseload.views.on_a_case import catch_up, done, find_case, now_reads, posted, show_form, told_on


@organisation_only
def about(request, case_id):
    """A little about the person, for whoever opens the case next."""
    case = find_case(request, case_id)
    known = case.patient.known_about
    form = AboutForm(posted(request), initial=known.words | {"revision": known.revision})
    newer = []
    if form.is_valid():
        with told_on(form, request, case, Verb.ABOUT_WRITTEN):
            try:
                actions.write_about(case=case, by=request.user, **form.cleaned_data)
                return done(request, case, "Saved")
            except ChangedMeanwhile:
                known.refresh_from_db()
                newer = now_reads(known, About.WORDS, form.cleaned_data)
                catch_up(form, known.revision)
                raise
    return show_form(request, case, form, f"A little about {case.patient.short_name}", newer=newer)
