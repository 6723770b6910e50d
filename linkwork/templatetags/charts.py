"""Plain charts, drawn here: a sentence, an SVG with its values written on it, the figures in a table.

Rows are (label, value) or (label, value, address of the list behind it). A value of None is
not known or suppressed: it is a gap or left out of the drawing, and written as "–" in the table, never as nought.
"""

from html import escape
from math import floor, log10
from typing import NamedTuple

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

WIDTH = 480
LONGEST_BAR = 420
ROW_HEIGHT = 42
LINE_HEIGHT = 200
LINE_LEFT, LINE_RIGHT, LINE_TOP, LINE_BASE = 20, 440, 26, 170
MOST_LABELS = 8
SMALL_WIDTH, SMALL_HEIGHT = 320, 66
SMALL_LEFT, SMALL_FIRST, SMALL_RIGHT, SMALL_TOP, SMALL_BASE = 34, 52, 304, 20, 58
NOT_KNOWN = "–"


class Frame(NamedTuple):
    """Of a control chart: its size, where it is drawn in it, and how many months are labelled."""

    width: int
    height: int
    left: int
    right: int
    top: int
    base: int
    labels: int


LARGE = Frame(560, 250, 20, 486, 30, 206, MOST_LABELS)
SMALL = Frame(400, 186, 12, 326, 28, 142, 4)
FUNNEL = Frame(480, 260, 40, 460, 16, 216, 0)
INTERVAL_LONGEST = 440
ROOM_FOR_AXIS = 26
APART = 17  # the least between the words beside the limits
ROOM_BELOW = 0.3  # of what the values span: below the lowest, where a chart does not begin at nought
# Of each month of a control chart. A page has thirty charts of two years or five: as a part of their template, these
# took longer than all else of the page.
DOT = '<circle class="lw-chart__bar" cx="{}" cy="{}" r="3"><title>{}: {}</title></circle>'
SQUARE = (
    '<rect class="lw-chart__signal" x="{}" y="{}" width="10" height="10" transform="translate(-5 -5)">'
    "<title>{}: {}, {}</title></rect>"
)
CELLS = (
    '<tr><th scope="row">{}</th><td class="lw-number" data-label="{}">{}</td>'
    '<td class="lw-number" data-label="Average">{}</td><td class="lw-number" data-label="Limits">{}</td>'
    '<td data-label="Out of the ordinary">{}</td></tr>'
)


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(rows, sentence, of="", counted="Number"):
    """Values that are not known or left out are named below and stand in the table; they are not drawn."""
    rows = _rows(rows)
    bars = [row for row in rows if row["value"] is not None]
    most = max((row["value"] for row in bars), default=0) or 1
    for index, row in enumerate(bars):
        length = round(row["value"] / most * LONGEST_BAR)
        top = index * ROW_HEIGHT
        row |= {"label_y": top + 16, "y": top + 22, "value_y": top + 34, "length": length, "value_x": length + 6}
    return {
        "rows": rows,
        "bars": bars,
        "not_drawn": [row["label"] for row in rows if row["value"] is None],
        "sentence": sentence,
        "of": of,
        "counted": counted,
        "width": WIDTH,
        "height": len(bars) * ROW_HEIGHT,
    }


@register.inclusion_tag("components/line_chart.html")
def line_chart(rows, sentence, of="", counted="Number"):
    """A value over time, its axis from nought."""
    rows = _rows(rows)
    most = max((row["value"] or 0 for row in rows), default=0) or 1
    step = (LINE_RIGHT - LINE_LEFT) / max(len(rows) - 1, 1)
    every = -(-len(rows) // MOST_LABELS) or 1
    for index, row in enumerate(rows):
        y = round(LINE_BASE - (row["value"] or 0) / most * (LINE_BASE - LINE_TOP))
        # Counted from the end, so that the latest is always labelled.
        is_labelled = (len(rows) - 1 - index) % every == 0
        row |= {"x": round(LINE_LEFT + index * step), "y": y, "label_y": y - 8, "is_labelled": is_labelled}
    return {
        "rows": rows,
        "points": [row for row in rows if row["value"] is not None],
        "lines": _unbroken(rows),
        "sentence": sentence,
        "of": of,
        "counted": counted,
        "width": WIDTH,
        "height": LINE_HEIGHT,
        "left": LINE_LEFT,
        "right": LINE_RIGHT,
        "base": LINE_BASE,
    }


@register.inclusion_tag("components/small_chart.html")
def small_chart(rows, sentence, least, most):
    """A few values on the scale's own axis, from `least` to `most`. The page has a table of the figures."""
    rows = [row for row in _rows(rows) if row["value"] is not None]
    step = (SMALL_RIGHT - SMALL_FIRST) / max(len(rows) - 1, 1)
    for index, row in enumerate(rows):
        y = round(SMALL_BASE - (row["value"] - least) / (most - least) * (SMALL_BASE - SMALL_TOP))
        is_end = index in (0, len(rows) - 1)
        row |= {"x": round(SMALL_FIRST + index * step), "y": y, "label_y": y - 7, "is_labelled": is_end}
    return {
        "points": rows,
        "line": " ".join(f"{row['x']},{row['y']}" for row in rows),
        "sentence": sentence,
        "least": least,
        "most": most,
        "width": SMALL_WIDTH,
        "height": SMALL_HEIGHT,
        "left": SMALL_LEFT,
        "right": SMALL_RIGHT,
        "top": SMALL_TOP,
        "base": SMALL_BASE,
    }


def _rows(rows):
    return [
        {"label": label, "value": value, "shown": NOT_KNOWN if value is None else f"{value:,}", "href": "".join(href)}
        for label, value, *href in rows
    ]


def _unbroken(rows) -> list[str]:
    """The stretches between gaps, each as the points of one line."""
    stretches = [[]]
    for row in rows:
        if row["value"] is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{row['x']},{row['y']}")
    return [" ".join(stretch) for stretch in stretches if stretch]


@register.inclusion_tag("components/control_chart.html")
def control_chart(points, sentence, counted="Number", notes=(), small=False):
    """A value over time between its natural process limits. No colour is needed to read it.

    Points have label, value (None: a gap), shown, mean, lower and upper (None: no limits), signal (what is out of the
    ordinary, in words), is_anew (limits are worked out anew from here) and changed (the number of what was changed in
    the settings then, which the page explains). `notes` explain each place drawn anew, in order. `small` ones stand
    several abreast.
    """
    points, frame = list(points), SMALL if small else LARGE
    numbers = [n for point in points for n in (point.value, point.lower, point.upper) if n is not None]
    foot = _foot(min(numbers, default=0), max(numbers, default=0))
    scale = (frame.base - frame.top) / ((max(numbers, default=0) - foot) or 1)
    step = (frame.right - frame.left) / max(len(points) - 1, 1)
    every = -(-len(points) // frame.labels) or 1

    def height(number):
        return None if number is None else round(frame.base - max(number - foot, 0) * scale)

    marks = iter("abcdefghijklmnopqrstuvwxyz")
    rows = [
        {
            "point": point,
            "label": point.label,
            "value": point.value,
            "x": round(frame.left + index * step),
            "y": height(point.value),
            "mean": height(point.mean),
            "lower": height(point.lower),
            "upper": height(point.upper),
            "is_labelled": (len(points) - 1 - index) % every == 0,
            "is_spare": (len(points) - 1 - index) % (2 * every) != 0,
            "is_anew": point.is_anew,
            "mark": f"{next(marks) if point.is_anew else ''} {point.changed}".strip(),
        }
        for index, point in enumerate(points)
    ]
    return {
        "rows": rows,
        "cells": _html((CELLS, *_cells(row["point"], counted)) for row in rows),
        **_drawing(rows),
        "beside": _beside(next((row for row in reversed(rows) if row["mean"] is not None), None), foot, frame.base),
        "notes": list(zip("abcdefghijklmnopqrstuvwxyz", notes, strict=False)),
        "sentence": sentence,
        "counted": counted,
        "frame": frame,
        "small": small,
    }


@register.inclusion_tag("components/interval_chart.html")
def interval_chart(rows, sentence, whole, of, counted, most, unit=""):
    """A dot for each group with a line for where it lies but for chance; broken: all of them together.

    Rows have label, value, low and high (None: too few to say, or left out) and shown. `most` ends the axis; `unit`
    is what it is in, as it stands behind a number.
    """
    scale = INTERVAL_LONGEST / (most or 1)

    def along(number):
        return None if number is None else round(min(number, most) * scale)

    drawn = []
    for index, row in enumerate(rows):
        top = index * ROW_HEIGHT
        places = {"x": along(row.value), "low": along(row.low), "high": along(row.high)}
        drawn.append(places | {"row": row, "label_y": top + 16, "y": top + 29})
    return {
        "rows": rows,
        "drawn": drawn,
        "whole": along(whole),
        "longest": INTERVAL_LONGEST,
        "base": len(drawn) * ROW_HEIGHT + 2,
        "ends": [f"0{unit}", f"{most:,g}{unit}"],
        "sentence": sentence,
        "of": of,
        "counted": counted,
        "width": WIDTH,
        "height": len(drawn) * ROW_HEIGHT + ROOM_FOR_AXIS,
    }


@register.inclusion_tag("components/funnel_chart.html")
def funnel_chart(section, sentence, of, counted):
    """Shares by how many people they are of, between the curves of chance. Beyond the outer: a named square."""
    rows = [row for row in section.rows if row.value is not None]
    most = max((row.n for row in rows), default=0) or 1
    top = max([100.0 * high for _, _, high in section.funnel.nearly_all] + [row.value for row in rows], default=100)

    def place(n, per_cent):
        x = FUNNEL.left + n / most * (FUNNEL.right - FUNNEL.left)
        return round(x), round(FUNNEL.base - per_cent / (top or 1) * (FUNNEL.base - FUNNEL.top))

    def curve(points, side):
        return " ".join("{},{}".format(*place(point[0], 100 * point[side])) for point in points)

    points = []
    for row in rows:
        x, y = place(row.n, row.value)
        points.append({"row": row, "x": x, "y": y, "is_outside": row.label in section.funnel.outside})
    return {
        "rows": section.rows,
        "points": points,
        "likely": [curve(section.funnel.likely, side) for side in (1, 2)],
        "nearly_all": [curve(section.funnel.nearly_all, side) for side in (1, 2)],
        "whole": place(0, section.whole)[1],
        "top": f"{top:.0f}%",
        "most": f"{most:,}",
        "sentence": sentence,
        "of": of,
        "counted": counted,
        "frame": FUNNEL,
    }


def _foot(least, most) -> float:
    """Where the axis begins: at nought, unless everything lies far above it and would be squeezed at the top."""
    span = most - least
    if span <= 0 or least < span:
        return 0
    step = 10 ** floor(log10(span))
    return floor((least - ROOM_BELOW * span) / step) * step


def _beside(row, foot, base) -> list[tuple[int, str]]:
    """(height, words) beside the limits and the foot: none covers another, and none says what another says."""
    if row is None:
        return []
    upper, mean, lower = (getattr(row["point"], f"{name}_shown").split(" ")[0] for name in ("upper", "mean", "lower"))
    heights = min(row["upper"], row["mean"] - APART), row["mean"], max(row["lower"], row["mean"] + APART)
    words = list(zip(heights, (upper, mean, lower), strict=True))
    if upper == lower:
        words = words[1:2]
    if base - max(height for height, _ in words) >= APART:
        words.append((base, f"{foot:,g}{'%' if mean.endswith('%') else ''}"))
    return words


def _html(parts) -> SafeString:
    """Of parts, each a template and what stands in it, which is escaped. Three times as quick as format_html_join."""
    written = (template.format(*(escape(str(value)) for value in values)) for template, *values in parts)
    return mark_safe("".join(written))  # noqa: S308


def _drawing(rows) -> dict:
    """What a control chart draws of its months."""
    return {
        "points": _html(_drawn(row) for row in rows if row["value"] is not None),
        "labelled": [row for row in rows if row["is_labelled"]],
        "marked": [row for row in rows if row["mark"]],
        "lines": _unbroken(rows),
        "limits": [line for name in ("lower", "upper") for line in _stretches(rows, name)],
        "means": _stretches(rows, "mean"),
    }


def _drawn(row) -> tuple:
    place = row["x"], row["y"], row["label"], row["point"].shown
    return (SQUARE, *place, row["point"].signal) if row["point"].signal else (DOT, *place)


def _cells(point, counted) -> tuple:
    limits = "" if point.mean is None else f"{point.lower_shown} to {point.upper_shown}"
    changed = f"settings changed ({point.changed})" if point.changed else ""
    return (
        point.label,
        counted,
        point.shown,
        point.mean_shown,
        limits,
        "; ".join(filter(None, [point.signal, changed])),
    )


def _stretches(rows, name) -> list[str]:
    """Lines along one limit, one for each stretch that has its own."""
    stretches = []
    for before, row in zip([None, *rows], rows, strict=False):
        if row[name] is None:
            continue
        if before is None or before[name] is None or row["is_anew"]:
            stretches.append([])
        stretches[-1].append(f"{row['x']},{row[name]}")
    return [" ".join(stretch) for stretch in stretches]
