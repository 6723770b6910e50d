"""What may be asked of the public feed. Filters add up: each leaves fewer."""

import re

from django import forms
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from assets.enums import Weekday
from assets.models import AssetQuerySet
from assets.oruk import TAXONOMIES, taxonomy_id, term_id
from assets.postcodes import is_postcode, normalise_postcode

MOST_PER_PAGE, PER_PAGE = 100, 50
METRES_IN_A_MILE = 1609.344
SESSION = """EXISTS (
    SELECT 1 FROM jsonb_each_text("assets_asset"."opening_hours") AS day(name, spans),
    regexp_split_to_table(day.spans, ', ') AS span
    WHERE (%s = '' OR day.name = %s) AND left(span, 5) >= %s AND right(span, 5) <= %s
)"""
DAYS = {day.value[:2]: day.value for day in Weekday}
TERMS = {term_id(f, v): (f, v) for f, (_, _, choices) in TAXONOMIES.items() for v in choices.values}
BY_TAXONOMY = {taxonomy_id(field): field for field in TAXONOMIES}


def _clock(value: str) -> str:
    match = re.fullmatch(r"(\d{1,2}):(\d\d)(?::\d\d)?Z?", value)
    if not match or int(match[1]) > 24 or int(match[2]) > 59:
        raise forms.ValidationError("A time is like 09:30")
    return f"{match[1]:0>2}:{match[2]}"


class FeedForm(forms.Form):
    search = forms.CharField(required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)
    per_page = forms.IntegerField(required=False, min_value=1)
    taxonomy_term_id = forms.CharField(required=False, max_length=100)
    taxonomy_id = forms.CharField(required=False, max_length=100)
    minimum_age = forms.FloatField(required=False, min_value=0, max_value=200)
    maximum_age = forms.FloatField(required=False, min_value=0, max_value=200)
    start_time = forms.CharField(required=False, max_length=20)
    end_time = forms.CharField(required=False, max_length=20)
    day = forms.CharField(required=False, max_length=20)
    postcode = forms.CharField(required=False, max_length=20)
    proximity = forms.FloatField(required=False, min_value=0, max_value=2_000_000)

    def clean_per_page(self) -> int:
        return min(self.cleaned_data["per_page"] or PER_PAGE, MOST_PER_PAGE)

    def clean_start_time(self) -> str:
        return _clock(self.cleaned_data["start_time"]) if self.cleaned_data["start_time"] else ""

    def clean_end_time(self) -> str:
        return _clock(self.cleaned_data["end_time"]) if self.cleaned_data["end_time"] else ""

    def clean_day(self) -> str:
        typed = self.cleaned_data["day"].strip().lower()
        if typed and typed[:2] not in DAYS:
            raise forms.ValidationError("A day is one of MO, TU, WE, TH, FR, SA, SU")
        return DAYS[typed[:2]] if typed else ""

    def clean_postcode(self) -> str:
        typed = self.cleaned_data["postcode"]
        if typed and not is_postcode(typed):
            raise forms.ValidationError("A postcode is like G2 8AE")
        return normalise_postcode(typed) if typed else ""

    def clean(self):
        if self.cleaned_data.get("proximity") is not None and not self.cleaned_data.get("postcode"):
            self.add_error("proximity", "Proximity is measured from a postcode: give one")
        return self.cleaned_data

    def filter(self, assets: AssetQuerySet) -> AssetQuerySet:
        asked = self.cleaned_data
        if asked["search"]:
            assets = assets.matching(asked["search"])
        assets = self._by_terms(assets)
        if asked["minimum_age"] is not None:
            assets = assets.filter(minimum_age__gte=asked["minimum_age"])
        if asked["maximum_age"] is not None:
            assets = assets.filter(maximum_age__lte=asked["maximum_age"])
        if asked["day"] or asked["start_time"] or asked["end_time"]:
            day, start, end = asked["day"], asked["start_time"] or "00:00", asked["end_time"] or "24:00"
            assets = assets.filter(RawSQL(SESSION, [day, day, start, end], output_field=BooleanField()))
        return self._by_place(assets)

    def _by_terms(self, assets: AssetQuerySet) -> AssetQuerySet:
        if term := self.cleaned_data["taxonomy_term_id"]:
            field, value = TERMS.get(term, ("", ""))
            is_list = field in ("need_kinds", "groups")
            assets = (
                assets.filter(**{f"{field}__contains" if is_list else field: [value] if is_list else value})
                if field
                else assets.none()
            )
        if taxonomy := self.cleaned_data["taxonomy_id"]:
            field = BY_TAXONOMY.get(taxonomy)
            empty = "" if field == "how_to_join" else []
            assets = assets.exclude(**{field: empty}) if field else assets.none()
        return assets

    def _by_place(self, assets: AssetQuerySet) -> AssetQuerySet:
        postcode, metres = self.cleaned_data["postcode"], self.cleaned_data["proximity"]
        if not postcode:
            return assets
        if metres is None:
            return assets.near(postcode)
        return assets.near(postcode, within=metres / METRES_IN_A_MILE).filter(Q(miles__lte=metres / METRES_IN_A_MILE))
