"""The picture of a series: each period's figure with its interval, gaps where there is none, and targets. Pure."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from services.measures.charts.pictures import (
    BOUNDS,
    COLOURS,
    DASHES,
    GREY,
    INK,
    SHAPES,
    SHARING_NOTES,
    WIDTH,
    Picture,
    Spec,
    Table,
    domain,
    listed,
    number,
    said,
    unit_word,
)  # fmt: skip
from services.measures.measures.models import Kind
from services.measures.series.schemas import Point, Series

HEIGHT = 300
_MOST_LABELS = 12
_WHISKERS_UP_TO = 30


def picture(series: Series, periods: Sequence[str]) -> Picture:
    """The series as a line for each reporter, programme and activity, over all of these periods in their order."""
    unit, names = unit_word(series.unit), _names(series.points)
    span = f"{periods[0]} to {periods[-1]}" if periods else "no periods"
    cell = "" if series.cell == "all" else f" ({series.cell})"
    return Picture(
        f"{series.measure.title}: {series.place.name}{cell}",
        f"{unit}, {span}{_interval_words(series)}",
        _description(series, unit, span),
        _notes(series),
        _spec(series, periods, names),
        _table(series),
    )


def _spec(series: Series, periods: Sequence[str], names: Sequence[str]) -> Spec:
    rows = _rows(series, names, periods)
    step = -(-len(periods) // _MOST_LABELS) or 1
    x: Spec = {
        "field": "period", "type": "ordinal", "scale": {"domain": list(periods), "type": "point", "padding": 0.4},
        "axis": {"title": None, "labelAngle": 0, "grid": False, "values": list(periods[::-1][::step])},
    }  # fmt: skip
    zero = series.measure.kind in (Kind.STOCK, Kind.FLOW)
    y: Spec = {
        "field": "value", "type": "quantitative", "scale": {"zero": zero, "nice": True},
        "axis": {"title": unit_word(series.unit), "titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -10},
    }  # fmt: skip
    by: Spec = {"field": "name", "type": "nominal", "legend": None}
    colour: Spec = {"color": by | {"scale": domain(names, COLOURS)}}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": rows},
        "encoding": {"x": x, "y": y},
        "layer": [
            *_intervals(rows, y, colour),
            _line(by, names, colour),
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 55 if len(periods) <= _WHISKERS_UP_TO else 14,
                    "opacity": 1,
                },
                "encoding": colour | {"shape": by | {"scale": domain(names, SHAPES)}},
            },
            _labels(names, colour),
            *_targets(series),
        ],
    }


def _line(by: Spec, names: Sequence[str], colour: Spec) -> Spec:
    """One line for each unbroken run of periods: nothing is drawn across a gap."""
    dash = by | {"scale": domain(names, DASHES)}
    return {
        "mark": {"type": "line", "strokeWidth": 2.2},
        "encoding": colour | {"strokeDash": dash, "detail": {"field": "run"}},
    }


def _intervals(rows: Sequence[Spec], y: Spec, colour: Spec) -> list[Spec]:
    """Whiskers, or a band where they would stand too close."""
    ends: Spec = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
    shown = {"filter": "isValid(datum.low)"}
    if len(rows) <= _WHISKERS_UP_TO:
        mark: Spec = {"type": "rule", "strokeWidth": 1.4, "opacity": 0.75}
        return [{"transform": [shown], "mark": mark, "encoding": ends | colour}]
    band: Spec = {"type": "area", "opacity": 0.2}
    return [{"transform": [shown], "mark": band, "encoding": ends | colour | {"detail": {"field": "run"}}}]


def _labels(names: Sequence[str], colour: Spec) -> Spec:
    """The last figure of each line, beside it; with its name where there are several."""
    label = "datum.name + '  ' + datum.said" if len(names) > 1 else "datum.said"
    return {
        "transform": [{"filter": "datum.labelled"}, {"calculate": label, "as": "label"}],
        "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 13, "fontWeight": "bold"},
        "encoding": {"text": {"field": "label"}} | colour,
    }


def _targets(series: Series) -> list[Spec]:
    aims = [
        {"period": aim.period, "value": aim.value, "label": f"{aim.kind.capitalize()} {number(aim.value, series.unit)}"}
        for aim in series.targets
        if aim.value is not None
    ]
    if not aims:
        return []
    values: Spec = {"data": {"values": aims}}
    across: Spec = {"x": {"value": 0}, "x2": {"value": WIDTH}}
    label: Spec = {"type": "text", "align": "right", "dy": -14, "dx": 8, "fontSize": 12, "color": INK}
    return [
        values | {"mark": {"type": "rule", "strokeDash": [5, 4], "color": GREY}, "encoding": across},
        values | {"mark": {"type": "point", "shape": "diamond", "size": 110, "color": INK, "filled": False}},
        values | {"mark": label, "encoding": {"text": {"field": "label"}}},
    ]  # fmt: skip


def _rows(series: Series, names: Sequence[str], periods: Sequence[str]) -> list[Spec]:
    place = {period: number for number, period in enumerate(periods)}
    rows: list[Spec] = []
    for name, points in groupby(sorted(series.points, key=lambda it: (_name(it), it.period_start)), key=_name):
        there = [point for point in points if point.value is not None]
        run = 0
        for before, point in pairwise([None, *there]):
            run += before is not None and point is not None and place[point.period] - place[before.period] > 1
            if point is not None and point.value is not None:
                rows.append(_row(series, point, f"{name} {run}", labelled=point is there[-1]))
    return rows


def _row(series: Series, point: Point, run: str, *, labelled: bool) -> Spec:
    interval = point.interval
    return {
        "period": point.period, "name": _name(point), "run": run, "value": point.value, "labelled": labelled,
        "said": said(point, series.unit), "low": interval and interval.low, "high": interval and interval.high,
    }  # fmt: skip


def _name(point: Point) -> str:
    return " · ".join(part for part in (point.reporter, point.programme, point.activity) if part)


def _names(points: Sequence[Point]) -> list[str]:
    return sorted({_name(point) for point in points})


def _interval_words(series: Series) -> str:
    return "; with 95 % intervals" if any(point.interval for point in series.points) else ""


def _notes(series: Series) -> list[str]:
    sources = sorted({point.provenance for point in series.points if point.provenance})
    complete = series.completeness
    gaps = f" Missing: {listed(complete.missing)}." if complete.missing else ""
    notes = [
        f"Source: {listed(sources, 3)}." if sources else "Source: as reported to the movement.",
        f"{complete.present} of {complete.expected} periods have a figure.{gaps}",
    ]
    if any(point.interval for point in series.points):
        notes.append("Intervals are about sampling variation only.")
    return [*notes, *series.bridges, SHARING_NOTES[series.sharing]]


def _description(series: Series, unit: str, span: str) -> str:
    there = [point for point in series.points if point.value is not None]
    words = [f"Line chart of {series.measure.title} at {series.place.name}, {unit.lower()}, {span}."]
    if there:
        low, high = (choose(there, key=_value) for choose in (min, max))
        words.append(
            f"From {_when(series, there[0])} to {_when(series, there[-1])}; lowest {_when(series, low)}, "
            f"highest {_when(series, high)}."
        )
    if series.trend is not None:
        words.append(f"Trend: {series.trend.course}, {series.trend.slope} a year.")
    if series.completeness.missing:
        words.append(f"No figure for {listed(series.completeness.missing)}.")
    aims = [(aim.kind.capitalize(), aim.period, aim.value) for aim in series.targets if aim.value is not None]
    words.extend(f"{kind} for {period}: {number(value, series.unit)}." for kind, period, value in aims)
    return " ".join(words)


def _when(series: Series, point: Point) -> str:
    return f"{said(point, series.unit)} in {point.period}"


def _value(point: Point) -> float:
    return point.value or 0.0


def _table(series: Series) -> Table:
    columns = (
        "Period",
        "Reporter",
        unit_word(series.unit),
        "Bound",
        "Low",
        "High",
        "Numerator",
        "Denominator",
        "Status",
    )
    rows = [
        (
            point.period, _name(point), point.value, BOUNDS[point.bound], point.interval and point.interval.low,
            point.interval and point.interval.high, point.numerator, point.denominator, point.status,
        )
        for point in series.points
    ]  # fmt: skip
    return Table(columns, rows)
