"""What an attacker reads of each page and file, and what they know of how it adds up. Shares no code with insight/."""

import io
import re
import zipfile
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise, product

from django.urls import reverse
from django.utils import timezone

from caseload.enums import EndingHow, Mode
from insight.models import Export
from insight.tasks import make_export
from tests.insight.attack import LEFT_OUT, System, first_number, lines_of, options, plain, share, tables

EVIDENCE, ENACTED = reverse("insight:evidence"), reverse("insight:enacted")
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
STILL, CROSSED = "Still waiting at the end", "Kind of help, by what stood in the way"
OF_SHEET = re.compile(r"(.*), ((?:April|October)[^,]* \d{4}), ([^,]*)")
NOT_KNOWN_OF, NOT_KNOWN = (
    "What is not known",
    {
        "deprivation": r"Of (some|[\d,]+) waits it is not known how deprived",
        "nothing said": r"(Some|[\d,]+) needs named with people",
    },
)
STOCKS = {"Waiting to be met", "Door open now"}


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
        system.see(f"{year} {key}", page)
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
    """Every split comes to all of them, but that fifths leave out whoever has none."""
    columns = defaultdict(list)
    for cell in list(system.low):
        if len(cell) == 5 and cell[2] != "all":
            year, key, split, _, part = cell
            columns[(year, key, "all", "all", part), split].append(cell)
    for (total, split), parts in columns.items():
        if total in system.low:
            system.add(total, parts, is_rest=split == "Deprivation")


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
    _add_held(system)
    _add_steps(system)
    return system


def _add_held(system):
    """Holds started less holds ended are held when a year ends, and those the evidence sheet calls still waiting."""
    for where, upto in _running(system, "Holds started", "Length of holds"):
        for year, (started, ended) in upto.items():
            half = year.replace("April", "October")
            still = ("evidence", half, where, "What became of it", STILL)
            system.add(started, [ended, still])


def _add_steps(system):
    """Who is met, or waits to be, was taken on; who was taken on half a year ago was taken on."""
    for further in ("Days to first meeting", "Reached a third meeting"):
        for where, upto in _running(system, "People taken on", further):
            for year, (taken_on, reached) in upto.items():
                waits = (year, "Practice", where, ("Waiting to be met", "n"))
                both = [reached, waits] if waits in system.low and further == "Days to first meeting" else [reached]
                system.add(taken_on, both, is_rest=True)


def _running(system, *figures):
    """(where, {year: what each figure comes to since the beginning}), everywhere and of each practice."""
    cells = {cell for cell in system.low if len(cell) == 4 and cell[3] in [(figure, "n") for figure in figures]}
    years = sorted({cell[0] for cell in cells}, key=lambda year: year[-4:])
    for split, which in sorted({cell[1:3] for cell in cells if cell[1] in ("all", "Practice")}):
        upto, sums = {}, dict.fromkeys(figures, [])
        for year in years:
            for figure in figures:
                cell = (year, split, which, (figure, "n"))
                if cell not in cells and any((c[0], c[1], c[3]) == (year, split, cell[3]) for c in cells):
                    system.know(cell, "0")
                sums[figure] = [*sums[figure], cell]
                system.add(("upto", *cell), sums[figure])
            upto[year] = [("upto", year, split, which, (figure, "n")) for figure in figures]
        yield ("All practices" if which == "all" else which), upto


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
    """Every half-year of every place, and what was kept."""
    form = client.get(EVIDENCE)
    page = form.content.decode()
    halves, places = options(page, "half_year")[::-1], ["", *options(page, "where")]
    for half, place in product(halves, places):
        asked = f"{EVIDENCE}?half_year={half}&where={place}"
        read_sheet(system, asked, client.get(asked).content.decode())
    for kept in form.context["kept"]:
        asked = reverse("insight:kept_evidence", args=[kept.pk])
        read_sheet(system, asked, client.get(asked).content.decode())
    _add_up_evidence(system)
    return system


def read_sheet(system, address, page):
    """Its tables, the drawings above them, and what sentences say of numbers that stand in no table."""
    system.see(address, page)
    found = [(OF_SHEET.fullmatch(caption), *table) for caption, *table in tables(page)]
    for (name, half, where), (_, *columns), rows in ((of.groups(), *table) for of, *table in found if of):
        for label, *numbers in rows:
            if name == CROSSED:
                for column, number in zip(columns, numbers, strict=True):
                    system.know(("evidence", half, where, name, (label, column)), number, least=1)
                continue
            system.know(("evidence", half, where, name, label), numbers[0], least=1)
            if columns[1].startswith(("April", "October")) and numbers[1] != LEFT_OUT:
                system.know(("evidence", columns[1], where, name, label), numbers[1])
        for unknown, words in NOT_KNOWN.items():
            number = re.search(words, plain(page))
            said = "0" if number is None else LEFT_OUT if number[1].lower() == "some" else number[1]
            system.know(("evidence", half, where, NOT_KNOWN_OF, unknown), said, least=1)


def of_practice(client) -> dict:
    """What a practice reads of unmet need: {cell of the evidence sheet: what it says}."""
    page = client.get(reverse("insight:practice_mix")).content.decode()
    section, found = page[page.index('id="unmet"') :], {}
    for where, charts in re.findall(r"<h3[^>]*>(.*?)</h3>(.*?)(?=<h3|</section>)", section, re.S):
        for caption, _, rows in tables(charts):
            half = re.search(r"((?:April|October)[\w ]*? \d{4}), as on", plain(section))[1]
            name = "By kind of help" if ", by kind of help" in caption else "By what stood in the way"
            found |= {("evidence", half, plain(where), name, label): number for label, number in rows}
    return found


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
        if table == CROSSED:
            for place, name in enumerate(("By kind of help", "By what stood in the way")):
                for label in {cell[4][place] for cell in found}:
                    whole = ("evidence", half, where, name, label)
                    system.add(whole, [cell for cell in found if cell[4][place] == label])
        if table == NOT_KNOWN_OF:
            fifths = [cell for cell in cells if cell[1:3] == (half, where) and cell[3].startswith("By deprivation")]
            system.add(total(half, where), [*fifths, ("evidence", half, where, table, "deprivation")])
        if table in ("By cluster", "By practice"):
            for cell in found:
                system.add(total(half, cell[4]), [cell])
            system.add(total(half, where), found)
        parts = {"All practices": ["East", "West"], "East": ["Parkhead", "Bridgeton"], "West": ["Govan"]}
        for cell in found if where in parts and all((half, part) in shown for part in parts[where]) else ():
            if table not in ("By cluster", "By practice", CROSSED):
                there = [("evidence", half, part, table, cell[4]) for part in parts[where]]
                system.add(cell, [part for part in there if part in system.low])
    _add_carried_over(system, shown, total)


def _add_carried_over(system, shown, total):
    """Who still waits at the end of a half-year waits in the next."""
    halves = sorted({half for half, _ in shown}, key=lambda half: (half.split()[-1], half.startswith("April")))
    for (before, after), where in product(pairwise(halves), {where for _, where in shown}):
        still = ("evidence", before, where, "What became of it", STILL)
        if still in system.low and (after, where) in shown:
            system.add(total(after, where), [still], is_rest=True)
