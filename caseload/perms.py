from django.db.models import Q

from accounts.models import Membership
from caseload.enums import Channel
from caseload.models import Away, Case, HandOver, LoneVisit, Patient, PersonDetails, PersonMerge
from caseload.models.case import CaseQuerySet
from caseload.models.noted import Noted
from caseload.two_records import may_be_two


def may_assign(membership: Membership, case: Case) -> bool:
    """A manager passes any case on; a link worker hands on their own, or takes one nobody has."""
    return membership.is_manager or case.worker_id in (None, membership.user_id) or case.is_nobodys


def assignable(cases: CaseQuerySet, membership: Membership) -> CaseQuerySet:
    """Those may_assign says yes to."""
    if membership.is_manager:
        return cases
    return cases.filter(Q(worker=membership.user_id) | Q(pk__in=cases.unassigned().order_by().values("pk")))


def may_change_away(membership: Membership, away: Away) -> bool:
    """One's own days, or as a manager anybody's."""
    return membership.is_manager or away.worker_id == membership.user_id


def may_write_hand_over(membership: Membership, hand_over: HandOver) -> bool:
    """Whoever gives the case away; or a manager, for one who has left cannot."""
    return membership.is_manager or membership.user_id in (hand_over.giver_id, hand_over.made_by_id)


def may_put_right(membership: Membership, record: Noted) -> bool:
    """Whoever wrote a note puts it right; a manager where they cannot, as when they have left."""
    return membership.is_manager or record.noted_by_id == membership.user_id


def may_see_who_opened_it(membership: Membership) -> bool:
    return membership.is_manager


def may_merge(membership: Membership, kept: Patient, other: Patient) -> bool:
    """Anybody of the team; a manager, where something speaks against the two being one person."""
    return membership.is_manager or not any(may_be_two(kept, other))


def may_separate(membership: Membership, merge: PersonMerge) -> bool:
    """Whoever merged them, or a manager."""
    return membership.is_manager or merge.by_id == membership.user_id


def may_anonymise(membership: Membership) -> bool:
    """A manager who may also know of safeguarding concerns: what has to be kept for somebody's safety is looked at."""
    return membership.is_manager and is_safeguarding_lead(membership)


def postal_address(person: PersonDetails) -> str:
    """Line by line; empty for somebody without a fixed abode who gave no address for post."""
    return "\n".join(filter(None, [person.address, person.postcode])) if person.address else ""


def address_for(person: PersonDetails, channel: Channel | str) -> str:
    """The number or address we may send to by this channel; empty without the person's permission, or without one."""
    may, address = {
        Channel.TEXT: (person.may_text, person.phone),
        Channel.EMAIL: (person.may_email, person.email),
        Channel.LETTER: (person.may_post, postal_address(person)),
    }.get(channel, (False, ""))
    return address if may else ""


def is_safeguarding_lead(membership: Membership) -> bool:
    return membership.organisation.safeguarding_leads.filter(pk=membership.user_id).exists()


def may_see_where(visit: LoneVisit, membership: Membership) -> bool:
    """Where a lone visit went is often somebody's address: its worker's to know, and others' once it is overdue."""
    is_to_act = membership.is_manager or visit.watcher_id == membership.user_id
    return visit.worker_id == membership.user_id or visit.is_overdue and is_to_act
