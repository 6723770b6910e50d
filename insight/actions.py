"""Insight writes nothing of casework: only its snapshots, where charts are drawn anew, and what was published."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.moves import make_once
from caseload.tasks import tell_colleague
from insight.models import EvidenceSheet, Export, FunderAsk, MixShare, Rebaseline
from insight.scope import Scope
from insight.tasks import make_export


@transaction.atomic
def rebaseline(*, organisation: Organisation, by: User, figure: str, month: date, why: str) -> Rebaseline:
    """Work out a chart's limits anew from a month on. The same month again keeps what was said first."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = organisation.rebaselines.filter(figure=figure, month=month, ended_at=None).first()
    return found or organisation.rebaselines.create(figure=figure, month=month, why=why, made_by=by)


@transaction.atomic
def end_rebaseline(*, rebaseline: Rebaseline, by: User) -> None:
    """Draw the chart through again. That it was drawn anew, by whom and why, is kept."""
    still_so = Rebaseline.objects.select_for_update().filter(pk=rebaseline.pk, ended_at=None)
    still_so.update(ended_at=timezone.now(), ended_by=by)


@transaction.atomic
def note_ask(
    *, organisation: Organisation, by: User, funder: str, words: str, figure: str = "", once: UUID | None = None
) -> FunderAsk:
    """Put what a funder asks for on the organisation's list."""
    said = {"funder": funder, "words": words, "figure": figure, "made_by": by}
    ask, _ = make_once(organisation.funder_asks, once, **said)
    return ask


@transaction.atomic
def end_ask(*, ask: FunderAsk, by: User) -> None:
    """It is asked for no more. That it was, and until when, is kept."""
    FunderAsk.objects.filter(pk=ask.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by)


@transaction.atomic
def share_mix(*, organisation: Organisation, by: User, reader: User) -> MixShare:
    """Let a colleague see the mix of one's own work. Shared with them already, it stays so."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    share = organisation.mix_shares.current().filter(owner=by, reader=reader).first()
    if share is None:
        share = organisation.mix_shares.create(owner=by, reader=reader)
        tell_colleague.delay_on_commit(str(reader.pk), "mix_shared")
    return share


@transaction.atomic
def end_mix_share(*, share: MixShare, by: User) -> None:
    """Taken back at once, by whose it is."""
    MixShare.objects.filter(pk=share.pk, owner=by, ended_at=None).update(ended_at=timezone.now())


@transaction.atomic
def keep_evidence(*, scope: Scope, by: User, shown: dict, words: str, once: UUID | None = None) -> EvidenceSheet:
    """Keep a sheet as it is shown, with the team's words. Sent twice, it is kept once. Raises SentBefore."""
    kept = scope.organisation.evidence_sheets.filter(pk=once, words=words, kept_by=by).first()
    if kept:
        return kept
    of = {"first": scope.period.first, "last": scope.period.last, "where": scope.asked}
    return make_once(scope.organisation.evidence_sheets, once, words=words, kept_by=by, shown=shown, **of)[0]


@transaction.atomic
def ask_for_export(*, organisation: Organisation, by: User, once: UUID | None = None, **what) -> Export:
    """Have a file made in the background. Sent twice, it is made once. Raises SentBefore."""
    export, is_new = make_once(organisation.exports, once, asked_by=by, **what)
    if is_new:
        make_export.delay_on_commit(str(export.pk))
    return export


@transaction.atomic
def take_export(*, export: Export, by: User) -> bytes | None:
    """The file, with who took it when. None where it is no longer kept, or not made yet."""
    export = Export.objects.select_for_update().get(pk=export.pk)
    if not export.is_there:
        return None
    export.fetches.create(by=by)
    return bytes(export.content)
