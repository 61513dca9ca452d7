"""The picture of a comparison: a dot and its interval for each place, beside the benchmark's line. Pure."""

from services.measures.charts.pictures import (
    BLUE,
    BOUNDS,
    GREY,
    INK,
    SHARING_NOTES,
    VERMILION,
    WIDTH,
    Picture,
    Spec,
    Table,
    domain,
    listed,
    said,
    unit_word,
)  # fmt: skip
from services.measures.comparisons.schemas import Comparison, Row
from services.measures.series.differences import Standing

_STEP = 23
_LABELS = 170
"""Points to the left of the axis for the places' names, and so many fewer for the dots."""

_LOOKS = {
    Standing.BETTER: (BLUE, "circle"), Standing.HIGHER: (BLUE, "circle"), Standing.WORSE: (VERMILION, "square"),
    Standing.LOWER: (VERMILION, "square"), Standing.SIMILAR: (GREY, "diamond"),
    Standing.NOT_COMPARED: (INK, "triangle-up"),
}  # fmt: skip


def picture(read: Comparison) -> Picture:
    """The places from the best to the worst, or from the highest; those without a figure are named below."""
    unit, beside = unit_word(read.measure.unit), _beside(read)
    cell = "" if read.cell == "all" else f" ({read.cell})"
    intervals = "; with 95 % intervals" if any(row.figure and row.figure.interval for row in read.rows) else ""
    return Picture(
        f"{read.measure.title} in {read.period}{cell}",
        f"{unit}, {read.completeness.present} places{beside and f', beside {beside}'}{intervals}",
        _description(read, unit, beside),
        _notes(read),
        _spec(read, unit),
        _table(read, unit),
    )


def _spec(read: Comparison, unit: str) -> Spec:
    rows = [
        _drawn(row, read.measure.unit) for row in read.rows if row.figure is not None and row.figure.value is not None
    ]
    names = [str(row["place"]) for row in rows]
    shown = [standing for standing in Standing if any(row["standing"] == standing for row in rows)]
    y: Spec = {
        "field": "place", "type": "nominal", "scale": {"domain": names},
        "axis": {"title": None, "grid": False, "domain": False, "ticks": False, "labelLimit": _LABELS},
    }  # fmt: skip
    x: Spec = {
        "field": "value", "type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": {"title": unit},
    }  # fmt: skip
    by: Spec = {"field": "standing", "type": "nominal", "legend": {} if len(shown) > 1 else None}
    colour: Spec = {"color": by | {"scale": domain(shown, [_LOOKS[each][0] for each in shown])}}
    shape: Spec = {"shape": by | {"scale": domain(shown, [_LOOKS[each][1] for each in shown])}}
    ends: Spec = {"x": x | {"field": "low"}, "x2": {"field": "high"}}
    return {
        "width": WIDTH - _LABELS,
        "height": {"step": _STEP},
        "data": {"values": rows},
        "encoding": {"y": y, "x": x},
        "layer": [
            *_benchmark(read),
            {"mark": {"type": "rule", "strokeWidth": 1.6}, "encoding": ends | colour},
            {"mark": {"type": "point", "filled": True, "size": 75, "opacity": 1}, "encoding": colour | shape},
            {
                "mark": {"type": "text", "align": "right", "dx": 46, "fontSize": 12, "color": INK},
                "encoding": {"text": {"field": "said"}, "x": {"value": WIDTH - _LABELS}},
            },
        ],
    }


def _benchmark(read: Comparison) -> list[Spec]:
    own = None if read.benchmark is None else read.benchmark.figure
    if read.benchmark is None or own is None or own.value is None:
        return []
    values: Spec = {
        "data": {"values": [{"at": own.value, "label": f"{read.benchmark.place.name} {said(own, read.measure.unit)}"}]}
    }
    x: Spec = {"field": "at", "type": "quantitative"}
    label: Spec = {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -2, "color": INK}
    dashed: Spec = {"type": "rule", "strokeDash": [5, 4], "color": GREY}
    return [
        values | {"mark": dashed, "encoding": {"x": x, "y": {"value": 0}, "y2": {"value": "height"}}},
        values | {"mark": label, "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "label"}}},
    ]  # fmt: skip


def _drawn(row: Row, unit: str) -> Spec:
    figure = row.figure
    interval = figure and figure.interval
    value = figure and figure.value
    return {
        "place": row.place.name, "value": value, "said": said(figure, unit), "standing": row.standing,
        "low": interval and interval.low, "high": interval and interval.high,
    }  # fmt: skip


def _beside(read: Comparison) -> str:
    if read.benchmark is None or read.benchmark.figure is None:
        return ""
    return f"{read.benchmark.place.name}'s own {said(read.benchmark.figure, read.measure.unit)}"


def _without(read: Comparison) -> list[str]:
    return [row.place.name for row in read.rows if row.figure is None or row.figure.value is None]


def _notes(read: Comparison) -> list[str]:
    sources = sorted({row.figure.provenance for row in read.rows if row.figure and row.figure.provenance})
    notes = [f"Source: {listed(sources, 3)}." if sources else "Source: as reported to the movement."]
    if missing := _without(read):
        notes.append(f"No figure: {listed(missing)}.")
    if any(row.figure and row.figure.interval for row in read.rows):
        notes.append("Intervals are about sampling variation only.")
    return [*notes, SHARING_NOTES[read.sharing]]


def _description(read: Comparison, unit: str, beside: str) -> str:
    there = [row for row in read.rows if row.figure is not None and row.figure.value is not None]
    words = [f"Dot chart of {read.measure.title} in {read.period}, {unit.lower()}, at {len(there)} places."]
    if there:
        first, last = there[0], there[-1]
        ends = [f"{row.place.name} with {said(row.figure, read.measure.unit)}" for row in (first, last)]
        words.append(f"From {' to '.join(ends)}.")
    if beside:
        counts = [(standing, sum(row.standing is standing for row in there)) for standing in Standing]
        said_of = ", ".join(f"{count} {standing.replace('_', ' ')}" for standing, count in counts if count)
        words.append(f"Beside {beside}: {said_of}.")
    if missing := _without(read):
        words.append(f"No figure for {listed(missing)}.")
    return " ".join(words)


def _table(read: Comparison, unit: str) -> Table:
    columns = ("Place", "Code", unit, "Bound", "Low", "High", "Numerator", "Denominator", "Difference", "Standing")
    rows = []
    for row in read.rows:
        figure = row.figure
        interval = figure and figure.interval
        rows.append((
            row.place.name, row.place.code, figure and figure.value, figure and BOUNDS[figure.bound],
            interval and interval.low, interval and interval.high, figure and figure.numerator,
            figure and figure.denominator, row.difference and row.difference.value, row.standing,
        ))  # fmt: skip
    return Table(columns, rows)
