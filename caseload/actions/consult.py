"""Questions to colleagues. They lock no case and move none: ground rule 6."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.moves import MoveNotAllowed, make_once
from caseload.enums import Verb
from caseload.enums.colleagues import ConsultOpens
from caseload.models import Case, Consult, ConsultAnswer
from caseload.tasks import tell_colleague


@transaction.atomic
def ask_colleagues(
    *,
    organisation: Organisation,
    by: User,
    question: str,
    case: Case | None = None,
    asked: Iterable[User] = (),
    opens: ConsultOpens = ConsultOpens.NOBODY,
    may_open: Iterable[User] = (),
    once: UUID | None = None,
) -> Consult:
    """Ask colleagues, or the whole team where none is named. Those who may open the case are asked too."""
    asked, may_open = set(asked), set(may_open)
    said = {"case": case, "question": question, "to_team": not asked, "opens": opens, "asked_by": by}
    consult, is_new = make_once(organisation.consults, once, **said)
    if is_new:
        consult.colleagues.bulk_create(
            consult.colleagues.model(consult=consult, user=user, may_open=user in may_open)
            for user in sorted(asked | may_open, key=lambda user: user.pk)
        )
        _record(consult, Verb.CONSULTED, by)
        for user in asked:
            tell_colleague.delay_on_commit(str(user.pk), "asked")
    return consult


@transaction.atomic
def answer_consult(*, consult: Consult, by: User, words: str, once: UUID | None = None) -> ConsultAnswer:
    """Say something to a question: several may, and after it was decided too, for it may still help."""
    answer, is_new = make_once(consult.answers, once, by=by, words=words)
    if is_new:
        _record(consult, Verb.CONSULT_ANSWERED, by)
        if by != consult.asked_by:
            tell_colleague.delay_on_commit(str(consult.asked_by_id), "answered")
    return answer


@transaction.atomic
def pass_on_consult(*, consult: Consult, by: User) -> None:
    """Nothing to add: it no longer stands among what is asked of them. They may still answer."""
    row, _ = consult.colleagues.get_or_create(user=by)
    if row.passed_at is None:
        row.passed_at = timezone.now()
        row.save(update_fields=["passed_at"])


@transaction.atomic
def change_who_opens(*, consult: Consult, by: User, opens: ConsultOpens, may_open: Iterable[User] = ()) -> Consult:
    """Let other colleagues open the case from a question, or no longer."""
    consult, may_open = _locked(consult), set(may_open)
    consult.opens = opens
    consult.save(update_fields=["opens"])
    for row in consult.colleagues.select_related("user"):
        row.may_open = row.user in may_open
        row.save(update_fields=["may_open"])
        may_open.discard(row.user)
    for user in sorted(may_open, key=lambda user: user.pk):
        consult.colleagues.create(user=user, may_open=True)
    return consult


@transaction.atomic
def close_consult(*, consult: Consult, by: User, decision: str) -> Consult:
    """Write down what was decided, whether anybody answered or not. Raises MoveNotAllowed when it is decided."""
    consult = _locked(consult)
    if (consult.decision, consult.closed_by) == (decision, by):
        return consult
    if not consult.is_open:
        raise MoveNotAllowed("the question is decided")
    consult.decision, consult.closed_at, consult.closed_by = decision, timezone.now(), by
    consult.save(update_fields=["decision", "closed_at", "closed_by"])
    _record(consult, Verb.CONSULT_CLOSED, by)
    return consult


def _locked(consult: Consult) -> Consult:
    consults = Consult.objects.select_related("case", "asked_by", "closed_by")
    return consults.select_for_update(of=("self",)).get(pk=consult.pk)


def _record(consult: Consult, verb: Verb, by: User) -> None:
    if consult.case:
        consult.case.events.create(verb=verb, by=by)
