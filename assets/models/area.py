"""Where a postcode is, and how deprived that area is. Published figures; no person's data."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from assets.enums import AreaKind, DecileKind
from assets.postcodes import is_postcode, normalise_postcode


class Postcode(models.Model):
    """One line of a postcode directory. A postcode that has ended keeps its line, so old addresses still count."""

    postcode = models.CharField(max_length=8, primary_key=True)
    dz2011 = models.CharField("data zone 2011", max_length=9, blank=True)
    dz2022 = models.CharField("data zone 2022", max_length=9, blank=True)
    lsoa2011 = models.CharField("LSOA 2011", max_length=9, blank=True)
    lsoa2021 = models.CharField("LSOA 2021", max_length=9, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    introduced_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    def __str__(self):
        return self.postcode

    @property
    def areas(self) -> dict[str, str]:
        return {kind: code for kind in AreaKind.values if (code := getattr(self, kind))}


class AreaDeprivation(models.Model):
    """The rank and decile of one small area in one edition of one index. 1 is the most deprived."""

    index = models.CharField(max_length=20)
    edition = models.CharField(max_length=20)
    decile_kind = models.CharField(max_length=20, choices=DecileKind)
    area_kind = models.CharField(max_length=10, choices=AreaKind)
    area_code = models.CharField(max_length=9)
    rank = models.PositiveIntegerField()
    decile = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "area deprivation"
        constraints = [
            models.UniqueConstraint(
                fields=["index", "edition", "area_code"], name="one_decile_per_area_and_edition_of_an_index"
            ),
            models.CheckConstraint(name="decile_from_1_to_10", condition=Q(decile__gte=1, decile__lte=10)),
        ]
        indexes = [models.Index(fields=["area_kind", "area_code"], name="deprivation_of_an_area")]

    def __str__(self):
        return f"{self.index} {self.edition}: {self.area_code} is in decile {self.decile}"


@dataclass(frozen=True)
class Deprivation:
    """A decile is never shown without its index and edition: deciles of two indexes are not the same thing."""

    index: str
    edition: str
    decile: int
    decile_kind: str

    def __str__(self):
        return f"{self.index} {self.edition} decile {self.decile} (1 is most deprived)"


def deprivation_of(postcode: str) -> Deprivation | None:
    """The newest edition that covers the postcode. None when it is not a postcode, or not known here."""
    return deprivation_by_postcode([postcode]).get(postcode)


def deprivation_by_postcode(postcodes: Iterable[str]) -> dict[str, Deprivation]:
    """As `deprivation_of`, for many at once in two queries. Keyed by the postcode as given; unknown ones left out."""
    asked = {given: normalise_postcode(given) for given in set(postcodes) if is_postcode(given)}
    places = Postcode.objects.in_bulk(set(asked.values()))
    found = _deprivation_by_area(places.values())
    return {
        given: newest
        for given, postcode in asked.items()
        if postcode in places and (newest := _newest(found[area] for area in places[postcode].areas.items()))
    }


def _deprivation_by_area(places: Iterable[Postcode]) -> dict[tuple[str, str], list[Deprivation]]:
    codes = defaultdict(set)
    for place in places:
        for kind, code in place.areas.items():
            codes[kind].add(code)
    found = defaultdict(list)
    if codes:
        in_any = reduce(or_, (Q(area_kind=kind, area_code__in=some) for kind, some in codes.items()))
        for row in AreaDeprivation.objects.filter(in_any):
            decile = Deprivation(row.index, row.edition, row.decile, row.get_decile_kind_display())
            found[row.area_kind, row.area_code].append(decile)
    return found


def _newest(candidates: Iterable[list[Deprivation]]) -> Deprivation | None:
    every = [one for some in candidates for one in some]
    return max(every, key=lambda one: one.edition, default=None)
