"""Somebody is no longer known: docs/adr/0026-anonymising.md."""

from collections.abc import Iterable

import pgtrigger
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import User
from caseload.actions.case import locked_person
from caseload.enums import Verb
from caseload.enums.erasure import WhyAnonymised
from caseload.erasing import erase, rows_about
from caseload.models import Case, LoneVisit, Patient


class NotYet(Exception):
    """Something is still open about the person; says what, in a sentence."""


@transaction.atomic
def anonymise_person(*, case: Case, by: User, why: WhyAnonymised, referrals: Iterable[Model] = ()) -> Patient:
    """Remove what says who somebody is and what was written about them, everywhere. It cannot be taken back.

    `referrals` are further ones of theirs that never became a case. Raises NotYet, and MoveNotAllowed when it is done.
    """
    person = locked_person(case)
    cases = list(person.cases.select_for_update(of=("self",)).order_by("pk"))
    if reasons := what_is_open(person):
        raise NotYet(reasons[0])
    day, referrals = timezone.localdate(), [*referrals, *person.referrals.all()]
    with pgtrigger.ignore():  # Neither the earlier versions nor what is only ever added to may keep the words.
        for root in (person, *referrals):
            for rows in rows_about(root).values():
                erase(rows)
    for referral in referrals:
        type(referral).objects.filter(pk=referral.pk).update(anonymised_on=day)
    everyone = Patient.objects.filter(pk__in=[person.pk, *person.merged.values_list("pk", flat=True)])
    everyone.update(anonymised_on=day, anonymised_by=by, anonymised_why=why)
    person.organisation.exports.with_names().forget()
    for each in cases:
        each.follow_ups.to_do().update(done_at=timezone.now())
        each.events.create(verb=Verb.ANONYMISED, by=by)
    return Patient.objects.get(pk=person.pk)


def what_is_open(person: Patient) -> list[str]:
    """Why the person cannot be anonymised yet, in sentences. It tells of safeguarding: for leads only."""
    visits = LoneVisit.objects.open().filter(case__patient=person)
    reasons = [
        (person.cases.open().exists(), "They have an open case. Close it first."),
        (visits.exists(), "A colleague is on a visit to them, or is about to be. Wait until they are back."),
        (
            referrals_alike(person).not_ended().exists(),
            "A referral that is likely theirs waits for an answer. Answer it first.",
        ),
        (person.safeguarding_concerns.open().exists(), "A safeguarding concern about them is open. Close it first."),
    ]
    return [sentence for is_so, sentence in reasons if is_so]


def referrals_alike(person: Patient) -> QuerySet:
    """Referrals that are likely theirs, and never became a case."""
    return person.organisation.referrals.not_anonymised().filter(patient=None).like(person)
