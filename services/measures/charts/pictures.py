"""What every chart is made of: words, a table that says the same, and a Vega-Lite specification in one style. Pure.

Colours are those of Okabe and Ito, which people with any colour vision tell apart; shapes, dashes and labels say the
same once more, for paper that is printed in grey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from services.measures.disclosure.sharing import Sharing
from services.measures.observations.models import Bound
from services.measures.series.schemas import Reading

Spec = dict[str, object]

WIDTH = 620
INK, GREY, PALE = "#1f2933", "#616e7c", "#d9dee3"
BLUE, VERMILION, GREEN, PURPLE, SKY, ORANGE = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, SKY, ORANGE)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (4, 4), (10, 3))

UNITS = {
    "proportion": "Proportion", "percent": "Per cent", "per_1000": "Per 1,000", "per_10000": "Per 10,000",
    "per_100000": "Per 100,000",
}  # fmt: skip

SHARING_NOTES = {
    Sharing.NOT_FOR_SHARING: "Not for sharing: true figures, before disclosure control.",
    Sharing.RELEASED: "As released, after disclosure control.",
    Sharing.WITHHELD: "Some figures are not released, and are not shown.",
}

_SIGN = {Bound.EXACTLY: "", Bound.AT_LEAST: "≥ ", Bound.AT_MOST: "≤ "}
BOUNDS = {Bound.EXACTLY: "exactly", Bound.AT_LEAST: "at least", Bound.AT_MOST: "at most"}
"""How tables say it: a spreadsheet would take the signs for formulas."""
_TITLE_LETTERS, _NOTE_LETTERS = 64, 104
_CONFIG: Spec = {
    "aria": False,  # the picture has one title and one description; each mark's own would be read out one by one
    "background": "white",
    "font": "Liberation Sans, Arial, Helvetica, sans-serif",
    "view": {"stroke": None},
    "title": {
        "anchor": "start", "fontSize": 17, "fontWeight": "bold", "color": INK, "subtitleFontSize": 13,
        "subtitleColor": GREY, "subtitlePadding": 5, "offset": 14, "frame": "group",
    },
    "axis": {
        "labelFontSize": 12, "labelColor": INK, "titleFontSize": 12, "titleColor": GREY, "titleFontWeight": "normal",
        "gridColor": PALE, "domainColor": GREY, "tickColor": GREY,
    },
    "legend": {"labelFontSize": 12, "labelColor": INK, "title": None, "orient": "top", "symbolSize": 90},
    "header": {"labelFontSize": 12, "labelColor": INK, "labelFontWeight": "bold", "title": None},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The same as the picture, for whoever reads rather than sees; the first column names each row."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart before it is drawn. `notes` stand below it: where the figures come from, and what to know of them."""

    title: str
    subtitle: str
    description: str
    notes: Sequence[str]
    spec: Spec
    table: Table


def framed(picture: Picture) -> Spec:
    """The whole specification: title above, the chart, and its notes below."""
    lines = [line for note in picture.notes for line in wrap(note, _NOTE_LETTERS)]
    notes: Spec = {
        "data": {"values": [{"row": row, "note": line} for row, line in enumerate(lines)]},
        "width": WIDTH,
        "height": {"step": 15},
        "mark": {"type": "text", "align": "left", "fontSize": 11, "color": GREY},
        "encoding": {
            "text": {"field": "note"}, "x": {"value": 0}, "y": {"field": "row", "type": "ordinal", "axis": None},
        },
    }  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": wrap(picture.title, _TITLE_LETTERS), "subtitle": wrap(picture.subtitle, _NOTE_LETTERS - 14)},
        "config": _CONFIG,
        "padding": 16,
        "spacing": 14,
        "vconcat": [picture.spec, notes],
        "resolve": {"scale": {"x": "independent", "y": "independent", "color": "independent", "shape": "independent"}},
    }


def unit_word(unit: str) -> str:
    """The unit as an axis says it."""
    return UNITS.get(unit, unit.replace("_", " ").capitalize())


def number(value: float, unit: str) -> str:
    """A figure as it is read: 21.0 per cent, a proportion of 0.154, 1,250 people, 7.5 hours."""
    if unit in UNITS:
        return f"{value:,.3f}" if unit == "proportion" else f"{value:,.1f}"
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= 1000 else f"{value:.3g}"


def said(reading: Reading | None, unit: str) -> str:
    """A figure in words: 21.2, or ≥ 30 where no more is known; empty where there is none."""
    if reading is None or reading.value is None:
        return ""
    return f"{_SIGN[reading.bound]}{number(reading.value, unit)}"


def listed(words: Sequence[str], most: int = 6) -> str:
    """The first of the words, and how many more there are."""
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more} more" if more > 0 else "")


def domain(names: Sequence[str], values: Sequence[object]) -> Spec:
    """A scale that gives each name its own value, in order; from the beginning where there are more names."""
    return {"domain": list(names), "range": [values[place % len(values)] for place in range(len(names))]}
