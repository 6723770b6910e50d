from assets.models.area import AreaDeprivation, Deprivation, Postcode, deprivation_by_postcode, deprivation_of
from assets.models.asset import Asset, AssetQuerySet, ImportRun, Source, directory

__all__ = [
    "AreaDeprivation",
    "Asset",
    "AssetQuerySet",
    "Deprivation",
    "ImportRun",
    "Postcode",
    "Source",
    "deprivation_by_postcode",
    "deprivation_of",
    "directory",
]
