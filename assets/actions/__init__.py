"""Every way the directory is written."""

from assets.actions.imports import import_assets, load_published

__all__ = [
    "import_assets",
    "load_published",
]
