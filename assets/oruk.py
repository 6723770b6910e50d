"""The directory as Open Referral UK 3.0 has it: what is given out, and nothing else.

Read back by assets/intake/oruk.py, unchanged. Every field is named here one by one, so that a new field of an
asset is not public before somebody writes it down: no local note, no problem, no keeper's name, no confirmer.
"""

from collections.abc import Iterator
from uuid import UUID, uuid5

from django.utils.encoding import iri_to_uri

from assets.enums import Cost, Group, HowToJoin, NeedKind, Weekday
from assets.models import Asset

OURS = UUID("5b0f7c1e-6a55-4d58-9d0c-6c8f3e6a9b11")
VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
OPENAPI = "https://docs.openreferraluk.org/en/latest/openapi30.json"
# Taxonomy by the field whose values are its terms. Its name is how our own reader knows it.
TAXONOMIES = {
    "need_kinds": ("Linkwork: kinds of need", "What a service helps with", NeedKind),
    "groups": ("Linkwork: who it is for", "Who a service is meant for, where it is not for everyone", Group),
    "how_to_join": ("Linkwork: how to join", "How somebody comes to a service", HowToJoin),
}
SOURCE_TAXONOMY = ("Linkwork: where it comes from", "Who publishes the list, and under which licence")


def made_id(*names) -> str:
    """The same for the same names, for ever: what has no row of its own has no id of its own either."""
    return str(uuid5(OURS, "/".join(str(name) for name in names)))


def api_details() -> dict:
    return {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI}


def page(contents: list[dict], total: int, number: int, pages: int) -> dict:
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def service_in_list(asset: Asset) -> dict:
    """A service as lists have it: what it has one of."""
    alert = f"Closed in {asset.closed_year}." if asset.closed_year else ""
    return _said(
        {
            "id": str(asset.pk),
            "name": asset.name,
            "description": asset.description,
            "url": iri_to_uri(asset.url),
            "email": asset.email,
            "status": "inactive" if asset.is_closed else "active",
            "fees": asset.cost_note,
            "minimum_age": asset.minimum_age,
            "maximum_age": asset.maximum_age,
            "assured_date": asset.confirmed_at and asset.confirmed_at.date().isoformat(),
            "alert": alert,
            "last_modified": asset.updated_at.isoformat(),
            "organization": _organization(asset),
        }
    )


def service(asset: Asset) -> dict:
    """A service whole."""
    return service_in_list(asset) | _said(
        {
            "application_process": asset.join_note,
            "schedules": _schedules(asset),
            "service_at_locations": _at_locations(asset),
            "languages": [{"id": made_id(asset.pk, "language", each), "name": each} for each in asset.languages],
            "cost_options": _cost_options(asset),
            "contacts": _contacts(asset),
            "attributes": _attributes(asset),
        }
    )


def at_location_in_list(asset: Asset) -> dict:
    return _said({"id": str(asset.pk), "location": _place(asset), "service": service_in_list(asset)})


def at_location(asset: Asset) -> dict:
    return _said({"id": str(asset.pk), "location": _location(asset), "service": service(asset)})


def taxonomies() -> list[dict]:
    return [
        {"id": taxonomy_id(field), "name": name, "description": description, "version": "1"}
        for field, (name, description, _) in TAXONOMIES.items()
    ]


def taxonomy_terms() -> list[dict]:
    return [_term(field, value) for field, (_, _, choices) in TAXONOMIES.items() for value in choices.values]


def taxonomy_id(field: str) -> str:
    return made_id("taxonomy", field)


def term_id(field: str, value: str) -> str:
    return made_id("term", field, value)


def _term(field: str, value: str) -> dict:
    name, _, choices = TAXONOMIES[field]
    label = choices(value).label
    about = {"id": term_id(field, value), "name": label, "description": label, "term": label}
    return about | {"taxonomy": name, "taxonomy_id": taxonomy_id(field)}


def _said(values: dict) -> dict:
    """Less what there is nothing to say about: a value that is not known is left out, not sent as null."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def _organization(asset: Asset) -> dict:
    if not asset.provider:
        return {}
    its_id = made_id("organization", asset.provider.casefold())
    identifier = {
        "id": made_id(its_id, asset.charity_number),
        "organization_id": its_id,
        "identifier_scheme": _register(asset.charity_number),
        "identifier_type": "Charity number",
        "identifier": asset.charity_number,
    }
    return {
        "id": its_id,
        "name": asset.provider,
        "description": asset.provider,
        **({"organization_identifiers": [identifier]} if asset.charity_number else {}),
    }


def _register(charity_number: str) -> str:
    """Scotland's and Northern Ireland's registers put letters before theirs."""
    return {"SC": "GB-SC", "NI": "GB-NIC"}.get(charity_number[:2].upper(), "GB-CHC")


def _schedules(asset: Asset) -> list[dict]:
    weekly = [
        {
            "id": made_id(asset.pk, day, span),
            "service_id": str(asset.pk),
            "freq": "WEEKLY",
            "interval": 1,
            "byday": day.value[:2].upper(),
            "opens_at": span[:5],
            "closes_at": span[6:],
        }
        for day in Weekday
        for span in filter(None, asset.opening_hours.get(day.value, "").split(", "))
    ]
    in_words = {"id": made_id(asset.pk, "hours"), "service_id": str(asset.pk), "description": asset.hours_note}
    return [*weekly, in_words] if asset.hours_note else weekly


def _at_locations(asset: Asset) -> list[dict]:
    location = _location(asset)
    if len(location) == 2:  # nothing but its id and type
        return []
    return [{"id": str(asset.pk), "service_id": str(asset.pk), "location": location}]


def _place(asset: Asset) -> dict:
    """Where it is, as lists have it."""
    has_address = any([asset.address, asset.town, asset.postcode, asset.local_authority])
    has_place = has_address or asset.latitude is not None or asset.uprn
    return _said(
        {
            "id": made_id(asset.pk, "location"),
            "location_type": "physical" if has_place else "virtual",
            "latitude": asset.latitude,
            "longitude": asset.longitude,
            "external_identifier": asset.uprn,
            "external_identifier_type": "UPRN" if asset.uprn else "",
        }
    )


def _location(asset: Asset) -> dict:
    address = {
        "id": made_id(asset.pk, "address"),
        "address_1": asset.address,
        "city": asset.town,
        "state_province": asset.local_authority,
        "postal_code": asset.postcode,
        "country": "GB",
        "address_type": "physical",
    }
    has_address = any([asset.address, asset.town, asset.postcode, asset.local_authority])
    found = {"addresses": [address] if has_address else [], "accessibility": list(_accessibility(asset))}
    return _place(asset) | _said(found)


def _accessibility(asset: Asset) -> Iterator[dict]:
    for feature, label in zip(asset.access_features, asset.access_in_words, strict=True):
        yield {"id": made_id(asset.pk, "access", feature), "description": label, "accessibility": label}
    if asset.access_note:
        yield {"id": made_id(asset.pk, "access"), "details": asset.access_note}


def _cost_options(asset: Asset) -> list[dict]:
    if not asset.cost:
        return []
    option = {"id": made_id(asset.pk, "cost"), "service_id": str(asset.pk), "option": asset.get_cost_display()}
    return [option | ({"amount": 0} if asset.cost == Cost.FREE else {})]


def _contacts(asset: Asset) -> list[dict]:
    """The service's own number. No person's name: those are not ours to publish."""
    if not asset.phone:
        return []
    its_id = made_id(asset.pk, "contact")
    phone = {"id": made_id(asset.pk, "phone"), "contact_id": its_id, "number": asset.phone}
    return [{"id": its_id, "service_id": str(asset.pk), "phones": [phone]}]


def _attributes(asset: Asset) -> list[dict]:
    values = [("need_kinds", each) for each in asset.need_kinds] + [("groups", each) for each in asset.groups]
    values += [("how_to_join", asset.how_to_join)] if asset.how_to_join else []
    terms = [_term(field, value) for field, value in values] + [_where_from(asset)]
    return [
        {
            "id": made_id(asset.pk, term["id"]),
            "link_id": str(asset.pk),
            "link_type": "service",
            "taxonomy_term_id": term["id"],
            "taxonomy_term": term,
        }
        for term in terms
    ]


def _where_from(asset: Asset) -> dict:
    """Whose data it is and on what terms: most licences ask that this goes with it."""
    source, name = asset.source, SOURCE_TAXONOMY[0]
    found = {"id": made_id("source", source.pk), "name": source.name, "description": source.licence, "taxonomy": name}
    return found | _said({"term": source.name, "term_uri": iri_to_uri(source.url)})
