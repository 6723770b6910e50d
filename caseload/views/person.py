"""The person of a case: their details, the risks to know, and who has opened their record."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from accounts.moves import ChangedMeanwhile
from accounts.perms import organisation_only
from caseload import actions
from caseload.enums import Seen, Verb
from caseload.forms.details import DetailsForm, ReviewRiskForm, RiskForm
from caseload.models import Patient
from caseload.perms import may_see_who_opened_it
from caseload.views.on_a_case import cannot, catch_up, done, every_case, find_case, posted, show_form, told_on

PAGE = 50


@organisation_only
def details(request, case_id):
    case = find_case(request, case_id)
    person = case.patient
    initial = DetailsForm.initial_of(person) | {"revision": person.revision}
    form = DetailsForm(posted(request), patient=person, initial=initial)
    newer = []
    if form.is_valid():
        revision = form.cleaned_data["revision"]
        with told_on(form, request, case, Verb.DETAILS_CHANGED):
            try:
                actions.change_details(case=case, by=request.user, revision=revision, **form.details)
                return done(request, case, "Details saved")
            except ChangedMeanwhile:
                newer = differences(form, person)
                catch_up(form, person.revision)
                raise
    return show_form(request, case, form, f"{person.short_name}'s details", newer=newer, of_record=True)


def differences(form: DetailsForm, person: Patient) -> list[str]:
    """What the record says now where it is not what was typed."""
    typed = form.details
    return [
        f"{person._meta.get_field(field).verbose_name.capitalize()} is now: {in_words(person, field)}"
        for field, value in person.details.items()
        if value != typed[field]
    ]


def in_words(person: Patient, field: str) -> str:
    value = getattr(person, field)
    labels = dict(person._meta.get_field(field).flatchoices)
    return labels.get(value) or {True: "yes", False: "no", "": "empty"}.get(value, str(value))


@organisation_only
def risks(request, case_id):
    """What to know of this person, and what has passed."""
    case = find_case(request, case_id)
    actions.record_seen(by=request.user, what=Seen.DETAILS, record_id=case.patient_id, patient=case.patient)
    notes = case.patient.risk_notes.select_related("noted_by", "reviewed_by")
    context = {
        "case": case,
        "current": notes.current().order_by("review_on", "id"),
        "ended": notes.ended().order_by("-ended_at", "id"),
    }
    return render(request, "caseload/risks.html", context)


@organisation_only
def add_risk(request, case_id):
    case = find_case(request, case_id)
    form = RiskForm(posted(request))
    if form.is_valid():
        with told_on(form, request, case, Verb.RISK_NOTED):
            actions.note_risk(case=case, by=request.user, **form.cleaned_data)
            return done(request, case, "Risk noted")
    return show_form(request, case, form, f"Note a risk or an alert: {case.patient.short_name}")


@organisation_only
def review_risk(request, case_id, risk_id):
    case = find_case(request, case_id)
    risk = get_object_or_404(case.patient.risk_notes, pk=risk_id)
    if request.method == "GET" and risk.ended_at:
        return cannot(request, case, "This risk has passed.")
    form = ReviewRiskForm(posted(request), initial=ReviewRiskForm.initial_of(risk))
    newer = []
    if form.is_valid():
        with told_on(form, request, case, Verb.RISK_REVIEWED):
            try:
                actions.review_risk(case=case, risk=risk, by=request.user, **form.cleaned_data)
                return done(request, case, "Risk reviewed")
            except ChangedMeanwhile:
                risk.refresh_from_db()
                newer = [f"It now reads: {risk.text}"]
                catch_up(form, risk.history.count(), "version")
                raise
    return show_form(request, case, form, "Review a risk", newer=newer)


@organisation_only
def access(request, case_id):
    """Who opened this person's record, and when."""
    case = get_object_or_404(every_case(request), pk=case_id)
    if not may_see_who_opened_it(request.membership):
        raise PermissionDenied
    # That somebody read a safeguarding concern would tell that there is one: that stands with the concern.
    log = case.patient.everyone_opened.exclude(what=Seen.SAFEGUARDING).select_related("by").order_by("-at", "-id")
    page = Paginator(log, PAGE).get_page(request.GET.get("page"))
    return render(request, "caseload/access.html", {"case": case, "page": page})
