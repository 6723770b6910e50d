from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from caseload import actions
from caseload.desk import FULL_DAY
from caseload.enums import FlagRule
from caseload.models import Away
from tests.caseload.sent import errors, filled_in, queries_of, send
from tests.factories import AppointmentFactory, AwayFactory, FlagFactory, FollowUpFactory, in_days

COVER, ADD, TODAY = reverse("caseload:cover"), reverse("caseload:add_away"), reverse("caseload:today")


def shown(client, url):
    return client.get(url).content.decode()


@pytest.fixture
def away(amina, ben, organisation):
    """Amina is away this week; Ben covers."""
    return AwayFactory(organisation=organisation, worker=amina, cover=ben)


def test_whoever_covers_sees_their_people_on_today_with_the_same_reasons(sign_in, ben, case, away):
    FollowUpFactory(case=case, about="Ring about the house")
    (covering,) = sign_in(ben).get(TODAY).context["covering"]
    reasons = [(heading, [row.case for row in rows]) for heading, rows in covering.groups]
    assert (covering.away.worker, reasons) == (case.worker, [("Follow-ups due", [case])])


def test_on_a_full_day_what_can_wait_for_a_colleague_is_a_line_with_its_counts(sign_in, ben, someone, case, away):
    FollowUpFactory(case=case)
    for n in range(FULL_DAY):
        FlagFactory(case=someone(f"Quiet {n}", status="active"), rule=FlagRule.QUIET)
    page = sign_in(ben).get(TODAY)
    (covering,) = page.context["covering"]
    assert [heading for heading, _ in covering.groups] == ["Follow-ups due"]
    assert f"Can wait: Gone quiet {FULL_DAY}. <a" in page.content.decode()


def test_whoever_covers_sees_the_meetings_of_these_days(sign_in, ben, case, away):
    meeting = AppointmentFactory(case=case, starts_at=in_days(-0.01))
    (covering,) = sign_in(ben).get(TODAY).context["covering"]
    assert covering.meetings == [meeting]


def test_whoever_covers_sees_what_they_had_to_do(sign_in, ben, amina, organisation, away):
    promise = FollowUpFactory(case=None, organisation=organisation, worker=amina, about="Write to the housing panel")
    (covering,) = sign_in(ben).get(TODAY).context["covering"]
    assert covering.to_do == [promise]


def test_the_caseload_has_a_tab_for_those_one_covers_for(sign_in, ben, mo, case, away):
    caseload = reverse("caseload:cases")
    page = sign_in(ben).get(caseload, {"whose": "covering"})
    assert [each.pk for each in page.context["page"]] == [case.pk]
    assert "covering" not in [value for value, _, _ in sign_in(mo).get(caseload).context["tabs"]]


def test_nobody_covers_before_or_after(sign_in, ben, case, away, today):
    Away.objects.update(first_on=today + timedelta(days=1))
    assert sign_in(ben).get(TODAY).context["covering"] == []
    Away.objects.update(first_on=today - timedelta(days=9), last_on=today - timedelta(days=1))
    assert sign_in(ben).get(TODAY).context["covering"] == []


def test_the_case_stays_with_its_worker_and_says_who_covers(sign_in, mo, amina, case, away):
    page = shown(sign_in(mo), reverse("caseload:case", args=[case.pk]))
    case.refresh_from_db()
    assert ("Ben Taylor covers" in page, case.worker) == (True, amina)


def test_days_away_are_written_down_once(sign_in, amina, ben, today):
    client = sign_in(amina)
    data = filled_in(client, ADD, first_on=today, last_on=today + timedelta(days=4), cover=str(ben.pk))
    client.post(ADD, data), client.post(ADD, data)
    assert [(each.worker, each.cover) for each in Away.objects.all()] == [(amina, ben)]
    assert errors(send(client, ADD, first_on=today, last_on=today)) == [
        f"Days from {today:%-d %B} to {today + timedelta(days=4):%-d %B} are written down already: change those"
    ]


def test_nobody_is_away_twice_at_a_time_whoever_writes_it(away):
    with pytest.raises(IntegrityError), transaction.atomic():
        AwayFactory(organisation=away.organisation, worker=away.worker)


def test_days_away_have_plain_errors(sign_in, mo, ben, today):
    client = sign_in(mo)
    assert errors(send(client, ADD)) == [
        "Choose somebody from the list",
        "Enter the first day away",
        "Enter the last day away",
    ]
    wrong = {"worker": str(ben.pk), "cover": str(ben.pk), "first_on": today + timedelta(days=2), "last_on": today}
    said = [f"The last day is before the first, {today + timedelta(days=2):%-d %B}", "Choose somebody else to cover"]
    assert errors(send(client, ADD, **wrong)) == sorted(said)


def test_a_link_worker_writes_down_their_own_days_and_a_manager_anybodys(sign_in, amina, ben, mo, away):
    change = reverse("caseload:change_away", args=[away.pk])
    assert [sign_in(who).get(change).status_code for who in [amina, mo, ben]] == [200, 200, 403]


def test_days_changed_by_two_at_once_are_not_lost(sign_in, amina, mo, away, today):
    change = reverse("caseload:change_away", args=[away.pk])
    late = filled_in(sign_in(amina), change, note="Ring me")
    send(sign_in(mo), change, note="Do not ring her")
    assert errors(sign_in(amina).post(change, late)) == ["Somebody changed these days. What you wrote is still here."]


def test_days_away_can_be_taken_out(sign_in, amina, away):
    sign_in(amina).post(reverse("caseload:remove_away", args=[away.pk]))
    assert Away.objects.count() == 0


def test_gaps_are_named_plainly(sign_in, mo, amina, ben, organisation, away):
    AwayFactory(organisation=organisation, worker=ben, cover=None, first_on=away.first_on, last_on=away.last_on)
    rows = sign_in(mo).get(COVER).context["rows"]
    said = {row.worker.name: row.gaps for row in rows}
    assert said["Ben Taylor"] == ["Nobody covers yet."]
    assert [gap.startswith("Ben Taylor is away too from") for gap in said["Amina Yusuf"]] == [True]


def test_a_cover_who_has_left_is_a_gap(sign_in, mo, ben, away):
    ben.memberships.update(is_active=False)
    (row,) = sign_in(mo).get(COVER).context["rows"]
    assert row.gaps == ["Ben Taylor was to cover, and has left: nobody covers."]


@pytest.mark.parametrize("page", [COVER, TODAY])
def test_cover_and_today_take_as_many_queries_with_two_away_as_with_one(
    sign_in, someone, case, ben, mo, organisation, away, page
):
    FollowUpFactory(case=case)
    client = sign_in(ben)
    with_one = queries_of(client, page)
    AwayFactory(organisation=organisation, worker=mo, cover=ben)
    FollowUpFactory(case=someone("Ali", worker=mo))
    assert queries_of(client, page) == with_one
    assert len(client.get(TODAY).context["covering"]) == 2


def test_whoever_is_to_cover_is_told_without_a_name(
    django_capture_on_commit_callbacks, settings, amina, ben, organisation, today
):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    with django_capture_on_commit_callbacks(execute=True):
        actions.plan_away(organisation=organisation, by=amina, worker=amina, first_on=today, last_on=today, cover=ben)
    (message,) = mail.outbox
    assert (message.to, "Amina" in message.body, "Amina" in message.subject) == ([ben.email], False, False)
