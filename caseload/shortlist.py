"""A case's shortlist: which services it now means, and how a message tells of them.

A text or an email may be read by others. What it would say of somebody by naming a service is left to paper or talk.
"""

from collections.abc import Iterable

from assets.enums import Group, NeedKind
from assets.models import Asset
from caseload.models import Case

NOT_IN_A_MESSAGE = {NeedKind.ABUSE_AND_SAFETY, NeedKind.ALCOHOL_AND_DRUGS}
NOT_NAMED_TO_OTHERS = {Group.LGBTQ, Group.RECOVERY}


def services_of(case: Case) -> list[Asset]:
    """In the order they were put aside. One merged into another since is that other, once."""
    items = case.shortlist.select_related("asset__merged_into").order_by("added_at", "id")
    found = {(service := item.asset.counts_as).pk: service for item in items}
    return list(found.values())


def may_be_named(asset: Asset) -> bool:
    return not (NOT_IN_A_MESSAGE & {*asset.need_kinds} or NOT_NAMED_TO_OTHERS & {*asset.groups})


def message_about(case: Case, assets: Iterable[Asset]) -> str:
    """Plain words to read on a phone, less what is better not sent. Empty where nothing is left."""
    told = [asset for asset in assets if may_be_named(asset)]
    if not told:
        return ""
    places = [f"{number}. {_told(asset)}" for number, asset in enumerate(told, start=1)]
    sender = ", ".join(filter(None, [case.organisation.name, case.organisation.phone]))
    return "\n\n".join(["Hello. As promised, here are the places we talked about:", *places, f"Questions? {sender}"])


def _told(asset: Asset) -> str:
    hours = [f"{day.name} {day.hours}" for day in asset.opening_days if day.hours]
    lines = [
        asset.name,
        ", ".join(asset.address_lines),
        ", ".join(hours),
        ". ".join(filter(None, [asset.get_cost_display(), asset.get_how_to_join_display()])),
        asset.phone,
        "This place has closed." if asset.is_closed else "",
    ]
    return "\n".join(line for line in lines if line)
