import json
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from caseload.models import Draft
from caseload.tasks import forget_old_drafts
from tests.caseload.sent import HTMX, filled_in, url_of

BOX = {"note": "She told me about her brother."}


@pytest.fixture
def form(case):
    return url_of("log_contact", case)


@pytest.fixture
def keep(case, form):
    """keep(client, BOX) saves a draft as the browser does, and says whether it was kept."""

    def kept(client, boxes, *, draft_id=None, at=None, **more):
        sent = {
            "draft_id": draft_id or uuid.uuid4(),
            "form": form,
            "words": json.dumps(boxes),
            "base": json.dumps(dict.fromkeys(boxes, "")),
            "written_at": int((at or timezone.now()).timestamp() * 1000),
        }
        return client.post(url_of("keep_draft", case), sent | more)

    return kept


def opened(client, case, form):
    drafts = client.post(url_of("open_drafts", case), {"form": form}).json()["drafts"]
    return [draft["words"] for draft in drafts]


def as_taken(client, case, form):
    """What a form sends that has taken over the newest draft."""
    newest = client.post(url_of("open_drafts", case), {"form": form}).json()["drafts"][0]
    return {"instead_of": newest["id"], "as_written": newest["as_written"]}


def test_words_come_back_to_their_author_with_the_time(sign_in, amina, case, form, keep):
    client, at = sign_in(amina), timezone.now()
    assert keep(client, BOX, at=at).json() == {"kept": True}
    answer = client.post(url_of("open_drafts", case), {"form": form})
    [draft] = answer.json()["drafts"]
    assert (draft["words"], draft["said"]) == (BOX, f"at {timezone.localtime(at):%H:%M}")
    assert "no-store" in answer["Cache-Control"]


def test_a_draft_is_nobody_elses_not_even_the_managers(sign_in, amina, ben, mo, case, form, keep):
    keep(sign_in(amina), BOX)
    assert opened(sign_in(ben), case, form) == opened(sign_in(mo), case, form) == []


def test_a_colleague_cannot_write_over_a_draft_or_drop_it(sign_in, amina, ben, case, form, keep):
    draft_id = uuid.uuid4()
    keep(sign_in(amina), BOX, draft_id=draft_id)
    assert keep(sign_in(ben), {"note": "Mine"}, draft_id=draft_id).json() == {"kept": False}
    sign_in(ben).post(url_of("drop_draft", case), {"draft_id": draft_id, "form": form})
    assert opened(sign_in(amina), case, form) == [BOX]


def test_the_key_to_what_a_browser_keeps_is_each_persons_own(sign_in, amina, ben, case):
    keys = [sign_in(who).post(url_of("open_drafts", case)).json()["key"] for who in (amina, amina, ben)]
    assert keys[0] == keys[1] != keys[2]


def test_two_tabs_have_a_draft_each_the_newest_first(sign_in, amina, case, form, keep):
    client, now = sign_in(amina), timezone.now()
    keep(client, {"note": "Second"}, at=now)
    keep(client, {"note": "First"}, at=now - timedelta(minutes=9))
    assert opened(client, case, form) == [{"note": "Second"}, {"note": "First"}]


def test_older_words_of_the_same_tab_do_not_replace_newer_ones(sign_in, amina, case, form, keep):
    client, draft_id, now = sign_in(amina), uuid.uuid4(), timezone.now()
    keep(client, {"note": "Newer"}, draft_id=draft_id, at=now)
    keep(client, {"note": "Older"}, draft_id=draft_id, at=now - timedelta(minutes=1))
    assert opened(client, case, form) == [{"note": "Newer"}]


def test_a_draft_taken_over_goes_unless_its_own_tab_has_written_on(sign_in, amina, case, form, keep):
    client, first = sign_in(amina), uuid.uuid4()
    keep(client, BOX, draft_id=first)
    taken = as_taken(client, case, form)
    keep(client, {"note": "And on"}, **taken)
    assert opened(client, case, form) == [{"note": "And on"}]
    keep(client, {"note": "First"}, draft_id=(on := uuid.uuid4()))
    taken = as_taken(client, case, form)
    keep(client, {"note": "First, and on"}, draft_id=on)
    keep(client, {"note": "Something else"}, **taken)
    assert len(opened(client, case, form)) == 3


def test_a_form_that_was_saved_ends_the_draft_its_words_began_from(sign_in, amina, case, form, keep):
    """Also where its own draft never came: the server was away, and was back when the form was sent."""
    client = sign_in(amina)
    keep(client, BOX)
    taken = {f"draft_{name}": value for name, value in as_taken(client, case, form).items()}
    said = {"result": "reached", "note": "She told me about her brother, who has died."}
    client.post(form, filled_in(client, form, **said) | taken | {"draft": uuid.uuid4()})
    assert case.contacts.get().note == said["note"]
    assert opened(client, case, form) == []


def test_a_form_that_was_saved_keeps_the_draft_its_words_began_from_where_its_own_tab_wrote_on(
    sign_in, amina, case, form, keep
):
    client, first = sign_in(amina), uuid.uuid4()
    keep(client, BOX, draft_id=first)
    taken = {f"draft_{name}": value for name, value in as_taken(client, case, form).items()}
    keep(client, {"note": "And on"}, draft_id=first)
    client.post(form, filled_in(client, form, result="reached", note="Else") | taken | {"draft": uuid.uuid4()})
    assert opened(client, case, form) == [{"note": "And on"}]


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "in place"])
def test_a_form_that_was_saved_leaves_no_words_and_they_do_not_come_back(sign_in, amina, case, form, keep, headers):
    client, draft_id = sign_in(amina), uuid.uuid4()
    keep(client, BOX, draft_id=draft_id)
    client.post(form, filled_in(client, form, result="reached", **BOX) | {"draft": draft_id}, headers=headers)
    assert case.contacts.get().note == BOX["note"]
    assert Draft.objects.get().words == {}
    assert keep(client, BOX, draft_id=draft_id).json() == {"kept": False}


def test_a_form_sent_before_its_first_draft_arrived_refuses_the_late_one(sign_in, amina, case, form, keep):
    client, draft_id = sign_in(amina), uuid.uuid4()
    client.post(form, filled_in(client, form, result="reached", **BOX) | {"draft": draft_id})
    assert keep(client, BOX, draft_id=draft_id).json() == {"kept": False}


def test_a_saved_form_ends_the_same_words_of_another_tab_too(sign_in, amina, case, form, keep):
    client = sign_in(amina)
    keep(client, BOX)
    client.post(form, filled_in(client, form, result="reached", **BOX) | {"draft": uuid.uuid4()})
    assert opened(client, case, form) == []


def test_a_form_that_came_back_with_an_error_keeps_its_draft(sign_in, amina, case, form, keep):
    client, draft_id = sign_in(amina), uuid.uuid4()
    keep(client, BOX, draft_id=draft_id)
    client.post(form, BOX | {"draft": draft_id})
    assert opened(client, case, form) == [BOX]


def test_a_session_lost_while_sending_keeps_the_draft(sign_in, client, amina, case, form, keep):
    signed_in, draft_id = sign_in(amina), uuid.uuid4()
    keep(signed_in, BOX, draft_id=draft_id)
    response = client.post(form, BOX | {"draft": draft_id})
    assert response.url == f"{reverse('account_login')}?next={form}"
    assert opened(signed_in, case, form) == [BOX]


def test_a_page_that_came_too_late_keeps_the_draft(sign_in, amina, case, keep):
    client, draft_id = sign_in(amina), uuid.uuid4()
    keep(client, {"words": "Speaks Polish"}, draft_id=draft_id, form=url_of("assign", case))
    client.post(url_of("assign", case), {"whose": "somebody else", "words": "Speaks Polish", "draft": draft_id})
    assert opened(client, case, url_of("assign", case)) == [{"words": "Speaks Polish"}]


@pytest.mark.parametrize(
    "sent",
    [
        {"words": "[]"},
        {"words": json.dumps({"note": 7})},
        {"words": json.dumps({"note": "x" * 100_001})},
        {"words": "no json"},
        {"form": "/cases/"},
        {"draft_id": "1"},
        {"written_at": "9" * 30},
    ],
    ids=lambda sent: next(iter(sent)),
)
def test_nothing_but_words_of_a_form_on_the_case_is_kept(sign_in, amina, keep, sent):
    assert keep(sign_in(amina), BOX, **sent).status_code == 400
    assert Draft.objects.count() == 0


def test_words_no_database_can_hold_are_kept_without_what_it_cannot(sign_in, amina, case, form, keep):
    client = sign_in(amina)
    assert keep(client, {"note": "a\0b\ud800c"}).json() == {"kept": True}
    assert opened(client, case, form) == [{"note": "abc"}]


def test_drafts_are_forgotten_after_two_weeks(sign_in, amina, case, form, keep):
    client = sign_in(amina)
    keep(client, BOX)
    keep(client, {"note": "Old"})
    Draft.objects.filter(words={"note": "Old"}).update(written_at=timezone.now() - timedelta(days=15))
    forget_old_drafts()
    assert opened(client, case, form) == [BOX]


def test_a_draft_has_no_row_history_and_leaves_nothing_on_the_timeline(sign_in, amina, case, keep):
    keep(sign_in(amina), BOX)
    assert [m.__name__ for m in apps.get_models() if m.__name__ == "DraftHistory"] == []
    assert case.events.count() == 0


def test_no_word_of_a_draft_is_logged(sign_in, amina, keep, capfd, caplog):
    keep(sign_in(amina), BOX)
    keep(sign_in(amina), {"note": "brother" * 20_000})
    assert "brother" not in caplog.text + "".join(capfd.readouterr())


def test_what_was_not_sent_is_on_its_authors_today_alone_and_can_be_discarded(sign_in, amina, mo, case, form, keep):
    client, today = sign_in(amina), reverse("caseload:today")
    keep(client, BOX)
    page, link = client.get(today).content.decode(), f'href="{form}?next=/today/"'
    assert link in page
    assert "6 words" in page
    assert BOX["note"] not in page  # somebody may sit beside
    assert link not in sign_in(mo).get(today).content.decode()
    discard = url_of("discard_draft", case, draft_id=Draft.objects.get().pk)
    assert sign_in(mo).post(discard).status_code == 404
    assert client.post(f"{discard}?next={today}").url == today
    assert link not in client.get(today).content.decode()
