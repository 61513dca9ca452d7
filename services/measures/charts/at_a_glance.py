"""The picture of a scorecard: a small chart for each measure, with its last figure, its target and its course. Pure."""

from textwrap import wrap

from services.measures.charts.pictures import (
    BLUE,
    BOUNDS,
    GREY,
    INK,
    SHARING_NOTES,
    Picture,
    Spec,
    Table,
    listed,
    number,
    said,
    unit_word,
)  # fmt: skip
from services.measures.scorecards.schemas import Line, Scorecard
from services.measures.series.trends import Course

_COLUMNS, _PANEL, _HEIGHT = 3, 178, 70
_TITLE_LETTERS = 27
_ARROWS = {
    Course.IMPROVING: "improving", Course.WORSENING: "worsening", Course.RISING: "rising", Course.FALLING: "falling",
    Course.UNCERTAIN: "no clear trend",
}  # fmt: skip


def picture(card: Scorecard) -> Picture:
    """The measures in the scorecard's order; those without a figure are named below."""
    there = [line for line in card.lines if line.figure is not None and line.figure.value is not None]
    words = [f"Small charts of {len(there)} measures at {card.place.name}.", *map(_sentence, there)]
    return Picture(
        f"Scorecard: {card.place.name}",
        f"{len(there)} measures, each on its own scale, with its last figure and course; dashed: its target",
        " ".join(words),
        _notes(card),
        {"columns": _COLUMNS, "spacing": {"row": 22, "column": 26}, "concat": [_panel(line) for line in there]},
        _table(card),
    )


def _panel(line: Line) -> Spec:
    rows = [{"period": each.period, "value": each.value, "last": False} for each in line.history]
    last = rows[-1:] and [rows[-1] | {"last": True}]
    x: Spec = {"field": "period", "type": "ordinal", "axis": None, "scale": {"type": "point", "padding": 0.3}}
    y: Spec = {
        "field": "value", "type": "quantitative", "scale": {"zero": False, "nice": True},
        "axis": {"title": None, "tickCount": 3, "labelFontSize": 10, "domain": False, "ticks": False},
    }  # fmt: skip
    figure = line.figure
    dot: Spec = {"type": "point", "filled": True, "color": BLUE, "opacity": 1}
    words = f"{said(figure, line.measure.unit)} in {figure.period if figure else ''}: {_ARROWS[line.course]}"
    return {
        "width": _PANEL,
        "height": _HEIGHT,
        "title": {
            "text": wrap(line.measure.title, _TITLE_LETTERS), "subtitle": words, "fontSize": 12, "subtitleFontSize": 11,
            "subtitleColor": INK, "subtitlePadding": 2, "offset": 6, "anchor": "start", "frame": "group",
        },
        "data": {"values": rows[:-1] + last},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "color": BLUE, "strokeWidth": 1.8}},
            {"mark": dot | {"size": 22}},
            {"transform": [{"filter": "datum.last"}], "mark": dot | {"size": 65}},
            *_target(line),
        ],
    }  # fmt: skip


def _target(line: Line) -> list[Spec]:
    if line.target is None or line.target.value is None:
        return []
    rule: Spec = {"type": "rule", "strokeDash": [4, 3], "color": GREY}
    ends: Spec = {"x": {"value": 0}, "x2": {"value": _PANEL}}
    return [{"data": {"values": [{"value": line.target.value}]}, "mark": rule, "encoding": ends}]


def _sentence(line: Line) -> str:
    figure = line.figure
    target = ""
    if line.target is not None and line.target.value is not None:
        target = f", target {number(line.target.value, line.measure.unit)} for {line.target.period}"
    unit = unit_word(line.measure.unit).lower()
    period = "" if figure is None else f" in {figure.period}"
    return f"{line.measure.title}: {said(figure, line.measure.unit)} {unit}{period}, {_ARROWS[line.course]}{target}."


def _notes(card: Scorecard) -> list[str]:
    without = [line.measure.title for line in card.lines if line.figure is None or line.figure.value is None]
    notes = [f"No figure: {listed(without)}."] if without else []
    trends = "A trend is one where Mann and Kendall's p, adjusted for all that are shown (Holm), is below 0.05."
    return [*notes, trends, SHARING_NOTES[card.sharing]]


def _table(card: Scorecard) -> Table:
    columns = ("Measure", "Unit", "Period", "Figure", "Bound", "Low", "High", "Target", "Target for", "Course")
    rows = []
    for line in card.lines:
        figure, target = line.figure, line.target
        interval = figure and figure.interval
        rows.append((
            line.measure.title, unit_word(line.measure.unit), figure and figure.period, figure and figure.value,
            figure and BOUNDS[figure.bound], interval and interval.low, interval and interval.high,
            target and target.value, target and target.period, line.course,
        ))  # fmt: skip
    return Table(columns, rows)
