import pytest

from caseload import actions
from caseload.enums import Verb
from caseload.models import Appointment
from caseload.timeline import timeline
from tests.caseload.sent import errors, filled_in, send, url_of
from tests.factories import AppointmentFactory, AttendedFactory, ContactFactory, HoldFactory, HoldReviewFactory

FIRST = "She likes the choir."


def a_meeting(case):
    meeting = AttendedFactory(case=case, note="")
    Appointment.objects.filter(pk=meeting.pk).update(note=FIRST)
    return meeting


def a_contact(case):
    return ContactFactory(case=case, note=FIRST)


def a_review(case):
    return HoldReviewFactory(hold=HoldFactory(case=case), note=FIRST)


KINDS = pytest.mark.parametrize("make", [a_meeting, a_contact, a_review], ids=["meeting", "contact", "review"])


def of(case, record):
    [entry] = [entry for entry in timeline(case) if entry.record == record]
    return entry


@KINDS
def test_a_note_put_right_keeps_what_it_said_with_who_and_when(sign_in, amina, mo, case, make):
    record = make(case)
    send(sign_in(amina), record.note_url, note="He likes the choir.")
    send(sign_in(mo), record.note_url, note="He likes the choir and the walk.")
    entry = of(case, record)
    assert (entry.note, entry.record.note_changed_by) == ("He likes the choir and the walk.", mo)
    assert [(earlier.note, earlier.note_changed_by) for earlier in entry.earlier_notes] == [
        ("He likes the choir.", amina),
        (FIRST, None),
    ]


@KINDS
def test_the_timeline_says_that_it_was_changed_and_has_the_earlier_words_one_click_away(sign_in, amina, case, make):
    client, record = sign_in(amina), make(case)
    send(client, record.note_url, note="He likes the choir.")
    page = client.get(url_of("case", case)).content.decode()
    assert page.count("<summary>Changed today") == 1
    assert "by Amina Yusuf</summary>" in page
    assert "As first written" in page
    assert FIRST in page


@KINDS
def test_only_its_author_and_a_manager_put_a_note_right(sign_in, amina, ben, mo, case, make):
    record = make(case)
    statuses = [sign_in(who).get(record.note_url).status_code for who in (amina, mo, ben)]
    assert statuses == [200, 200, 403]
    assert sign_in(ben).post(record.note_url, {"note": "Mine"}).status_code == 403
    assert record.note_url in sign_in(amina).get(url_of("case", case)).content.decode()
    assert record.note_url not in sign_in(ben).get(url_of("case", case)).content.decode()


def test_a_change_is_an_event_and_not_said_twice(amina, case):
    contact = a_contact(case)
    actions.put_note_right(record=contact, by=amina, version=1, note="He likes the choir.")
    assert [(event.verb, event.by) for event in case.events.all()] == [(Verb.NOTE_CHANGED, amina)]
    assert len(timeline(case)) == 1


def test_the_same_words_again_change_nothing(amina, case):
    contact = a_contact(case)
    actions.put_note_right(record=contact, by=amina, version=7, note=FIRST)
    contact.refresh_from_db()
    assert contact.note_changed_at is None


def test_the_second_of_two_reads_what_the_note_says_now_and_can_save_again(sign_in, amina, mo, case):
    client, contact = sign_in(amina), a_contact(case)
    late = filled_in(client, contact.note_url, note="Mine.")
    send(sign_in(mo), contact.note_url, note="Mo's.")
    response = client.post(contact.note_url, late)
    assert errors(response)[0].startswith("Mo Farrell changed a note today")
    assert "It now reads: Mo&#x27;s." in response.content.decode()
    assert client.post(contact.note_url, response.context["form"].data).status_code == 302


def test_a_note_may_be_emptied_and_what_it_said_stays(sign_in, amina, case):
    contact = a_contact(case)
    send(sign_in(amina), contact.note_url, note="")
    assert [earlier.note for earlier in of(case, contact).earlier_notes] == [FIRST]


def test_a_review_says_something(sign_in, amina, case):
    response = send(sign_in(amina), a_review(case).note_url, note="")
    assert errors(response) == ["Enter the note"]


def test_a_review_is_as_long_as_it_may_be_and_a_meeting_longer(sign_in, amina, case):
    client, words = sign_in(amina), "x" * 6000
    assert errors(send(client, a_review(case).note_url, note=words)) == [
        "Note: use 5000 characters or fewer (you have 6000)"
    ]
    assert send(client, a_meeting(case).note_url, note=words).status_code == 302


def test_a_meeting_still_to_be_logged_has_no_note_yet(sign_in, amina, case):
    meeting = AppointmentFactory(case=case)
    assert sign_in(amina).get(meeting.note_url).url == url_of("case", case)


def test_the_case_page_takes_as_many_queries_for_three_changed_notes_as_for_one(
    sign_in, amina, case, django_assert_max_num_queries
):
    client = sign_in(amina)

    def change(n):
        for _ in range(n):
            actions.put_note_right(record=a_contact(case), by=amina, version=1, note="Changed")
            actions.put_note_right(record=a_meeting(case), by=amina, version=2, note="Changed")

    change(1)
    with django_assert_max_num_queries(100) as one:
        client.get(url_of("case", case))
    change(2)
    with django_assert_max_num_queries(len(one)):
        client.get(url_of("case", case))
