"""What a file is, told from what is in it: people know whom a list is from, not how it is made."""

from assets.columns import plain_heading
from assets.enums import FeedKind
from assets.importing import NotAnAssetList, headings_of
from assets.intake.clean import a_list_of, an_object
from assets.intake.record import NotAFeed, listed, read_json
from assets.intake.terms import vocabulary_of
from assets.sheets import is_spreadsheet

OF_ALISS = {"aliss_url", "categories", "locations", "organisation", "community_groups"}
OF_HSDS = {"id", "organizationid", "name"}


def kind_of(content: bytes) -> FeedKind:
    """The likeliest kind. A file that is none at all is left to its reader, which says why."""
    if content.startswith(b"PK\x03\x04"):
        return FeedKind.CSV if is_spreadsheet(content) else FeedKind.HSDS_CSV
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _kind_of_json(content)
    try:
        headings = headings_of(content)
    except NotAnAssetList:
        return FeedKind.CSV
    if vocabulary_of(headings):
        return FeedKind.TERMS
    return FeedKind.HSDS_CSV if {plain_heading(heading) for heading in headings} >= OF_HSDS else FeedKind.CSV


def _kind_of_json(content: bytes) -> FeedKind:
    try:
        held = read_json(content)
    except NotAFeed:
        return FeedKind.ORUK
    services = held if isinstance(held, list) else listed(held, "data", "results") or [held]
    first = next(iter(a_list_of(services)), {})
    return FeedKind.ALISS if OF_ALISS & {*an_object(first)} else FeedKind.ORUK
