"""Work beyond the usual: noted on the case, read by the team, listed for the manager without ranking."""

import pytest
from django.urls import reverse

from caseload.enums.safety import BeyondKind
from caseload.timeline import timeline
from tests.caseload.sent import errors, send, url_of
from tests.factories import BeyondUsualFactory

LIST = reverse("caseload:beyond_usual")
SAID = {"kind": BeyondKind.CRISIS, "what": "Waited with him for the ambulance", "why": "Nobody else was there"}


def test_it_says_what_why_and_with_whom_it_was_agreed(sign_in, amina, case):
    send(sign_in(amina), url_of("log_beyond", case), **SAID, agreed_with="Mo")
    (entry,) = timeline(case, "beyond")
    assert (entry.title, entry.by) == ("Beyond the usual: staying in a crisis", "Amina Yusuf")
    assert entry.note == "Waited with him for the ambulance\nWhy: Nobody else was there\nAgreed with Mo"


def test_what_and_why_are_asked_for_with_whom_is_not(sign_in, amina, case):
    assert errors(send(sign_in(amina), url_of("log_beyond", case))) == [
        "Choose what kind of thing it was",
        "Enter what you did",
        "Enter why",
    ]


def test_a_double_click_notes_it_once(sign_in, amina, case):
    for _ in range(2):
        send(sign_in(amina), url_of("log_beyond", case), **SAID, once="00000000-0000-4000-8000-000000000001")
    assert case.beyond_usual.count() == 1


def test_the_team_reads_it_on_the_case(sign_in, ben, case):
    BeyondUsualFactory(case=case, what="Carried the fridge up")
    assert "Carried the fridge up" in sign_in(ben).get(url_of("case", case)).content.decode()


@pytest.mark.parametrize(("who", "status"), [("mo", 200), ("amina", 403)])
def test_the_list_of_the_service_is_the_managers(request, sign_in, who, status):
    assert sign_in(request.getfixturevalue(who)).get(LIST).status_code == status


def test_the_list_is_by_day_and_counts_nobody(sign_in, mo, amina, ben, case, today):
    for by, what in ((amina, "First"), (ben, "Second"), (amina, "Third")):
        BeyondUsualFactory(case=case, by=by, what=what)
    shown = sign_in(mo).get(LIST).context["page"]
    assert [note.what for note in shown] == ["Third", "Second", "First"]


def test_three_notes_take_no_more_queries_than_one(sign_in, mo, case, django_assert_max_num_queries):
    client = sign_in(mo)
    BeyondUsualFactory(case=case)
    with django_assert_max_num_queries(20) as with_one:
        client.get(LIST)
    BeyondUsualFactory.create_batch(2, case=case)
    with django_assert_max_num_queries(len(with_one)):
        client.get(LIST)
