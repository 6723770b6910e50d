"""Looking in the directory: by words, by place, and what comes last. Every test is one an index answers."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from math import cos, radians
from operator import and_

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Avg, Case, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import ACos, Coalesce, Cos, Least, Left, Length, Lower, Radians, Sin
from django.utils import timezone

from assets.enums import Capacity
from assets.models.area import Postcode
from assets.words import Term, terms_of

EARTH_RADIUS_MILES = 3958.8
MILES_IN_A_DEGREE = 69.09
WITHIN_REACH_MILES = 25
AREA_LETTERS = re.compile(r"[A-Z]+")
LAST_REMINDER = 3
DAYS_IN_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Place:
    """A point to measure from. Not exact where it is the middle of the area around a postcode nobody has mapped."""

    latitude: float
    longitude: float
    is_exact: bool = True


def plain_text(expression) -> Func:
    """Lower case and without accents, as `search_text` is kept (the function is made in the first migration)."""
    return Func(expression, function="plain_text", output_field=models.TextField())


class AssetQuerySet(models.QuerySet):
    def open(self):
        return self.filter(is_closed=False)

    def closed(self):
        return self.filter(is_closed=True)

    def matching(self, words: str):
        """Every word, spelt nearly right, or by another name, or as a kind of help; what says the words first."""
        terms = [(term, _says(term)) for term in terms_of(words)]
        found, says_it = self, reduce(and_, (said for _, said in terms), Q())
        for term, said in terms:
            found = found.filter(said | Q(need_kinds__contains=[term.kind]) if term.kind else said)
        name = Left("search_text", Length("name"))  # search_text begins with the name
        only_helps = Case(When(says_it, then=0), default=1) if any(term.kind for term, _ in terms) else Value(0)
        return found.alias(
            only_helps=only_helps,
            likeness=TrigramWordSimilarity(plain_text(Value(words)), name),
        ).order_by("only_helps", "-likeness", "name", "id")

    def near(self, postcode: str, within: float = WITHIN_REACH_MILES):
        """Those within so many miles of a normalised postcode, nearest first, with `miles` in a straight line.

        `miles` is None where either end is not known. Such places come in where most of the same
        sector, district or area would; those without any address come last.
        """
        sector, district, area = postcode[:-2], postcode[:-3], AREA_LETTERS.match(postcode)[0]
        here = self.place_of(postcode)
        likely = Case(
            When(postcode="", then=9999.0),
            When(postcode__startswith=sector, then=0.5),
            When(postcode__startswith=district, then=2.0),
            default=10.0,
            output_field=models.FloatField(),
        )
        unmapped = Q(latitude=None) & (
            Q(miles__lte=within) | Q(miles=None) & (Q(postcode="") | Q(postcode__regex=rf"^{area}[0-9]"))
        )
        mapped = _in_box(here, within) & Q(miles__lte=within) if here else Q(postcode__regex=rf"^{area}[0-9]")
        first = ["only_helps"] if "only_helps" in self.query.annotations else []
        return (
            self.annotate(miles=_miles_from(here))
            .filter(mapped | unmapped)
            .order_by(*first, Coalesce("miles", likely), "name", "id")
        )

    def place_of(self, postcode: str) -> Place | None:
        """Where a postcode is; else the middle of what is known in its sector, or its district."""
        known = Postcode.objects.filter(latitude__isnull=False)
        if exact := known.filter(pk=postcode).first():
            return Place(exact.latitude, exact.longitude)
        for start in [postcode[:-2], postcode[:-3]]:
            for rows in [known, self.model.objects.filter(latitude__isnull=False)]:
                middle = rows.filter(postcode__startswith=start).aggregate(y=Avg("latitude"), x=Avg("longitude"))
                if middle["y"] is not None:
                    return Place(middle["y"], middle["x"], is_exact=False)
        return None

    def speaking(self, language: str):
        """Where a language is spoken. English is, where no other is named."""
        said = Lower(Func(F("languages"), Value(" "), function="array_to_string", output_field=models.TextField()))
        spoken = Q(languages_said__contains=language.lower())
        return self.alias(languages_said=said).filter(spoken | Q(languages=[]) if language == "English" else spoken)

    def useful_first(self, unconfirmed_months: int):
        """In the order they have, but those not confirmed for so long, then full ones, then closed ones last."""
        confirmed = Coalesce("confirmed_at", "created_at")
        is_old = Q(confirmed_or_made__lt=too_old(unconfirmed_months)) | Q(reminders_sent__gte=LAST_REMINDER)
        last = Case(
            When(is_closed=True, then=3),
            When(capacity=Capacity.FULL, then=2),
            When(is_old, then=1),
            default=0,
            output_field=models.IntegerField(),
        )
        return self.alias(confirmed_or_made=confirmed).annotate(last=last).order_by("last", *self.query.order_by)


def positions_of(assets: list) -> dict:
    """{asset id: Place} of those whose own position is known, or their postcode's. One query."""
    unmapped = {asset.postcode for asset in assets if asset.latitude is None and asset.postcode}
    known = Postcode.objects.filter(latitude__isnull=False).in_bulk(unmapped)
    sources = {asset.pk: asset if asset.latitude is not None else known.get(asset.postcode) for asset in assets}
    return {pk: Place(source.latitude, source.longitude) for pk, source in sources.items() if source}


def too_old(months: int):
    """A service last confirmed before this has gone unconfirmed for too long."""
    return timezone.now() - timedelta(days=months * DAYS_IN_A_MONTH)


def _says(term: Term) -> Q:
    plain = plain_text(Value(term.typed))
    said = Q(search_text__contains=plain) | Q(search_text__trigram_strict_word_similar=plain)
    for other in term.others:
        said |= Q(search_text__contains=other)
    return said


def _in_box(here: Place, miles: float) -> Q:
    """A square around a circle: an index answers it, where the distance itself must be worked out row by row."""
    up = miles / MILES_IN_A_DEGREE
    across = up / max(cos(radians(here.latitude)), 0.01)
    return Q(
        latitude__range=(here.latitude - up, here.latitude + up),
        longitude__range=(here.longitude - across, here.longitude + across),
    )


def _miles_from(here: Place | None):
    """Great-circle distance of each asset from a place: by its own position, else its postcode's; else null."""
    if here is None:
        return Value(None, output_field=models.FloatField())
    theirs = Postcode.objects.filter(pk=OuterRef("postcode"), latitude__isnull=False)
    return Case(
        When(latitude__isnull=False, then=_great_circle(here)),
        default=Subquery(theirs.annotate(miles=_great_circle(here)).values("miles")),
        output_field=models.FloatField(),
    )


def _great_circle(here: Place):
    latitude, there = Radians(Value(here.latitude)), Radians("latitude")
    turn = Radians("longitude") - Radians(Value(here.longitude))
    # Kept within 1: rounding can push the cosine of no distance at all past it.
    cosine = Least(Sin(latitude) * Sin(there) + Cos(latitude) * Cos(there) * Cos(turn), Value(1.0))
    return ACos(cosine) * Value(EARTH_RADIUS_MILES)
