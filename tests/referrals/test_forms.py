import pytest
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseload.forms.person import PersonForm
from caseload.models import PersonDetails
from referrals.forms import DeclineForm, InboxFilter, ReferForm, ResubmitForm, ReturnForm, SentFilter, WithdrawForm
from referrals.models import Referral

# What arrives from a browser: any text, with more than usual of what trips programs up.
TROUBLE = "\0\x07\u200b\u200e\u202e\u2066\ufeff'’<>&%_\\\r\n\tØ字ع🧡 "
TYPED = st.one_of(
    st.text(max_size=60),
    st.text(TROUBLE, max_size=12),
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from(["nhs", "chi", "none", "yes", "on", "true", "x" * 6000, "٤٤٤٤٤٤٤٤٤٤", "2703710003", "G31 4EB"]),
)
ANY_TEXT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refer(typed, practice, organisation):
    data = MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in typed.items()})
    return ReferForm(data, practice=practice, organisations=[organisation])


def errors(typed, practice, organisation):
    return refer(typed, practice, organisation).errors


def boxes(form):
    """The names a browser sends, three of them for a date."""
    dates = {"date_of_birth": ["date_of_birth_day", "date_of_birth_month", "date_of_birth_year"]}
    return [box for name in form.fields for box in dates.get(name, [name])]


@pytest.mark.parametrize(
    "name", ["D'Arcy", "O’Neill", "X", "Ng", "Мария", "李", "نوید", "Zoë-Ann van der Berg", "é" * 300]
)
def test_names_are_kept_as_they_are(practice, organisation, typed, name):
    form = refer(typed | {"given_name": name, "family_name": name}, practice, organisation)
    assert form.errors == {}
    assert (form.sent["given_name"], form.sent["family_name"]) == (name, name)


def test_marks_nobody_sees_are_taken_out_of_a_name(practice, organisation, typed):
    form = refer(typed | {"given_name": "\u202eSam\u200f\x00 \ufeff"}, practice, organisation)
    assert form.errors == {}
    assert form.sent["given_name"] == "Sam"


@pytest.mark.parametrize("name", ["", "   ", "\t", "\u00a0", "\u200e\u200f", "\u202e"])
def test_a_name_of_nothing_is_an_error(practice, organisation, typed, name):
    assert errors(typed | {"given_name": name}, practice, organisation) == {"given_name": ["Enter a first name"]}


def test_a_name_too_long_says_how_long_it_is(practice, organisation, typed):
    assert errors(typed | {"family_name": "a" * 301}, practice, organisation) == {
        "family_name": ["Last name: use 300 characters or fewer (you have 301)"]
    }


@pytest.mark.parametrize(
    "kind, number, error",
    [
        ("nhs", "999 123 0009", None),
        ("chi", " 270371-0003 ", None),
        ("none", "", None),
        ("nhs", "", {"number": ["Enter the NHS number, or choose “Neither is known”"]}),
        ("none", "999 123 0009", {"number_kind": ["Choose NHS number or CHI number, or clear the number"]}),
        ("nhs", "999 123 0008", {"number": ["Check the NHS number: one of its digits is wrong"]}),
        ("", "999 123 0009", {"number_kind": ["Choose NHS number, CHI number or neither"]}),
    ],
)
def test_a_number_is_checked_as_the_kind_it_is(practice, organisation, typed, kind, number, error):
    assert errors(typed | {"number_kind": kind, "number": number}, practice, organisation) == (error or {})


@pytest.mark.parametrize(
    "where, error",
    [
        ({"postcode": "G31 4EB"}, None),
        ({"postcode": "", "no_fixed_abode": "on"}, None),
        ({"postcode": "", "no_fixed_abode": "on", "address": "At his sister's"}, None),
        ({"postcode": "", "address": "12 Duke Street"}, "Enter a postcode, or tick “No fixed abode”"),
        ({"postcode": "G31 4EB", "no_fixed_abode": "on"}, "Clear the postcode, or untick “No fixed abode”"),
        ({"postcode": "G31"}, "Enter a full UK postcode, like G2 8AE"),
    ],
)
def test_a_postcode_or_no_fixed_abode_and_not_both(practice, organisation, typed, where, error):
    assert errors(typed | where, practice, organisation) == ({"postcode": [error]} if error else {})


@pytest.mark.parametrize(
    "ways, error",
    [
        ({"permissions": [], "safe_contact_note": "Through her key worker only"}, {}),
        ({"phone": ""}, {"phone": ["Enter a phone number, or untick call, text and voicemail"]}),
        ({"permissions": ["may_email"]}, {"email": ["Enter an email address, or untick email"]}),
        ({"permissions": ["may_post"]}, {"address": ["Enter the address to write to, or untick post"]}),
        ({"phone": "ask at desk"}, {"phone": ["Enter a phone number, like 0141 496 0000"]}),
        ({"permissions": ["may_fax"]}, {"permissions": ["Choose ways from the list"]}),
    ],
)
def test_a_way_that_is_allowed_has_what_it_needs(practice, organisation, typed, ways, error):
    assert errors(typed | ways, practice, organisation) == error


def test_consent_to_share_back_may_be_no_but_not_left_out(practice, organisation, typed):
    form = refer(typed | {"consent_to_share_back": "no"}, practice, organisation)
    assert form.errors == {}
    assert form.sent["consent_to_share_back"] is False
    assert errors(typed | {"consent_to_share_back": ""}, practice, organisation) == {
        "consent_to_share_back": ["Choose whether they agree that we tell you"]
    }


@ANY_TEXT
@given(data=st.data())
def test_anything_in_any_box_is_sent_or_comes_back_with_a_plain_error(
    sign_in, priya, practice, organisation, typed, data
):
    name = data.draw(st.sampled_from(boxes(refer(typed, practice, organisation))))
    with transaction.atomic():
        response = sign_in(priya).post("/refer/", typed | {name: data.draw(TYPED)})
        sent = practice.referrals.count()
        transaction.set_rollback(True)
    assert (response.status_code, sent) in [(302, 1), (200, 0)]
    if response.context:
        assert all(error for messages in response.context["form"].errors.values() for error in messages)
        assert b"There is a problem" in response.content


@ANY_TEXT
@given(typed=st.dictionaries(st.sampled_from(["words", "answer", "decline_reason", "revision"]), TYPED))
def test_anything_in_an_answer_gives_a_plain_error_or_is_kept(referral, typed):
    forms = [ReturnForm(typed, referral=referral), DeclineForm(typed, referral=referral), WithdrawForm(typed)]
    for form in [*forms, ResubmitForm(typed, referral=referral)]:
        form.is_valid()
        assert all(isinstance(error, str) and error for messages in form.errors.values() for error in messages)


@ANY_TEXT
@given(asked=st.dictionaries(st.sampled_from(["q", "show", "urgency", "practice"]), TYPED))
def test_anything_in_a_filter_gives_a_list(referral, asked):
    assert len(SentFilter(asked).filter(Referral.objects.all())) in (0, 1)
    assert len(InboxFilter(asked, org=referral.organisation).filter(Referral.objects.all())) in (0, 1)


def test_the_form_of_somebody_we_know_gives_back_what_it_was_given(referral):
    referral.number_kind, referral.number, referral.postcode = "chi", "2703710003", "G31 4EB"
    initial = PersonForm.initial_of(referral)
    born = initial.pop("date_of_birth")
    form = PersonForm(
        initial | {"date_of_birth_day": born.day, "date_of_birth_month": born.month, "date_of_birth_year": born.year}
    )
    assert form.errors == {}
    assert form.details == referral.details
    assert set(form.details) == set(PersonDetails.DETAILS)
