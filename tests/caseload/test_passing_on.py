"""When a case, or the worker, goes: what was booked and promised goes to somebody."""

from datetime import timedelta

import pytest
from django.urls import reverse

from caseload import actions
from caseload.enums.safety import VisitStatus
from tests.caseload.sent import errors, send, url_of
from tests.factories import AppointmentFactory, FollowUpFactory, LoneVisitFactory

TODAY = reverse("caseload:today")


@pytest.fixture
def meeting(case):
    return AppointmentFactory(case=case)


def pass_to(client, case, worker, **typed):
    return send(client, url_of("assign", case), worker=worker and str(worker.pk), **typed)


def test_passing_a_case_on_asks_whether_the_meetings_go_along(sign_in, amina, ben, case, meeting):
    response = pass_to(sign_in(amina), case, ben)
    assert errors(response) == ["Choose whether the meetings go along"]
    label = response.context["form"].fields["with_meetings"].label
    assert label.startswith("A meeting is booked with Amina Yusuf for tomorrow ")


@pytest.mark.parametrize(("go_along", "whose"), [("yes", "Ben Taylor"), ("no", "Amina Yusuf")])
def test_the_meetings_are_then_whose_it_was_said(sign_in, amina, ben, case, meeting, go_along, whose):
    pass_to(sign_in(amina), case, ben, with_meetings=go_along)
    meeting.refresh_from_db()
    assert meeting.worker.name == whose


def test_nothing_is_asked_where_nobody_takes_the_case_or_nothing_is_booked(sign_in, amina, ben, case, meeting):
    assert pass_to(sign_in(amina), case, None).status_code == 302
    assert pass_to(sign_in(amina), case, ben).status_code == 302


def test_several_are_passed_on_with_their_meetings(sign_in, mo, ben, case, meeting):
    url = reverse("caseload:assign_cases")
    sign_in(mo).post(url, {"cases": [case.pk], "worker": ben.pk, "with_meetings": "yes"})
    meeting.refresh_from_db()
    assert meeting.worker == ben


def test_a_visit_planned_alone_is_called_off_when_its_meeting_is_a_colleagues(amina, ben, mo, case, meeting):
    planned = LoneVisitFactory(
        organisation=case.organisation,
        worker=amina,
        watcher=mo,
        case=case,
        appointment=meeting,
        status=VisitStatus.PLANNED,
        starts_at=meeting.starts_at,
        expected_back_at=meeting.starts_at + timedelta(hours=1),
    )
    actions.assign_case(case=case, by=amina, worker=ben, with_meetings=True)
    planned.refresh_from_db()
    assert planned.status == VisitStatus.CALLED_OFF


def promised(client):
    return [each.about for each in client.get(TODAY).context["nobodys"]]


def test_what_somebody_who_has_left_promised_stands_on_everybodys_today(sign_in, amina, ben, mo, case, today):
    FollowUpFactory(case=case, about="Ring about the allotment", due_on=today)
    FollowUpFactory(case=case, about="Not yet", due_on=today + timedelta(days=1))
    assert promised(sign_in(ben)) == []
    actions.close_case(case=case, by=amina, ending="connected", ending_agreed=True)
    actions.set_follow_up(case=case, by=ben, due_on=today, about="Ring back")
    assert promised(sign_in(ben)) == []
    amina.memberships.update(is_active=False)
    assert promised(sign_in(ben)) == promised(sign_in(mo)) == ["Ring back"]


def test_what_was_handed_to_a_colleague_who_has_left_is_taken_by_another(sign_in, amina, ben, mo, case, today):
    handed = FollowUpFactory(case=case, about="Ring the council", due_on=today, worker=ben)
    ben.memberships.update(is_active=False)
    assert promised(sign_in(amina)) == ["Ring the council"]
    send(sign_in(amina), reverse("caseload:change_to_do", args=[handed.pk]), worker=str(mo.pk))
    assert promised(sign_in(amina)) == []


def test_what_nobody_is_left_to_do_is_not_shown_to_another_organisation(sign_in, amina, stranger, case, today):
    FollowUpFactory(case=case, due_on=today)
    amina.memberships.update(is_active=False)
    assert promised(sign_in(stranger)) == []
