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
    "provider": ["Provider", "Run by", "Provided by", "Delivered by", "Provider name"],
    "charity_number": ["Charity number", "Registered charity number", "Charity no"],
    "need_kinds": ["Category", "Categories", "Helps with", "Needs", "Type of support", "Themes", "Keywords"],
    "groups": ["Who it is for", "Community groups", "Target group", "Audience", "Client group"],
    "ages": ["Ages", "Age range", "Age group"],
    "languages": ["Languages", "Languages spoken"],
    "access_features": ["Accessibility", "Access", "Accessibility features", "Disabled access"],
    "cost": ["Cost", "Costs", "Price", "Fees", "Charges"],
    "how_to_join": ["How to join", "Referral route", "How to refer", "How to access", "Referral process"],
    "threshold": ["Eligibility", "Criteria", "Eligibility criteria"],
    "latitude": ["Latitude", "Lat"],
    "longitude": ["Longitude", "Long", "Lng", "Lon"],
} | {
    day.value: [f"{day.label} staffed hours", f"{day.label} opening hours", f"{day.label} hours", day.label, day.value]
    for day in Weekday
}  # fmt: skip

# Columns whose words are turned into the directory's own (assets/intake/csv_list.py).
TOLD = [
    "provider", "charity_number", "need_kinds", "groups", "ages", "languages", "access_features", "cost",
    "how_to_join", "threshold", "latitude", "longitude",
]  # fmt: skip
LABELS = {
    "name": "Name", "reference": "Their own reference", "address_1": "Address, line 1", "address_2": "Address, line 2",
    "address_3": "Address, line 3", "address_4": "Address, line 4", "town": "Town", "postcode": "Postcode",
    "local_authority": "Council area", "uprn": "UPRN", "phone": "Phone", "email": "Email", "url": "Website",
    "hours": "Opening hours, in words", "description": "What it is", "closed": "When it closed", "status": "Status",
    "provider": "Run by", "charity_number": "Charity number", "need_kinds": "Helps with", "groups": "Who it is for",
    "ages": "Ages", "languages": "Languages", "access_features": "Access", "cost": "Cost",
    "how_to_join": "How to join", "threshold": "Who they take", "latitude": "Latitude", "longitude": "Longitude",
} | {day.value: f"{day.label} hours" for day in Weekday}  # fmt: skip


def plain_heading(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())


FIELDS = {plain_heading(usual): field for field, names in USUAL_NAMES.items() for usual in names}
