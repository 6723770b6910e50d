"""The usual names of the columns in a list of community assets, in any case, spacing and punctuation."""

import re

from assets.enums import Weekday

USUAL_NAMES = {
    "name": [
        "Name", "Library name", "Asset name", "Service name", "Organisation name", "Group name", "Venue name",
        "Place name", "Title", "Library", "Venue", "Service", "Organisation",
    ],
    "reference": ["Reference", "Ref", "ID", "Identifier", "Unique ID", "Asset ID", "Service ID", "Organisation ID"],
    "address_1": [
        "Address", "Address 1", "Address line 1", "Street address", "Full address", "Street", "Building",
    ],
    "address_2": ["Address 2", "Address line 2"],
    "address_3": ["Address 3", "Address line 3"],
    "address_4": ["Address 4", "Address line 4"],
    "town": ["Town", "City", "Town or city", "Town/city", "Post town"],
    "postcode": ["Postcode", "Post code", "Postal code"],
    "local_authority": ["Local authority", "Local authority name", "Council", "Authority"],
    "uprn": ["UPRN", "Unique property reference number"],
    "phone": ["Phone", "Phone number", "Telephone", "Telephone number", "Tel", "Contact number"],
    "email": ["Email", "Email address", "Contact email"],
    "url": ["URL", "Website", "Website URL", "Web", "Web address", "Web page", "Link"],
    "hours": ["Opening hours", "Opening times", "Hours"],
    "description": ["Description", "Notes", "Note", "Comments"],
    "closed": ["Year closed", "Closed", "Date closed", "Closed on", "Closure date", "Is closed"],
    "status": ["Status"],
} | {
    day.value: [f"{day.label} staffed hours", f"{day.label} opening hours", f"{day.label} hours", day.label, day.value]
    for day in Weekday
}  # fmt: skip


def plain_heading(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())


FIELDS = {plain_heading(usual): field for field, names in USUAL_NAMES.items() for usual in names}
