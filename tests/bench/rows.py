"""What a measurement says: rows, and the table that they are printed as."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table

_NO_GOAL = "none set"


class Missing(Exception):
    """The machine lacks something that a measurement needs; the message says what."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``met`` is None where nothing was measured, and then ``compared`` says why; or where
    no goal was set."""

    path: str
    ours: str
    baseline: str
    compared: str
    goal: str
    met: bool | None


def ratio(path: str, ours: float, baseline: float, unit: str, *, goal: float, stretch: float | None = None) -> Row:
    """How much of the baseline we reach, where more is better."""
    reached = ours / baseline
    wanted = f"≥ {goal:g}" + (f" (stretch {stretch:g})" if stretch else "")
    return Row(path, f"{ours:,.0f} {unit}", f"{baseline:,.0f} {unit}", f"{reached:.2f}", wanted, reached >= goal)


def compared(path: str, ours: float, baseline: float, unit: str) -> Row:
    """How much of the baseline we reach, where nobody set a goal."""
    return Row(path, f"{ours:,.0f} {unit}", f"{baseline:,.0f} {unit}", f"{ours / baseline:.2f}", _NO_GOAL, None)


def factor(path: str, longest: float, median: float, *, most: float) -> Row:
    """How many times the median (milliseconds) the 99th percentile of the same run is."""
    reached = longest / median
    return Row(
        path, f"p99 {longest:.1f} ms", f"p50 {median:.1f} ms", f"{reached:.1f} ×", f"≤ {most:g} ×", reached <= most
    )


def added(path: str, ours: float, baseline: float, *, most: float) -> Row:
    """How many milliseconds we add to the baseline's."""
    more = ours - baseline
    return Row(path, f"{ours:.2f} ms", f"{baseline:.2f} ms", f"{more:+.2f} ms", f"≤ +{most:g} ms", more <= most)


def at_most(path: str, ours: float, unit: str, *, most: float, beside: str = "—") -> Row:
    """A figure with a bound and without a baseline."""
    return Row(path, f"{ours:,.3g} {unit}" if ours < 100 else f"{ours:,.0f} {unit}", beside, "", f"≤ {most:g} {unit}",
               ours <= most)  # fmt: skip


def skipped(path: str, why: str) -> Row:
    """A row that could not be measured here."""
    return Row(path, "", "", f"skipped: {why}", "", None)


def table(rows: Iterable[Row]) -> Table:
    """All rows, for rich to print."""
    drawn = Table(title="Each path beside its baseline, measured in turns", title_justify="left", show_lines=False)
    for name, right in (
        ("path", False), ("ours", True), ("baseline", True), ("ratio", True), ("goal", True), ("met", False)
    ):  # fmt: skip
        drawn.add_column(name, justify="right" if right else "left", overflow="fold")
    said = {True: "[green]yes[/]", False: "[bold red]NO[/]", None: "[yellow]skipped[/]"}
    for row in rows:
        drawn.add_row(
            row.path, row.ours, row.baseline, row.compared, row.goal, "" if row.goal == _NO_GOAL else said[row.met]
        )
    return drawn
