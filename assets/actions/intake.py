"""What people decide about a list that is brought in. The steps between run by themselves (assets/intake/run.py)."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.moves import MoveNotAllowed, move
from assets.actions.keep import history_in_name_of, locked, look_again
from assets.columns import plain_heading
from assets.enums import INTAKE_MOVES, AssetVerb, FeedKind
from assets.intake.compare import put
from assets.models import Asset, Conflict, Intake, Source, Term
from assets.tasks import read_intake, write_intake

LICENCE_FIELDS = ["licence", "licence_by", "licence_at"]


class NoLicence(Exception):
    """Nobody has said on what terms this source may be used."""


@transaction.atomic
def record_licence(*, source: Source, by: User | None, licence: str) -> Source:
    """Say on what terms a publisher's list may be used: from now on it may be brought in, and is given out."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    put_licence(source, licence, by)
    source.save(update_fields=LICENCE_FIELDS)
    return source


def put_licence(source: Source, licence: str, by: User | None) -> None:
    """Not saved. Nothing said is no change: what is known of a licence stays known."""
    if licence and licence != source.licence:
        source.licence, source.licence_by, source.licence_at = licence, by, timezone.now()


@transaction.atomic
def start_intake(
    *,
    organisation: Organisation,
    by: User,
    kind: FeedKind,
    source_name: str,
    licence: str = "",
    content: bytes | None = None,
    file_name: str = "",
    url: str = "",
    once: UUID | None = None,
) -> Intake:
    """Begin to bring in a list from a file or an address. Nothing is written before somebody has looked. NoLicence."""
    source, _ = Source.objects.get_or_create(name=source_name)
    source = Source.objects.select_for_update().get(pk=source.pk)
    if kind != FeedKind.TERMS:  # a list of words comes beside the list of services
        source.kind, source.url = kind, url or source.url
    put_licence(source, licence, by)
    if not source.licence:
        raise NoLicence(source_name)
    source.save(update_fields=["kind", "url", *LICENCE_FIELDS])
    intake, is_new = organisation.intakes.get_or_create(
        pk=once or uuid4(),
        defaults={
            "source": source,
            "kind": kind,
            "by": by,
            "content": content,
            "file_name": file_name or url,
            "next_page": url,
        },
    )
    if is_new:
        read_intake.delay_on_commit(str(intake.pk))
    return intake


@transaction.atomic
def decide_term(*, term: Term, by: User, means: list[str]) -> Term:
    """Say what a publisher's word means here. Its services are read by that from the next time on."""
    term = Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    term.means, term.decided_by, term.decided_at = means, by, timezone.now()
    term.save(update_fields=["means", "decided_by", "decided_at"])
    return term


@transaction.atomic
def map_columns(*, intake: Intake, by: User, mapping: dict[str, str]) -> Intake:
    """Say which column holds what, remembered for the source, and read the file by it."""
    intake = _moved(intake, "reread")
    source = Source.objects.select_for_update().get(pk=intake.source_id)
    source.mapping = {plain_heading(heading): field for heading, field in mapping.items()}
    source.save(update_fields=["mapping"])
    intake.rows.filter(applied_at=None).delete()
    intake.pages_read, intake.next_page, intake.failure = 0, "", ""
    intake.save(update_fields=["status", "pages_read", "next_page", "failure"])
    read_intake.delay_on_commit(str(intake.pk))
    return intake


@transaction.atomic
def apply_intake(*, intake: Intake, by: User) -> Intake:
    """Bring in what was shown, in the background. Raises MoveNotAllowed, or NoLicence."""
    intake = _moved(intake, "apply")
    if not intake.source.licence:
        raise NoLicence(intake.source.name)
    intake.save(update_fields=["status"])
    write_intake.delay_on_commit(str(intake.pk))
    return intake


@transaction.atomic
def drop_intake(*, intake: Intake, by: User) -> Intake:
    intake = _moved(intake, "drop")
    intake.ended_at = timezone.now()
    intake.save(update_fields=["status", "ended_at"])
    return intake


@transaction.atomic
def resume_intake(*, intake: Intake, by: User) -> Intake:
    """Go on where reading or writing stopped."""
    intake = _moved(intake, "resume")
    intake.failure, intake.begun_at = "", timezone.now()
    intake.save(update_fields=["status", "failure", "begun_at"])
    read_intake.delay_on_commit(str(intake.pk))
    return intake


@transaction.atomic
def settle_conflict(*, conflict: Conflict, by: User, take_theirs: bool) -> Conflict:
    """Choose between what somebody here wrote and what the feed says. Raises MoveNotAllowed when it is settled."""
    conflict = Conflict.objects.select_for_update(of=("self",)).select_related("asset").get(pk=conflict.pk)
    if conflict.settled_at:
        raise MoveNotAllowed("the conflict is settled")
    conflict.settled_at, conflict.settled_by, conflict.took_theirs = timezone.now(), by, take_theirs
    conflict.save(update_fields=["settled_at", "settled_by", "took_theirs"])
    if take_theirs:
        _take_theirs(conflict, by)
    label = Asset._meta.get_field(conflict.field).verbose_name
    words = f"{label}: took the one from {conflict.asset.source}" if take_theirs else f"{label}: kept ours"
    conflict.asset.events.create(verb=AssetVerb.CONFLICT_SETTLED, by=by, words=words)
    look_again(conflict.asset)
    return conflict


def _take_theirs(conflict: Conflict, by: User) -> None:
    with history_in_name_of(by):
        asset = put(locked(conflict.asset), conflict.theirs)
        asset.local_fields = [name for name in asset.local_fields if name not in conflict.theirs]
        asset.save()


def _moved(intake: Intake, verb: str) -> Intake:
    intake = Intake.objects.select_for_update(of=("self",)).select_related("source").get(pk=intake.pk)
    move(intake, INTAKE_MOVES, verb)
    return intake
