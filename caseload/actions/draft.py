"""Words on their way into a form, for their author alone (docs/adr/0017-drafts.md). They leave no event."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from caseload.models import Case, Draft


@transaction.atomic
def keep_draft(
    *,
    case: Case,
    by: User,
    draft_id: UUID,
    form: str,
    words: dict[str, str],
    base: dict[str, str],
    written_at: datetime,
    instead_of: UUID | None = None,
    as_written: datetime | None = None,
) -> bool:
    """Keep what is in the boxes of a form. False when that form has been sent or discarded: it stays gone.

    `instead_of` is a draft these words began from, `as_written` then; it goes, unless its own tab has written on.
    """
    said = {"words": words, "base": base, "written_at": min(written_at, timezone.now())}
    drafts = Draft.objects.select_for_update(of=("self",))
    draft, is_new = drafts.get_or_create(pk=draft_id, defaults=said | {"author": by, "case": case, "form": form})
    if (draft.author_id, draft.case_id, draft.form) != (by.pk, case.pk, form) or draft.ended_at:
        return False
    if not is_new and said["written_at"] >= draft.written_at:
        Draft.objects.filter(pk=draft.pk).update(**said)
    by.drafts.filter(case=case).taken_over(instead_of, as_written).end()
    return True


@transaction.atomic
def drop_draft(*, case: Case, by: User, draft_id: UUID, form: str) -> None:
    """Discard it, also where a save of it is still on its way."""
    ended = {"author": by, "case": case, "form": form, "ended_at": timezone.now()}
    Draft.objects.get_or_create(pk=draft_id, defaults=ended)
    by.drafts.filter(case=case, pk=draft_id).live().end()


@transaction.atomic
def forget_sent_drafts(
    *,
    case: Case,
    by: User,
    draft_id: UUID,
    form: str,
    sent: Mapping[str, str],
    instead_of: UUID | None = None,
    as_written: datetime | None = None,
) -> None:
    """The form has been saved: its draft goes, the one it began from, and any other that says the same."""
    drop_draft(case=case, by=by, draft_id=draft_id, form=form)
    by.drafts.filter(case=case).taken_over(instead_of, as_written).end()
    said = {name: _plain(value) for name, value in sent.items()}
    same = [
        draft.pk
        for draft in by.drafts.filter(case=case).live()
        if all(said.get(name) == _plain(words) for name, words in draft.words.items())
    ]
    by.drafts.filter(case=case, pk__in=same).live().end()


def _plain(words: str) -> str:
    return words.replace("\r\n", "\n").strip()
