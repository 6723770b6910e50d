"""Whether the directory can be trusted."""

from datetime import timedelta

from django.db.models import F, Q
from django.db.models import Value as RowValue

from assets.models import Asset
from insight.figure import Stock
from insight.values import Share
from referrals.reliance import concerning

HALF_A_YEAR = timedelta(days=183)


def _services(organisation, at):
    listed = Asset.objects.filter(pk__in=concerning(organisation, at), merged_into=None, is_closed=False)
    return listed.annotate(fresh_since=RowValue(at - HALF_A_YEAR))


FIGURES = [
    Stock(
        key="directory_confirmed",
        name="Services confirmed",
        noun="service",
        definition="Of the services the team relies on, used within a year or keeps notes on, how many somebody has "
        "confirmed within six months (183 days). Told of the day itself only: of an earlier day nobody can say any "
        "more, so before the first month that was closed with it there is nothing.",
        kind=Share,
        hit=Q(confirmed_at__gte=F("fresh_since")),
        rows=_services,
        is_only_now=True,
        practice="",
        person=None,
    ),
]
