"""The mix of a worker's own work: theirs alone to see, and theirs to show and take back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caseload.enums import Verb
from caseload.notify import colleague
from insight.actions import end_mix_share, share_mix
from insight.mix import mix_of
from tests.caseload.sent import errors
from tests.factories import AttendedFactory, ContactFactory, NeedFactory, in_days

MINE, SHOWN = reverse("insight:my_mix"), reverse("insight:shared_mixes")


@pytest.fixture
def worked(someone, organisation, amina, ben):
    """Amina held a meeting, rang somebody and did back-stage work; Ben held a meeting of hers."""
    case = someone(opened_at=in_days(-50))
    AttendedFactory(case=case, worker=amina, starts_at=in_days(-40), minutes=90, place="home")
    AttendedFactory(case=case, worker=ben, starts_at=in_days(-39), minutes=60)
    ContactFactory(case=case, by=amina, at=in_days(-38), minutes=30)
    organisation.backstage_work.create(worker=amina, kind="travel", minutes=15)
    NeedFactory(case=case, kind="loneliness")
    return case


def shown(share):
    return reverse("insight:shared_mix", args=[share.pk])


def test_a_mix_is_of_the_workers_own_work(organisation, amina, worked, today):
    mix = mix_of(amina, organisation, today)
    assert {name: hours for name, hours in mix.hours if hours} == {
        "Meeting in person": 1.5,
        "Calls, texts and letters": 0.5,
        "Travel and admin": 0.2,
    }
    assert (mix.places, mix.needs) == ([("At home", 1)], [("Loneliness", 1)])


def test_nobody_but_the_worker_has_the_page(sign_in, amina, mo, priya, worked):
    assert sign_in(amina).get(MINE).context["mix"].hours[0] == ("Meeting in person", 1.5)
    assert [sign_in(who).get(MINE).status_code for who in (mo, priya)] == [404, 404]
    assert sign_in(mo).post(MINE, {"reader": amina.pk}).status_code == 404


def test_one_colleague_sees_it_while_it_is_shared_and_nobody_else(sign_in, organisation, amina, ben, mo, stranger):
    sign_in(amina).post(MINE, {"reader": mo.pk})
    share = organisation.mix_shares.get()
    assert [sign_in(who).get(shown(share)).status_code for who in (mo, ben, amina, stranger)] == [200, 404, 404, 404]
    assert [list(sign_in(who).get(SHOWN).context["shares"]) for who in (mo, ben)] == [[share], []]


def test_the_page_says_only_you_until_somebody_else_may_see_it(sign_in, organisation, amina, mo):
    client, caption = sign_in(amina), '<span class="nhsuk-caption-m">Only you see this{}</span>'
    assert caption.format("") in client.get(MINE).content.decode()
    share_mix(organisation=organisation, by=amina, reader=mo)
    assert caption.format(", and whom you let see it") in client.get(MINE).content.decode()


def test_it_is_taken_back_at_once_and_only_by_whose_it_is(sign_in, organisation, amina, mo):
    share = share_mix(organisation=organisation, by=amina, reader=mo)
    take_back = reverse("insight:end_mix_share", args=[share.pk])
    assert sign_in(mo).post(take_back).status_code == 404
    end_mix_share(share=share, by=mo)
    assert sign_in(mo).get(shown(share)).status_code == 200
    sign_in(amina).post(take_back)
    assert sign_in(mo).get(shown(share)).status_code == 404
    share.refresh_from_db()
    assert (share.ended_at is not None, share.history.count()) == (True, 2)


def test_shared_twice_it_is_shared_once_and_told_once(organisation, amina, mo, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as queued:
        first, second = (share_mix(organisation=organisation, by=amina, reader=mo) for _ in range(2))
    assert (first, len(queued)) == (second, 1)


def test_who_it_is_shared_with_is_told_where_to_look(mo, mailoutbox):
    colleague(mo, "mix_shared")
    assert (mailoutbox[0].to, SHOWN in mailoutbox[0].body) == ([mo.email], True)


def test_of_somebody_who_has_left_nothing_is_shown(sign_in, organisation, amina, mo):
    share = share_mix(organisation=organisation, by=amina, reader=mo)
    amina.memberships.update(is_active=False)
    assert sign_in(mo).get(shown(share)).status_code == 404


def test_it_is_shown_to_somebody_of_the_same_organisation_only(sign_in, amina, stranger):
    client = sign_in(amina)
    assert errors(client.post(MINE, {"reader": stranger.pk})) == ["Choose somebody from the list"]
    assert errors(client.post(MINE, {"reader": amina.pk})) == ["Choose somebody from the list"]


def test_no_event_of_a_case_tells_of_it(organisation, amina, mo, worked):
    share_mix(organisation=organisation, by=amina, reader=mo)
    assert not worked.events.exclude(verb=Verb.OPENED).exists()


def test_it_says_nothing_of_others(sign_in, amina, ben, worked):
    page = sign_in(amina).get(MINE).content.decode().partition("<main")[2]
    assert page.count(ben.name) == 1  # in the list of those it may be shown to
    assert not [word for word in ("average", "target", "rank", "%") if word in page.partition("<aside")[0]]


def test_the_page_asks_as_often_for_much_work_as_for_little(sign_in, amina, worked):
    client = sign_in(amina)
    client.get(MINE)
    with CaptureQueriesContext(connection) as once:
        client.get(MINE)
    AttendedFactory.create_batch(3, case=worked, worker=amina, starts_at=in_days(-70))
    with CaptureQueriesContext(connection) as again:
        client.get(MINE)
    assert len(again) == len(once)
