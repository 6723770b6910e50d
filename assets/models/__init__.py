from assets.models.area import AreaDeprivation, Deprivation, Postcode, deprivation_by_postcode, deprivation_of
from assets.models.asset import Asset, AssetQuerySet, directory, slots_of
from assets.models.care import AssetEvent, LocalNote, Merge, NotTheSame, Problem
from assets.models.intake import Conflict, ImportRun, Intake, StagedRow
from assets.models.source import Source

__all__ = [
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
    "Postcode",
    "Problem",
    "Source",
    "StagedRow",
    "deprivation_by_postcode",
    "deprivation_of",
    "directory",
    "slots_of",
]
