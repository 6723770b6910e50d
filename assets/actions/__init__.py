"""Every way the directory is written."""

from assets.actions.imports import import_assets, load_published
from assets.actions.keep import (
    add_note,
    close_asset,
    confirm_asset,
    correct_asset,
    edit_note,
    record_link_opened,
    remove_note,
    reopen_asset,
    report_problem,
    settle_problem,
)
from assets.actions.merge import merge_assets, say_not_the_same, undo_merge

__all__ = [
    "add_note",
    "close_asset",
    "confirm_asset",
    "correct_asset",
    "edit_note",
    "import_assets",
    "load_published",
    "merge_assets",
    "record_link_opened",
    "remove_note",
    "reopen_asset",
    "report_problem",
    "say_not_the_same",
    "settle_problem",
    "undo_merge",
]
