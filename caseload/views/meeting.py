from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from accounts.perms import organisation_only
from accounts.words import day_and_time
from caseload import actions
from caseload.enums import Verb
from caseload.forms.meeting import BookForm, ContactForm, LogMeetingForm, MoveForm
from caseload.models import Appointment, Case
from caseload.timeline import last_change, logged_sentence
from caseload.views.on_a_case import (
    CLOSED,
    address_of,
    cannot,
    catch_up,
    done,
    find_case,
    go_to,
    posted,
    show_form,
    told_on,
)

NEXT_PAGE = {"book": "caseload:book", "hold": "caseload:start_hold"}


@organisation_only
def log_contact(request, case_id):
    case = find_case(request, case_id)
    form = ContactForm(posted(request), person=case.patient, initial=ContactForm.initial_now())
    if form.is_valid():
        with told_on(form, request, case, Verb.CONTACT_LOGGED):
            actions.log_contact(case=case, by=request.user, **form.cleaned_data)
            return done(request, case, "Contact logged")
    return show_form(request, case, form, f"Log a contact with {case.patient.short_name}", before_contact=True)


@organisation_only
def book(request, case_id):
    case = find_case(request, case_id)
    if request.method == "GET" and not case.is_open:
        return cannot(request, case, CLOSED)
    initial = BookForm.initial_of(case, request.user) | BookForm.asked_for(request.GET)
    form = BookForm(posted(request), organisation=request.org, initial=initial)
    if form.is_valid():
        with told_on(form, request, case, Verb.BOOKED):
            meeting = actions.book_appointment(case=case, by=request.user, **form.cleaned_data)
            if meeting.starts_at < timezone.now():
                return done(request, case, "Meeting noted. It is over: log how it went.")
            return done(request, case, f"Booked for {day_and_time(meeting.starts_at)}")
    heading = f"Book a meeting with {case.patient.short_name}"
    return show_form(request, case, form, heading, "Book", before_contact=True)


@organisation_only
def move_meeting(request, case_id, appointment_id):
    case = find_case(request, case_id)
    meeting = find_meeting(case, appointment_id)
    if request.method == "GET" and meeting.outcome:
        return cannot(request, case, logged_sentence(meeting, request.user))
    form = MoveForm(posted(request), initial=MoveForm.initial_of(meeting))
    if form.is_valid():
        try:
            meeting = actions.move_appointment(appointment=meeting, by=request.user, **form.cleaned_data)
            return done(request, case, f"Moved to {day_and_time(meeting.starts_at)}")
        except MoveNotAllowed:
            form.add_error(None, logged_sentence(find_meeting(case, meeting.pk), request.user))
        except ChangedMeanwhile:
            meeting = find_meeting(case, meeting.pk)
            form.add_error(None, f"{last_change(case, request.user, Verb.MOVED)} See the new time above first.")
            catch_up(form, meeting.history.count(), "version")
    heading = f"Move the meeting: {day_and_time(meeting.starts_at)}"
    return show_form(request, case, form, heading, "Move", before_contact=True)


@organisation_only
def log_meeting(request, case_id, appointment_id):
    case = find_case(request, case_id)
    meeting = find_meeting(case, appointment_id)
    if request.method == "GET" and meeting.outcome:
        return cannot(request, case, logged_sentence(meeting, request.user))
    initial = LogMeetingForm.initial_of(meeting, request.GET.get("outcome", ""))
    form = LogMeetingForm(posted(request), appointment=meeting, initial=initial)
    if form.is_valid():
        try:
            actions.log_outcome(appointment=meeting, by=request.user, **form.account)
        except MoveNotAllowed:
            return logged_already(request, case, find_meeting(case, meeting.pk), form)
        return what_is_next(request, case, form)
    return show_form(request, case, form, f"Log the meeting: {day_and_time(meeting.starts_at)}")


def find_meeting(case: Case, appointment_id) -> Appointment:
    meeting = get_object_or_404(case.appointments.select_related("outcome_by"), pk=appointment_id)
    meeting.case = case
    return meeting


def what_is_next(request, case: Case, form: LogMeetingForm):
    page = NEXT_PAGE.get(form.cleaned_data["next"])
    if page is None:
        return done(request, case, "Meeting logged")
    messages.success(request, "Meeting logged")
    return go_to(request, address_of(request, page, case))


def logged_already(request, case: Case, meeting: Appointment, form: LogMeetingForm):
    """Sent twice: go on. A colleague was first: say so, and offer to keep the note as a contact of one's own."""
    account = form.account
    if (meeting.outcome_by, meeting.outcome, meeting.note) == (request.user, account["outcome"], account["note"]):
        return what_is_next(request, case, form)
    said = logged_sentence(meeting, request.user)
    if not account["note"]:
        return cannot(request, case, said)
    kept = ContactForm(person=case.patient, initial=ContactForm.initial_now() | {"note": account["note"]})
    return show_form(
        request,
        case,
        kept,
        "Keep your note",
        "Keep as a contact",
        first=f"{said} Your note is still here: keep it as a contact, or cancel.",
        action=address_of(request, "caseload:log_contact", case),
    )
