from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.moves import MoveNotAllowed
from caseload.enums import Verb
from caseload.models import Flag


@transaction.atomic
def set_flag_aside(*, flag: Flag, by: User, until: date, reason: str) -> Flag:
    """Hide a flag until a date, with the reason. Raises MoveNotAllowed when it has cleared."""
    flag = Flag.objects.select_for_update(of=("self",)).select_related("case").get(pk=flag.pk)
    if flag.cleared_at:
        raise MoveNotAllowed("the flag has cleared")
    if (flag.set_aside_until, flag.set_aside_reason, flag.set_aside_by) == (until, reason, by):
        return flag
    flag.set_aside_until, flag.set_aside_reason, flag.set_aside_by = until, reason, by
    flag.save(update_fields=["set_aside_until", "set_aside_reason", "set_aside_by"])
    if flag.case:
        flag.case.events.create(verb=Verb.FLAG_SET_ASIDE, by=by, words=f"{flag.get_rule_display()}: {reason}")
    return flag
