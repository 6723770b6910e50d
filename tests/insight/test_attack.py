"""Whoever downloads everything, lays it side by side and has a computer, recovers nothing that is left out.

Two who try: whoever is handed what is made to be passed on (exported figures; evidence sheets of every place and time,
kept and not), and a manager, who knows every number of the whole service besides, and wants the groups of people.
"""

import io
import os
import random
import zipfile
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise, product

import pytest
from django.urls import reverse
from django.utils import timezone

from caseload.enums import EndingHow, Ethnicity, HoldBarrier, HoldEnd, Mode, Sex
from insight.models import Export
from insight.suppression import Web
from insight.tasks import make_export
from tests.factories import (
    AttendedFactory,
    CaseFactory,
    HoldFactory,
    MissedFactory,
    PatientFactory,
    PracticeFactory,
    ReferralFactory,
    in_days,
)
from tests.insight.attack import LEFT_OUT, System, first_number, lines_of, options, share, tables

pytestmark = pytest.mark.django_db
EVIDENCE, ENACTED = reverse("insight:evidence"), reverse("insight:enacted")
PLACES = {"Parkhead": "East", "Bridgeton": "East", "Govan": "West"}
HOWS = {EndingHow.MOVED.label: "Moved or died", EndingHow.DIED.label: "Moved or died"} | {
    EndingHow.AGREED.label: "Agreed together",
    EndingHow.OWN_CHOICE.label: "Their own choice",
    EndingHow.DRIFTED.label: "Could not be reached",
    EndingHow.BY_US.label: "We ended it",
}
# As the definitions sheet tells: figures of the same rows, shares, and how things stood at a month's end.
ROWS_OF = {
    **dict.fromkeys(["Endings agreed", "Endings nobody reached", "Endings they chose"], "Endings"),
    **dict.fromkeys(["Length of meetings", "Time in meetings", "By phone or video"], "Meetings held"),
    "Meetings until the ending": "Endings",
    "Taken on with much to carry": "People taken on",
    "A need uncovered later": "Reached a third meeting",
}
SHARES = {"Endings agreed", "Endings nobody reached", "Endings they chose", "By phone or video", "Meetings missed"}
SHARES |= {"Taken on with much to carry", "A need uncovered later", "Reached a third meeting", "Came back"}
SHARES |= {"Away from the practice", "Referred on, and went"}
AGREED = {"ending": "connected", "ending_how": "agreed", "ending_agreed": True}
STOCKS = {"Waiting to be met", "Door open now"}


@pytest.fixture
def places(organisation):
    organisation.practices.clear()
    found = [PracticeFactory(name=name, cluster=cluster) for name, cluster in PLACES.items()]
    organisation.practices.set(found)
    return found


@pytest.fixture
def service(organisation, places, amina, in_year):
    """service(seed) is some sixty people whose support began in the year closed last, most in small groups."""

    def make(seed):
        dice = random.Random(seed)
        for _ in range(60):
            _somebody(dice, organisation, places, amina, in_year)

    return make


def _somebody(dice, organisation, places, amina, in_year):
    practice = dice.choices(places, [6, 2, 3])[0]
    who = {
        "sex": dice.choices(Sex.values, [9, 8, *[1] * (len(Sex.values) - 2)])[0],
        "ethnicity": dice.choices(Ethnicity.values, [20, *[2] * (len(Ethnicity.values) - 1)])[0],
        "interpreter_language": dice.choice(["Urdu", *[""] * 5]),
    }
    patient = PatientFactory(organisation=organisation, practice=practice, **who)
    begins = dice.randrange(250)
    how = {"status": "active"} | _ended(dice, in_year)
    case = CaseFactory(patient=patient, worker=amina, opened_at=in_year(begins), **how)
    ReferralFactory(
        organisation=organisation,
        practice=practice,
        patient=patient,
        case=case,
        status="accepted",
        submitted_at=in_year(begins),
        answered_at=in_year(begins),
        answered_by=amina,
        route=dice.choice(["practice", "practice", "self", "family"]),
    )
    for n in range(dice.randrange(4)):
        where = dice.choice([{}, {"place": "home"}, {"mode": Mode.PHONE, "place": ""}])
        AttendedFactory(case=case, starts_at=in_year(begins + 5 + 10 * n), **where)
    if dice.random() < 0.4:
        MissedFactory(case=case, starts_at=in_year(begins + 60))
    if dice.random() < 0.7:
        since = in_year(begins + 20)
        over = {"ended_at": since + timedelta(days=dice.randrange(20, 200)), "end": HoldEnd.BACK_TO_ACTIVE}
        kind, barrier = dice.choice(["housing", "legal", "caring"]), dice.choice(HoldBarrier.values[:3])
        HoldFactory(case=case, started_at=since, awaited_need=kind, barrier=barrier, **over)


def _ended(dice, in_year):
    if dice.random() < 0.2:
        return {}
    how = dice.choice(["agreed", "agreed", "own_choice", "drifted", "by_us"])
    agreed = how == "agreed" or (how == "own_choice" and dice.random() < 0.5)
    why = {"drifted": "not_reached", "own_choice": "no_longer_wanted"}.get(how, "connected")
    said = {"ending": why, "ending_how": how, "ending_agreed": agreed, "ending_note": ".", "way_back": "."}
    return said | {"status": "closed", "closed_at": in_year(dice.randrange(255, 364))}


@pytest.fixture
def begun(organisation, practice):
    """A referral in the year that was closed last, or in the month before it."""
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-380))


# What a manager reads of groups of people.


def whole_service(client, system: System) -> System:
    """The numbers a manager reads of the whole service, whose lists may be opened row by row."""
    form = client.get(reverse("insight:equity")).content.decode()
    for year, key in product(options(form, "year"), options(form, "figure_key")):
        days = {"period": "between", "first": year, "last": f"{int(year[:4]) + 1}-03-31"}
        page = client.get(reverse("insight:figure", args=[key]), days).content.decode()
        _read_parts(system, (year, key, "all", "all"), first_number(page))
    for year in options(form, "year"):
        for caption, _, rows in tables(client.get(ENACTED, {"year": year}).content.decode()):
            if caption.startswith("Endings by how and why"):
                _read_how(system, year, rows)
    return system


def _read_how(system, year, rows):
    found = Counter()
    for how, _, people in rows:
        found[HOWS[how]] += int(people)
    for how in set(HOWS.values()):
        system.know((year, "endings_agreed", "all", "all", how), str(found[how]))


def groups_of_people(client, system: System) -> System:
    """Equity and Practice as enacted, of every year."""
    form = client.get(reverse("insight:equity")).content.decode()
    for year, key in product(options(form, "year"), options(form, "figure_key")):
        page = client.get(reverse("insight:equity"), {"year": year, "figure_key": key}).content.decode()
        for _, heads, rows in tables(page):
            _read_equity(system, year, key, heads[0], rows)
    for year in options(form, "year"):
        for caption, heads, rows in tables(client.get(ENACTED, {"year": year}).content.decode()):
            _read_enacted(system, year, caption, heads, rows)
    _add_up_groups(system)
    return system


def _read_parts(system, of, said):
    """A share, or how many a median is of."""
    did, n = share(said)
    if did is None:
        system.know((*of, "n"), n)
        return
    rest = LEFT_OUT if LEFT_OUT in (did, n) else str(int(n) - int(did))
    for part, number in (("n", n), ("did", did), ("did not", rest)):
        system.know((*of, part), number)
    system.add((*of, "n"), [(*of, "did"), (*of, "did not")])


def _read_equity(system, year, key, split, rows):
    for label, said in rows:
        of = (year, key, split, label)
        if said == LEFT_OUT and key == "first_meeting_days":
            system.know((*of, "n"), LEFT_OUT)
        else:
            _read_parts(system, of, said)


def _read_enacted(system, year, caption, heads, rows):
    if caption.startswith("How support ended, by group"):
        for label, *cells in rows:
            of = (year, "endings_agreed", heads[0], label)
            for part, said in zip(["n", *heads[2:]], cells, strict=True):
                system.know((*of, part), said)
            system.add((*of, "n"), [(*of, how) for how in heads[2:]])
            system.add((*of, "did"), [(*of, "Agreed together")], is_rest=True)
            system.add((*of, "did not"), [(*of, "Could not be reached"), (*of, "We ended it")], is_rest=True)
    elif caption.startswith("Who was met"):
        for label, taken_on, met, third, _, _ in rows:
            of = (year, "third_meeting", heads[0], label)
            system.know((*of, "n"), taken_on)
            for part, said in (("met", met), ("did", third)):
                system.know((*of, part), share(said)[0] or LEFT_OUT)
            system.add((*of, "n"), [(*of, "met")], is_rest=True)
            system.add((*of, "met"), [(*of, "did")], is_rest=True)
            system.add((*of, "n"), [(*of, "did"), (*of, "did not")])


def _add_up_groups(system):
    """Every split comes to all of them. Fifths leave out whoever has none; complexity stands on one page alone."""
    columns = defaultdict(list)
    for cell in list(system.low):
        if len(cell) == 5 and cell[2] not in ("all", "Deprivation"):
            year, key, split, _, part = cell
            columns[(year, key, "all", "all", part), split].append(cell)
    for (total, _), parts in columns.items():
        if total in system.low:
            system.add(total, parts)


# What is handed on: exported figures, and evidence of every place and time.


# What is handed on: exported figures, and evidence of every place and time.


def figures(client, system: System) -> System:
    columns = defaultdict(list)
    for row in exported(client, "figures"):
        of = row["Year"], row["Split by"] or "all", row["Which"] or "all"
        for part, said in _parts_of(row):
            system.know((*of, part), said)
            columns[of[0], of[1], part].append((*of, part))
        if row["Figure"] in SHARES:
            n, did, did_not = ((*of, part) for part, _ in _parts_of(row))
            system.add(n, [did, did_not])
    for (year, split, part), cells in columns.items():
        is_sum = split not in ("all", "Help with") and not (split == "Month" and part[0] in STOCKS)
        if is_sum:
            system.add((year, "all", "all", part), dict.fromkeys(cells))
    _add_same_rows(system)
    return system


def _parts_of(row):
    """[(which rows of which figure, how many)], called alike wherever the same rows are counted."""
    figure, n, did = row["Figure"], row["Of"] or row["Number"], row["Number"]
    if figure not in SHARES:
        return [((ROWS_OF.get(figure, figure), "n"), n)]
    did_not = LEFT_OUT if LEFT_OUT in (n, did) else str(int(n) - int(did))
    whole = {"Away from the practice": ("By phone or video", "did not"), "Meetings missed": (figure, "n")}
    rest = ("Meetings held", "n") if figure == "Meetings missed" else (figure, "did not")
    return [
        (whole.get(figure, (ROWS_OF.get(figure, figure), "n")), n),
        ((figure, "did"), did),
        (rest, did_not),
    ]


def _add_same_rows(system):
    drifted, chosen, n = ("Endings nobody reached", "did"), ("Endings they chose", "did"), ("Endings", "n")
    for year, split, which, part in [cell for cell in system.low if len(cell) == 4]:
        if part == drifted:
            system.add((year, split, which, n), [(year, split, which, p) for p in (drifted, chosen)], is_rest=True)
        for label, same in (
            (EndingHow.DRIFTED.label, drifted),
            (EndingHow.OWN_CHOICE.label, chosen),
            (Mode.IN_PERSON.label, ("By phone or video", "did not")),
        ):
            if split in ("How it ended", "How") and which == label and part in (n, ("Meetings held", "n")):
                system.add((year, split, which, part), [(year, "all", "all", same)])


def exported(client, kind):
    """Rows of the first table, each {column: what it says}."""
    today = timezone.localdate()
    said = {"kind": kind, "first": (today - timedelta(days=3000)).isoformat(), "comes_as": "csv"}
    form = client.get(reverse("insight:ask_for_export")).context["form"]
    once = form["once"].value()
    said |= {"last": today.isoformat(), "purpose": "board", "purpose_words": "All of it", "once": once}
    client.post(reverse("insight:ask_for_export"), said)
    export = Export.objects.latest("asked_at")
    make_export(str(export.pk))
    file = zipfile.ZipFile(io.BytesIO(client.get(reverse("insight:export_file", args=[export.pk])).content))
    header, *rows = lines_of(file.read(file.namelist()[0]))
    return [dict(zip(header, row, strict=True)) for row in rows]


def evidence(client, system: System) -> System:
    """Every half-year of every place; the first time each is kept as well, and what was kept is read again."""
    page = client.get(EVIDENCE).content.decode()
    halves, places = options(page, "half_year")[::-1], ["", *options(page, "where")]
    for half, place in product(halves, places):
        asked = f"?half_year={half}&where={place}"
        read_sheet(system, client.get(f"{reverse('insight:evidence_csv')}{asked}").content)
    for kept in Counter(options_of_kept(client)):
        read_sheet(system, client.get(f"{kept}csv/").content)
    _add_up_evidence(system)
    return system


def options_of_kept(client):
    return [reverse("insight:kept_evidence", args=[s.pk]) for s in client.get(EVIDENCE).context["kept"]]


def read_sheet(system, content):
    lines = lines_of(content)
    said = {row: number for table, _, row, number in lines if table == "Unmet need"}
    half, where = said["Period"], said["Where"]
    for table, label, column, number in lines:
        if column == "People":
            system.know(("evidence", half, where, table, label), number, least=1)
        elif column.startswith(("April", "October")) and number != LEFT_OUT:
            system.know(("evidence", column, where, table, label), number)


def _add_up_evidence(system):
    """Kinds, barriers, what became of it and districts come to all; places to clusters, and those to everywhere."""
    cells = [cell for cell in system.low if cell[0] == "evidence" and len(cell) == 5]
    tables_of = defaultdict(list)
    for cell in cells:
        tables_of[cell[1:4]].append(cell)
    shown = {(half, where) for half, where, _ in tables_of}

    def total(half, where):
        return ("evidence", half, where, "By kind of help", "All waits")

    for (half, where, table), found in tables_of.items():
        if table in ("By what stood in the way", "What became of it", "By postcode district"):
            system.add(total(half, where), found)
        if table == "By kind of help":
            system.add(total(half, where), [cell for cell in found if cell != total(half, where)])
        if table in ("By cluster", "By practice"):
            for cell in found:
                system.add(total(half, cell[4]), [cell])
            system.add(total(half, where), found)
        parts = {"All practices": ["East", "West"], "East": ["Parkhead", "Bridgeton"], "West": ["Govan"]}
        for cell in found if where in parts and all((half, part) in shown for part in parts[where]) else ():
            if table in ("By kind of help", "By what stood in the way", "What became of it", "By postcode district"):
                there = [("evidence", half, part, table, cell[4]) for part in parts[where]]
                system.add(cell, [part for part in there if part in system.low])
    _add_carried_over(system, shown, total)


def _add_carried_over(system, shown, total):
    """Who still waits at the end of a half-year waits in the next."""
    halves = sorted({half for half, _ in shown}, key=lambda half: (half.split()[-1], half.startswith("April")))
    for (before, after), where in product(pairwise(halves), {where for _, where in shown}):
        still = ("evidence", before, where, "What became of it", "Still waiting at the end")
        if still in system.low and (after, where) in shown:
            system.add(total(after, where), [still], is_rest=True)


# The tests.


def holes(system):
    """What can be worked out of people, and what two downloads say differently."""
    assert len(system.left_out) > 20
    return {cell: n for cell, n in system.recovered().items() if n}, system.told_apart


def keep_all(client):
    """The sheet of each half-year, everywhere."""
    page = client.get(EVIDENCE)
    for half in options(page.content.decode(), "half_year"):
        once = client.get(EVIDENCE).context["form"]["once"].value()
        client.post(f"{EVIDENCE}?half_year={half}", {"words": "", "once": once})


@pytest.mark.parametrize("seed", range(int(os.environ.get("ATTACKS", "1"))))
def test_nothing_that_is_left_out_is_recovered(service, organisation, places, sign_in, mo, in_year, seed):
    """Also where everything is kept, then more is written up, and everything is kept again."""
    service(seed)
    client, handed_on = sign_in(mo), System()
    people = whole_service(client, System())
    for _ in range(2):
        keep_all(client)
        groups_of_people(client, people)
        evidence(client, figures(client, handed_on))
        late = PatientFactory(organisation=organisation, practice=places[0], sex="male")
        case = CaseFactory(patient=late, opened_at=in_year(-50), status="closed", closed_at=in_year(100), **AGREED)
        HoldFactory(case=case, started_at=in_year(20), awaited_need="legal")
    assert holes(people) == ({}, [])
    assert holes(handed_on) == ({}, [])


def test_the_attack_recovers_what_only_small_groups_themselves_are_left_out_of(service, sign_in, mo, monkeypatch):
    monkeypatch.setattr(Web, "beside_lone_ones", lambda self, out: set())
    monkeypatch.setattr(Web, "another_table", lambda self, out, key, most_steps=0: {key: 1})
    service(0)
    client = sign_in(mo)
    assert holes(groups_of_people(client, whole_service(client, System())))[0] != {}
    assert holes(figures(client, System()))[0] != {}
    assert holes(evidence(client, System()))[0] != {}
