from datetime import timedelta

import pytest
from django.urls import reverse

from caseload import actions
from caseload.models import SupervisionItem
from tests.caseload.sent import errors, filled_in, queries_of, send, url_of
from tests.factories import ConsultFactory

LIST = reverse("caseload:supervision")


def page(name, item):
    return reverse(f"caseload:{name}", args=[item.pk])


@pytest.fixture
def item(case, amina, organisation):
    """On Amina's own list: about Sam."""
    return actions.add_supervision_item(organisation=organisation, by=amina, case=case, words="Sam stays with me")


def status_codes(sign_in, item, *people):
    return [sign_in(who).get(page("supervision_item", item)).status_code for who in people]


def test_a_supervision_list_is_private_from_everybody_managers_included_until_shared(sign_in, amina, ben, mo, item):
    assert status_codes(sign_in, item, amina, ben, mo) == [200, 404, 404]
    assert [b"stays with me" in sign_in(who).get(LIST).content for who in [amina, ben, mo]] == [True, False, False]


def test_what_is_shared_is_read_by_that_colleague_alone_and_can_be_taken_back(sign_in, amina, ben, mo, item, today):
    send(sign_in(amina), page("share_supervision_item", item), with_whom=str(mo.pk), session_on=today)
    shared = status_codes(sign_in, item, amina, ben, mo)
    sign_in(amina).post(page("unshare_supervision_item", item))
    assert (shared, status_codes(sign_in, item, amina, ben, mo)) == ([200, 404, 200], [200, 404, 404])


def test_what_is_shared_is_not_the_readers_to_change(sign_in, amina, mo, item):
    actions.share_supervision_item(item=item, by=amina, with_whom=mo)
    pages = ["change_supervision_item", "share_supervision_item", "supervision_taken"]
    assert [sign_in(mo).get(page(name, item)).status_code for name in pages] == [403, 403, 403]
    pages = ["unshare_supervision_item", "remove_supervision_item"]
    assert [sign_in(mo).post(page(name, item)).status_code for name in pages] == [403, 403]


def test_nothing_on_the_case_tells_of_a_supervision_list(sign_in, mo, case, item):
    assert (case.events.count(), b"stays with me" in sign_in(mo).get(url_of("case", case)).content) == (0, False)


@pytest.mark.parametrize("source", ["add_supervision_item", "take_case_to_supervision", "take_consult_to_supervision"])
def test_something_is_put_on_the_list_from_a_case_a_question_or_nothing(sign_in, amina, case, source):
    consult = ConsultFactory(case=case)
    ids = {"take_case_to_supervision": [case.pk], "take_consult_to_supervision": [consult.pk]}
    url, client = reverse(f"caseload:{source}", args=ids.get(source)), sign_in(amina)
    data = filled_in(client, url, words="It stays with me")
    client.post(url, data), client.post(url, data)
    item = SupervisionItem.objects.get()
    assert (item.case, item.consult) == (
        None if source == "add_supervision_item" else case,
        consult if source == "take_consult_to_supervision" else None,
    )


def test_what_came_of_it_is_written_down_and_then_stays(sign_in, amina, item):
    client = sign_in(amina)
    assert errors(send(client, page("supervision_taken", item))) == ["Enter what came of it"]
    send(client, page("supervision_taken", item), outcome="Ring less, listen longer")
    client.post(page("remove_supervision_item", item))
    client.post(page("unshare_supervision_item", item))
    item.refresh_from_db()
    assert (item.outcome, item.taken_at is None) == ("Ring less, listen longer", False)


def test_words_changed_in_two_windows_are_not_lost(sign_in, amina, item):
    client, url = sign_in(amina), page("change_supervision_item", item)
    late = filled_in(client, url, words="The later words")
    send(client, url, words="The first words")
    response = client.post(url, late)
    assert errors(response) == ["You changed this in another window. What you wrote is still here."]
    assert "The first words" in response.content.decode()


def test_something_can_be_taken_off_the_list(sign_in, amina, item):
    sign_in(amina).post(page("remove_supervision_item", item))
    assert SupervisionItem.objects.count() == 0


def test_the_list_takes_as_many_queries_with_three_items_as_with_one(sign_in, organisation, amina, mo):
    def add():
        for _ in range(3):
            item = actions.add_supervision_item(organisation=organisation, by=amina, words="Something")
        actions.share_supervision_item(item=item, by=amina, with_whom=mo)

    client = sign_in(amina)
    add()
    with_one = queries_of(client, LIST)
    add(), add()
    assert queries_of(client, LIST) == with_one


def test_a_session_is_not_in_the_past(sign_in, amina, mo, item, today):
    late = {"with_whom": str(mo.pk), "session_on": today - timedelta(days=1)}
    assert errors(send(sign_in(amina), page("share_supervision_item", item), **late)) == ["Choose a day from today on"]
