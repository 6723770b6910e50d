"""The figures of an organisation beside those of the reference."""

from datetime import timedelta

from django.utils import timezone

from insight.catalogue import FIGURES
from insight.period import Period
from insight.reading import read, read_split
from insight.scope import Scope, practices_of
from insight.splits import splits_of
from tests.insight.reference import Reference


def differences(organisation, period, reference, practices=None, only=None):
    """{figure: (here, reference)} of every figure and split that is not the same."""
    scope = Scope(organisation, period, practices and frozenset(practices))
    asked, found = (period.first, period.last), {}
    for key, figure in FIGURES.items():
        if practices is None or figure.has_practices:
            found[key] = figure.count(scope).to_json(), reference.value(key, *asked, practices)
        if practices is None:
            for split in splits_of(figure):
                if split.key in (only or [split.key]):
                    here = {c: value.to_json() for c, value in split.count(figure, scope).items()}
                    found[key, split.key] = here, reference.split(key, split.key, *asked)
    return {key: both for key, both in found.items() if both[0] != both[1]}


def disagreements(organisation, today):
    """As `differences`, of more than a year, of one practice in it, and of six closed months as they were kept."""
    reference = Reference(organisation.pk, timezone.now())
    period = Period(today - timedelta(days=400), today)
    place = practices_of(organisation)[0].pk
    found = [differences(organisation, period, reference), differences(organisation, period, reference, {place})]
    return [*found, _of_closed_months(organisation, Period.months_to(today - timedelta(days=45), 6), reference)]


def _of_closed_months(organisation, period, reference):
    scope, asked, found = Scope(organisation, period), (period.first, period.last), {}
    for key, figure in FIGURES.items():
        if figure.is_only_now:
            continue
        found[key] = read(figure, scope).to_json(), reference.value(key, *asked)
        for split in splits_of(figure):
            if not figure.is_stock:
                here = {c: value.to_json() for c, value in read_split(figure, split, scope).items()}
                found[key, split.key] = here, reference.split(key, split.key, *asked)
    return {key: both for key, both in found.items() if both[0] != both[1]}
