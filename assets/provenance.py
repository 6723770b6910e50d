"""Where each field of an entry comes from: its source, or somebody here who put it right."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Organisation
from assets.models import Asset
from assets.timeline import user_of, who_said

# Put right together with another, and said once.
SAID_BY_ANOTHER = {"latitude", "longitude", "closed_year"}


@dataclass(frozen=True)
class Correction:
    label: str
    who: str
    at: datetime | None


def corrections(asset: Asset, organisation: Organisation) -> list[Correction]:
    """The fields put right here, by whom and when, for somebody of this organisation. All others are the source's."""
    names = [name for name in asset.local_fields if name not in SAID_BY_ANOTHER]
    if not names:
        return []
    rows = list(asset.history.select_related("pgh_context").order_by("-pgh_id"))
    return [_correction(asset, name, rows, organisation) for name in names]


def _correction(asset: Asset, name: str, rows: list, organisation: Organisation) -> Correction:
    row = _since(name, rows)
    label = str(Asset._meta.get_field(name).verbose_name)
    who = who_said(user_of(row), organisation) if row else "somebody here"
    return Correction(label[:1].upper() + label[1:], who, row.pgh_created_at if row else None)


def _since(name: str, rows: list):
    """The row of the history in which the field came to be as it is now. Rows are newest first."""
    since = None
    for row in rows:
        if getattr(row, name) != getattr(rows[0], name):
            break
        since = row
    return since
