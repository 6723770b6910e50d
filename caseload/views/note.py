"""Putting a note right: a meeting's, a contact's, a review's. Never silently: the timeline keeps what it said."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.moves import ChangedMeanwhile
from accounts.perms import organisation_only
from accounts.words import short_day
from caseload import actions
from caseload.enums import Verb
from caseload.forms.note import NoteForm
from caseload.perms import may_put_right
from caseload.views.on_a_case import cannot, catch_up, done, find_case, posted, show_form, told_on


@organisation_only
def meeting_note(request, case_id, appointment_id):
    case = find_case(request, case_id)
    meeting = get_object_or_404(case.appointments, pk=appointment_id)
    if not meeting.outcome:
        return cannot(request, case, "This meeting is still to be logged: its note is written then.")
    return _put_right(request, case, meeting, f"The note of the meeting, {short_day(meeting.starts_at)}")


@organisation_only
def contact_note(request, case_id, contact_id):
    case = find_case(request, case_id)
    contact = get_object_or_404(case.contacts, pk=contact_id)
    return _put_right(request, case, contact, f"The note of the contact, {short_day(contact.at)}")


@organisation_only
def review_note(request, case_id, hold_id, review_id):
    case = find_case(request, case_id)
    hold = get_object_or_404(case.holds, pk=hold_id)
    review = get_object_or_404(hold.reviews.select_related("hold__case"), pk=review_id)
    return _put_right(request, case, review, f"The note of the review, {short_day(review.at)}")


def _put_right(request, case, record, heading):
    if not may_put_right(request.membership, record):
        raise PermissionDenied
    form = NoteForm(posted(request), record=record)
    newer = []
    if form.is_valid():
        with told_on(form, request, case, Verb.NOTE_CHANGED):
            try:
                actions.put_note_right(record=record, by=request.user, **form.cleaned_data)
                return done(request, case, "Note changed. What it said before stays to be read")
            except ChangedMeanwhile:
                record.refresh_from_db()
                newer = [f"It now reads: {record.note}"]
                catch_up(form, record.history.count(), "version")
                raise
    first = "What it said before stays to be read, with who changed it and when."
    return show_form(request, case, form, heading, first=first, newer=newer)
