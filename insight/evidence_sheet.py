"""The evidence sheet as it is read: the same tables and sentences on the page, in the PDF, the CSV and a kept sheet.

{"title", "period", "where", "organisation", "counted": "26 November 2026, 20:31",
 "sentences": [str], "unknown": [str], "about": [str],
 "tables": [{"key", "name", "of", "columns": [str], "rows": [{"label", "cells": [[column, shown]]}], "note"}]}
"""

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Organisation
from accounts.words import a_list, clock, count_of, local_day
from assets.enums import NeedKind
from caseload.enums import HoldBarrier
from insight.evidence import (
    ALL,
    CROSSED,
    NO_CLUSTER,
    NOTHING_SAID,
    OTHER_DISTRICTS,
    Evidence,
    Place,
    evidence_of,
    in_order,
)
from insight.scope import CLUSTER, Scope, practices_of
from insight.snapshots import half_years
from insight.splits import NOT_KNOWN
from insight.suppression import SMALLEST
from insight.waits import BECAME

LEFT_OUT = "–"
KINDS = {str(kind.value): str(kind.label) for kind in NeedKind}
BARRIERS = {str(barrier.value): str(barrier.label) for barrier in HoldBarrier}
DISTRICTS = {OTHER_DISTRICTS: "Other districts", NOT_KNOWN: "Not known"}
WEEKS = ["Half waited up to", "Nine in ten up to"]
TOTAL = "All waits"
NAMED_FIRST = 3  # in the sentence of a chart
ABOUT = [
    "Counted is everybody held for a kind of help on any day of these months, and everybody whose need for it was "
    "settled as unmet in them. Somebody who waits for two kinds of help counts for each. What stood in the way is "
    "what was said last.",
    "Weeks are counted from the day the need was named to the day it was settled, or to the end of these months: half "
    "waited so long or less. Meetings and calls are those while people were held for it, in these months.",
    f"“{LEFT_OUT}” is left out: a group of fewer than {SMALLEST}, or a number such a group could be worked out from. "
    "Noughts are shown.",
]

NOT_SAID = {
    "became": "Of {} waits that are over nobody has said what became of the need.",
    "district": "Of {} waits it is not known where the person lives.",
    "deprivation": "Of {} waits it is not known how deprived the area is.",
}
DRAWN = {
    "kind": "People who waited, by kind of help. Most waited for {}.",
    "barrier": "People who waited, by what stood in the way. Most often it was {}.",
}
NEVER_KNOWN = [
    "Who never came to the service, or was never asked, is not in it.",
    "It was counted once, when these months were closed. What was written up later is not in it.",
]


def place_of(where: str) -> Place:
    """Of a place as an address names it: everywhere, a cluster or a practice."""
    if not where:
        return ALL
    return ("cluster", where.removeprefix(CLUSTER)) if where.startswith(CLUSTER) else UUID(where)


def sheet_of(scope: Scope) -> dict:
    place, organisation = place_of(scope.asked), scope.organisation
    evidence, before = evidence_of(organisation, scope.period), _before(scope)
    sheet = {
        "title": "Unmet need",
        "period": str(evidence.period),
        "where": scope.where,
        "organisation": organisation.name,
        "counted": f"{date_format(local_day(evidence.counted_at), 'j F Y')}, {clock(evidence.counted_at)}",
        "about": ABOUT,
    }
    if place not in evidence.places:
        nothing = "Nobody waited for help that was not to be had, or too few people to show."
        if place != ALL:
            nothing = f"Nobody waited here, or too few people to show {scope.where} by itself: ask for a wider place."
        return sheet | {"sentences": [nothing], "unknown": _unknown(evidence, place), "tables": []}
    return sheet | {
        "sentences": _sentences(evidence, place),
        "unknown": _unknown(evidence, place),
        "tables": [
            *_main_tables(evidence, before, place),
            *_area_tables(evidence, place, organisation),
            *_deprivation_tables(evidence, place),
        ],
    }


def _before(scope: Scope) -> Evidence:
    """Of the half-year before; nothing where there was no service yet."""
    if scope.before.period in half_years(scope.organisation, timezone.localdate()):
        return evidence_of(scope.organisation, scope.before.period)
    return Evidence(scope.before.period, timezone.now(), None, {})


def _main_tables(evidence: Evidence, before: Evidence, place: Place) -> list[dict]:
    kinds = in_order(evidence.found(place, "kind") | before.found(place, "kind"), KINDS)
    tables = [
        _table(
            "kind",
            "By kind of help",
            "Help with",
            ["People", str(before.period), *WEEKS, "Met while held", "Reached while held"],
            [(KINDS[kind], _of_kind(evidence, before, place, kind)) for kind in kinds],
            total=(TOTAL, _of_kind(evidence, before, place)),
        ),
        _by(evidence, place, "barrier", "By what stood in the way", "What stood in the way", BARRIERS),
        _by(evidence, place, "became", "What became of it", "What became of it", BECAME),
    ]
    if place == ALL and evidence.found(ALL, CROSSED):
        tables.insert(2, _crossed(evidence, [kind for kind in kinds if kind in evidence.found(ALL, "kind")]))
    return tables


def _of_kind(evidence: Evidence, before: Evidence, place: Place, kind: str = "") -> list[str]:
    group = (place, "kind", kind) if kind else (place,)
    was = before.number(*group) if place in before.places else None
    done = [shown(evidence.times(name, *group)) for name in ("met", "reached")]
    return [shown(evidence.number(*group)), shown(was), *_weeks(evidence, *group), *done]


def _by(evidence, place, by: str, name: str, of: str, labels: Mapping[str, str], note: str = "") -> dict:
    rows = [(labels.get(which, which), (place, by, which)) for which in in_order(evidence.found(place, by), labels)]
    rows = [(label, [shown(evidence.number(*group)), *_weeks(evidence, *group)]) for label, group in rows]
    return _table(by, name, of, ["People", *WEEKS], rows, note=note)


def _crossed(evidence: Evidence, kinds: list[str]) -> dict:
    barriers = in_order(evidence.found(ALL, "barrier"), BARRIERS)
    rows = [(KINDS[k], [shown(evidence.number(ALL, CROSSED, (k, b))) for b in barriers]) for k in kinds]
    name = "Kind of help, by what stood in the way"
    return _table("crossed", name, "Help with", [BARRIERS[barrier] for barrier in barriers], rows)


def _area_tables(evidence: Evidence, place: Place, organisation: Organisation) -> list[dict]:
    """The parts of a place: clusters of the service, or else practices; and where people live."""
    practices = {practice.pk: practice for practice in practices_of(organisation)}
    clusters = sorted({at[1] for at in evidence.places if isinstance(at, tuple)} - {NO_CLUSTER})
    found = []
    if place == ALL and len(clusters) > 1:
        parts = [(cluster or "In no cluster", ("cluster", cluster)) for cluster in [*clusters, NO_CLUSTER]]
        found.append(_parts(evidence, "cluster", "By cluster", "Cluster", parts))
    elif not isinstance(place, UUID):
        parts = [(p.name, p.pk) for p in practices.values() if place in (ALL, ("cluster", p.cluster))]
        found.append(_parts(evidence, "practice", "By practice", "Practice", parts))
    note = f"Where people live. Districts of fewer than {SMALLEST} people are counted together."
    labels = {d: d for d in sorted(evidence.found(place, "district") - DISTRICTS.keys())} | DISTRICTS
    found.append(_by(evidence, place, "district", "By postcode district", "District", labels, note=note))
    return [table for table in found if table["rows"]]


def _parts(evidence, key: str, name: str, of: str, parts: list[tuple[str, Place]]) -> dict:
    rows = [
        (label, [shown(evidence.number(part)), *_weeks(evidence, part)])
        for label, part in parts
        if part in evidence.places
    ]
    return _table(key, name, of, ["People", *WEEKS], rows)


def _deprivation_tables(evidence: Evidence, place: Place) -> list[dict]:
    """A table an index and edition: fifths of two nations are not the same thing."""
    found = sorted(evidence.found(place, "deprivation") - {NOT_KNOWN})
    tables = []
    for index in dict.fromkeys(name.partition(":")[0] for name in found):
        groups = [(name, (place, "deprivation", name)) for name in found if name.startswith(f"{index}:")]
        rows = [
            (fifth_in_words(name), [shown(evidence.number(*group)), *_weeks(evidence, *group)])
            for name, group in groups
        ]
        note = f"Fifths of {index}, of all areas of its nation. They are not those of another index."
        key = f"deprivation-{len(tables) + 1}"
        tables.append(
            _table(key, f"By deprivation: {index}", "Where people live", ["People", *WEEKS], rows, note=note)
        )
    return tables


def fifth_in_words(name: str) -> str:
    fifth = name[-1]
    return f"Fifth {fifth}" + {"1": ", most deprived", "5": ", least deprived"}.get(fifth, "")


def _table(key, name, of, columns, rows, *, total=None, note="") -> dict:
    rows = [
        {"label": label, "cells": [list(pair) for pair in zip(columns, cells, strict=True)]}
        for label, cells in [*rows, *([total] if total else [])]
    ]
    return {"key": key, "name": name, "of": of, "columns": columns, "rows": rows, "note": note}


def shown(number: int | None) -> str:
    return LEFT_OUT if number is None else f"{number:,}"


def _weeks(evidence: Evidence, *group) -> list[str]:
    found = evidence.group(*group)
    if found is None or found.half is None:
        return [LEFT_OUT, LEFT_OUT]
    return [weeks(found.half), weeks(found.nine)]


def weeks(days: int) -> str:
    return count_of(days // 7, "week") if days >= 7 else "under a week"


def _sentences(evidence: Evidence, place: Place) -> list[str]:
    waits = evidence.number(place)
    if waits is None:
        return ["How many waited is left out: fewer people than can be shown without giving somebody away."]
    if not waits:
        return ["Nobody waited for help that was not to be had."]
    by = f", by {count_of(evidence.people, 'person', 'people')}" if place == ALL and evidence.people else ""
    said = [f"{count_of(waits, 'wait')} for help that was not to be had{by}."]
    half, nine = _weeks(evidence, place)
    if half != LEFT_OUT:
        said.append(f"Half had waited {half} or less, nine in ten {nine} or less.")
    return said + _meanwhile(evidence, place)


def _meanwhile(evidence: Evidence, place: Place) -> list[str]:
    met, reached, holds, told = (evidence.times(name, place) for name in ("met", "reached", "holds", "holds_told"))
    said = []
    if met is not None and reached is not None:
        said.append(
            f"While they were held for it, link workers met them {count_of(met, 'time')} and reached them "
            f"{count_of(reached, 'time')} by phone, text or otherwise."
        )
    if holds and told is not None and not 0 < holds - told < SMALLEST:
        # How many holds there were would tell how many were left unmet without one, and so how many still wait.
        said.append(f"For about {round(10 * told / holds) * 10}% of holds, what is done meanwhile is written down.")
    return said


def _unknown(evidence: Evidence, place: Place) -> list[str]:
    """What the sheet does not tell."""
    silent = evidence.number(place, NOTHING_SAID)
    said = []
    if silent is None or silent:
        many = "Some" if silent is None else f"{silent:,}"
        said.append(f"{many} needs named with people supported in these months have nothing said about them yet.")
    for by, words in NOT_SAID.items():
        number = evidence.number(place, by, NOT_KNOWN)
        if number is None or number:
            said.append(words.format("some" if number is None else f"{number:,}"))
    return [*said, *NEVER_KNOWN]


def bars_of(sheet: Mapping) -> list[dict]:
    """{"sentence", "of", "rows": [(label, people, None where left out)]} of kinds of help and of barriers.

    Read from the tables of a sheet, so that a kept one is drawn as it was kept.
    """
    drawn = []
    for table in sheet["tables"]:
        rows = [(row["label"], _number(row["cells"][0][1])) for row in table["rows"] if row["label"] != TOTAL]
        known = sorted((row for row in rows if row[1]), key=lambda row: -row[1])[:NAMED_FIRST]
        if table["key"] in DRAWN and known:
            named = a_list(f"{label.lower()} ({people:,})" for label, people in known)
            drawn.append({"sentence": DRAWN[table["key"]].format(named), "of": table["of"], "rows": rows})
    return drawn


def _number(cell: str) -> int | None:
    return None if cell == LEFT_OUT else int(cell.replace(",", ""))


def last_words(scope: Scope) -> str:
    """What the team said last of this place, of whatever months."""
    kept = scope.organisation.evidence_sheets.filter(where=scope.asked).order_by("-kept_at", "id")
    return kept.values_list("words", flat=True).first() or ""


def as_lines(sheet: dict) -> list[list[str]]:
    """[table, row, column, number] of all it says."""
    head = [
        ["Unmet need", "", name.capitalize(), sheet[name]] for name in ("organisation", "where", "period", "counted")
    ]
    words = [["What the team says", "", "", sheet["words"]]] if sheet.get("words") else []
    told = [["In words", "", "", line] for line in sheet["sentences"]]
    numbers = [
        [table["name"], row["label"], column, number]
        for table in sheet["tables"]
        for row in table["rows"]
        for column, number in row["cells"]
    ]
    notes = [["What is not known", "", "", line] for line in sheet["unknown"]]
    return [*head, *words, *told, *numbers, *notes, *(["How it is counted", "", "", line] for line in sheet["about"])]
