"""Reading ALISS, versions 4 and 5: A Local Information System for Scotland."""

import re
from collections.abc import Iterator
from datetime import date

from assets.enums import Cost, Vocabulary
from assets.intake.clean import a_list_of, an_object, fitting, one_line, plain, position, postcode, ways_to_reach
from assets.intake.record import NotAFeed, Page, Record, count_said, listed, made_reference, read_json, reference
from assets.intake.vocabulary import AS_THEY_READ, Meanings

AGES = re.compile(r"(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})")


def read_page(content: bytes, *, today: date, meanings: Meanings = AS_THEY_READ, **_) -> Page:
    held = read_json(content)
    services = held if isinstance(held, list) else listed(held, "data", "results", "services")
    if services is None:
        service = an_object(an_object(held).get("data")) or an_object(held)
        if "name" not in service:
            raise NotAFeed("This is JSON, but not a list of services as ALISS has them.")
        services = [service]
    records = [record for service in services for record in read_service(service, today, meanings)]
    page = an_object(held)
    following = page.get("next") or an_object(page.get("links")).get("next")
    following = following if isinstance(following, str) and services else ""
    licence = one_line(an_object(page.get("meta")).get("licence"))[:500]
    return Page(records, following, count_said(page.get("count")), licence)


def read_service(service, today: date, meanings: Meanings) -> Iterator[Record]:
    if not isinstance(service, dict):
        yield Record(reason="Not a service")
        return
    locations = a_list_of(service.get("locations"))
    ref = reference(service.get("id"))
    for location in locations or [{}]:
        record = _record(service, location, today, meanings)
        place = reference(location.get("id")).removeprefix("id:")
        record.ref = f"{ref}/{place}"[:320] if ref and len(locations) > 1 else ref
        record.ref = record.ref or made_reference(record.values)
        yield record


def _record(service: dict, location: dict, today: date, meanings: Meanings) -> Record:
    remarks: list[str] = []
    name = one_line(service.get("name"))
    if not any(c.isalnum() for c in name):
        return Record(reason="No name", values={"name": name[:300]})
    if len(name) > 300:
        return Record(reason="The name is longer than 300 characters", values={"name": name[:300]})
    categories = _names(service, "categories")
    features = _names(service, "accessibility_features") + _names(location, "accessibility_features")
    values = {
        "name": name,
        "description": plain(service.get("description")) or plain(service.get("summary")),
        **ways_to_reach(service.get("email"), service.get("url"), remarks),
        "phone": one_line(service.get("phone")),
        "provider": one_line(an_object(service.get("organisation")).get("name")),
        "address": "\n".join(_address(location)),
        "town": one_line(location.get("locality")),
        "postcode": postcode(location.get("postal_code"), remarks),
        "local_authority": _local_authority(service),
        **position(location.get("latitude"), location.get("longitude"), remarks),
        "need_kinds": meanings.of(Vocabulary.CATEGORY, categories),
        "groups": meanings.of(Vocabulary.GROUP, _names(service, "community_groups")),
        **_ages(service),
        "access_features": meanings.of(Vocabulary.ACCESS, features),
        "cost": Cost.FREE.value if any("free to use" in feature.lower() for feature in features) else "",
        **_version_5(service, today),
    }
    return Record(values=fitting(values, remarks), remarks=remarks)


def _version_5(service: dict, today: date) -> dict:
    """What only version 5 says: where to refer, and the last day of a service that has one."""
    said = {"join_note": plain(service["referral_url"])} if "referral_url" in service else {}
    if "end_date" in service:
        ended = re.match(r"(\d{4})-\d\d-\d\d", one_line(service["end_date"]))
        is_closed = ended is not None and ended[0] < today.isoformat()
        said |= {"is_closed": is_closed, "closed_year": int(ended[1]) if is_closed else None}
    return said


def _names(holder: dict, name: str) -> list[str]:
    given = holder.get(name)
    entries = given if isinstance(given, list) else []
    return [one_line(an_object(each).get("name")) or one_line(each) for each in entries]


def _address(location: dict) -> list[str]:
    """The name of the place, where it is not the address again, and the street."""
    name, street = one_line(location.get("name")), plain(location.get("street_address"))
    return [line for line in (name if name and name not in street else "", street) if line]


def _local_authority(service: dict) -> str:
    areas = a_list_of(service.get("service_areas"))
    named = [one_line(area.get("name")) for area in areas if one_line(area.get("type")).lower() == "local authority"]
    return named[0] if len(named) == 1 else ""


def _ages(service: dict) -> dict[str, int | None]:
    """Version 5 puts an age range among the groups: {"name": "Children", "min_age": 5, "range": "5-11"}."""
    for group in a_list_of(service.get("community_groups")):
        if span := AGES.search(one_line(group.get("range")) or one_line(group.get("age_range"))):
            low, high = int(span[1]), int(span[2])
            if low <= high <= 120:
                return {"minimum_age": low, "maximum_age": high}
    return {"minimum_age": None, "maximum_age": None}
