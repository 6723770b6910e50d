"""The steps of an intake that run by themselves: read a page, compare, write a batch.

Each step is one transaction, begins by looking where the intake is, and may be run again at any time:
a worker that is killed loses the step it was in and nothing else.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

from django.db import connection, transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from accounts.moves import move
from assets.columns import plain_heading
from assets.enums import INTAKE_MOVES, FeedKind, IntakeState, RowState
from assets.importing import ZIP, NotAnAssetList, decoded, headings_of
from assets.intake import aliss, csv_list, hsds_csv, oruk, terms
from assets.intake.compare import difference, renamed
from assets.intake.fetch import LIST_TYPES, Fetcher, NotFetched
from assets.intake.record import NotAFeed, Page, Record, made_reference, reference
from assets.intake.write import Writing
from assets.models import Asset, Intake, Source, StagedRow

READERS = {
    FeedKind.CSV: csv_list,
    FeedKind.ORUK: oruk,
    FeedKind.ALISS: aliss,
    FeedKind.HSDS_CSV: hsds_csv,
    FeedKind.TERMS: terms,
}
PAGED = (FeedKind.ORUK, FeedKind.ALISS)
MOST_PAGES, MOST_ROWS, LONGEST = 2000, 300_000, timedelta(hours=2)
MOST_DETAILS, DETAIL_SECONDS = 500, 240
TRIES = 3
BATCH = 500
OPEN = (RowState.NEW, RowState.CHANGED, RowState.UNCHANGED)
FETCHER = Fetcher()
KEEP = """
UPDATE assets_stagedrow AS staged SET state = row.state, asset_id = row.asset, applied_at = row.applied_at
FROM unnest(%s::bigint[], %s::text[], %s::uuid[], %s::timestamptz[]) AS row(id, state, asset, applied_at)
WHERE staged.id = row.id
"""


def needs_columns(intake: Intake) -> bool:
    """Whether somebody has yet to say which column holds what."""
    if intake.kind != FeedKind.CSV or intake.content is None or is_still_a_sheet(intake):
        return False
    try:
        headings = headings_of(bytes(intake.content))
    except NotAnAssetList:
        return False  # reading says why
    return not {plain_heading(heading) for heading in headings} <= intake.source.mapping.keys()


def is_still_a_sheet(intake: Intake) -> bool:
    """A spreadsheet has yet to be made the CSV it would be saved as: the first step of reading it."""
    return intake.kind == FeedKind.CSV and bytes(intake.content or b"").startswith(ZIP)


def read_next(intake_id, fetcher: Fetcher | None = None) -> bool:
    """Read the next page, or compare what was read. True when there is more to read."""
    intake = Intake.objects.select_related("source").filter(pk=intake_id, status=IntakeState.READING).first()
    if intake is None or needs_columns(intake):
        return False
    if intake.pages_read and not intake.next_page:
        show(intake)
        return False
    try:
        page = _page(intake, fetcher or FETCHER)
    except (NotFetched, NotAFeed, NotAnAssetList) as why:
        fail(intake, str(why))
        return False
    if page is None:  # a list to be looked at first
        return True
    return _stage(intake, page)


def _page(intake: Intake, fetcher: Fetcher) -> Page | None:
    kind, today = FeedKind(intake.kind), timezone.localdate()
    if is_still_a_sheet(intake):
        return _keep_content(intake, decoded(bytes(intake.content)).encode())
    if intake.content is not None:
        return READERS[kind].read_page(bytes(intake.content), today=today, **_known_of(intake))
    url = intake.next_page
    if kind not in PAGED:
        return _keep_content(intake, _fetched(fetcher, url, LIST_TYPES))
    content = _fetched(fetcher, url)
    page = READERS[kind].read_page(content, today=today, url=url, **_known_of(intake))
    if kind == FeedKind.ORUK:
        _fill_in(page, content, url, fetcher)
    if page.next_page and not _same_site(url, page.next_page):
        raise NotAFeed("Its next page is on another site.")
    return page


def _keep_content(intake: Intake, content: bytes) -> None:
    Intake.objects.filter(pk=intake.pk).update(content=content)


def _known_of(intake: Intake) -> dict:
    """What somebody said before of how this publisher's lists are to be read."""
    if intake.kind == FeedKind.ALISS:
        return {"meanings": terms.meanings_of(intake.source)}
    return {"mapping": intake.source.mapping} if intake.kind == FeedKind.CSV else {}


def _same_site(url: str, other: str) -> bool:
    return urlsplit(url)[:2] == urlsplit(other)[:2]


def _fetched(fetcher: Fetcher, url: str, *types) -> bytes:
    for attempt in range(1, TRIES + 1):
        try:
            return fetcher.fetch(url, *types)
        except NotFetched as why:
            if not why.is_passing or attempt == TRIES:
                raise
            time.sleep(attempt)
    raise NotFetched("It could not be reached.")


def _fill_in(page: Page, content: bytes, url: str, fetcher: Fetcher) -> None:
    """A list of Open Referral UK only hints at its services: each is asked for by its own address."""
    ends_at, today = time.monotonic() + DETAIL_SECONDS, timezone.localdate()
    wanted = oruk.details_wanted(content, url)
    hints = {record.ref: record for record in page.records}
    for asked, (_, address) in enumerate(wanted):
        if asked >= MOST_DETAILS or time.monotonic() > ends_at:
            raise NotFetched("Its services take too long to ask for, one by one.", is_passing=True)
        ref = reference(unquote(address.rpartition("/")[2]))
        try:
            full = oruk.read_page(fetcher.fetch(address), today=today).records
        except (NotFetched, NotAFeed) as why:
            if ref in hints:
                hints[ref].remarks.append(f"Its details could not be read: {why}")
            continue
        at = next((place for place, record in enumerate(page.records) if record.ref == ref), None)
        if at is not None and full:
            page.records[at : at + 1] = full


@transaction.atomic
def _stage(intake: Intake, page: Page) -> bool:
    asked = intake.next_page
    intake = Intake.objects.select_for_update(of=("self",)).select_related("source").get(pk=intake.pk)
    if intake.status != IntakeState.READING or intake.next_page != asked:
        return intake.status == IntakeState.READING  # another worker was here
    if _was_read_before(intake, page) and _counts_from_one_after_all(intake):
        page = Page(next_page=page.next_page)
    elif _was_read_before(intake, page):
        intake.failure = f"Page {intake.pages_read + 1} is one that came before: reading stopped there."
        page = Page()
    _add_rows(intake, page.records)
    intake.pages_read += 1
    intake.next_page = page.next_page[:2000]
    intake.rows_said = page.rows_said if page.rows_said is not None else intake.rows_said
    if intake.next_page and (stopped := _why_stop(intake)):
        intake.next_page, intake.failure = "", stopped
    intake.save(update_fields=["pages_read", "next_page", "rows_said", "failure"])
    if page.licence:  # what the publisher states itself, where nobody has found out more
        Source.objects.filter(pk=intake.source_id, licence="").update(licence=page.licence, licence_at=timezone.now())
    return True


def _why_stop(intake: Intake) -> str:
    if intake.content is not None:
        return "This file is one page of a longer list: nothing missing from it is taken to be gone."
    if intake.pages_read >= MOST_PAGES:
        return f"Reading stopped after {MOST_PAGES:,} pages: the feed does not seem to end."
    if intake.rows.count() >= MOST_ROWS:
        return f"Reading stopped after {MOST_ROWS:,} records: the feed does not seem to end."
    if timezone.now() - intake.begun_at > LONGEST:
        return "Reading stopped after two hours: the feed is too slow, or does not end."
    return ""


def _counts_from_one_after_all(intake: Intake) -> bool:
    """A feed that said its first page was page 0, and gives the same as page 1: go on with page 2."""
    return intake.kind == FeedKind.ORUK and intake.pages_read == 1 and oruk.page_of(intake.next_page) == 1


def _was_read_before(intake: Intake, page: Page) -> bool:
    """Whether every record is one that the page before had, in the same words."""
    if not intake.pages_read or not page.records:
        return False
    size = len(page.records)
    last = intake.rows.order_by("-number").values_list("values", flat=True)[:size]
    return list(last)[::-1] == [record.values for record in page.records]


def _add_rows(intake: Intake, records: list[Record]) -> None:
    first = (intake.rows.aggregate(last=Max("number"))["last"] or 0) + 1
    rows = [
        StagedRow(
            intake=intake,
            number=record.number or first + place,
            ref=record.ref,
            state=RowState.REJECTED if record.reason else RowState.NEW,
            reason=(record.reason or ". ".join(record.remarks))[:500],
            values=record.values,
        )
        for place, record in enumerate(records)
    ]
    StagedRow.objects.bulk_create(rows, batch_size=1000)


@transaction.atomic
def show(intake: Intake) -> None:
    """All is read: compare it with the directory, and let people look."""
    intake = Intake.objects.select_for_update(of=("self",)).select_related("source").get(pk=intake.pk)
    if intake.status != IntakeState.READING:
        return
    intake.rows.filter(state=RowState.GONE).delete()
    _tell_apart(intake)
    _compare(intake)
    if not intake.rows.exclude(state=RowState.REJECTED).exists():
        intake.failure = intake.failure or "Nothing in it can be taken."
    elif not intake.failure:
        _add_gone(intake)
    move(intake, INTAKE_MOVES, "show")
    intake.save(update_fields=["status", "failure"])


def _tell_apart(intake: Intake) -> None:
    """Records that share a reference: known by their name and place instead; the same twice is kept once."""
    rows = intake.rows.filter(state__in=OPEN, applied_at=None)
    shared = rows.values("ref").annotate(n=Count("pk")).filter(n__gt=1).values_list("ref", flat=True)
    some = list(rows.filter(ref__in=list(shared)).order_by("number"))
    made = {row.pk: made_reference(row.values) for row in some}
    names_of = {}
    for row in some:
        names_of.setdefault(row.ref, set()).add(made[row.pk])
    for row in some:
        if len(names_of[row.ref]) > 1:
            row.ref = made[row.pk]
    StagedRow.objects.bulk_update(some, ["ref"], batch_size=1000)
    _keep_one_of_each(rows)


def _keep_one_of_each(rows: QuerySet) -> None:
    shared = rows.values("ref").annotate(n=Count("pk")).filter(n__gt=1).values_list("ref", flat=True)
    first, again = {}, []
    for row in rows.filter(ref__in=list(shared)).order_by("number"):
        if row.ref in first:
            row.state, row.reason = RowState.REJECTED, f"The same as row {first[row.ref]}, which is kept"
            again.append(row)
        first.setdefault(row.ref, row.number)
    StagedRow.objects.bulk_update(again, ["state", "reason"], batch_size=1000)


def _compare(intake: Intake) -> None:
    rows = intake.rows.filter(state__in=OPEN, applied_at=None)
    if intake.kind == FeedKind.TERMS:
        for batch in _batches(rows):
            terms.compare(intake, batch)
            _keep(batch)
        return
    moved = _moved(intake)
    for batch in _batches(rows):
        known = {asset.source_ref: asset for asset in _named(intake.source, batch)}
        for row in batch:
            row.asset = known.get(row.ref) or moved.get(row.ref)
            row.state = _state(row)
        _keep(batch)


def _named(source: Source, batch: list[StagedRow]) -> QuerySet:
    return source.assets.filter(source_ref__in=[row.ref for row in batch])


def _keep(batch: list[StagedRow]) -> None:
    """Their state, the entry of each and whether it is written, in one query however large the tables have grown."""
    columns = [(row.pk, row.state, row.asset_id, row.applied_at) for row in batch]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [list(column) for column in zip(*columns, strict=True)])


def _state(row: StagedRow) -> RowState:
    if row.asset is None:
        return RowState.NEW
    found = difference(row.asset, row.values)
    is_same = not found.changes and not found.contested and row.asset.source_ref == row.ref
    return RowState.UNCHANGED if is_same else RowState.CHANGED


def _moved(intake: Intake) -> dict[str, Asset]:
    known = {asset.source_ref: asset for asset in intake.source.assets.all()}
    rows = intake.rows.filter(state__in=OPEN).values_list("ref", "values__name", "values__postcode", "values__uprn")
    names = ("source_ref", "name", "postcode", "uprn")
    return renamed(known, [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows.iterator()])


def _add_gone(intake: Intake) -> None:
    """What the source had and now has not. Shown; nothing is done to it."""
    last = intake.rows.aggregate(last=Max("number"))["last"] or 0
    gone = terms.gone(intake) if intake.kind == FeedKind.TERMS else _gone_entries(intake)
    for place, row in enumerate(gone, start=1):
        row.number = last + place
    StagedRow.objects.bulk_create(gone, batch_size=1000)


def _gone_entries(intake: Intake) -> list[StagedRow]:
    rows = intake.rows.exclude(state=RowState.GONE)
    gone = (
        intake.source.assets.filter(merged_into=None, is_closed=False)
        .exclude(source_ref__in=rows.values("ref"))
        .exclude(pk__in=rows.exclude(asset=None).values("asset"))
        .order_by("name", "id")
    )
    return [StagedRow(intake=intake, ref=a.source_ref, state=RowState.GONE, asset=a) for a in gone]


@transaction.atomic
def write_next(intake_id) -> bool:
    """Write the next batch. True when there is more to write."""
    intake = Intake.objects.select_for_update(of=("self",)).filter(pk=intake_id, status=IntakeState.WRITING).first()
    if intake is None:
        return False
    source = Source.objects.select_for_update().get(pk=intake.source_id)
    batch = list(intake.rows.filter(state__in=OPEN, applied_at=None).order_by("number")[:BATCH])
    if not batch:
        _finish(intake)
        return False
    if intake.kind == FeedKind.TERMS:
        terms.write(source, batch)
    else:
        _write(source, batch)
    _keep(batch)
    return True


def _write(source: Source, batch: list[StagedRow]) -> None:
    writing, known = Writing(source), _known(source, batch)
    by_id = {asset.pk: asset for asset in known.values()}
    for row in batch:
        row.state, row.asset = writing.take(known.get(row.ref) or by_id.get(row.asset_id), row.ref, row.values)
        row.applied_at = timezone.now()
    writing.write()
    seen = _named(source, batch)
    seen.exclude(last_seen_on=timezone.localdate()).update(last_seen_on=timezone.localdate())


def _known(source: Source, batch: list[StagedRow]) -> dict[str, Asset]:
    """The entries of a batch, held: by their reference, or as the comparison found them under an older one."""
    is_one = Q(source_ref__in=[row.ref for row in batch]) | Q(pk__in=[row.asset_id for row in batch if row.asset_id])
    return {asset.source_ref: asset for asset in source.assets.filter(is_one).select_for_update(of=("self",))}


def _finish(intake: Intake) -> None:
    counts = Counter(dict(intake.rows.values_list("state").annotate(n=Count("pk"))))
    rejected = intake.rows.filter(state=RowState.REJECTED).order_by("number")
    intake.source.import_runs.create(
        by=intake.by,
        file_name=intake.file_name or intake.source.name,
        created=counts[RowState.NEW],
        updated=counts[RowState.CHANGED],
        unchanged=counts[RowState.UNCHANGED],
        closed=intake.rows.filter(values__is_closed=True, applied_at__isnull=False).count(),
        rejected=list(rejected.values("reason", row=F("number"))),
    )
    move(intake, INTAKE_MOVES, "finish")
    intake.ended_at = timezone.now()
    intake.save(update_fields=["status", "ended_at"])


@transaction.atomic
def fail(intake: Intake, why: str) -> None:
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if "fail" in intake.allowed_moves:
        move(intake, INTAKE_MOVES, "fail")
        intake.failure = why
        intake.save(update_fields=["status", "failure"])


def _batches(rows: QuerySet) -> Iterator[list[StagedRow]]:
    last = 0
    while batch := list(rows.filter(number__gt=last).order_by("number")[:BATCH]):
        last = batch[-1].number
        yield batch
