import re

import pytest
import time_machine
from django.urls import reverse

from accounts.actions import change_policy
from accounts.enums import Role
from accounts.forms import PolicyForm
from accounts.models import Policy
from accounts.moves import ChangedMeanwhile
from tests.factories import MembershipFactory

SETTINGS = reverse("accounts:settings")


def typed(organisation, **changes):
    """The form as it is drawn, with these changes."""
    policy = organisation.policy
    values = {name: getattr(policy, name) for name in Policy.SETTINGS} | {"version": policy.pk or ""} | changes
    return {name: value for name, value in values.items() if value is not False}


def test_an_organisation_begins_with_the_defaults(organisation):
    policy = organisation.policy
    assert (policy.hold_no_contact_days, policy.suggested_meetings, policy.waiting_list_open) == (28, 6, True)


def test_saving_adds_a_version_and_keeps_the_earlier_one(sign_in, mo, organisation):
    client = sign_in(mo)
    client.post(SETTINGS, typed(organisation, quiet_days=35))
    client.post(SETTINGS, typed(organisation, quiet_days=30))
    assert list(organisation.policies.order_by("id").values_list("quiet_days", flat=True)) == [35, 30]
    assert organisation.policy.quiet_days == 30


def test_a_version_says_who_made_it(sign_in, mo, organisation):
    sign_in(mo).post(SETTINGS, typed(organisation, quiet_days=35))
    assert organisation.policy.made_by == mo


def test_saving_what_is_there_already_adds_nothing(sign_in, mo, organisation):
    sign_in(mo).post(SETTINGS, typed(organisation))
    assert organisation.policies.count() == 0


def test_sending_twice_makes_one_version(sign_in, mo, organisation):
    client, form = sign_in(mo), typed(organisation, quiet_days=35)
    client.post(SETTINGS, form)
    client.post(SETTINGS, form)
    assert organisation.policies.count() == 1


@time_machine.travel("2026-11-03 10:00", tick=False)
def test_the_history_says_who_changed_what_and_when(sign_in, mo, organisation):
    change_policy(organisation=organisation, by=mo, based_on=None, hold_no_contact_days=21)
    page = " ".join(sign_in(mo).get(SETTINGS).content.decode().split())
    assert "Mo Farrell changed “Days holding with nobody reached” from 28 to 21</p>" in page
    assert "Today 10:00" in page


def test_the_history_is_newest_first_and_says_yes_and_no(sign_in, mo, organisation):
    first = change_policy(organisation=organisation, by=mo, based_on=None, suggested_meetings=8)
    change_policy(organisation=organisation, by=mo, based_on=first.pk, suggested_meetings=8, waiting_list_open=False)
    changes = [differences for _, differences in organisation.policy_changes]
    assert changes == [[("Taking new referrals", "yes", "no")], [("Usual number of meetings", "6", "8")]]
    assert "“Taking new referrals” from yes to no" in sign_in(mo).get(SETTINGS).content.decode()


def test_two_managers_at_once_the_second_is_told_and_keeps_what_was_typed(sign_in, mo, ben, organisation):
    form = typed(organisation, quiet_days=35)
    change_policy(organisation=organisation, by=ben, based_on=None, waiting_long_days=10)
    response = sign_in(mo).post(SETTINGS, form)
    page = response.content.decode()
    assert "Ben Taylor changed these settings today" in page
    assert response.context["form"]["quiet_days"].value() == "35"
    assert organisation.policy.quiet_days == 42


def test_the_second_of_two_managers_saves_on_the_next_try(sign_in, mo, ben, organisation):
    client, form = sign_in(mo), typed(organisation, quiet_days=35)
    change_policy(organisation=organisation, by=ben, based_on=None, waiting_long_days=10)
    shown = client.post(SETTINGS, form).context["form"]
    client.post(SETTINGS, form | {"version": shown["version"].value()})
    assert organisation.policy.quiet_days == 35


def test_an_action_on_an_older_version_is_refused(mo, organisation):
    change_policy(organisation=organisation, by=mo, based_on=None, quiet_days=35)
    with pytest.raises(ChangedMeanwhile):
        change_policy(organisation=organisation, by=mo, based_on=None, quiet_days=30)


@pytest.mark.parametrize("value", ["", "abc", "-1", "1.5", "99999999999999999999", "1e3", "\u0663\u0663\u0663\u0663"])
@pytest.mark.parametrize("name", PolicyForm.RANGES)
def test_a_number_out_of_range_is_a_plain_error(organisation, name, value):
    least, most, counted = PolicyForm.RANGES[name]
    form = PolicyForm(typed(organisation, **{name: value}), policy=organisation.policy)
    [error] = form.errors[name]
    assert error.endswith(f"enter a whole number of {counted} from {least} to {most}")


@pytest.mark.parametrize("name", PolicyForm.RANGES)
@pytest.mark.parametrize("end", [0, 1])
def test_both_ends_of_a_range_are_in_it(organisation, name, end):
    form = PolicyForm(typed(organisation, **{name: PolicyForm.RANGES[name][end]}), policy=organisation.policy)
    assert form.errors == {}


def test_an_error_saves_nothing_and_keeps_what_was_typed(sign_in, mo, organisation):
    response = sign_in(mo).post(SETTINGS, typed(organisation, quiet_days="often", suggested_meetings="8"))
    assert response.context["form"]["quiet_days"].value() == "often"
    assert organisation.policies.count() == 0


def test_the_number_of_meetings_is_called_a_guide(sign_in, mo):
    assert "A guide, shown as “usually about 6”." in sign_in(mo).get(SETTINGS).content.decode()


def test_closing_the_list_with_a_note_is_saved(sign_in, mo, organisation):
    note = "Open again in January."
    sign_in(mo).post(SETTINGS, typed(organisation, waiting_list_open=False, waiting_list_note=note))
    assert (organisation.policy.waiting_list_open, organisation.policy.waiting_list_note) == (False, note)


@pytest.mark.parametrize("who, status", [("mo", 200), ("amina", 403), ("priya", 404)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_settings_are_the_managers(request, sign_in, who, status, method):
    assert getattr(sign_in(request.getfixturevalue(who)), method)(SETTINGS).status_code == status


def test_settings_of_another_organisation_are_not_touched(sign_in, stranger_manager, organisation, other_organisation):
    sign_in(stranger_manager).post(SETTINGS, typed(other_organisation, quiet_days=35))
    assert (organisation.policy.quiet_days, other_organisation.policy.quiet_days) == (42, 35)


def test_settings_written_for_one_organisation_are_not_saved_in_another(sign_in, mo, organisation, other_organisation):
    elsewhere = MembershipFactory(user=mo, role=Role.MANAGER, organisation=other_organisation)
    client = sign_in(mo)
    client.post(reverse("accounts:switch", args=[mo.memberships.get(organisation=organisation).pk]))
    drawn = re.search(r'name="acting_as" value="(.+?)"', client.get(SETTINGS).content.decode())[1]
    client.post(reverse("accounts:switch", args=[elsewhere.pk]))
    client.post(SETTINGS, typed(organisation, quiet_days=35) | {"acting_as": drawn})
    assert (organisation.policy.quiet_days, other_organisation.policy.quiet_days) == (35, 42)


@pytest.mark.parametrize("sender", ["NHS Links", "Grief Group"])
def test_the_name_messages_come_from_says_nothing_of_what_we_are(sign_in, mo, organisation, sender):
    response = sign_in(mo).post(SETTINGS, typed(organisation, message_sender=sender))
    assert list(response.context["form"].errors) == ["message_sender"]
