from assets.models.area import AreaDeprivation, Deprivation, Postcode, deprivation_by_postcode, deprivation_of
from assets.models.asset import Asset, directory, merged_into, published
from assets.models.care import CORRECTABLE, AssetEvent, LocalNote, Merge, NotTheSame, Problem
from assets.models.hours import slots_of
from assets.models.intake import Conflict, ImportRun, Intake, StagedRow, open_conflicts
from assets.models.search import AssetQuerySet, Place
from assets.models.source import Source, sources, with_what_they_gave
from assets.models.term import Term, terms

__all__ = [
    "CORRECTABLE",
    "AreaDeprivation",
    "Asset",
    "AssetEvent",
    "AssetQuerySet",
    "Conflict",
    "Deprivation",
    "ImportRun",
    "Intake",
    "LocalNote",
    "Merge",
    "NotTheSame",
    "Place",
    "Postcode",
    "Problem",
    "Source",
    "StagedRow",
    "Term",
    "deprivation_by_postcode",
    "deprivation_of",
    "directory",
    "merged_into",
    "open_conflicts",
    "published",
    "slots_of",
    "sources",
    "terms",
    "with_what_they_gave",
]
