"""Two records of one person made one, and two again: docs/adr/0022-two-records-of-one-person.md."""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from pghistory.models import Event as History

from accounts.models import User
from accounts.moves import ChangedMeanwhile, MoveNotAllowed
from caseload.actions.case import locked
from caseload.actions.closing import ENDING, close_case
from caseload.enums import NOT_AN_ENDING, CaseStatus, Ending, Verb
from caseload.models import About, AccessLog, Case, Patient, PersonMerge
from caseload.two_records import open_cases_of

# Who opened which record, and which was merged, stays true of the record it was; what is known of somebody is joined.
STAYS = (AccessLog, PersonMerge, About, History)
# What is still to come goes along with the case that goes on; so do the referrals, whose practices wait for news.
TO_COME = {
    "referrals": lambda case: case.referrals.all(),
    "appointments": lambda case: case.appointments.filter(outcome=""),
    "lone_visits": lambda case: case.lone_visits.open(),
    "follow_ups": lambda case: case.follow_ups.to_do(),
    "onward_referrals": lambda case: case.onward_referrals.open(),
    "needs": lambda case: case.needs.filter(outcome=""),
    "goals": lambda case: case.goals.open().in_their_order(),
}


class TwoOpenCases(Exception):
    """Both have an open case, and nobody said which of them goes on."""


class NumberGivenSince(Exception):
    """The number of the record that would be one of its own again stands on another by now."""


@transaction.atomic
def merge_people(
    *,
    kept: Patient,
    gone: Patient,
    by: User,
    why: str,
    facts: Mapping,
    revisions: tuple[int, int],
    goes_on: Case | None = None,
) -> PersonMerge:
    """Make two records of one person one. Everything that hangs from the other moves; it stays, out of sight.

    `facts` are the details that shall hold where the two differ, `revisions` those of both the choice was made from,
    `goes_on` the open case that goes on where each has one. Raises MoveNotAllowed when either is part of another by
    now, ChangedMeanwhile when one says something else, TwoOpenCases.
    """
    kept, gone = _locked_both(kept.pk, gone.pk)
    if kept == gone or any(person.merged_into_id or person.is_anonymised for person in (kept, gone)):
        raise MoveNotAllowed("merged or anonymised already")
    if kept.organisation_id != gone.organisation_id:
        raise MoveNotAllowed("of two organisations")
    if (kept.revision, gone.revision) != revisions:
        raise ChangedMeanwhile("one of the two records was changed")
    merge = PersonMerge(organisation_id=kept.organisation_id, kept=kept, gone=gone, by=by, why=why)
    _let_one_case_go_on(merge, goes_on)
    merge.moved = {place: _move(place, gone, kept) for place in places_that_name_a_person()}
    merge.about = _join_about(kept, gone)
    gone.merged_into, gone.revision = kept, gone.revision + 1
    gone.save(update_fields=["merged_into", "revision"])
    merge.changed = _take(kept, facts)
    merge.save()
    _record(Verb.MERGED, by, why, kept)
    return merge


@transaction.atomic
def separate_people(*, merge: PersonMerge, by: User) -> PersonMerge:
    """Make one record two again. What moved goes back; what was corrected or came since stays where it is.

    Raises MoveNotAllowed when that is done, or another merge has to be taken back first; NumberGivenSince.
    """
    kept, gone = _locked_both(merge.kept_id, merge.gone_id)
    merge = PersonMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    later = kept.merges.standing().filter(at__gt=merge.at)
    if merge.separated_at or kept.merged_into_id or kept.is_anonymised or later.exists():
        raise MoveNotAllowed("separated already, or merged again since")
    for place, keys in merge.moved.items():
        _move(place, kept, gone, pk__in=keys)
    _let_follow_their_case(kept, gone)
    _give_back(About.objects.filter(patient=kept).first(), merge.about)
    _give_back(kept, merge.changed)
    same_number = kept.organisation.patients.filter(number=gone.number, merged_into=None)
    if gone.number and same_number.exists():
        raise NumberGivenSince
    gone.merged_into, gone.revision = None, gone.revision + 1
    gone.save(update_fields=["merged_into", "revision"])
    _take_up_what_was_ended(merge)
    merge.separated_at, merge.separated_by = timezone.now(), by
    merge.save(update_fields=["separated_at", "separated_by"])
    _record(Verb.SEPARATED, by, "", kept, gone)
    return merge


def places_that_name_a_person() -> list[str]:
    """ "caseload.case.patient", …: every foreign key to a person that moves, whoever adds one."""
    return [
        f"{relation.related_model._meta.label_lower}.{relation.field.name}"
        for relation in Patient._meta.get_fields(include_hidden=True)
        if (relation.one_to_many or relation.one_to_one)
        and relation.auto_created
        and not issubclass(relation.related_model, STAYS)
    ]


def _locked_both(kept_id: UUID, gone_id: UUID) -> tuple[Patient, Patient]:
    """In one order whoever asks, so that two merges cannot wait for each other."""
    people = Patient.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[kept_id, gone_id])
    found = {person.pk: person for person in people.order_by("pk")}
    return found[kept_id], found[gone_id]


def _rows(place: str) -> tuple[type[Model], str]:
    label, _, field = place.rpartition(".")
    return apps.get_model(label), field


def _move(place: str, old: Patient, new: Patient, **which) -> list[str]:
    """Let rows that name one record name another. Gives their keys."""
    model, field = _rows(place)
    rows = model.objects.filter(**{field: old}, **which)
    keys = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)]
    rows.update(**{field: new})
    return keys


def _let_follow_their_case(kept: Patient, gone: Patient) -> None:
    """What came since to a case that has gone back: a spell after it, and whatever names both case and person."""
    while Case.objects.filter(patient=kept, follows__patient=gone).update(patient=gone):
        pass
    for place in places_that_name_a_person():
        model, _ = _rows(place)
        if any(field.name == "case" for field in model._meta.fields):
            _move(place, kept, gone, case__patient=gone)


def _join_about(kept: Patient, gone: Patient) -> dict:
    """What is kept about somebody, one after the other. Gives {field: [before, after]}."""
    theirs = About.objects.filter(patient=gone).first()
    if theirs is None:
        return {}
    ours, _ = About.objects.get_or_create(patient=kept)
    joined = {
        name: "\n\n".join(dict.fromkeys(filter(None, [words, theirs.words[name]])))
        for name, words in ours.words.items()
    }
    return _take(ours, joined)


def _take(record: Patient | About, values: Mapping) -> dict:
    """Save what differs, as {field: [before, after]}."""
    changed = {}
    for name, value in values.items():
        field = record._meta.get_field(name)
        before = field.value_to_string(record)
        setattr(record, name, value)
        if field.value_to_string(record) != before:
            changed[name] = [before, field.value_to_string(record)]
    record.revision += 1
    record.save()
    return changed


def _give_back(record: Patient | About | None, changed: Mapping) -> None:
    """As it was, where nobody has written something else since."""
    if record is None:
        return
    for name, (before, after) in changed.items():
        field = record._meta.get_field(name)
        if field.value_to_string(record) == after:
            setattr(record, field.attname, field.to_python(before))
    record.revision += 1
    record.save()


def _let_one_case_go_on(merge: PersonMerge, goes_on: Case | None) -> None:
    """A person has one open case. What is still to come on the other goes along, and it is closed: not an ending."""
    # In one order, so that two who close or merge wait for each other; what was closed meanwhile does not go on.
    in_one_order = sorted(open_cases_of(merge.kept, merge.gone), key=attrgetter("pk"))
    cases = [case for case in map(locked, in_one_order) if case.is_open]
    if len(cases) < 2 and goes_on in [None, *cases]:
        return
    if goes_on not in cases:
        raise TwoOpenCases
    ends = next(case for case in cases if case != goes_on)
    merge.ended_case, merge.ended_status = ends, ends.status
    known = goes_on.needs.values("kind")
    for name, to_come in TO_COME.items():
        rows = to_come(ends).exclude(kind__in=known) if name == "needs" else to_come(ends)
        merge.came_along[name] = list(_bring(rows, goes_on))
    close_case(case=ends, by=merge.by, ending=Ending.OTHER_CASE, ending_how=NOT_AN_ENDING, ending_agreed=False)


def _bring(rows, case: Case) -> Iterator[str]:
    """Put rows of another case on this one; goals after those it has."""
    last = case.goals.aggregate(last=Max("rank"))["last"] or 0
    for place, row in enumerate(rows, start=last + 1):
        row.case = case
        if hasattr(row, "rank"):
            row.rank = place
        row.save()
        yield str(row.pk)


def _take_up_what_was_ended(merge: PersonMerge) -> None:
    """What went along goes back, and the case that was ended goes on where it was; a hold has to be started again."""
    if merge.ended_case is None:
        return
    case = locked(merge.ended_case)
    for name, keys in merge.came_along.items():
        list(_bring(getattr(case, name).model.objects.filter(pk__in=keys).order_by("pk"), case))
    if case.ending_how != NOT_AN_ENDING or case.patient.cases.open().exists():
        return
    was_held = merge.ended_status == CaseStatus.HOLDING
    case.status = CaseStatus.ACTIVE if was_held else merge.ended_status
    case.closed_at, case.ending, case.ending_how, case.ending_agreed = None, "", "", None
    case.save(update_fields=["status", "closed_at", *ENDING])


def _record(verb: Verb, by: User, words: str, *people: Patient) -> None:
    for case in Case.objects.filter(patient__in=people).order_by("pk"):
        case.events.create(verb=verb, by=by, words=words)
