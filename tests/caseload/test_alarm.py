"""The alarm over somebody who is not back from a lone visit: raised once, sent to whom it should be, answered."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from caseload import actions, lone_visits
from caseload.enums import MessageStatus, Verb
from caseload.enums.safety import VisitStatus, VisitVerb
from caseload.forms.meeting import moment
from caseload.models import AlarmCheck, LoneVisit
from caseload.tasks import look_for_alarms, send_alarm
from tests.factories import LoneVisitFactory, in_days

AN_HOUR_AGO = -1 / 24


@pytest.fixture
def visit(organisation, amina, ben, mo, case):
    """Amina's, to Sam; Ben watches, Mo is the manager. She was expected back an hour ago."""
    return LoneVisitFactory(
        organisation=organisation,
        worker=amina,
        watcher=ben,
        case=case,
        starts_at=in_days(-0.1),
        expected_back_at=in_days(AN_HOUR_AGO),
    )


@pytest.fixture
def look(monkeypatch):
    """What beat asks for, with the messages sent at once."""
    monkeypatch.setattr("caseload.tasks.send_alarm.delay", send_alarm)
    return look_for_alarms


def to_whom():
    return sorted(address for letter in mail.outbox for address in letter.to)


def test_the_watcher_and_the_manager_are_told_and_nobody_else(look, visit, ben, mo, stranger_manager):
    look()
    assert to_whom() == [ben.email, mo.email]


def test_a_message_names_the_worker_the_organisation_and_a_link_never_the_person_or_the_place(look, visit):
    look()
    words = mail.outbox[0].subject + mail.outbox[0].body
    assert "Amina Yusuf (Wellpark Link Workers) is overdue" in words
    assert f"/lone-visits/{visit.pk}/" in words
    assert [secret for secret in ("Sam", "Kerr", "Elm Street", "G11") if secret in words] == []


def test_whoever_has_a_phone_gets_a_text_as_well(look, visit, ben, settings, tmp_path):
    settings.MESSAGES_BACKEND, settings.MESSAGES_DIR = "caseload.messages.File", str(tmp_path)
    actions.change_phone(by=ben, phone="07700 900456")
    look()
    texts = [file.read_text() for file in tmp_path.iterdir()]
    assert ["07700 900456" in text and "is overdue" in text for text in texts] == [True]


def test_looking_twice_raises_one_alarm(look, visit):
    look()
    look()
    assert (len(mail.outbox), visit.events.filter(verb=VisitVerb.ALARM).count()) == (2, 1)


def test_sending_a_message_twice_sends_one(visit):
    first, *_ = lone_visits.look_for_alarms(timezone.now())
    send_alarm(str(first))
    send_alarm(str(first))
    assert len(mail.outbox) == 1


def test_an_alarm_nobody_answers_is_sent_again_after_the_minutes_that_were_set(look, visit):
    look()
    visit.refresh_from_db()
    assert visit.alarm_again_at - visit.alarm_at == timedelta(minutes=10)
    LoneVisit.objects.update(alarm_again_at=timezone.now())
    look()
    assert len(mail.outbox) == 4


def test_after_an_hour_of_silence_it_is_sent_once_an_hour(look, visit):
    LoneVisit.objects.update(rounds=6)
    look()
    visit.refresh_from_db()
    assert visit.alarm_again_at - visit.alarm_at == timedelta(hours=1)


def test_a_planned_visit_that_nobody_said_was_begun_is_waited_for_all_the_same(look, visit):
    LoneVisit.objects.update(status=VisitStatus.PLANNED)
    look()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("status", [VisitStatus.BACK, VisitStatus.CALLED_OFF])
def test_a_visit_that_has_ended_raises_nothing(look, visit, status):
    LoneVisit.objects.update(status=status, ended_at=timezone.now())
    look()
    assert mail.outbox == []


def test_nobody_is_told_a_minute_before(look, visit):
    LoneVisit.objects.update(expected_back_at=timezone.now() + timedelta(minutes=1))
    look()
    assert mail.outbox == []


def test_a_colleague_who_has_left_is_not_told(look, visit, ben, mo):
    ben.memberships.update(is_active=False)
    look()
    assert to_whom() == [mo.email]


def test_each_look_says_when_it_was(look, visit):
    look()
    look()
    assert timezone.now() - AlarmCheck.objects.get().checked_at < timedelta(seconds=10)


def test_the_timeline_of_the_case_says_that_the_alarm_was_raised(look, visit, case):
    look()
    assert list(case.events.values_list("verb", "by")) == [(Verb.VISIT_ALARM, None)]


def test_a_message_that_cannot_be_sent_is_kept_with_its_reason(look, visit, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    look()
    assert set(visit.messages.values_list("status", "failure")) == {
        (MessageStatus.FAILED, "the sender could not be reached")
    }
    assert LoneVisit.objects.with_watch().get().is_unsent


def test_once_they_are_back_those_who_had_the_alarm_are_told(look, visit, amina, ben, mo):
    look()
    actions.back_safe(visit=visit, by=amina)
    look()
    told = {letter.subject for letter in mail.outbox[2:]}
    assert (len(mail.outbox), told) == (4, {"Linkwork: Amina Yusuf (Wellpark Link Workers) is back safe."})


def test_back_in_time_nobody_is_told_anything(look, visit, amina):
    LoneVisit.objects.update(expected_back_at=in_days(1))
    actions.back_safe(visit=visit, by=amina)
    look()
    assert mail.outbox == []


def test_needing_longer_ends_the_alarm_and_says_until_when(look, visit, amina):
    look()
    visit.refresh_from_db()
    visit = actions.need_longer(visit=visit, by=amina, minutes=30, expected=visit.expected_back_at)
    look()
    assert (visit.alarm_at, len(mail.outbox)) == (None, 4)
    assert timedelta(minutes=29) < visit.expected_back_at - timezone.now() <= timedelta(minutes=30)


def test_not_reached_yet_keeps_the_alarm_for_whoever_is_on_it(look, visit, ben):
    look()
    visit = actions.answer_alarm(visit=visit, by=ben, words="Rang twice, driving there", is_safe=False)
    look()
    assert (visit.status, len(mail.outbox)) == (VisitStatus.OUT, 2)
    assert visit.alarm_again_at - timezone.now() > timedelta(minutes=19)


def test_known_to_be_safe_ends_the_visit_in_the_name_of_who_rang(look, visit, ben):
    look()
    visit = actions.answer_alarm(visit=visit, by=ben, words="Rang, she is safe", is_safe=True)
    said = visit.events.filter(by=ben).order_by("id").values_list("verb", "words")
    assert (visit.status, list(said)) == (
        VisitStatus.BACK,
        [(VisitVerb.ANSWERED, "Rang, she is safe"), (VisitVerb.BACK, "")],
    )


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_an_hour_is_an_hour_also_in_the_night_the_clocks_change(time_machine, visit, amina, month, day):
    start = datetime(2026, month, day, 0, 30, tzinfo=UTC)
    LoneVisit.objects.update(starts_at=start - timedelta(hours=1), expected_back_at=start)
    visit.refresh_from_db()
    time_machine.move_to(start - timedelta(minutes=5), tick=False)
    end = actions.need_longer(visit=visit, by=amina, minutes=60, expected=start).expected_back_at
    assert end == start + timedelta(hours=1)
    early, due = (LoneVisit.objects.to_alarm(at).count() for at in (end - timedelta(seconds=1), end))
    assert (early, due) == (0, 1)


def test_the_clock_on_the_wall_is_what_is_typed_in_summer_and_in_winter(time_machine):
    time_machine.move_to(datetime(2026, 10, 24, 8, tzinfo=UTC), tick=False)
    before, after = moment(date(2026, 10, 24), time(15)), moment(date(2026, 10, 26), time(15))
    assert [at.astimezone(UTC).hour for at in (before, after)] == [14, 15]
