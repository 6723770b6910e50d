"""Going on a visit alone: set out in a tap, back in a tap, and shown to those who watch."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caseload import actions
from caseload.enums import Mode, Outcome, Place, Seen, Verb
from caseload.enums.safety import VisitStatus
from caseload.lone_visits import on_page
from caseload.models import AccessLog, AlarmCheck, LoneVisit
from tests.caseload.sent import errors, send, url_of
from tests.factories import AppointmentFactory, LoneVisitFactory, in_days

NEW = reverse("caseload:new_lone_visit")
ALL = reverse("caseload:lone_visits")


def address(page, visit):
    return reverse(f"caseload:{page}", args=[visit.pk])


@pytest.fixture
def out(organisation, amina, ben, case):
    """Amina is out at Sam's, back in an hour; Ben watches."""
    return LoneVisitFactory(organisation=organisation, worker=amina, watcher=ben, case=case)


@pytest.fixture
def overdue(out):
    out.expected_back_at = timezone.now() - timedelta(minutes=5)
    out.save()
    return out


@pytest.fixture
def meeting(case, amina, sam):
    sam.address, sam.postcode = "12 Elm Street\nPartick", "G11 5AB"
    sam.save()
    return AppointmentFactory(
        case=case, worker=amina, starts_at=timezone.now() + timedelta(minutes=20), place=Place.HOME
    )


def plan(client, **typed):
    in_an_hour = timezone.localtime(timezone.now() + timedelta(hours=1))
    return send(client, NEW, **{"where": "The allotments", "back": in_an_hour.strftime("%H:%M")} | typed)


# Setting out


def test_a_visit_needs_no_case_and_says_where_until_when_and_who_watches(sign_in, amina, ben):
    response = plan(sign_in(amina), watcher=str(ben.pk), phone="07700 900123")
    visit = LoneVisit.objects.get()
    assert response.status_code == 302
    assert (visit.where, visit.status, visit.watcher, visit.case) == ("The allotments", VisitStatus.OUT, ben, None)


def test_an_empty_form_says_in_plain_words_what_is_missing(sign_in, amina, ben):
    response = send(sign_in(amina), NEW, back="")
    assert errors(response) == [
        "Choose somebody from the list",
        "Enter the number they ring first",
        "Enter when you expect to be back, like 15:30",
        "Enter where you are going",
    ]


def test_nobody_watches_over_themselves(sign_in, amina):
    response = plan(sign_in(amina), watcher=str(amina.pk), phone="07700 900123")
    assert errors(response) == ["Choose somebody from the list"]


def test_a_double_click_makes_one_visit(sign_in, amina, ben):
    client = sign_in(amina)
    once = "00000000-0000-4000-8000-000000000001"
    for _ in range(2):
        plan(client, watcher=str(ben.pk), phone="07700 900123", once=once)
    assert LoneVisit.objects.count() == 1


def test_past_midnight_is_the_next_day(sign_in, amina, ben, today):
    tomorrow = today + timedelta(days=1)
    plan(sign_in(amina), watcher=str(ben.pk), phone="0141 496 0000", day=tomorrow, time="23:30", back="00:30")
    visit = LoneVisit.objects.get()
    assert (visit.status, visit.expected_back_at - visit.starts_at) == (VisitStatus.PLANNED, timedelta(hours=1))


def test_the_first_time_a_meeting_is_gone_to_alone_asks_who_watches(sign_in, amina, case, meeting):
    response = sign_in(amina).post(url_of("go_alone", case, appointment_id=meeting.pk))
    assert response.url.split("?")[0] == url_of("new_lone_visit_for", case, appointment_id=meeting.pk)


def test_after_that_one_tap_is_enough(sign_in, amina, ben, organisation, case, meeting):
    LoneVisitFactory(
        organisation=organisation, worker=amina, watcher=ben, status=VisitStatus.BACK, ended_at=timezone.now()
    )
    client, url = sign_in(amina), url_of("go_alone", case, appointment_id=meeting.pk)
    client.post(url)
    client.post(url)
    visit = LoneVisit.objects.get(appointment=meeting)
    assert (visit.status, visit.watcher, visit.case) == (VisitStatus.OUT, ben, case)
    assert visit.where == "At home: 12 Elm Street, Partick, G11 5AB"
    assert visit.expected_back_at == meeting.starts_at + timedelta(minutes=45 + 30)
    assert list(case.events.values_list("verb", flat=True)) == [Verb.LONE_VISIT]


def test_today_offers_it_for_a_meeting_in_person_and_not_for_a_call(sign_in, amina, case, meeting):
    go_alone = url_of("go_alone", case, appointment_id=meeting.pk)
    assert go_alone in sign_in(amina).get(reverse("caseload:today")).content.decode()
    meeting.mode, meeting.place = Mode.PHONE, ""
    meeting.save()
    assert go_alone not in sign_in(amina).get(reverse("caseload:today")).content.decode()


def test_nobody_is_out_on_two_visits_at_once(sign_in, amina, ben, out):
    response = plan(sign_in(amina), watcher=str(ben.pk), phone="07700 900123")
    assert errors(response) == ["You are out on another visit. Say that you are back from that one first."]


def test_a_planned_visit_moves_with_its_meeting_and_is_called_off_with_it(organisation, amina, ben, case, meeting):
    visit = LoneVisitFactory(
        organisation=organisation,
        worker=amina,
        watcher=ben,
        appointment=meeting,
        status=VisitStatus.PLANNED,
        starts_at=meeting.starts_at,
        expected_back_at=meeting.starts_at + timedelta(hours=1),
    )
    later = meeting.starts_at + timedelta(days=1)
    actions.move_appointment(appointment=meeting, by=amina, version=meeting.history.count(), starts_at=later)
    visit.refresh_from_db()
    assert visit.expected_back_at == later + timedelta(hours=1)
    actions.log_outcome(
        appointment=meeting, by=amina, outcome=Outcome.CANCELLED_BY_PERSON, mode=Mode.IN_PERSON, place=Place.HOME
    )
    visit.refresh_from_db()
    assert visit.status == VisitStatus.CALLED_OFF


# Back, longer, called off


def test_back_safe_is_one_tap_from_any_page_without_javascript(sign_in, amina, out):
    client = sign_in(amina)
    assert f'action="{address("back_safe", out)}"' in client.get(reverse("caseload:cases")).content.decode()
    client.post(address("back_safe", out))
    client.post(address("back_safe", out))
    out.refresh_from_db()
    assert (out.status, out.events.count()) == (VisitStatus.BACK, 1)


def test_needing_longer_twice_from_one_page_adds_once(sign_in, amina, out):
    client, expected = sign_in(amina), out.expected_back_at
    for _ in range(2):
        client.post(address("need_longer", out), {"minutes": "15", "expected": expected.isoformat()})
    out.refresh_from_db()
    assert out.expected_back_at == expected + timedelta(minutes=15)


def test_a_visit_that_has_ended_is_not_made_longer(sign_in, amina, out):
    actions.call_off_visit(visit=out, by=amina)
    response = sign_in(amina).post(
        address("need_longer", out), {"minutes": "15", "expected": out.expected_back_at.isoformat()}, follow=True
    )
    assert [str(message) for message in response.context["messages"]] == ["This visit has ended."]


@pytest.mark.parametrize("page", ["back_safe", "set_out", "call_off_visit", "need_longer"])
def test_only_the_worker_says_where_they_are(sign_in, ben, mo, out, page):
    assert [sign_in(who).post(address(page, out)).status_code for who in (ben, mo)] == [404, 404]


# Who sees what


def test_a_colleague_who_does_not_watch_finds_no_visit_but_that_they_are_out(sign_in, ben, mo, out):
    out.watcher = mo
    out.save()
    client = sign_in(ben)
    assert client.get(address("lone_visit", out)).status_code == 404
    page = client.get(ALL).content.decode()
    assert ("Amina Yusuf" in page, "Elm Street" in page, "Kerr" in page) == (True, False, False)


def test_the_place_is_shown_to_others_only_when_overdue_and_that_is_written_down(sign_in, ben, mo, case, out):
    assert "Elm Street" not in sign_in(ben).get(address("lone_visit", out)).content.decode()
    assert AccessLog.objects.count() == 0
    out.expected_back_at = timezone.now()
    out.save()
    for who in (ben, mo):
        assert "Elm Street" in sign_in(who).get(address("lone_visit", out)).content.decode()
    seen = AccessLog.objects.order_by("id").values_list("by", "what", "record_id", "patient")
    assert list(seen) == [(who.pk, Seen.LONE_VISIT, out.pk, case.patient_id) for who in (ben, mo)]


def banner(response):
    return response.content.decode().split('id="lone-visits-now"')[1].split("<main")[0]


@pytest.mark.parametrize("who", ["ben", "mo"])
def test_the_alarm_stands_on_every_page_of_the_watcher_and_the_manager(request, sign_in, overdue, who):
    shown = banner(sign_in(request.getfixturevalue(who)).get(reverse("assets:directory")))
    assert "Amina Yusuf is not back" in shown
    assert "07700 900123" in shown
    assert [secret for secret in ("Elm Street", "Kerr") if secret in shown] == []


def test_the_alarm_stands_on_no_page_of_anybody_else(sign_in, organisation, overdue, stranger_manager, priya):
    for who in (stranger_manager, priya):
        assert "is not back" not in sign_in(who).get(reverse("assets:directory")).content.decode()


def test_the_banner_goes_when_somebody_knows_that_they_are_safe(sign_in, ben, mo, overdue):
    send(sign_in(ben), address("lone_visit", overdue), words="Rang, she is safe", is_safe="yes")
    assert "lw-out__visit" not in banner(sign_in(mo).get(reverse("caseload:cases")))


def test_the_banner_says_who_is_on_it(sign_in, ben, mo, overdue):
    send(sign_in(ben), address("lone_visit", overdue), words="Rang twice, driving there", is_safe="no")
    assert "Ben Taylor" in banner(sign_in(mo).get(reverse("caseload:cases")))
    assert "Rang twice, driving there" in banner(sign_in(mo).get(reverse("caseload:cases")))


def test_an_answer_without_a_word_is_asked_for_one(sign_in, ben, overdue):
    response = send(sign_in(ben), address("lone_visit", overdue))
    assert errors(response) == ["Enter what you did", "Say whether you know that they are safe"]


def test_whoever_is_out_reads_that_alarms_are_not_being_checked(sign_in, amina, out):
    client = sign_in(amina)
    assert "Alarms are not being checked" in banner(client.get(reverse("caseload:cases")))
    AlarmCheck.objects.create(checked_at=timezone.now())
    assert "Alarms are not being checked" not in banner(client.get(reverse("caseload:cases")))
    AlarmCheck.objects.update(checked_at=timezone.now() - timedelta(minutes=4))
    assert "Alarms are not being checked" in banner(client.get(reverse("caseload:cases")))


def test_health_fails_while_alarms_are_not_looked_for(client, out):
    assert client.get(reverse("healthz")).status_code == 500
    AlarmCheck.objects.create(checked_at=timezone.now())
    assert client.get(reverse("healthz")).status_code == 200


def test_three_alarms_are_found_in_one_query(amina, ben, mo, overdue, organisation, django_assert_num_queries):
    for worker in (ben, mo):
        LoneVisitFactory(organisation=organisation, worker=worker, watcher=amina, expected_back_at=in_days(-0.01))
    membership = mo.memberships.select_related("organisation").get()
    with django_assert_num_queries(1):
        shown = on_page(membership)
        assert (len(shown.visits), [v.worker.name and v.watcher.name for v in shown.visits] != []) == (3, True)


def test_a_page_left_open_asks_again_and_is_told_only_of_what_is_new(sign_in, mo, out):
    client = sign_in(mo)
    url = banner(client.get(ALL)).split('hx-get="')[1].split('"')[0]
    assert client.get(url).status_code == 204
    LoneVisit.objects.update(expected_back_at=timezone.now())
    response = client.get(url)
    assert (response.status_code, "is not back" in response.content.decode()) == (200, True)


def test_a_page_left_open_after_signing_out_is_left_alone(client, db):
    assert client.get(reverse("caseload:lone_visit_banner")).status_code == 204


def test_three_visits_take_no_more_queries_than_one(
    sign_in, mo, ben, amina, organisation, out, django_assert_max_num_queries
):
    client = sign_in(mo)
    with django_assert_max_num_queries(20) as with_one:
        client.get(ALL)
    for worker in (ben, mo):
        LoneVisitFactory(organisation=organisation, worker=worker, watcher=amina)
    with django_assert_max_num_queries(len(with_one)):
        client.get(ALL)


# A colleague's visit to the same meeting


@pytest.fixture
def amina_at_it(organisation, amina, mo, case, meeting):
    """Amina has written down a visit to the meeting."""

    def visit(status):
        return LoneVisitFactory(
            organisation=organisation, worker=amina, watcher=mo, case=case, appointment=meeting, status=status
        )

    return visit


def go(client, meeting):
    return client.post(url_of("go_alone", meeting.case, appointment_id=meeting.pk), follow=True)


def test_whoever_goes_instead_of_a_colleague_is_watched_and_the_colleague_no_longer(
    sign_in, ben, mo, organisation, amina_at_it, meeting
):
    hers = amina_at_it(VisitStatus.PLANNED)
    LoneVisitFactory(
        organisation=organisation, worker=ben, watcher=mo, status=VisitStatus.BACK, ended_at=timezone.now()
    )
    go(sign_in(ben), meeting)
    hers.refresh_from_db()
    assert hers.status == VisitStatus.CALLED_OFF
    assert meeting.lone_visits.open().get().worker == ben


def test_nobody_is_told_they_are_watched_because_a_colleague_is(sign_in, ben, mo, organisation, amina_at_it, meeting):
    amina_at_it(VisitStatus.OUT)
    LoneVisitFactory(
        organisation=organisation, worker=ben, watcher=mo, status=VisitStatus.BACK, ended_at=timezone.now()
    )
    assert b"A colleague is out alone to this meeting" in go(sign_in(ben), meeting).content
    assert not ben.lone_visits.open().exists()
