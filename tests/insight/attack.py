"""An attacker with a computer: reads what was downloaded, writes down what adds up to what, and solves for what is
left out. Shares no code with insight/, and knows what its pages say of themselves.
"""

import csv
import html
import io
import re
from collections import defaultdict

LEFT_OUT = "–"
MOST = 400
TRIES = 500  # of a search for another table; where it gives up, nothing is recovered
TAG = re.compile(r"<[^>]+>")


class System:
    """Whole numbers, some of them known, and sums between them that hold."""

    def __init__(self):
        self.low, self.high = {}, {}
        self.lines = []  # [(cell, sign)]: comes to nought
        self.left_out = set()
        self.told_apart = []  # cells that two downloads give differently
        self.drawn = {}  # {page: its drawings}
        self.of = defaultdict(list)

    def know(self, cell, shown: str, least: int = 0):
        """A cell as it is printed: left out, it is `least` or more."""
        low, high = (least, MOST) if shown == LEFT_OUT else (int(shown.replace(",", "")),) * 2
        low, high = max(low, self.low.get(cell, low)), min(high, self.high.get(cell, high))
        if low > high:
            self.told_apart.append(cell)
        self.low[cell], self.high[cell] = low, high
        if shown == LEFT_OUT:
            self.left_out.add(cell)

    def said(self, cell) -> str:
        """A cell as it was printed."""
        return LEFT_OUT if cell in self.left_out else str(self.low[cell])

    def see(self, address: str, page: str):
        """The drawings of a page: a mark for each number that stands in its table, and never another drawing."""
        drawn = drawings(page)
        if self.drawn.setdefault(address, drawn) != drawn or any(marks != shown for marks, shown, _ in drawn):
            self.told_apart.append(address)

    def add(self, total, parts, is_rest: bool = False):
        """The total is what its parts come to; or more, with a rest."""
        parts = [*parts, ("rest", len(self.lines))] if is_rest else list(parts)
        for cell in (total, *parts):
            self.low.setdefault(cell, 0)
            self.high.setdefault(cell, MOST)
        self.lines.append([(total, -1), *((part, 1) for part in parts)])

    def recovered(self) -> dict:
        """{cell: its number} of those left out that can only be one number."""
        self.lines = [list(line) for line in dict.fromkeys(map(tuple, self.lines))]
        for number, line in enumerate(self.lines):
            for cell, _ in line:
                self.of[cell].append(number)
        start = self._narrow(dict(self.low), dict(self.high), range(len(self.lines)))
        if start is None:
            raise ValueError("What was downloaded does not add up")
        low, high = start
        found = {cell: low[cell] for cell in self.left_out if low[cell] == high[cell] and self.low[cell] < low[cell]}
        for cells in self._blocks(low, high):
            found |= self._recovered_of(cells & self.left_out, {c: low[c] for c in cells}, {c: high[c] for c in cells})
        return found

    def _blocks(self, low, high):
        """Cells that sums tie together, with the known ones of their sums."""
        waiting = {cell for cell in low if low[cell] < high[cell]}
        while waiting:
            block, further = set(), [waiting.pop()]
            while further:
                cell = further.pop()
                if cell not in block:
                    block.add(cell)
                    ties = (c for number in self.of[cell] for c, _ in self.lines[number])
                    further += [c for c in ties if low[c] < high[c]] if low[cell] < high[cell] else []
            known = {c for cell in block for number in self.of[cell] for c, _ in self.lines[number]}
            waiting -= block
            yield block | known

    def _recovered_of(self, unsure, low, high) -> dict:
        found, unsure = {}, {cell for cell in unsure if low[cell] < high[cell]}
        one = self._solve(low, high)
        while unsure and one:
            cell = unsure.pop()
            near = sorted(
                (n for n in range(low[cell], high[cell] + 1) if n != one[cell]), key=lambda n: abs(n - one[cell])
            )
            is_open = len(near) > 8
            for number in near[:8]:
                if other := self._solve(low, high, {cell: number}):
                    unsure -= {c for c in unsure if other[c] != one[c]}
                    break
                is_open |= self.gave_up
            else:
                found |= {} if is_open else {cell: one[cell]}
        return found

    def _narrow(self, low, high, lines):
        """Bounds made narrower, sum by sum, until nothing changes; None where no numbers fit."""
        waiting = set(lines)
        while waiting:
            line = self.lines[waiting.pop()]
            least = sum(low[c] if sign > 0 else -high[c] for c, sign in line)
            most = sum(high[c] if sign > 0 else -low[c] for c, sign in line)
            if least > 0 or most < 0:
                return None
            for cell, sign in line:
                room = high[cell] - low[cell]
                if sign > 0:
                    a, b = max(low[cell], high[cell] - most), min(high[cell], low[cell] - least)
                else:
                    a, b = max(low[cell], high[cell] + least), min(high[cell], low[cell] + most)
                if a > b:
                    return None
                if b - a < room:
                    low[cell], high[cell] = a, b
                    waiting |= set(self.of[cell])
                    least = sum(low[c] if s > 0 else -high[c] for c, s in line)
                    most = sum(high[c] if s > 0 else -low[c] for c, s in line)
        return low, high

    def _solve(self, low, high, given=()):
        """Numbers that fit everything, found by trying: the narrowest cell first, from its smaller end."""
        self.gave_up, self.tried = False, 0
        low, high = dict(low), dict(high)
        lines = set()
        for cell, number in dict(given).items():
            low[cell] = high[cell] = number
            lines |= set(self.of[cell])
        start = self._narrow(low, high, lines)
        return start and self._try(*start)

    def _try(self, low, high):
        self.tried += 1
        if self.tried > TRIES:
            self.gave_up = True
            return None
        open_ = [cell for cell in low if low[cell] < high[cell]]
        if not open_:
            return low
        cell = min(open_, key=lambda c: high[c] - low[c])
        for number in range(low[cell], high[cell] + 1):
            then_low, then_high = dict(low) | {cell: number}, dict(high) | {cell: number}
            found = self._narrow(then_low, then_high, self.of[cell])
            if found and (solved := self._try(*found)):
                return solved
            if self.gave_up:
                return None
        return None


def tables(page: str) -> list[tuple[str, list[str], list[list[str]]]]:
    """(caption, heads, rows) of each table of a page."""
    found = []
    for table in re.findall(r"<table.*?</table>", page, re.S):
        heads, *rows = [
            [plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)
        ]
        found.append((plain(re.search(r"<caption[^>]*>(.*?)</caption>", table, re.S)[1]), heads, rows))
    return found


def drawings(page: str) -> list[tuple[int, int, str]]:
    """(marks, numbers in the table below, the drawing itself) of each chart of groups on a page."""
    found = []
    for chart in re.findall(r'<figure class="lw-chart">.*?</figure>', page, re.S):
        drawing = "".join(re.findall(r"<svg.*?</svg>", chart, re.S))
        marks = re.findall(r'class="lw-chart__(?:bar|signal)"', drawing)
        (_, _, rows), *_ = tables(chart)
        found.append((len(marks), sum(said != LEFT_OUT for _, said in rows), drawing))
    return found


def plain(text: str) -> str:
    return " ".join(html.unescape(TAG.sub("", text)).split())


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def options(page: str, name: str) -> list[str]:
    """What a list of choices on a page offers."""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)[0]
    return [html.unescape(value) for value in re.findall(r'<option value="([^"]+)"', select)]


def first_number(page: str) -> str:
    """What a page of a figure says of the days asked for."""
    return plain(re.search(r'<dd class="nhsuk-summary-list__value">(.*?)</dd>', page, re.S)[1])


def share(said: str) -> tuple[str | None, str]:
    """(how many did, of how many) of "60% (39 to 78), 12 of 20"; of "16 days (14 to 20), of 42" only of how many."""
    if said == LEFT_OUT:
        return LEFT_OUT, LEFT_OUT
    hits, n = re.search(r"(?:\b(\d+) )?of (\d+)\)?$", said.replace(",", "")).groups()
    return hits, n
