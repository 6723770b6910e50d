"""Reading Open Referral UK (HSDS-UK 3.0): a page of a feed, one service, or a file of them.

A service at several locations becomes a record for each: somebody goes to one of them.
"""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from assets.enums import AccessFeature, Cost, Group, HowToJoin, NeedKind
from assets.intake import vocabulary
from assets.intake.clean import (
    a_list_of,
    ages,
    an_object,
    fitting,
    one_line,
    plain,
    position,
    postcode,
    ways_to_reach,
)  # fmt: skip
from assets.intake.record import NotAFeed, Page, Record, count_said, listed, made_reference, read_json, reference
from assets.intake.times import opening_times

DETAILS = {"service_at_locations", "schedules", "contacts", "attributes", "languages", "cost_options", "phones"}
# What a list of services says of each; of the rest it is silent, which is not to say there is none.
HINTED = ["name", "description", "email", "url", "provider", "minimum_age", "maximum_age", "is_closed", "closed_year"]
CLOSED = {"inactive", "defunct"}
FREE_WORDS = {"free", "free of charge", "no charge", "no cost", "free to use service"}
CHARITY_SCHEMES = {"GB-CHC", "GB-SC", "GB-NIC"}


def read_page(content: bytes, *, today: date, url: str = "") -> Page:
    """`url` is where the page was found; without one it is a file, whose further pages are not to be had."""
    held = read_json(content)
    services = held if isinstance(held, list) else listed(held, "contents", "content", "services", "service", "data")
    if services is None:
        if url and {"openapi_url", "profile"} & an_object(held).keys():  # what the API says of itself: one step up
            return Page(next_page=_services_under(url))
        if "name" not in an_object(held):
            raise NotAFeed("This is JSON, but not a list of services as Open Referral UK has them.")
        services = [held]
    records = [record for service in services for record in read_service(service, today=today)]
    page = an_object(held)
    said = count_said(page.get("total_items", page.get("totalElements")))
    return Page(records, _next_page(page, len(services), url), said)


def _next_page(page: dict, found: int, url: str) -> str:
    """The address of the page after this one. Totals are not believed, but "last" is, unless they deny it."""
    number, pages = page.get("page_number", page.get("number")), page.get("total_pages", page.get("totalPages"))
    is_paged = any(name in page for name in ("page_number", "last_page", "total_pages", "totalPages", "last"))
    if not found or not is_paged:
        return ""
    is_last = page.get("last_page", page.get("last")) is True
    goes_on = isinstance(number, int) and isinstance(pages, int) and pages > number
    if is_last and not goes_on:
        return ""
    following = 1 if number == 0 and not asks_for_a_page(url) else page_of(url) + 1  # some count from nought
    return with_page(url, following) if url else f"page {following}"


def _services_under(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/services"))


def asks_for_a_page(url: str) -> bool:
    return "page" in dict(parse_qsl(urlsplit(url).query))


def page_of(url: str) -> int:
    asked = dict(parse_qsl(urlsplit(url).query)).get("page", "1")
    return int(asked) if re.fullmatch(r"[0-9]{1,9}", asked) else 1


def with_page(url: str, number: int) -> str:
    parts = urlsplit(url)
    others = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "page"]
    return urlunsplit(parts._replace(query=urlencode([*others, ("page", number)])))


def details_wanted(content: bytes, url: str) -> list[tuple[int, str]]:
    """Place on the page and address of each service the page only hints at (a list names no times or places)."""
    services = listed(read_json(content), "contents", "content", "services") or []
    parts = urlsplit(url)
    base = parts.path.rstrip("/")
    return [
        (place, urlunsplit((parts.scheme, parts.netloc, f"{base}/{quote(str(service['id']), safe='')}", "", "")))
        for place, service in enumerate(services)
        if isinstance(service, dict) and not DETAILS & set(service) and reference(service.get("id"))
    ]


def read_service(service, *, today: date) -> Iterator[Record]:
    if not isinstance(service, dict):
        yield Record(reason="Not a service")
        return
    at = a_list_of(service.get("service_at_locations"))
    ref = reference(service.get("id"))
    for place in at or [{}]:
        location_ref = reference(an_object(place.get("location")).get("id"))
        record = _record(service, place, today)
        record.ref = f"{ref}/{location_ref.removeprefix('id:')}"[:320] if ref and len(at) > 1 else ref
        record.ref = record.ref or made_reference(record.values)
        yield record


def _record(service: dict, at: dict, today: date) -> Record:
    remarks: list[str] = []
    name = one_line(service.get("name"))
    if not any(c.isalnum() for c in name):
        return Record(reason="No name", values={"name": name[:300]})
    if len(name) > 300:
        return Record(reason="The name is longer than 300 characters", values={"name": name[:300]})
    values = {
        "name": name,
        "description": plain(service.get("description")),
        **ways_to_reach(service.get("email"), service.get("url"), remarks),
        "phone": _phone(service, at),
        **_provider(service),
        **_where(at, remarks),
        **_how_to_get_in(at),
        **ages(service.get("minimum_age"), service.get("maximum_age"), remarks),
        **_terms(service),
        "languages": _languages(service),
        **_cost(service),
        "join_note": plain(service.get("application_process")),
        **opening_times(_schedules(service, at), remarks, today),
        **_closed(service, remarks),
    }
    if not DETAILS & set(service):
        values = {name: values[name] for name in HINTED}
    return Record(values=fitting(values, remarks), remarks=remarks)


def _schedules(service: dict, at: dict) -> list[dict]:
    """Those of the place itself, else of the service: one is the other said again in more detail."""
    return a_list_of(at.get("schedules")) or a_list_of(service.get("schedules"))


def _phone(service: dict, at: dict) -> str:
    """The first number. Names of people are never taken."""
    holders = [service, at, an_object(at.get("location")), an_object(service.get("organization"))]
    holders += [contact for holder in holders for contact in a_list_of(holder.get("contacts"))]
    numbers = (
        one_line(phone.get("number")).strip("\"'") for holder in holders for phone in a_list_of(holder.get("phones"))
    )
    return next((number for number in numbers if any(c.isdigit() for c in number)), "")


def _provider(service: dict) -> dict[str, str]:
    organization = an_object(service.get("organization"))
    identifiers = (
        one_line(each.get("identifier"))
        for each in a_list_of(organization.get("organization_identifiers"))
        if each.get("identifier_scheme") in CHARITY_SCHEMES
        or "charity" in one_line(each.get("identifier_type")).lower()
    )
    return {"provider": one_line(organization.get("name")), "charity_number": next(identifiers, "")}


def _where(at: dict, remarks: list[str]) -> dict:
    location = an_object(at.get("location"))
    address = next(iter(a_list_of(location.get("addresses"))), {})
    is_uprn = location.get("external_identifier_type") == "UPRN"
    uprn = one_line(location.get("external_identifier")) if is_uprn else ""
    lines = [plain(address.get("address_1")), plain(address.get("address_2"))]
    return {
        "address": "\n".join(filter(None, lines)),
        "town": one_line(address.get("city")),
        "postcode": postcode(address.get("postal_code"), remarks),
        "local_authority": one_line(address.get("state_province")),
        "uprn": uprn if re.fullmatch(r"[0-9]{1,12}", uprn) else "",
        **position(location.get("latitude"), location.get("longitude"), remarks),
    }


def _how_to_get_in(at: dict) -> dict:
    entries = a_list_of(an_object(at.get("location")).get("accessibility"))
    said = [plain(each.get("description")) or plain(each.get("accessibility")) for each in entries]
    ours = vocabulary.labelled(AccessFeature, said)
    labels = {feature.label for feature in AccessFeature}
    others = [text for text in said if text and text not in labels]
    notes = [*others, *(plain(each.get("details")) for each in entries)]
    found = {*ours, *vocabulary.access_features(others)}
    return {
        "access_features": [feature.value for feature in AccessFeature if feature.value in found],
        "access_note": "\n".join(dict.fromkeys(filter(None, notes))),
    }


def _terms(service: dict) -> dict:
    """Ours are exactly what they say (assets/oruk.py writes them); anybody else's are looked at for words."""
    ours, others = {}, []
    for attribute in a_list_of(service.get("attributes")):
        term = an_object(attribute.get("taxonomy_term"))
        name, taxonomy = one_line(term.get("name")) or one_line(term.get("term")), one_line(term.get("taxonomy"))
        if taxonomy.startswith("Linkwork: "):
            ours.setdefault(taxonomy.removeprefix("Linkwork: "), []).append(name)
        else:
            others.append(name)
    kinds = {*vocabulary.labelled(NeedKind, ours.get("kinds of need", [])), *vocabulary.need_kinds(others)}
    groups = {*vocabulary.labelled(Group, ours.get("who it is for", [])), *vocabulary.groups(others)}
    joining = vocabulary.labelled(HowToJoin, ours.get("how to join", []))
    return {
        "need_kinds": [kind.value for kind in NeedKind if kind.value in kinds],
        "groups": [group.value for group in Group if group.value in groups],
        "how_to_join": next(iter(joining), ""),
    }


def _languages(service: dict) -> list[str]:
    named = (
        one_line(each.get("name")) or one_line(each.get("language")) for each in a_list_of(service.get("languages"))
    )
    return list(dict.fromkeys(name for name in named if 0 < len(name) <= 100))


def _cost(service: dict) -> dict[str, str]:
    options = a_list_of(service.get("cost_options"))
    fees = plain(service.get("fees")) or plain(service.get("fees_description"))
    named = [one_line(each.get("option")) for each in options]
    amounts = [each["amount"] for each in options if isinstance(each.get("amount"), int | float)]
    label = next(iter(vocabulary.labelled(Cost, named)), "")
    if not label:
        label = _told_cost([*named, fees], amounts)
    texts = (
        ": ".join(filter(None, [text, one_line(each.get("amount_description"))]))
        for text, each in zip(named, options, strict=True)
    )
    labels = {each.label for each in Cost}
    return {"cost": label, "cost_note": fees or "; ".join(text for text in texts if text and text not in labels)}


def _told_cost(texts: list[str], amounts: list) -> str:
    words = [text.casefold().strip(". ") for text in texts]
    if any(amount > 0 for amount in amounts):
        return Cost.PAID.value
    if any("donation" in text or "pay what you can" in text for text in words):
        return Cost.DONATION.value
    is_free = any(text in FREE_WORDS for text in words) or (amounts and not any(words))
    return Cost.FREE.value if is_free else ""


def _closed(service: dict, remarks: list[str]) -> dict:
    status, alert = one_line(service.get("status")).lower(), one_line(service.get("alert"))
    if status == "temporarily closed":
        remarks.append("It says it is closed for now")
    year = re.fullmatch(r"Closed in ((?:19|20)\d\d)\.?", alert)
    is_closed = status in CLOSED
    return {"is_closed": is_closed, "closed_year": int(year[1]) if is_closed and year else None}
