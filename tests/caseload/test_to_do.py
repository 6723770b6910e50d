from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from caseload import actions, desk
from caseload.enums import Verb
from caseload.models import FollowUp, things_to_do
from tests.caseload.sent import errors, filled_in, send
from tests.caseload.test_today import needing
from tests.factories import FollowUpFactory

TODAY, TO_DO, ADD = (reverse(f"caseload:{name}") for name in ("today", "to_do", "add_to_do"))


@pytest.fixture
def printer(organisation, amina, today):
    return actions.add_to_do(organisation=organisation, by=amina, worker=amina, due_on=today, about="Mend the printer")


def change_url(follow_up):
    return reverse("caseload:change_to_do", args=[follow_up.pk])


def to_do_today(client):
    return [each.about for each in client.get(TODAY).context["to_do"]]


def test_something_to_do_of_no_case_is_on_today_when_it_is_due(sign_in, amina, today):
    client = sign_in(amina)
    send(client, ADD, about="Mend the printer")
    send(client, ADD, about="Order leaflets", due_on=today + timedelta(days=1))
    assert to_do_today(client) == ["Mend the printer"]
    assert [each.about for each in client.get(TO_DO).context["later"]] == ["Order leaflets"]


def test_it_is_done_with_one_press_and_gone(sign_in, amina, printer):
    client = sign_in(amina)
    response = client.post(f"{reverse('caseload:finish_to_do', args=[printer.pk])}?next={TODAY}")
    assert response.url == TODAY
    assert to_do_today(client) == []
    assert [each.about for each in client.get(TO_DO).context["just_done"]] == ["Mend the printer"]


def test_done_by_mistake_can_be_taken_up_again(sign_in, amina, printer):
    actions.finish_follow_up(follow_up=printer, by=amina)
    client = sign_in(amina)
    client.post(reverse("caseload:take_up_again", args=[printer.pk]))
    assert to_do_today(client) == ["Mend the printer"]


def test_its_day_can_be_moved(sign_in, amina, printer, today):
    client = sign_in(amina)
    send(client, change_url(printer), due_on=today + timedelta(days=3))
    assert to_do_today(client) == []
    printer.refresh_from_db()
    assert printer.due_on == today + timedelta(days=3)


def test_handed_to_a_colleague_it_is_on_their_today_and_says_from_whom(sign_in, amina, ben, printer):
    client = sign_in(amina)
    send(client, change_url(printer), worker=ben.pk)
    assert to_do_today(client) == []
    assert to_do_today(sign_in(ben)) == ["Mend the printer"]
    assert "from Amina Yusuf" in sign_in(ben).get(TODAY).content.decode()
    assert [each.about for each in client.get(TO_DO).context["asked"]] == ["Mend the printer"]


def test_a_follow_up_handed_on_leaves_my_people_and_is_the_colleagues_to_do(sign_in, amina, ben, case, today):
    follow_up = FollowUpFactory(case=case, about="Ring about the lunch club", made_by=amina)
    send(sign_in(amina), change_url(follow_up), worker=ben.pk)
    assert needing(amina, today) == {}
    assert to_do_today(sign_in(ben)) == ["Ring about the lunch club"]
    event = case.events.get(verb=Verb.FOLLOW_UP_CHANGED)
    assert (event.by, event.about, event.words) == (amina, ben, "Ring about the lunch club")


def test_a_follow_up_given_back_to_whoever_has_the_case_goes_with_the_case(amina, ben, case, today):
    follow_up = FollowUpFactory(case=case, worker=ben)
    version = follow_up.history.count()
    actions.change_follow_up(
        follow_up=follow_up, by=ben, version=version, about="Ring", due_on=today, worker=case.worker
    )
    follow_up.refresh_from_db()
    assert follow_up.worker is None
    assert list(needing(amina, today)) == ["Follow-ups due"]


def test_a_follow_up_of_my_own_people_is_not_said_twice(amina, case, organisation, today):
    FollowUpFactory(case=case)
    assert list(desk.to_do(organisation, [amina], today)) == []


def test_the_second_of_two_who_change_it_reads_what_it_is_now(sign_in, amina, ben, printer):
    client = sign_in(amina)
    late = filled_in(client, change_url(printer), about="Buy a printer")
    send(sign_in(ben), change_url(printer), about="Throw the printer out")
    response = client.post(change_url(printer), late)
    assert "“Throw the printer out”" in errors(response)[0]
    assert client.post(change_url(printer), response.context["form"].data).status_code == 302


def test_one_done_meanwhile_is_said(sign_in, amina, ben, printer):
    client = sign_in(amina)
    late = filled_in(client, change_url(printer), about="Buy a printer")
    actions.finish_follow_up(follow_up=printer, by=ben)
    assert errors(client.post(change_url(printer), late)) == [
        "It was done in the meantime. What you wrote is still here."
    ]


def test_one_that_is_late_may_stay_on_its_day(sign_in, amina, printer, today):
    FollowUp.objects.update(due_on=today - timedelta(days=5))
    assert send(sign_in(amina), change_url(printer), about="Mend it at last").status_code == 302


def test_a_double_click_adds_one(sign_in, amina):
    client = sign_in(amina)
    data = filled_in(client, ADD, about="Mend the printer")
    client.post(ADD, data)
    client.post(ADD, data)
    assert FollowUp.objects.count() == 1


def test_it_is_of_a_case_or_somebodys_in_an_organisation(organisation, amina, today):
    with pytest.raises(IntegrityError):
        FollowUp.objects.create(organisation=organisation, due_on=today, about="Whose?", made_by=amina)


def test_the_team_sees_what_is_to_do_and_nobody_else(organisation, other_organisation, case, printer):
    FollowUpFactory(case=case)
    assert things_to_do(organisation).count() == 2
    assert things_to_do(other_organisation).count() == 0


def test_something_to_do_of_no_case_does_not_exist_for_a_stranger(sign_in, stranger, printer):
    assert sign_in(stranger).get(change_url(printer)).status_code == 404
    assert sign_in(stranger).post(reverse("caseload:finish_to_do", args=[printer.pk])).status_code == 404


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    sign_in, amina, case, organisation, django_assert_max_num_queries, today
):
    client = sign_in(amina)

    def add(n):
        for _ in range(n):
            FollowUpFactory(case=case)
            actions.add_to_do(organisation=organisation, by=amina, worker=amina, due_on=today, about="Ring")

    add(1)
    with django_assert_max_num_queries(100) as one:
        client.get(TO_DO)
    add(2)
    with django_assert_max_num_queries(len(one)):
        client.get(TO_DO)
