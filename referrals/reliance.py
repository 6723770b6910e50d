"""Which open cases rely on which services, and which services concern an organisation at all.

A case relies on a service it is held for, or was referred on to. An entry merged into another since
counts as the one that was kept.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from assets.enums import AssetVerb
from assets.models import Asset, AssetEvent
from caseload.models import Hold, ShortlistItem
from referrals.models import OnwardReferral

A_YEAR = timedelta(days=365)
CARED_FOR = [AssetVerb.CREATED, AssetVerb.CONFIRMED, AssetVerb.CORRECTED, AssetVerb.REPORTED]


def relying(organisation: Organisation) -> dict[UUID, set[UUID]]:
    """{service: its open cases}."""
    found = defaultdict(set)
    for rows in _relying_now(organisation):
        for asset_id, case_id in rows:
            found[asset_id].add(case_id)
    return found


def concerning(organisation: Organisation, now: datetime) -> set[UUID]:
    """Services the organisation relies on, has used within a year, put aside for somebody, noted or kept right.

    The directory is everybody's and may be a whole country's: advice is about those one has to do with.
    """
    lately = now - A_YEAR
    sources = [
        *_relying_now(organisation),
        _kept(Hold.objects.filter(case__organisation=organisation, started_at__gte=lately), "awaited_asset"),
        _kept(OnwardReferral.objects.filter(case__organisation=organisation, asked_at__gte=lately), "asset"),
        _kept(ShortlistItem.objects.filter(case__in=organisation.cases.open()), "asset"),
        _kept(organisation.local_notes.all(), "asset"),
        _kept(organisation.backstage_work.filter(done_on__gte=lately), "asset"),
        _kept(AssetEvent.objects.filter(by__in=organisation.members, verb__in=CARED_FOR, at__gte=lately), "asset"),
    ]
    first, *others = (source.values_list("counts", flat=True) for source in sources)
    return set(first.union(*others)) - {None}


def cases_relying_on(organisation: Organisation, asset: Asset) -> QuerySet:
    return organisation.cases.open().filter(pk__in=relying(organisation).get(asset.pk, ()))


def _relying_now(organisation: Organisation) -> list[QuerySet]:
    holds = Hold.objects.open().filter(case__organisation=organisation, awaited_asset__isnull=False)
    onward = OnwardReferral.objects.open().filter(case__in=organisation.cases.open())
    return [_kept(holds, "awaited_asset"), _kept(onward, "asset")]


def _kept(rows: QuerySet, to: str):
    """(the service as it counts now, the case where there is one) of each row."""
    case = F("case_id") if any(field.name == "case" for field in rows.model._meta.fields) else F("pk")
    kept = rows.annotate(counts=Coalesce(F(f"{to}__merged_into_id"), F(f"{to}_id")), about=case)
    return kept.order_by().values_list("counts", "about")
