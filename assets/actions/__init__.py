"""Every way the directory is written."""

from assets.actions.imports import NotBroughtIn, bring_in, import_assets, load_published
from assets.actions.intake import (
    NoLicence,
    apply_intake,
    decide_term,
    drop_intake,
    map_columns,
    record_licence,
    resume_intake,
    settle_conflict,
    start_intake,
)
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
    "NoLicence",
    "NotBroughtIn",
    "add_note",
    "apply_intake",
    "bring_in",
    "close_asset",
    "confirm_asset",
    "correct_asset",
    "decide_term",
    "drop_intake",
    "edit_note",
    "import_assets",
    "load_published",
    "map_columns",
    "merge_assets",
    "record_licence",
    "record_link_opened",
    "remove_note",
    "reopen_asset",
    "report_problem",
    "resume_intake",
    "say_not_the_same",
    "settle_conflict",
    "settle_problem",
    "start_intake",
    "undo_merge",
]
