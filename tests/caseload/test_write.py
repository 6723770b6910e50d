"""The page to write to the person on, and the organisation's own words to begin with."""

import pytest
from django.urls import reverse

from caseload.enums import MessageStatus, Occasion
from caseload.wording import offered_by, shipped_id, templates_of
from tests.caseload.sent import HTMX, errors, filled_in, send, url_of
from tests.factories import AppointmentFactory, MessageFactory, in_days

pytestmark = pytest.mark.django_db
TEMPLATES = reverse("caseload:templates")


@pytest.fixture
def reachable(case, organisation):
    organisation.phone = "0141 496 0100"
    organisation.save()
    person = case.patient
    person.may_text, person.may_email, person.phone, person.address = True, True, "07700 900123", "1 High Street"
    person.safe_contact_note = "Never on a Sunday"
    person.save()
    return case


def template_page(organisation, key):
    return reverse("caseload:edit_template", args=[shipped_id(organisation, key)])


def test_only_the_ways_they_have_agreed_to_are_offered_and_the_others_are_named(sign_in, amina, reachable):
    response = sign_in(amina).get(url_of("write", reachable))

    assert response.context["form"].fields["channel"].choices == [("text", "Text to 07700 900123")]
    assert response.context["unavailable"] == [
        "Email: we have no email address",
        "Letter: Sam has not said we may write by post",
    ]


def test_the_safe_contact_note_stands_beside_the_form(sign_in, amina, reachable):
    assert "Never on a Sunday" in sign_in(amina).get(url_of("write", reachable)).content.decode()


def test_somebody_without_any_way_is_not_written_to(sign_in, amina, case):
    case.patient.may_text = False
    response = sign_in(amina).get(url_of("write", case))
    assert (response.context["form"].is_possible, b"<textarea" in response.content) == (False, False)


def test_words_to_begin_with_come_filled_in_and_shown_as_they_arrive(sign_in, amina, reachable):
    AppointmentFactory(case=reachable, starts_at=in_days(9).replace(hour=10, minute=30))
    response = sign_in(amina).get(url_of("write", reachable) + "?occasion=meeting")

    words = response.context["form"]["body"].value()
    assert words.startswith("Hello Sam, it is Amina. We meet ") and "0141 496 0100" in words and "{" not in words
    preview = response.context["preview"]
    assert (preview.sender, preview.body, preview.shown) == ("Amina", words, words[:40])


def test_a_meeting_that_is_not_booked_has_no_time_to_tell(sign_in, amina, reachable):
    response = send(sign_in(amina), url_of("write", reachable) + "?occasion=meeting", step="send")
    assert errors(response) == [
        "No meeting is booked, so {when} stands for nothing. Book one first, or use other words"
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write something first"),
        ("Hello {nickname}, here I am", "Take out {nickname}: it stands for nothing"),
        ("Counselling starts", "“Counselling” would show on a locked phone. Begin with other words: the first 40 "
                               "letters show"),
        ("Hello " * 151, "A text is 900 characters or fewer (this is 905). Try an email"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_words_is_said(sign_in, amina, reachable, typed, said):
    response = send(sign_in(amina), url_of("write", reachable), body=typed, step="send")
    assert (errors(response), reachable.messages.count()) == ([said], 0)


def test_seeing_it_first_sends_nothing(sign_in, amina, reachable):
    response = send(sign_in(amina), url_of("write", reachable), body="Hello Sam, Amina here", step="preview")
    assert (response.context["preview"].body, reachable.messages.count()) == ("Hello Sam, Amina here", 0)


def test_a_preview_comes_by_itself_while_typing(sign_in, amina, reachable):
    client, url = sign_in(amina), url_of("write", reachable)
    response = send(client, url, body="Hello Sam, Amina here", step="preview", headers=HTMX)
    assert [template.name for template in response.templates][0] == "caseload/includes/preview.html"


def test_a_double_click_sends_one(sign_in, amina, reachable):
    client, url = sign_in(amina), url_of("write", reachable) + "?occasion=after_missed"
    data = filled_in(client, url, step="send")
    first, second = client.post(url, data), client.post(url, data)

    assert (first.url, second.url) == (url_of("case", reachable), url_of("case", reachable))
    assert list(reachable.messages.values_list("channel", "about", "by")) == [
        ("text", "a way back after a missed meeting", amina.pk)
    ]


def test_a_letter_leads_to_its_page_to_print(sign_in, amina, reachable):
    reachable.patient.may_post = True
    reachable.patient.save()
    response = send(sign_in(amina), url_of("write", reachable), body="Dear Sam", channel="letter", step="send")

    page = sign_in(amina).get(response.url).content.decode()
    assert ("Dear Sam" in page, "1 High Street" in page, reachable.messages.get().status) == (True, True, "sent")


def test_the_case_says_what_could_not_be_sent_and_tries_again(sign_in, amina, reachable):
    message = MessageFactory(
        case=reachable, status=MessageStatus.FAILED, ended_at=in_days(0), failure="the number is not in use"
    )
    client = sign_in(amina)
    page = client.get(url_of("case", reachable)).content.decode()
    assert page.count("Could not be sent: the number is not in use") == 2

    client.post(url_of("try_message_again", reachable, message_id=message.pk))
    message.refresh_from_db()
    assert message.status == MessageStatus.QUEUED


def test_the_case_asks_as_often_with_one_message_as_with_three(
    sign_in, amina, reachable, django_assert_max_num_queries
):
    MessageFactory(case=reachable, by=amina)
    client, url = sign_in(amina), url_of("write", reachable)
    client.get(url)
    with django_assert_max_num_queries(100) as one:
        client.get(url)
    MessageFactory.create_batch(2, case=reachable)
    with django_assert_max_num_queries(len(one)):
        client.get(url)


def test_today_says_what_could_not_be_sent_until_something_was(sign_in, amina, reachable):
    client = sign_in(amina)
    MessageFactory(
        case=reachable, status=MessageStatus.FAILED, ended_at=in_days(-2), queued_at=in_days(-2), failure="no signal"
    )
    assert "could not be sent: no signal." in client.get(reverse("caseload:today")).content.decode()

    MessageFactory(case=reachable)
    assert "could not be sent" not in client.get(reverse("caseload:today")).content.decode()


def test_gentle_words_come_with_linkwork_for_each_occasion(organisation):
    assert {template.occasion for template in offered_by(organisation)} == {*Occasion} - {Occasion.ANY}


def test_a_manager_changes_the_words_and_the_earlier_ones_stay_to_be_read(sign_in, mo, amina, organisation):
    url = template_page(organisation, "holding")
    send(sign_in(mo), url, body="Hello {first_name}, {worker} thinks of you.")
    send(sign_in(mo), url, body="Hello {first_name}, {worker} is here.")

    changed = next(each for each in templates_of(organisation) if each.occasion == Occasion.HOLDING)
    versions = sign_in(mo).get(url).context["versions"]
    assert (changed.body, changed.changed_by, [version.body for version in versions]) == (
        "Hello {first_name}, {worker} is here.",
        mo,
        ["Hello {first_name}, {worker} is here.", "Hello {first_name}, {worker} thinks of you."],
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Hello {surname}", "{surname} stands for nothing. These do: {first_name}, {worker}, {when}, {phone}"),
        ("Hello {first_name", "A { or } stands alone. Write {first_name}, with both"),
        ("Your GP asked", "“GP” would show on a locked phone. Begin with other words: the first 40 letters show"),
    ],
)
def test_words_that_would_not_do_are_refused(sign_in, mo, organisation, words, said):
    assert errors(send(sign_in(mo), template_page(organisation, "holding"), body=words)) == [said]


def test_the_second_to_change_words_is_told_of_the_first(sign_in, mo, organisation, amina):
    client, url = sign_in(mo), template_page(organisation, "holding")
    data = filled_in(client, url, body="Mine")
    send(client, url, body="Theirs")
    response = client.post(url, data)
    assert errors(response)[0].startswith("Mo Farrell changed these words today ")
    assert client.post(url, data | {"revision": response.context["form"]["revision"].value()}).url == TEMPLATES


def test_words_no_longer_offered_are_not_in_the_way(sign_in, mo, amina, organisation, reachable):
    send(sign_in(mo), template_page(organisation, "holding"), is_offered="")
    offered = sign_in(amina).get(url_of("write", reachable)).context["templates"]
    assert Occasion.HOLDING not in {template.occasion for template in offered}


def test_words_of_our_own_are_added(sign_in, mo, organisation):
    send(
        sign_in(mo), reverse("caseload:add_template"), name="Happy birthday", occasion="any", body="Dear {first_name}"
    )
    assert organisation.message_templates.get().name == "Happy birthday"


def test_words_are_the_manager_s_to_settle(sign_in, amina):
    assert sign_in(amina).get(TEMPLATES).status_code == 403


def test_every_organisation_has_its_own_words(sign_in, mo, organisation, other_organisation):
    send(sign_in(mo), template_page(organisation, "holding"), body="Ours")
    assert "Ours" not in {template.body for template in templates_of(other_organisation)}
