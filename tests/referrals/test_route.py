"""Whose idea a referral was, and the day it first came in."""

from datetime import timedelta

from django.urls import reverse

from referrals import actions
from referrals.enums import Route
from tests.factories import in_days


def test_a_referral_that_says_nothing_else_was_the_practice_s_idea(sign_in, priya, practice, typed):
    sign_in(priya).post(reverse("referrals:refer"), typed)
    assert practice.referrals.get().route == Route.PRACTICE


def test_a_referral_says_whose_idea_it_was(sign_in, priya, practice, typed):
    sign_in(priya).post(reverse("referrals:refer"), typed | {"route": "self", "sex": "male", "ethnicity": "white"})
    sent = practice.referrals.get()
    assert (sent.route, sent.sex, sent.ethnicity) == ("self", "male", "white")


def test_a_referral_keeps_the_day_it_first_came_in_when_it_is_sent_again(referral, amina, priya):
    first = in_days(-9)
    type(referral).objects.update(submitted_at=first, first_submitted_at=first)
    actions.return_referral(referral=referral, by=amina, answer="Which number?")
    actions.resubmit_referral(referral=referral, by=priya, revision=0, words="This one.")
    referral.refresh_from_db()
    assert referral.first_submitted_at == first
    assert referral.submitted_at - first > timedelta(days=8)
