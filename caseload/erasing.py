"""Everything that is written about somebody, wherever it stands, and what is left of it once they are anonymised.

Found by walking from the person along foreign keys, so that whoever adds a model or a box for words need not think of
this: words go unless they are named here. docs/adr/0026-anonymising.md says what is kept, and why.
"""

from collections.abc import Iterator

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case as CaseWhen
from django.db.models import F, Func, Model, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, ExtractYear, Greatest
from django.utils import timezone
from pghistory.models import Event as History

from caseload.enums import NumberKind
from caseload.models import AccessLog, Draft, PersonDetails

REMOVED = "Removed"
OLDEST = 95  # years; of the few who are older, the year of birth alone would tell
WORDS = (models.CharField, models.TextField, models.JSONField, ArrayField)
# Nothing but words, and of one moment: these rows go.
GOES = [Draft]
# Codes and keys that are kept as text.
NOT_WORDS = {
    "caseload.filling.answers",
    "caseload.filling.scores",
    "caseload.personmerge.moved",
    "caseload.personmerge.came_along",
    "caseload.personmerge.ended_status",
    "caseload.questionslinkuse.did",
    "referrals.linkuse.did",
}


class District(Func):
    """G31, of G31 4AB; nothing of what is no postcode."""

    function = "SUBSTRING"
    arg_joiner = " FROM "
    output_field = models.CharField()

    def __init__(self, postcode: str):
        super().__init__(F(postcode), Value(r"^([A-Z]{1,2}[0-9][A-Z0-9]?) ?[0-9][A-Z]{2}$"))


class MiddleOfYear(Func):
    """1 July of a year: of a day of birth only the year is kept, and this is nearest to all its days."""

    function = "MAKE_DATE"
    output_field = models.DateField()

    def __init__(self, year):
        super().__init__(Cast(year, models.IntegerField()), Value(7), Value(1))


def rows_about(root: Model) -> dict[type[Model], QuerySet]:
    """{model: rows} of all that hangs from a person or a referral; earlier versions too, and of what was deleted."""
    found, to_look_at = {type(root): {root.pk}}, [(type(root), {root.pk})]
    while to_look_at:
        model, keys = to_look_at.pop()
        for child, field in hanging_from(model):
            if child is AccessLog:  # who opened what, when: no words
                continue
            rows = child._base_manager.filter(**{f"{field}__in": keys})
            new = set(rows.values_list("pk", flat=True)) - found.setdefault(child, set())
            found[child] |= new
            if new:
                to_look_at.append((child, new))
    return {model: model._base_manager.filter(pk__in=keys) for model, keys in found.items() if keys}


def hanging_from(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """(model, its foreign key) of all that belongs to rows of this one."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.related_model, relation.field.name


def words_of(model: type[Model]) -> list[models.Field]:
    """The fields somebody may have written in: text that is no choice from a list, and not named as code above."""
    kind = model.pgh_tracked_model if issubclass(model, History) else model
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, WORDS)
        and not field.choices
        and not getattr(getattr(field, "base_field", None), "choices", None)
        and not field.generated
        and not field.name.startswith("pgh_")
        and f"{kind._meta.label_lower}.{field.name}" not in NOT_WORDS
    ]


def erase(rows: QuerySet) -> None:
    """Leave nothing of what was written in these rows. The caller has put triggers aside."""
    model = rows.model
    if model in GOES:
        rows.delete()
        return
    left = {field.name: _left_of(field) for field in words_of(model)}
    if set(PersonDetails.DETAILS) <= {field.name for field in model._meta.fields}:
        left |= _left_of_details()
    if left:
        rows.update(**left)


def _left_of(field: models.Field):
    if isinstance(field, models.JSONField | ArrayField):
        return Value(field.get_default(), output_field=field)
    if isinstance(field, models.EmailField):
        return ""
    return CaseWhen(When(**{field.name: ""}, then=Value("")), default=Value(REMOVED))


def _left_of_details() -> dict:
    """Of who somebody is and how they were reached: year of birth, sex, ethnic group, that they have an interpreter,
    the district they lived in. Nobody may be reached any more."""
    gone = ["family_name", "preferred_name", "pronouns", "number", "address", "phone", "email"]
    year = Greatest(ExtractYear("date_of_birth"), timezone.localdate().year - OLDEST)
    return {
        **dict.fromkeys([*gone, "safe_contact_note", "access_needs"], ""),
        **dict.fromkeys([*PersonDetails.PERMISSIONS, "no_fixed_abode"], False),
        "number_kind": NumberKind.NONE,
        "date_of_birth": MiddleOfYear(year),
        "postcode": Coalesce(District("postcode"), Value("")),
    }
