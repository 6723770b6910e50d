"""A publisher's own words as a list: ALISS has four, of categories, groups, access and areas.

They are no services. What each means here is read from its name, else from the word above it, until somebody decides;
and by that the services that carry the word are read (assets/intake/vocabulary.py).
"""

from django.utils import timezone

from assets.columns import plain_heading
from assets.enums import MEANINGS, RowState, Vocabulary
from assets.importing import NotAnAssetList, clean_text, records_of
from assets.intake import vocabulary
from assets.intake.record import NotAFeed, Page, Record
from assets.models import Intake, Source, StagedRow, Term

LONGEST = {"id": 80, "name": 300, "parentid": 80, "code": 20}
FIELDS = ["name", "parent_ref", "code", "note", "means"]
# Headings that only the one list has, beside an id, a name and a slug.
TELLING = {
    Vocabulary.GROUP: {"isagerange"},
    Vocabulary.ACCESS: {"promptquestions"},
    Vocabulary.AREA: {"code", "type"},
    Vocabulary.CATEGORY: {"parentid"},
}


def vocabulary_of(headings: list[str]) -> Vocabulary | None:
    """Which of the lists has these headings; None for anything else."""
    plain = {plain_heading(heading) for heading in headings}
    if not plain >= {"id", "name", "slug"}:
        return None
    return next((vocabulary for vocabulary, telling in TELLING.items() if plain >= telling), None)


def read_page(content: bytes, **_) -> Page:
    """Raises NotAFeed."""
    try:
        lines = records_of(content)
    except NotAnAssetList as error:
        raise NotAFeed(str(error)) from None
    _, headings = next(lines, (0, None))
    about = vocabulary_of(headings or [])
    if about is None:
        raise NotAFeed("This is not a list of words: its first line has no id, name, slug and parent_id.")
    columns = [plain_heading(heading) for heading in headings]
    records, seen = [], {}
    for number, cells in lines:
        record = _record(number, about, dict(zip(columns, cells or [], strict=False)), seen)
        records.append(record)
        if not record.reason:
            seen[record.ref] = record
    _mean_what_is_above(about, seen)
    return Page(records)


def _record(number: int, about: Vocabulary, cells: dict[str, str], seen: dict[str, Record]) -> Record:
    said = {name: clean_text(cell) for name, cell in cells.items()}
    name = " ".join(said.get("name", "").split())
    record = Record(number=number, ref=f"{about}:{said.get('id', '')}"[:320], values={"name": name[:300]})
    record.reason = _why_not(said, name) or (
        f"The same id as line {seen[record.ref].number}, which is kept" if record.ref in seen else ""
    )
    if not record.reason:
        note = said.get("promptquestions", "") or said.get("type", "")
        parent, code = said.get("parentid", ""), said.get("code", "")
        means = vocabulary.meant(about, [name])
        record.values |= {"parent_ref": parent, "code": code, "note": note, "means": means}
    return record


def _why_not(said: dict[str, str], name: str) -> str:
    if not any(c.isalnum() for c in name):
        return "No name"
    if not said.get("id"):
        return "No id"
    return next((f"The {name} is too long" for name, most in LONGEST.items() if len(said.get(name, "")) > most), "")


def _mean_what_is_above(about: Vocabulary, seen: dict[str, Record]) -> None:
    """A word that says nothing to us means what the one above it means, however many steps up."""
    for record in seen.values():
        above, steps = record, 0
        while not record.values["means"] and above and steps < len(seen):
            above, steps = seen.get(f"{about}:{above.values['parent_ref']}"), steps + 1
            record.values["means"] = list(above.values["means"]) if above else []
        if (parent := record.values["parent_ref"]) and f"{about}:{parent}" not in seen:
            record.remarks.append("The word it belongs under is not in the list")


def compare(intake: Intake, batch: list[StagedRow]) -> None:
    known = _known(intake.source, batch)
    for row in batch:
        term = known.get(row.ref)
        changes = _changes(term, row.values) if term else {}
        row.state = RowState.NEW if term is None else RowState.CHANGED if changes else RowState.UNCHANGED


def write(source: Source, batch: list[StagedRow]) -> None:
    known, today = _known(source, batch), timezone.localdate()
    new, changed = [], []
    for row in batch:
        term = known.get(row.ref)
        if term is None:
            about, _, ref = row.ref.partition(":")
            new.append(Term(source=source, vocabulary=about, ref=ref, last_seen_on=today, **row.values))
            row.state = RowState.NEW
        elif changes := _changes(term, row.values):
            for name, value in changes.items():
                setattr(term, name, value)
            changed.append(term)
            row.state = RowState.CHANGED
        else:
            row.state = RowState.UNCHANGED
        row.applied_at = timezone.now()
    Term.objects.bulk_create(new)
    if changed:
        Term.objects.bulk_update(changed, FIELDS)
    source.terms.exclude(last_seen_on=today).filter(pk__in=[term.pk for term in known.values()]).update(
        last_seen_on=today
    )


def gone(intake: Intake) -> list[StagedRow]:
    """Words the publisher had in this list and now has not. They stay; it is only shown."""
    refs = set(intake.rows.values_list("ref", flat=True))
    abouts = {ref.partition(":")[0] for ref in refs}
    had = intake.source.terms.filter(vocabulary__in=abouts).order_by("name", "id")
    return [
        StagedRow(intake=intake, ref=f"{term.vocabulary}:{term.ref}", state=RowState.GONE, values={"name": term.name})
        for term in had
        if f"{term.vocabulary}:{term.ref}" not in refs
    ]


def meanings_of(source: Source) -> vocabulary.Meanings:
    """By what words the services of a publisher are read: its own list where there is one."""
    rows = source.terms.filter(vocabulary__in=MEANINGS).values_list("vocabulary", "name", "means")
    return vocabulary.Meanings({(about, vocabulary.plain_words(name)): means for about, name, means in rows})


def _known(source: Source, batch: list[StagedRow]) -> dict[str, Term]:
    refs = [row.ref.partition(":")[2] for row in batch]
    return {f"{term.vocabulary}:{term.ref}": term for term in source.terms.filter(ref__in=refs)}


def _changes(term: Term, values: dict) -> dict:
    """What somebody decided a word to mean is no list's to change."""
    ours = {"means"} if term.decided_at else set()
    return {name: values[name] for name in FIELDS if name not in ours and getattr(term, name) != values[name]}
